import json

import numpy as np
import pytest

from features.errors import UserError
from models.bundle import FILE, load_bundle, write_bundle
from models.scoring import score
from tests.models.example_bundle import example_bundle, example_rows, example_spec


@pytest.fixture
def folder(tmp_path):
    return write_bundle(example_bundle(), tmp_path / "hidden_income")


def test_a_bundle_scores_the_same_after_it_was_written_and_read(folder):
    rows = example_rows(example_spec("hidden_income"), 50, seed=9)
    before, after = score(example_bundle(), rows), score(load_bundle(folder), rows)
    assert np.abs(before.raw - after.raw).max() < 1e-9
    assert np.abs(before.contributions - after.contributions).max() < 1e-9


def test_a_bundle_is_text_only(folder):
    assert {path.suffix for path in folder.iterdir()} == {".json", ".txt"}


def test_a_missing_bundle_is_named_with_its_remedy(tmp_path):
    with pytest.raises(UserError, match=r"no bundle at .*nowhere.*python -m training run"):
        load_bundle(tmp_path / "nowhere")


def test_a_booster_edited_by_hand_is_refused(folder):
    path = folder / "booster_0_0.txt"
    path.write_text(path.read_text().replace("leaf_value=", "leaf_value=0.5 ", 1))
    with pytest.raises(UserError, match=r"booster_0_0.txt.*checksum"):
        load_bundle(folder)


def test_a_missing_booster_is_named(folder):
    (folder / "booster_0_1.txt").unlink()
    with pytest.raises(UserError, match=r"lacks booster_0_1\.txt"):
        load_bundle(folder)


def test_features_in_another_order_are_refused(folder):
    path = folder / FILE
    document = json.loads(path.read_text())
    document["features"].reverse()
    document["feature_order"].reverse()
    path.write_text(json.dumps(document))
    with pytest.raises(UserError, match="not in the declared order"):
        load_bundle(folder)


def test_a_bundle_without_a_key_names_the_key(folder):
    path = folder / FILE
    document = json.loads(path.read_text())
    del document["question"]
    path.write_text(json.dumps(document))
    with pytest.raises(UserError, match="question"):
        load_bundle(folder)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}'])
def test_a_file_that_is_no_bundle_is_refused(folder, text):
    (folder / FILE).write_text(text)
    with pytest.raises(UserError, match=FILE):
        load_bundle(folder)


def test_writing_replaces_the_older_bundle_whole(folder):
    (folder / "stray.txt").write_text("left over")
    write_bundle(example_bundle(seed=3), folder)
    assert not (folder / "stray.txt").exists()
    assert load_bundle(folder).seed == 3
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]

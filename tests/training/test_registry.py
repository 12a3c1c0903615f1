import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from mlflow.tracking import MlflowClient

from features.errors import UserError
from models.bundle import content_digest, load_bundle, write_bundle
from models.scoring import score
from tests.models.example_bundle import example_bundle, example_rows, example_spec
from training import registry

# MLflow still asks SQLAlchemy 2.1 for a loader strategy that will go.
pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    uri = f"sqlite:///{folder}/new/mlflow.db"
    bundle = example_bundle()
    path = write_bundle(bundle, folder / "hidden_income")
    evaluation = {"auc": {"value": 0.7, "low": 0.6}, "champion": "blend", "truth": None}
    first = registry.record(uri, folder / "artifacts", bundle, path, evaluation, {"seed": 7})
    second = example_bundle(seed=4, version="2025-07-31-second")
    later = registry.record(
        uri, folder / "artifacts", second, write_bundle(second, folder / "second"), evaluation, {"seed": 8}
    )
    return uri, folder, first, later


def test_a_run_holds_parameters_data_version_metrics_and_the_bundle(recorded):
    uri, folder, first, _ = recorded
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    run = client.get_run(first["run"])
    assert run.data.params["data_version"] == "example"
    assert run.data.metrics == {"auc.value": 0.7, "auc.low": 0.6}
    files = {entry.path for entry in client.list_artifacts(first["run"], "bundle")}
    assert "bundle/bundle.json" in files
    stored = next((folder / "artifacts").glob(f"{first['run']}/artifacts/bundle"))
    rows = example_rows(example_spec("hidden_income"), 5)
    assert np.array_equal(score(load_bundle(stored), rows).raw, score(example_bundle(), rows).raw)


def test_the_first_is_champion_and_the_next_a_challenger_until_two_persons_sign(recorded):
    uri, folder, first, later = recorded
    assert (first["alias"], later["alias"]) == ("champion", "challenger")
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    with pytest.raises(UserError, match="two different persons"):
        registry.promote(uri, "hidden_income", "2025-07-31-second", ("Li", " li"))
    with pytest.raises(UserError, match="this very version was reviewed"):
        registry.promote(uri, "hidden_income", "2025-07-31-second", ("Li", "Wang"))
    review(uri, folder, example_bundle(seed=4, version="2025-07-31-second"))
    registry.promote(uri, "hidden_income", "2025-07-31-second", ("Li", "Wang"))
    version = client.get_model_version_by_alias("dibao-hidden_income", "champion")
    assert str(version.version) == later["model_version"]
    assert version.tags["promoted_by"] == "Li + Wang"


def test_a_version_that_was_never_recorded_cannot_be_promoted(recorded):
    with pytest.raises(UserError, match="holds no dibao-exit_due"):
        registry.promote(recorded[0], "exit_due", "2025-07-31-second", ("Li", "Wang"))


FAILING = {"difference_over_rules": {"value": -0.1, "low": -0.2, "high": -0.01}}


@pytest.fixture
def copied(recorded, tmp_path):
    """A registry of one's own: creating a database takes ten seconds, copying one none."""
    shutil.copy(recorded[1] / "new" / "mlflow.db", tmp_path / "mlflow.db")
    return f"sqlite:///{tmp_path / 'mlflow.db'}"


def review(uri, folder, bundle, part="learning", result=None, of=None):
    """Attach a review of one part, that judged the version `of` (this bundle's own where not said)."""
    parts = folder / "parts"
    parts.mkdir(exist_ok=True)
    document = {"bundle": of or bundle.version, "result": result or {}}
    (parts / f"{part}.json").write_text(json.dumps(document))
    registry.attach_review(uri, bundle, parts)


def record(uri, folder, version, evaluation, **more):
    bundle = example_bundle(seed=len(version), version=version)
    path = write_bundle(bundle, folder / "bundle")
    return bundle, registry.record(uri, folder / "artifacts", bundle, path, evaluation, {"seed": 1}, **more)


def test_a_run_holds_evaluation_hashes_and_papers(copied, tmp_path):
    paper = tmp_path / "hidden_income.zh.md"
    paper.write_text("模型说明", encoding="utf-8")
    hashes = {"profiles/on_file/2025-12-31": "ab" * 32}
    _, found = record(copied, tmp_path, "papers", FAILING, papers=[paper], data_hashes=hashes)
    client = MlflowClient(tracking_uri=copied, registry_uri=copied)
    names = {entry.path for entry in client.list_artifacts(found["run"])}
    assert {"bundle", "evaluation.json", "data_hashes.json", "papers"} <= names
    stored = Path(client.download_artifacts(found["run"], "data_hashes.json", str(tmp_path)))
    assert json.loads(stored.read_text()) == hashes


def test_promotion_is_refused_with_the_gate_and_its_remedy(copied, tmp_path):
    record(copied, tmp_path, "worse", FAILING)
    with pytest.raises(
        UserError, match=r"better than the rules at equal visits: .*let the rules order visits"
    ):
        registry.promote(copied, "hidden_income", "worse", ("Li", "Wang"))
    client = MlflowClient(tracking_uri=copied, registry_uri=copied)
    version = client.get_model_version_by_alias("dibao-hidden_income", "champion")
    assert version.tags["bundle_version"] != "worse"


def test_a_review_that_was_attached_holds_promotion_back(copied, tmp_path):
    bundle, _ = record(copied, tmp_path, "reviewed", {"auc": {"value": 0.7}})
    broken = {"applies": True, "violations": 3}
    review(copied, tmp_path, bundle, "monotone", broken)
    with pytest.raises(UserError, match="no probe breaks monotony"):
        registry.promote(copied, "hidden_income", "reviewed", ("Li", "Wang"))


def test_what_the_evidence_does_not_tell_is_written_beside_the_signatures(copied, tmp_path):
    held = {"difference_over_rules": {"low": 0.1, "high": 0.2}}
    bundle, _ = record(copied, tmp_path, "held", held)
    review(copied, tmp_path, bundle)
    # Parts of an older bundle say nothing of this one.
    review(copied, tmp_path, bundle, "monotone", {"applies": True, "violations": 3}, of="older")
    promoted = registry.promote(copied, "hidden_income", "held", ("Li", "Wang"))
    version = MlflowClient(tracking_uri=copied).get_model_version("dibao-hidden_income", promoted.version)
    assert "monotone" in [gate.code for gate in promoted.unknown]
    told = version.tags["gates_unknown"].split(", ")
    assert "beats_rules" not in told
    assert {"monotone", "fair", "twins"} <= set(told)


def test_the_champion_is_written_out_as_it_was_recorded(copied, tmp_path):
    bundle = registry.export(copied, "hidden_income", tmp_path / "out")
    rows = example_rows(example_spec("hidden_income"), 5)
    version = MlflowClient(tracking_uri=copied).get_model_version_by_alias("dibao-hidden_income", "champion")
    assert version.tags["digest"] == content_digest(load_bundle(tmp_path / "out"))
    assert np.array_equal(score(load_bundle(tmp_path / "out"), rows).raw, score(bundle, rows).raw)
    with pytest.raises(UserError, match="holds no champion of exit_due"):
        registry.export(copied, "exit_due", tmp_path / "none")


def test_a_bundle_that_was_changed_after_it_was_recorded_is_not_promoted(copied, recorded, tmp_path):
    _, found = record(copied, tmp_path, "changed", {})
    stored = recorded[1] / "artifacts" / found["run"] / "artifacts" / "bundle" / "bundle.json"
    document = json.loads(stored.read_text())
    document["intercept"] += 1.0
    stored.write_text(json.dumps(document))
    with pytest.raises(UserError, match="differs from the digest"):
        registry.promote(copied, "hidden_income", "changed", ("Li", "Wang"))

"""A world is marked by what another city taught, and the mark is no better and no worse than it can be."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from benchmarks.mark import EVERY, dates, fitted, require_world
from benchmarks.mark_judged import gates, judge
from benchmarks.mark_learnt import at_most, learn, read_learnt, write_learnt
from benchmarks.posterior import Field
from benchmarks.true_labels import Labelled, _numbers, read_labelled
from features.errors import UserError
from models.bundle import write_bundle
from models.metrics import average_precision
from tests.models.example_bundle import example_bundle
from tests.training.practice_store import City, city


@pytest.fixture(scope="module")
def learnt_city(tmp_path_factory) -> City:
    return city(tmp_path_factory.mktemp("learnt"), households=1_500, months=4, seed=21)


@pytest.fixture(scope="module")
def judged_city(tmp_path_factory) -> City:
    return city(tmp_path_factory.mktemp("judged"), households=1_500, months=4, seed=22)


@pytest.fixture(scope="module")
def learnt(learnt_city, tmp_path_factory):
    """Fitted, written and read again."""
    names = learnt_city.spec.names
    reading = (Field(names[0], (2_000, 8_000)), Field(names[1], (2_000, 8_000)))
    found = learn(
        learnt_city.store, learnt_city.spec, learnt_city.census, learnt_city.months,
        labels=10**6, seed=1, threads=1, reading=reading,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("marks") / "hidden_income"
    write_learnt(folder, found, {"code": "x", **found.about})
    again = read_learnt(folder)
    assert again.reading == reading
    assert np.array_equal(again.posterior.cells, found.posterior.cells)
    assert np.array_equal(again.posterior.share, found.posterior.share)
    assert fitted(folder / "about.json", {"code": "x"})
    assert not fitted(folder / "about.json", {"code": "y"})
    return again


@pytest.fixture(scope="module")
def told_and_marks(learnt, judged_city, tmp_path_factory):
    bundle = write_bundle(example_bundle("hidden_income"), tmp_path_factory.mktemp("bundle") / "b")
    world = judged_city
    return judge(learnt, world.store, world.spec, world.census, world.months[-2:], bundle, threads=1)


def test_the_mark_orders_a_world_it_never_saw_nearly_as_well_as_the_truth_does(told_and_marks, judged_city):
    told, marks = told_and_marks
    number = marks["household_id"].str.removeprefix("HN").astype(int)
    possible = average_precision(marks["truth"].to_numpy(float), judged_city.chance[number])
    assert told["average_precision"]["mark"]["value"] > 0.85 * possible
    assert told["share_of_mark"]["rules"]["high"] < 1
    assert told["share_of_mark"]["mark"]["value"] == 1


def test_everybody_of_the_judged_months_is_marked_once(told_and_marks, judged_city):
    _, marks = told_and_marks
    assert len(marks) == 2 * 1_500
    assert not marks.duplicated(["household_id", "as_of"]).any()
    assert set(marks["truth"]) == {0, 1}
    assert marks["mark"].between(0, 1).all()


def test_what_it_learnt_from_is_told(told_and_marks):
    told, _ = told_and_marks
    assert told["labels"] == 4 * 1_500
    assert told["households"] == 1_500
    assert set(told["average_precision"]) >= {
        "mark",
        "everything",
        "half",
        "coarse",
        "posterior",
        "rules",
        "champion",
    }


def test_a_world_whose_outcomes_turned_is_not_said_to_be_marked(learnt, tmp_path):
    other = city(tmp_path, households=1_500, months=4, seed=23, shuffled=True)
    told, _ = judge(
        learnt, other.store, other.spec, other.census, other.months[-2:], tmp_path / "none", threads=1
    )
    assert told["gates"]["mark: each decile within 3 standard errors"] is False
    assert "champion" not in told["average_precision"]


def test_a_learner_below_the_posterior_is_not_believed():
    found = {"coarse - posterior": {"high": -0.001}, "mark - posterior": {"high": 0.2}}
    assert list(gates(found, {}).values()) == [False, True]


def test_profiles_without_a_column_of_the_mark_are_refused(learnt, judged_city):
    read = read_labelled(judged_city.store, judged_city.spec, judged_city.months[:1], judged_city.census)
    fewer = Labelled(read.names[:-1], read.rows[:, :-1], read.facts)
    with pytest.raises(UserError, match="lack 1 columns"):
        learnt.rows("everything", fewer)


def test_fewer_labels_are_whole_households(learnt_city):
    read = read_labelled(learnt_city.store, learnt_city.spec, learnt_city.months, learnt_city.census)
    fewer = at_most(1_500, read, seed=1)
    assert 1_100 < len(fewer.label) < 1_900
    assert set(pd.Series(fewer.household).value_counts()) == {4}


def test_words_and_days_become_numbers():
    day = pa.chunked_array([pa.array([date(2025, 12, 1), None])])
    assert _numbers("deaths_event_on", day, date(2025, 12, 31)).tolist()[0] == 30.0
    words = pa.chunked_array([pa.array(["found", "not_returned", None, "unheard of"])])
    found = _numbers("deaths_state", words, date(2025, 12, 31))
    assert found[:2].tolist() == [0.0, 2.0]
    assert np.isnan(found[2:]).all()


def test_the_register_is_learnt_from_at_as_many_dates_as_labels_need():
    assert len(dates(300_000, 1_000_000, EVERY)["register"]) == 4
    assert dates(2_000_000, 1_000_000, EVERY)["register"] == (date(2025, 12, 31),)
    assert len(dates(1_000, 1_000_000, EVERY)["register"]) == 6


def test_fewer_months_on_file_are_the_last_ones():
    every = dates(1_000, 1_000_000, EVERY)["on_file"]
    assert (every[0], every[-1]) == (date(2024, 6, 30), date(2025, 12, 31))
    assert dates(1_000, 1_000_000, 5)["on_file"] == every[-5:]


def test_a_folder_without_a_world_is_named(tmp_path):
    with pytest.raises(UserError, match="make demo"):
        require_world(tmp_path)

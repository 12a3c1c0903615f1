"""What the figures of a night rest on: an answer is called equal only where it is."""

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from benchmarks.night import by_stage, growth
from benchmarks.night_answers import same_runs
from serving.batch import make_batch, record_batch
from serving.casework.database import migrate, open_database
from tests.serving.practice import AS_OF, KEY, write_bundles, write_city


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    """A recorded night."""
    folder = write_city(tmp_path_factory.mktemp("night"))
    bundles, path = write_bundles(folder / "bundles"), folder / "casework.db"
    batch = make_batch(folder, bundles, AS_OF, pseudonym_key=KEY, seed=7, work=folder / "work")
    engine = open_database(f"sqlite:///{path}", create=True)
    migrate(engine)
    record_batch(engine, batch)
    engine.dispose()
    return path


def test_a_night_is_the_same_as_itself_and_none_of_another_date(database, tmp_path):
    other = Path(shutil.copy(database, tmp_path))
    assert same_runs(database, other, AS_OF)
    assert not same_runs(database, other, date(2025, 11, 30))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE assessments SET raw = raw + 1e-13 WHERE rowid IN (SELECT min(rowid) FROM assessments)",
        "DELETE FROM findings WHERE finding_id = 1",
        "UPDATE list_items SET checks = '[]' WHERE rowid = 1",
    ],
)
def test_the_smallest_difference_is_another_answer(database, tmp_path, change):
    other = Path(shutil.copy(database, tmp_path))
    with sqlite3.connect(other) as connection:
        assert connection.execute(change).rowcount == 1
    connection.close()
    assert not same_runs(database, other, AS_OF)
    assert not same_runs(other, database, AS_OF)


def test_growth_is_of_seconds_a_household():
    stage = {"name": "batch", "seconds": 5.0, "peak_mb": 7.0}
    small = {"households": 100, "seconds": 10.0, "peak_mb": 9.0, "stages": [stage]}
    large = {"households": 1000, "seconds": 120.0}
    assert growth(small, large) == 1.2
    assert by_stage(small) == {
        "batch": {"seconds": 5.0, "peak_mb": 7.0, "us": 50_000.0},
        "all": {"seconds": 10.0, "peak_mb": 9.0, "us": 100_000.0},
    }

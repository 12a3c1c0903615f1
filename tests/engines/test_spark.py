"""Spark gives what DuckDB gives: profiles, judgements, findings, scores and reasons, to 1e-9."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks.spark_compare import as_written, compare, compare_answers, read_answers
from features.engines import open_warehouse
from features.engines.cluster import Cluster, spark
from features.errors import UserError
from features.household import Universe
from features.known import load_calendar
from features.profile_files import PARTS, read_columns
from features.profile_series import open_series, series_of, write_series
from models.bundle import load_bundle
from serving.drawing import cohort
from serving.scores import PART, answer_places, write_scores
from tests.serving.practice import read_profiles, write_bundles, write_city

AS_OF = date(2025, 12, 31)
KEYS = {"profiles": ["household_id"], "judgements": ["household_id"], "findings": ["household_id", "rule"]}

#: PySpark leaves its own sockets to the collector, which may come by in any test.
pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def both(warehouse: Path, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders with the files of DuckDB and of Spark."""
    ours, theirs = tmp_path_factory.mktemp("duckdb"), tmp_path_factory.mktemp("spark")
    universes = list(Universe)
    list(write_series(open_series(warehouse, "practice", ours), universes, [AS_OF]))
    on_spark = series_of(spark().open_warehouse(warehouse, cluster), "practice", theirs)
    assert on_spark.calendar == load_calendar(open_warehouse(warehouse))
    list(write_series(on_spark, universes, [AS_OF]))
    return ours, theirs


@pytest.mark.parametrize("universe", [universe.value for universe in Universe])
@pytest.mark.parametrize("part", PARTS)
def test_every_value_is_that_of_duckdb(both: tuple[Path, Path], part: str, universe: str) -> None:
    ours, theirs = (read_columns(folder, part, universe, AS_OF) for folder in both)
    assert ours.schema == theirs.schema
    found = compare(ours, theirs, KEYS[part])
    assert found.equal, found.record()
    assert found.rows or part == "findings"


@pytest.mark.parametrize("universe", [universe.value for universe in Universe])
def test_files_are_in_the_same_order_and_name_the_same_inputs(both: tuple[Path, Path], universe: str) -> None:
    for part in PARTS:
        ours, theirs = (read_columns(folder, part, universe, AS_OF) for folder in both)
        assert ours["household_id"].equals(theirs["household_id"])
        files = [pq.read_schema(folder / part / universe / f"{AS_OF}.parquet") for folder in both]
        assert files[0].metadata[b"inputs"] == files[1].metadata[b"inputs"]


def test_nothing_is_left_in_the_working_folder_nor_beside_the_tables(
    warehouse: Path, cluster: Cluster, tmp_path: Path
) -> None:
    """A command of its own, because a session is given back when its process ends."""
    settings = [f"--setting={one}" for one in cluster.settings]
    command = [
        sys.executable,
        "-m",
        "features",
        "profile",
        "--warehouse",
        warehouse,
        "--out",
        tmp_path / "out",
    ]
    command += ["--engine", "spark", "--master", "local[2]", "--universe", "register", "--json", *settings]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    spilt = set(warehouse.glob(".spill-*"))
    done = subprocess.run(
        [*map(str, command), "--as-of", str(AS_OF)], cwd=elsewhere, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["profiles"][0]["skipped"] is False
    assert not list(elsewhere.iterdir())
    assert set(warehouse.glob(".spill-*")) <= spilt


def test_scores_and_reasons_are_those_of_the_batch(cluster: Cluster, tmp_path: Path) -> None:
    city, bundles = write_city(tmp_path / "city"), tmp_path / "bundles"
    write_bundles(bundles)
    written = write_scores(city, bundles, AS_OF, cluster, tmp_path / "out")
    for question, count in written.items():
        bundle = load_bundle(bundles / question)
        profiles = read_profiles(city, bundle.universe)
        answers = answer_places(bundle, profiles, cohort(profiles, bundle.categories), 1)
        rows = read_columns(tmp_path / "out", PART, question, AS_OF)
        assert count == rows.num_rows == len(answers) > 0
        assert rows["household_id"].to_pylist() == sorted(answers)
        found = compare_answers(as_written(answers), read_answers(rows))
        assert found.equal, found.record()
        assert any(answer.reasons for answer in answers.values())


def test_a_master_that_is_none_is_told_with_the_remedy(tmp_path: Path, cluster: Cluster) -> None:
    command = [sys.executable, "-m", "serving", "scores", "--as-of", str(AS_OF), "--out", str(tmp_path)]
    city, bundles = write_city(tmp_path / "city"), tmp_path / "bundles"
    write_bundles(bundles)
    command += ["--profiles", str(city), "--bundles", str(bundles), "--master", "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "did not start on nowhere" in done.stderr.replace("\n", " ")


def test_a_setting_that_is_none_of_sparks_is_refused() -> None:
    with pytest.raises(UserError, match=r"--setting memory=8g .* is not spark\.<name>=<value>"):
        Cluster(settings=("memory=8g",)).pairs()

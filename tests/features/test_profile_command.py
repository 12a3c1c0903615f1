"""`python -m features profile`: whole files or none, made again only when something they rest on changed."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

import features.profile_series
from features.engines import Catalogue
from features.errors import UserError
from features.intake.entry import Entry
from features.intake.stored import typed_table
from features.profile_command import month_ends, profile_series
from features.sources import SOURCES
from tests.features.small_city import Case, tables_of

CASE = Case("one", {"a": {"born_on": "1980-01-01"}, "b": {"born_on": "1982-01-01"}})
PARTS = ("profiles", "judgements", "findings")


def deliver(
    folder: Path, tables: dict[str, list[dict[str, Any]]], received_on: date, place: str = "."
) -> None:
    """Put rows into a warehouse as intake would have; a file in the place of an earlier one replaces it."""
    catalogue = Catalogue.open(folder, "practice")
    for name, rows in tables.items():
        delivery_id = f"{name}-{received_on}"
        path = Path("tables") / name / f"{delivery_id}.parquet"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(typed_table(SOURCES[name], rows, "practice", received_on), folder / path)
        department = SOURCES[name].department
        catalogue.record(
            Entry(delivery_id, department, name, received_on, f"{place}/{name}.csv", "taken", path=str(path))
        )
    catalogue.close()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city") / "warehouse"
    deliver(folder, tables_of([CASE]), date(2025, 11, 20))
    return folder


@pytest.fixture(scope="module")
def made(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("profiles")
    result = run(
        "--warehouse", warehouse, "--out", out, "--from", "2025-11-30", "--to", "2025-12-31", "--json"
    )
    return out, json.loads(result.stdout.splitlines()[-1])


def run(*arguments: object) -> Any:
    app = typer.Typer()
    app.command()(profile_series)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=True)


def test_it_writes_profiles_judgements_and_findings_of_every_month(made: tuple[Path, dict[str, Any]]) -> None:
    out, result = made
    assert [(row["universe"], row["as_of"]) for row in result["profiles"]] == [
        (universe, as_of) for universe in ("on_file", "register") for as_of in ("2025-11-30", "2025-12-31")
    ]
    for part in PARTS:
        for universe in ("on_file", "register"):
            assert (out / part / universe / "2025-12-31.parquet").exists()
    assert not list(out.rglob("*.partial"))


def test_the_head_of_a_profile_is_what_its_readers_expect(made: tuple[Path, dict[str, Any]]) -> None:
    table = pq.read_table(made[0] / "profiles" / "on_file" / "2025-12-31.parquet")
    rows = [row for row in table.to_pylist() if row["number"] == CASE.name]
    head = {"number", "as_of", "universe", "region_code", "street_code", "district_code", "urban_rural"}
    head |= {"category", "in_programme", "authorised", "review_class", "person_count", "vulnerable"}
    assert head <= set(rows[0])
    assert (rows[0]["as_of"], rows[0]["universe"], rows[0]["person_count"]) == (
        date(2025, 12, 31),
        "on_file",
        2,
    )
    judged = pq.read_table(made[0] / "judgements" / "on_file" / "2025-12-31.parquet").to_pylist()
    assert [row["household_id"] for row in judged] == sorted(table["household_id"].to_pylist())


def test_a_second_run_makes_nothing_again_until_a_delivery_arrives(
    made: tuple[Path, dict[str, Any]], warehouse: Path, tmp_path: Path
) -> None:
    out, grown = tmp_path / "profiles", tmp_path / "warehouse"
    shutil.copytree(made[0], out)
    shutil.copytree(warehouse, grown)
    arguments = (
        "--out",
        out,
        "--universe",
        "register",
        "--from",
        "2025-11-30",
        "--to",
        "2025-12-31",
        "--json",
    )
    again = run("--warehouse", warehouse, *arguments)
    assert [row["skipped"] for row in json.loads(again.stdout.splitlines()[-1])["profiles"]] == [True, True]
    before = {path: path.read_bytes() for path in sorted(out.rglob("*2025-11-30.parquet"))}
    death = {"id_no": CASE.name, "name": "x", "died_on": "2025-11-01"}
    deliver(grown, {"deaths": [death]}, date(2025, 12, 10))
    later = run("--warehouse", grown, *arguments)
    skipped = [row["skipped"] for row in json.loads(later.stdout.splitlines()[-1])["profiles"]]
    assert skipped == [True, False]
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.long
def test_two_workers_write_what_one_writes(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features.profile_series, "WORTH_A_WORKER", 1)
    months = ("--from", "2025-11-30", "--to", "2026-01-31")
    arguments = ("--warehouse", warehouse, "--universe", "register", *months)
    for workers in (1, 2):
        run(*arguments, "--out", tmp_path / str(workers), "--workers", workers)
    written = sorted(path.relative_to(tmp_path / "1") for path in (tmp_path / "1").rglob("*.parquet"))
    assert len(written) == 3 * len(PARTS)
    assert all(
        (tmp_path / "1" / path).read_bytes() == (tmp_path / "2" / path).read_bytes() for path in written
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--as-of", "2025-10-31"), "the first possible date is 2025-11-20"),
        (("--as-of", "2026-03-31"), "the last possible date is 2026-02-21"),
        (("--as-of", "2025-13-01"), "needs a date like"),
        (("--from", "2025-11-30"), "both --from and --to"),
        (("--from", "2025-12-01", "--to", "2025-12-30"), "no month end between"),
        (("--as-of", "2025-12-31", "--universe", "all"), "not on_file, register or both"),
        (("--as-of", "2025-12-31", "--key", "other"), "not the one the warehouse was made with"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(
    warehouse: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run("--warehouse", warehouse, "--out", tmp_path / "out", *arguments)
    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_warehouse_is_named(tmp_path: Path) -> None:
    result = run("--warehouse", tmp_path, "--out", tmp_path / "out", "--as-of", "2025-12-31")
    assert isinstance(result.exception, UserError)
    assert str(tmp_path) in str(result.exception)


def test_month_ends() -> None:
    assert list(month_ends(date(2024, 1, 31), date(2024, 4, 29))) == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
    ]

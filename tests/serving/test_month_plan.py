"""The month's plan on paper: due dates first, the lot unseen, nothing half-written."""

import hashlib
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from features.errors import UserError
from models.planning import FLOORS, REASONS
from serving.__main__ import app
from serving.casework.database import migrate, open_database, reading
from serving.casework.events import first_broken_event
from serving.casework.tables import Event
from serving.month_plan import RESTLESS, SINCE, make_plan
from serving.plan_files import export_plan, write_files
from serving.plan_sheet import why
from tests.serving.practice import AS_OF, KEY, ON_FILE, STREETS, write_bundles, write_city


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A practice city whose every third household was last looked into two years ago."""
    folder = write_city(tmp_path_factory.mktemp("plan"))
    write_bundles(folder / "bundles")
    since = [float(k % 3 * 12) for k in range(ON_FILE)]
    add(folder, "profiles", SINCE, pa.array(since))
    add(folder, "judgements", RESTLESS, pa.array(["true" if k % 2 else "false" for k in range(ON_FILE)]))
    return folder


def add(folder, part, name, values):
    path = folder / part / "on_file" / f"{AS_OF}.parquet"
    table = pq.read_table(path)
    table = table.drop_columns([name]) if name in table.column_names else table
    pq.write_table(table.append_column(name, values), path)


def plan(city, tmp_path, share=0.2, seed=7):
    return make_plan(
        city, city / "bundles", AS_OF, pseudonym_key=KEY, seed=seed, share=share, work=tmp_path / "work",
        num_threads=1, progress=lambda *told: None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(city, tmp_path_factory):
    return plan(city, tmp_path_factory.mktemp("made"))


def test_every_street_fills_its_visits_and_the_same_seed_replays_them(made, city, tmp_path):
    assert {row["street_code"] for row in made.rows} == set(STREETS)
    assert abs(len(made.rows) - 0.2 * ON_FILE) <= len(STREETS)
    assert plan(city, tmp_path).rows == made.rows
    assert plan(city, tmp_path, seed=8).rows != made.rows


def test_who_waited_longest_than_the_law_allows_is_due_and_what_is_missing_is_told(made, city):
    since = dict(zip(*pq.read_table(
        city / "profiles/on_file" / f"{AS_OF}.parquet", columns=["household_id", SINCE]
    ).to_pydict().values(), strict=True))  # fmt: skip
    due = [row for row in made.rows if row["reason"] == "legal_due"]
    assert due
    assert all(since[row["household_id"]] >= 12 for row in due)
    assert made.counts()["short"]["legal_due"] > 0


def test_paper_tells_neither_arm_nor_probability_and_the_log_does(made, tmp_path):
    sheets, log = write_files(made, tmp_path)
    book = CalamineWorkbook.from_path(sheets)
    assert set(book.sheet_names) == set(STREETS)
    pages = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    words = {str(cell) for page in pages for row in page for cell in row if cell}
    lot, expected = REASONS["lot"][0], REASONS["expected_months"][0]
    assert not any(lot in word or expected in word or "random" in word for word in words)
    assert why("lot") == why("expected_months")
    assert {why(floor) for floor in FLOORS} == {REASONS[floor][0] for floor in FLOORS}
    kept = pq.read_table(log)
    assert kept.num_rows == len(made.rows)
    assert set(kept["arm"].to_pylist()) >= {"random", "routine"}
    assert np.all(np.array(kept["probability"].to_pylist()) > 0)
    assert log.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.rglob("*part*"))


def test_the_next_months_plan_leaves_the_record_of_this_months_draw(made, tmp_path):
    _, first = write_files(made, tmp_path)
    before = first.read_bytes()
    _, second = write_files(replace(made, as_of=date(2026, 1, 31), rows=made.rows[:1]), tmp_path)
    assert first.read_bytes() == before
    told = [pq.read_schema(log).metadata[b"as_of"].decode() for log in (first, second)]
    assert told == ["2025-12-31", "2026-01-31"]
    assert pq.read_schema(first).metadata[b"draw_check"].decode() == made.draw.check


def test_the_export_of_a_plan_is_in_the_log_with_what_proves_its_draw(made, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'casework.db'}", create=True)
    migrate(engine)
    _, log = export_plan(engine, made, tmp_path, by="test")
    with reading(engine) as connection:
        event = connection.execute(Event.__table__.select()).one()
        assert first_broken_event(connection) is None
    assert (event.by, event.action, event.subject) == ("test", "plan_exported", "2025-12-31")
    assert event.detail == {
        "visits": len(made.rows),
        "streets": len(STREETS),
        "seed": 7,
        "draw_check": made.draw.check,
        "draw_digest": hashlib.sha256(log.read_bytes()).hexdigest(),
    }


def test_the_command_writes_to_the_dates_folder_and_to_the_log(city, tmp_path):
    database = f"sqlite:///{tmp_path / 'casework.db'}"
    ended = CliRunner().invoke(
        app,
        ["plan", "--profiles", str(city), "--bundles", str(city / "bundles"), "--as-of", str(AS_OF),
         "--out", str(tmp_path), "--threads", "1", "--database", database, "--json"],
    )  # fmt: skip
    assert ended.exit_code == 0, ended.output
    folder = tmp_path / "plan" / "2025-12-31"
    assert json.loads(ended.stdout.splitlines()[-1])["files"] == [
        str(folder / "plan.xlsx"), str(folder / "draw.parquet"),
    ]  # fmt: skip
    with reading(open_database(database)) as connection:
        assert connection.execute(Event.__table__.select()).one().action == "plan_exported"


def test_a_profile_without_the_last_look_says_which_column_is_missing(city, tmp_path):
    bare = write_city(tmp_path / "bare")
    write_bundles(bare / "bundles")
    with pytest.raises(UserError, match=r"status_review_class_a|change_months"):
        plan(bare, tmp_path)

"""Files in every shape, each with the outcome expected; what is only written otherwise reads alike."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.forms import BOMB_LIMIT, FORMS
from features.engines import open_warehouse, read_entries
from features.intake import summary, workbook
from features.intake.entry import Entry
from features.intake.run import run_intake
from features.sources import SOURCES
from features.sources.core import Kind
from synthetic_data import fates
from synthetic_data.city import City, write_city
from synthetic_data.dirt import UNREADABLE, Mess, spoil
from synthetic_data.landing_rows import delivered
from synthetic_data.shapes import DROPPED, SHAPES
from synthetic_data.spellings import EMPTY, SPELLINGS, respell

pytestmark = pytest.mark.long
KEY = "practice"
IDS_SPOILT = {"id_mistyped", "id_wrong_check", "id_float", "id_point_zero", "id_none"}
#: Shapes after which a file holds what its department has, row by row.
READABLE = {code for code, shape in SHAPES.items() if shape.group != "fate"} | {"twice"}


@dataclass
class Taken:
    """A world of one degree of mess, taken in."""

    folder: Path
    shapes: list[dict[str, Any]]
    entries: dict[str, Entry]
    stored: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Rows as they were taken."""
        if table not in self.stored:
            paths = sorted((self.folder / "warehouse" / "tables" / table).glob("*.parquet"))
            self.stored[table] = [row for path in paths for row in pq.read_table(path).to_pylist()]
        return self.stored[table]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[Mess, Taken]:
    found = {}
    for mess in Mess:
        folder = tmp_path_factory.mktemp(mess)
        city = City(450, 4, 4, np.datetime64("2024-01", "M"), mess)
        with (
            patch.object(fates, "BOMB_BYTES", BOMB_LIMIT + (1 << 20)),
            patch.object(workbook, "LARGEST_UNPACKED", BOMB_LIMIT),
        ):
            write_city(city, folder, lambda done, steps: None)
            entries = run_intake(folder / "landing", folder / "warehouse", KEY, workers=2)
        shapes = json.loads((folder / "truth" / "shapes.json").read_text(encoding="utf-8"))
        found[mess] = Taken(folder, shapes, {entry.file: entry for entry in entries})
    return found


def told(taken: Taken) -> set[str]:
    return {code for file in taken.shapes for code in file["shapes"]}


def test_every_shape_is_a_form_with_its_outcome() -> None:
    assert {shape.form for shape in SHAPES.values()} <= {form.zh for form in FORMS}


def test_every_way_of_writing_is_used_where_it_suits() -> None:
    source, count = SOURCES["other_benefits"], 400
    cells = {column.name: np.full(count, "", dtype=object) for column in source.columns}
    cells["id_no"][:] = "990102197001020010"
    cells["from"][:] = "2024-01-05"
    cells["amount_yuan_month"][: count // 2] = "1234.5"
    written, ways = respell(source, cells, np.random.default_rng(1))
    kinds = (Kind.ID_NO, Kind.DATE, Kind.YUAN)
    every = {way for kind in kinds for way in (*SPELLINGS[kind], *EMPTY.get(kind, {}))}
    assert ways == every - {"id_lower_x"}  # the number has none
    assert {"1,234.50", "￥1234.5", "0.12345万元", "１２３４．５"} <= set(written["amount_yuan_month"])


def test_without_mess_every_file_is_as_its_department_writes_it(worlds: dict[Mess, Taken]) -> None:
    assert told(worlds[Mess.NONE]) == set()
    assert {entry.status for entry in worlds[Mess.NONE].entries.values()} == {"taken"}
    assert sum(entry.rows_quarantined for entry in worlds[Mess.NONE].entries.values()) == 0


def test_cells_are_spoilt_in_every_way() -> None:
    source, count = SOURCES["pensions"], 600
    cells = {column.name: np.full(count, "", dtype=object) for column in source.columns}
    cells |= {"id_no": np.full(count, "990102197001020010", dtype=object)}
    _, ways = spoil(source, cells, np.random.default_rng(1))
    assert ways == IDS_SPOILT | {way for kind in ("month", "yuan_from_0") for way, _ in UNREADABLE[kind]}


def test_a_heavy_world_has_every_shape_and_nearly_every_way_of_writing(worlds: dict[Mess, Taken]) -> None:
    ways = {way for kind in SPELLINGS.values() for way in kind} | IDS_SPOILT
    ways |= {way for kind in UNREADABLE.values() for way, _ in kind} | {"name_otherwise"}
    found = told(worlds[Mess.HEAVY])
    assert (set(SHAPES) | {"note_missing", "note_wrong", "note_unreadable"}) - found == set()
    assert len(ways - found) < 0.2 * len(ways)  # a small world has few amounts


def test_the_usual_world_has_every_shape_that_offices_have_daily(worlds: dict[Mess, Taken]) -> None:
    usual = {code for code, shape in SHAPES.items() if shape.default}
    assert set(SHAPES) & told(worlds[Mess.DEFAULT]) == usual


@pytest.mark.parametrize("mess", list(Mess))
def test_each_file_becomes_what_its_shape_says_and_no_row_is_lost(
    worlds: dict[Mess, Taken], mess: Mess
) -> None:
    taken = worlds[mess]
    there = {file["file"]: file["status"] for file in taken.shapes if file["status"] != "missing"}
    assert {file: entry.status for file, entry in taken.entries.items()} == there
    for entry in taken.entries.values():
        assert entry.status != "taken" or entry.rows_in == entry.rows_taken + entry.rows_quarantined


def test_a_refusal_or_an_assumption_says_what_was_the_matter(worlds: dict[Mess, Taken]) -> None:
    taken = worlds[Mess.HEAVY]
    says = {form.zh: form.expected.says.split("“")[0].split("：")[0] for form in FORMS}
    for file in taken.shapes:
        entry = taken.entries.get(file["file"])
        for code in file["shapes"]:
            said_of = code in SHAPES and SHAPES[code].group in ("fate", "columns", "separator")
            if entry and said_of and (code, entry.status) != ("twice", "taken"):
                said = " | ".join((entry.reason or "", *entry.assumptions))
                assert says[SHAPES[code].form][:6] in said, (file["file"], code, said)
    noted = dict.fromkeys(("note_missing", "note_unreadable"), "delivery.yaml") | {"note_wrong": "交付单"}
    for code, word in noted.items():
        entries = [taken.entries[f["file"]] for f in taken.shapes if code in f["shapes"]]
        assert all(any(word in text for text in e.assumptions) for e in entries if e.status == "taken")


def test_a_cut_file_of_events_keeps_its_rows_and_sets_the_cut_one_aside(worlds: dict[Mess, Taken]) -> None:
    taken = worlds[Mess.HEAVY]
    cut = [taken.entries[file["file"]] for file in taken.shapes if "cut_events" in file["shapes"]]
    assert cut
    assert all(entry.rows_quarantined >= 1 and entry.rows_taken > 0 for entry in cut)
    assert all("可能被截断" in " | ".join(entry.assumptions) for entry in cut)


def test_what_did_not_come_is_told(worlds: dict[Mess, Taken]) -> None:
    taken = worlds[Mess.HEAVY]
    entries = [
        entry
        for status in ("taken", "repeated")
        for entry in read_entries(taken.folder / "warehouse", status)
    ]
    silent = [(gap["table"], str(gap["after"]), str(gap["until"])) for gap in summary.silences(entries)]
    for file in taken.shapes:
        if "missing" in file["shapes"] or (
            "silent" in file["shapes"] and SOURCES[file["table"]].cadence.value == "monthly"
        ):
            day = file["file"].split("/")[1]
            assert any(table == file["table"] and after < day < until for table, after, until in silent), file


def by_file(taken: Taken, table: str, columns: tuple[str, ...]) -> dict[str, Counter[tuple[Any, ...]]]:
    """Stored values of each file's rows, counted."""
    files = {entry.delivery_id: file for file, entry in taken.entries.items() if entry.status == "taken"}
    rows: dict[str, Counter[tuple[Any, ...]]] = {}
    for row in taken.rows(table):
        rows.setdefault(files[row["delivery_id"]], Counter())[tuple(row[name] for name in columns)] += 1
    return rows


@pytest.mark.parametrize("mess", [Mess.DEFAULT, Mess.HEAVY])
def test_what_is_only_written_otherwise_has_the_values_of_a_clean_world(
    worlds: dict[Mess, Taken], mess: Mess
) -> None:
    """Names aside, which are kept as written: they are compared by who is who."""
    taken, clean = worlds[mess], worlds[Mess.NONE]
    compared = 0
    for table, source in SOURCES.items():
        columns = tuple(c.name for c in source.columns if not c.name_of and c.name != DROPPED.get(table))
        ours, theirs = by_file(taken, table, columns), by_file(clean, table, columns)
        for file in taken.shapes:
            fates_ = {code for code in file["shapes"] if code in SHAPES} - READABLE
            if file["table"] != table or file["status"] != "taken" or fates_:
                continue
            entry, rows = taken.entries[file["file"]], ours.get(file["file"], Counter())
            before = _original(file, theirs)
            assert not rows - before, file["file"]
            assert (before - rows).total() == entry.rows_quarantined, file["file"]
            compared += rows.total()
    assert compared > 4_000


@pytest.mark.parametrize("mess", [Mess.DEFAULT, Mess.HEAVY])
def test_a_world_can_be_looked_at_in_whatever_shape_its_files_came(
    worlds: dict[Mess, Taken], mess: Mess
) -> None:
    for table in ("residents", "household_members", "verifications", "withholding", "usage"):
        ours, clean = (
            delivered(worlds[degree].folder / "landing", table, latest=SOURCES[table].delivery == "full")
            for degree in (mess, Mess.NONE)
        )
        assert len(ours) == pytest.approx(len(clean), rel=0.05 if mess is Mess.DEFAULT else 0.35)


def _original(file: dict[str, Any], clean: dict[str, Counter[tuple[Any, ...]]]) -> Counter[tuple[Any, ...]]:
    """The clean file of the same table: of its own day, or, where this one was sent again, the one before."""
    department, day, _ = file["file"].split("/")
    found = [name for name in clean if name.startswith(f"{department}/") and name.split("/")[1] <= day]
    return clean[max(found)] if found else Counter()


def test_a_correction_gives_the_right_amounts_from_its_day_on(worlds: dict[Mess, Taken]) -> None:
    taken, clean = worlds[Mess.HEAVY], worlds[Mess.NONE]
    corrected = [file for file in taken.shapes if "corrected" in file["shapes"]]
    for file in corrected:
        source = SOURCES[file["table"]]
        columns = tuple(c.name for c in source.columns if c.kind in (Kind.ID_NO, Kind.MONTH, Kind.YUAN))
        before = by_file(clean, source.name, columns)[file["file"]]
        ours = by_file(taken, source.name, columns)
        assert ours[file["file"]] - before, "amounts that were wrong"
        again = min(name for name in ours if name > file["file"])
        assert not ours[again] - before


@pytest.mark.parametrize("mess", list(Mess))
def test_whose_a_row_is_stands_at_its_number_in_every_shape_of_file(
    worlds: dict[Mess, Taken], mess: Mess
) -> None:
    taken = worlds[mess]
    truth = pq.read_table(taken.folder / "truth" / "identity.parquet").to_pylist()
    warehouse = open_warehouse(taken.folder / "warehouse")
    checked: Counter[str] = Counter()
    for table in {row["table"] for row in truth}:
        rows = {(row["delivery_id"], row["row_number"]): row for row in taken.rows(table)}
        apart = {
            (row["delivery_id"], row["row_number"])
            for row in warehouse.unidentified(table).to_pyarrow().to_pylist()
        }
        for line in (line for line in truth if line["table"] == table):
            entry = taken.entries[line["file"]]
            place = entry.delivery_id, line["row_number"]
            if entry.status != "taken":
                continue
            if line["damage"] in ("number", "mistyped"):
                assert place in apart, line
            elif place in rows:
                same = rows[place][line["column"]] == line["id_no"]
                assert same == (line["damage"] == "name"), line
            else:
                continue  # set aside for another cell
            checked[line["damage"]] += 1
    if mess is Mess.HEAVY:
        assert set(checked) == {"number", "mistyped", "mismatch", "name"}
    assert checked["mismatch"] > 5

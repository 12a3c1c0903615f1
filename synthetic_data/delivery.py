"""Writes files of the landing folder as departments would, and the note of each delivery."""

import hashlib
import json
import shutil
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.sources.core import Delivery, Source
from synthetic_data.clock import chance
from synthetic_data.departments.rows import Rows
from synthetic_data.dirt import Mess
from synthetic_data.fates import damaged
from synthetic_data.habits import habit_of
from synthetic_data.identity_truth import SCHEMA
from synthetic_data.shapes import Sending, amount
from synthetic_data.sheets import content_of, layout_of
from synthetic_data.writing import identities, sheet_of

#: Share of a month's rows that are wrong in a file that is corrected later.
SLIPPED = 0.05
#: Shares of a department's days on which the note is missing, wrong, or cannot be read.
NOTES = {"note_missing": 0.02, "note_wrong": 0.01, "note_unreadable": 0.002}


@dataclass(frozen=True)
class Written:
    """One file of the landing folder: what its note says, what is in it, and whose its rows are.

    announced: rows by the note. rows: those in the file, where it can be taken. status: what intake answers;
    `missing` where the file was due and is not there.
    """

    table: str
    file: str  # <department>/<received_on>/<name>
    period: str
    announced: int = 0
    rows: int = 0
    sha256: str = ""
    status: str = "taken"
    shapes: tuple[str, ...] = ()
    truth: pa.Table = field(default_factory=SCHEMA.empty_table)


def send(landing: Path, rows: Rows, sending: Sending, seed: int, mess: Mess) -> list[Written]:
    """Write one table of one day, and once more where it is sent again."""
    source, period = sending.source, _period(sending)
    if sending.status == "missing":
        file = f"{source.department}/{sending.day}/{source.name}.csv"
        return [Written(source.name, file, period, status="missing", shapes=sending.shapes)]
    told = rows
    if "corrected" in sending.shapes:
        told = _slipped(source, rows, chance(seed, f"slip_{source.name}_{sending.day}"))
    first = _write(landing, told, sending, period, seed, mess)
    if sending.again_on is None:
        return [first]
    if "twice" in sending.shapes:
        return [first, _copy(landing, first, sending)]
    again = replace(sending, day=sending.again_on, shapes=())
    return [first, _write(landing, rows, again, period, seed, mess)]


def write_notes(landing: Path, files: list[Written], seed: int, mess: Mess) -> dict[str, str]:
    """Write delivery.yaml beside the files; some are not as they should be: which, by folder."""
    folders: dict[str, list[Written]] = {}
    for file in files:
        if file.status != "missing":
            folders.setdefault(str(Path(file.file).parent), []).append(file)
    faults = _faulty_notes(sorted(folders), seed, mess)
    for folder, written in folders.items():
        fault = faults.get(folder)
        if fault != "note_missing":
            lines = [line for file in written for line in _said(file, fault == "note_wrong")]
            text = "\n".join(lines) + "\n" + ("\t: {" if fault == "note_unreadable" else "")
            (landing / folder / "delivery.yaml").write_text(text, encoding="utf-8")
    return faults


def write_shapes(files: list[Written], notes: dict[str, str], folder: Path) -> None:
    """Write shapes.json into the truth's folder: each file, what intake answers, its shapes."""
    lines = []
    for file in sorted(files, key=lambda written: written.file):
        note = notes.get(str(Path(file.file).parent)) if file.status != "missing" else None
        shapes = [*file.shapes, *([note] if note else [])]
        told = {"table": file.table, "file": file.file, "status": file.status, "shapes": shapes}
        lines.append(json.dumps(told, ensure_ascii=False))
    (folder / "shapes.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def _faulty_notes(folders: list[str], seed: int, mess: Mess) -> dict[str, str]:
    order = chance(seed, "notes").permutation(len(folders)).tolist()
    faults: dict[str, str] = {}
    for fault, share in NOTES.items():
        for _ in range(ceil(share * mess.times * len(folders))):
            faults[folders[order.pop()]] = fault
    return faults


def _said(file: Written, wrong: bool) -> list[str]:
    """What a note says of a file; a wrong one was copied from an earlier delivery."""
    said = {
        "table": file.table,
        "file": Path(file.file).name,
        "period": file.period,
        "rows": max(0, file.announced - wrong),
        "sha256": hashlib.sha256(file.sha256.encode()).hexdigest() if wrong else file.sha256,
    }
    return [f"{'- ' if key == 'table' else '  '}{key}: {value}" for key, value in said.items()]


def _period(sending: Sending) -> str:
    """The month a file speaks of: a register's own, of what happened the one before."""
    earlier = sending.source.delivery is Delivery.EVENTS
    return str(np.datetime64(sending.day, "M") - np.timedelta64(earlier, "M"))


def _copy(landing: Path, first: Written, sending: Sending) -> Written:
    """The same bytes on a later day."""
    file = first.file.replace(sending.day, str(sending.again_on))
    (landing / file).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(landing / first.file, landing / file)
    place = first.truth.schema.get_field_index("file")
    truth = first.truth.set_column(place, "file", pa.repeat(file, first.truth.num_rows))
    return replace(first, file=file, rows=0, status="repeated", truth=truth)


def _slipped(source: Source, rows: Rows, rng: np.random.Generator) -> Rows:
    """The rows with some amounts ten times too large."""
    name = str(amount(source))
    amounts = rows.columns[name].astype(float)
    wrong = rng.permutation(len(amounts))[: ceil(SLIPPED * len(amounts))]
    amounts[wrong] *= 10
    return Rows(rows.columns | {name: amounts}, rows.received)


def _write(landing: Path, rows: Rows, sending: Sending, period: str, seed: int, mess: Mess) -> Written:
    """Write one file."""
    source, habit = sending.source, habit_of(sending.source)
    dirt, chosen = (chance(seed, f"{name}_{source.name}_{sending.day}") for name in ("dirt", "layout"))
    layout = layout_of(source, habit, sending.shapes, chosen)
    sheet = sheet_of(source, habit, rows, dirt, mess, shuffled="shuffled" in sending.shapes)
    whole = content_of(layout, sheet)
    content, held = damaged(whole, layout, sheet)
    file = f"{source.department}/{sending.day}/{source.name}.{layout.ending}"
    (landing / file).parent.mkdir(parents=True, exist_ok=True)
    (landing / file).write_bytes(content)
    taken = sending.status == "taken"
    truth = identities(sheet, file, layout.first_row) if taken else SCHEMA.empty_table()
    return Written(
        table=source.name,
        file=file,
        period=period,
        announced=len(sheet.rows),
        rows=held if taken else 0,
        sha256=hashlib.sha256(whole).hexdigest(),
        status=sending.status,
        shapes=(*sending.shapes, *sorted(sheet.ways)),
        truth=truth.filter(pc.less(truth["row_number"], layout.first_row + held)),
    )

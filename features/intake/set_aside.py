"""The rows of a quarantine: which still wait, and how each stands in the file it came with."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.intake.conversion import Arrived
from features.intake.decoding import decode
from features.intake.delimited import with_line_feeds
from features.intake.entry import Entry
from features.intake.refusal import Refusal
from features.intake.released import Release, ReleasedRow
from features.intake.taking import QUARANTINE_SCHEMA, delivery_id_of, read_content
from features.sources import SOURCES

#: Why a row cannot be shown as it stands.
GONE = "落地文件已不在，原文未附"
CHANGED = "落地文件已改变（与读入时内容不同），原文未附"


@dataclass(frozen=True)
class Account:
    """What became of the rows of one delivery: taken, released since, or still set aside."""

    entry: Entry
    released: int
    waiting: int


@dataclass(frozen=True)
class Raw:
    """Rows as they stand in a file: by row number the text of each declared column.

    lines: the whole line of rows that cannot be split. counted: columns whose header has a unit or period of
    its own. note: why there is nothing; empty where there is.
    """

    cells: Mapping[int, Mapping[str, str | None]] = field(default_factory=dict)
    lines: Mapping[int, str] = field(default_factory=dict)
    counted: frozenset[Arrived] = frozenset()
    note: str = ""


def released_numbers(
    releases: Iterable[Release], rows: Iterable[ReleasedRow], as_of: date | None = None
) -> dict[str, set[int]]:
    """Delivery -> numbers of its rows that were released (by the date, where one is given)."""
    known = {r.release_id for r in releases if as_of is None or r.released_on <= as_of}
    numbers: dict[str, set[int]] = {}
    for row in rows:
        if row.release_id in known:
            numbers.setdefault(row.delivery_id, set()).add(row.row_number)
    return numbers


def rows_set_aside(folder: Path, delivery_id: str, without: Collection[int] = ()) -> pa.Table:
    """The quarantine of a delivery (`QUARANTINE_SCHEMA`), without the rows of these numbers."""
    path = folder / "quarantine" / f"{delivery_id}.parquet"
    if not path.is_file():
        return QUARANTINE_SCHEMA.empty_table()
    rows = pq.read_table(path)
    if not without:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows["row_number"], pa.array(sorted(without), pa.int64()))))


def account(folder: Path, entry: Entry, released: Collection[int]) -> Account:
    """Where the rows of a delivery are now; AssertionError where one is unaccounted for."""
    waiting = rows_set_aside(folder, entry.delivery_id, released).num_rows
    if entry.rows_in != entry.rows_taken + waiting + len(released):
        raise AssertionError(
            f"{entry.file}: rows in {entry.rows_in}, {entry.rows_taken} taken, {waiting} set aside,"
            f" {len(released)} released"
        )
    return Account(entry, len(released), waiting)


def raw_rows(landing: Path, entry: Entry, numbers: Collection[int]) -> Raw:
    """These rows of a delivery as they stand in its file, read in place."""
    path = landing / entry.file
    if not path.is_file():
        return Raw(note=GONE)
    content = path.read_bytes()
    if delivery_id_of(hashlib.sha256(content).hexdigest(), entry.table) != entry.delivery_id:
        return Raw(note=CHANGED)
    try:
        records = read_content(SOURCES[entry.table], content)
    except Refusal:  # taken by an earlier version of the readers
        return Raw(note=CHANGED)
    asked = pa.array(sorted(numbers), pa.int64())
    found = records.table.filter(pc.is_in(records.table["row_number"], asked)).to_pylist()
    unsplit = {row.row_number for row in records.bad} & set(numbers)
    return Raw(
        {row.pop("row_number"): row for row in found},
        _lines(content, unsplit) if unsplit else {},
        frozenset(column for column in records.arrived if column.unit != 1 or column.period),
    )


def _lines(content: bytes, numbers: set[int]) -> dict[int, str]:
    """Physical lines of a text file; only those have rows that cannot be split."""
    lines = with_line_feeds(decode(content).content).decode("utf-8", errors="replace").split("\n")
    return {number: lines[number - 1].rstrip("\r") for number in numbers if number <= len(lines)}

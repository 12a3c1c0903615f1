"""Releasing corrected rows of the quarantine, and taking a release back.

A release is known by its content, as a delivery is. Its rows are read by the same conversion as a delivery's;
the good ones are stored per delivery they came with, dated at the release, and become visible with one
transaction of the catalogue. The quarantine itself is never rewritten: what was released of it is a list.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from features.engines import Catalogue, read_entries, read_releases, require_warehouse, write_converted
from features.errors import UserError
from features.intake.conversion import Arrived
from features.intake.correction import BEFORE, ID_CHARACTERS, Corrected, columns_of, read_workbook_back
from features.intake.entry import Entry
from features.intake.own_day import check_own_day
from features.intake.problems import reason_zh
from features.intake.released import Release, ReleasedRow, correctable
from features.intake.run import remove_leftovers
from features.intake.set_aside import rows_set_aside
from features.intake.taking import delivery_id_of, part_file, statement_of
from features.sources import SOURCES

#: Why a row that could be read is not released.
SUPERSEDED = (
    "这份登记册或文件之后又有新的送达，以新的为准，不能再放行旧行；如仍缺这条记录，请在新的送达里更正"
)


@dataclass(frozen=True)
class Fault:
    """A line that stays in quarantine: its place in the workbook, the column, and why."""

    line: int
    column: str
    reason_zh: str


@dataclass(frozen=True)
class Outcome:
    """What a corrected file did (or would do): `release` is null where no row could be released.

    already: lines of rows that had been released before; they are left as they are.
    """

    table: str
    release: Release | None
    released: int
    already: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Ledger:
    """What the catalogue says that a release depends on."""

    taken: Sequence[Entry]
    repeated: Sequence[Entry]
    releases: Sequence[Release]
    rows: Sequence[ReleasedRow]


@dataclass(frozen=True)
class _Row:
    line: Corrected
    entry: Entry


def run_release(path: Path, warehouse: Path, key: str, by: str, on: date) -> Outcome:
    """Release the rows of a corrected workbook that can be read; the others stay, and are told.

    Whole or not at all, and the same file twice changes nothing. `UserError` where the file is none that was
    exported from this warehouse, `on` lies before the last delivery, or another run is writing.
    """
    require_warehouse(warehouse)
    catalogue = Catalogue.open(warehouse, key)
    try:
        remove_leftovers(warehouse)
        ledger = Ledger(
            catalogue.entries("taken"),
            catalogue.entries("repeated"),
            catalogue.releases(),
            catalogue.released_rows(),
        )
        return _release(path, warehouse, ledger, warehouse, key, (by, on), catalogue.record_release)
    finally:
        catalogue.close()


def try_release(path: Path, warehouse: Path, key: str, by: str, on: date) -> Outcome:
    """The same without writing to the warehouse: what would be released and what not."""
    ledger = Ledger(
        read_entries(warehouse, "taken"), read_entries(warehouse, "repeated"), *read_releases(warehouse)
    )
    with tempfile.TemporaryDirectory(prefix="release-dry-run-") as scratch:
        return _release(path, warehouse, ledger, Path(scratch), key, (by, on), lambda *recorded: None)


def undo_release(warehouse: Path, key: str, release_id: str | None = None) -> tuple[Release, int]:
    """Take a release back: the newest, or the one whose id begins so; returns it and its rows.

    Everything is as it was before it. `UserError` where there is no such release.
    """
    require_warehouse(warehouse)
    catalogue = Catalogue.open(warehouse, key)
    try:
        release = _chosen(catalogue.releases(), release_id)
        entries = catalogue.forget_release(release.release_id)
        for entry in entries:
            (warehouse / str(entry.path)).unlink(missing_ok=True)
        return release, sum(entry.rows_taken for entry in entries)
    finally:
        catalogue.close()


def _chosen(releases: Sequence[Release], release_id: str | None) -> Release:
    if not releases:
        raise UserError("没有可撤销的放行 / there is no release to take back.")
    found = [r for r in releases if release_id is None or r.release_id.startswith(release_id)]
    if not found or (release_id is not None and len(found) > 1):
        raise UserError(
            f"没有唯一的放行 {release_id} / no release has this number alone;"
            " `python -m features quarantine show` lists them."
        )
    return found[-1]


def _release(
    path: Path,
    warehouse: Path,
    ledger: Ledger,
    folder: Path,
    key: str,
    who: tuple[str, date],
    record: Callable[[Release, Iterable[Entry], Iterable[ReleasedRow]], None],
) -> Outcome:
    """Convert below `folder` and record; nothing is recorded where no row is good."""
    by, on = who
    check_own_day(on, (*ledger.taken, *ledger.repeated), ("放行", "release"), "released")
    header, lines = read_workbook_back(path)
    rows = _rows(path, lines, warehouse, ledger.taken)
    table = rows[0].entry.table
    arrived = columns_of(path, SOURCES[table], header)
    release_id = delivery_id_of(hashlib.sha256(path.read_bytes()).hexdigest(), table)
    before = {(row.delivery_id, row.row_number) for row in ledger.rows}
    new = [row for row in rows if (row.entry.delivery_id, row.line.row_number) not in before]
    current = {entry.delivery_id for entry in correctable(ledger.taken, ledger.repeated)}
    open_rows = [row for row in new if row.entry.delivery_id in current]
    faults = [Fault(row.line.line, "", SUPERSEDED) for row in new if row.entry.delivery_id not in current]
    release = Release(release_id, table, by, on)
    entries: list[Entry] = []
    found: list[ReleasedRow] = []
    if open_rows:
        entries, found, unreadable = _convert(open_rows, arrived, folder, key, release)
        faults += unreadable
    if len(new) != len(found) + len(faults):
        raise AssertionError(f"{path}: {len(new)} rows, {len(found)} released, {len(faults)} not")
    if found:
        record(release, entries, found)
    ordered = tuple(sorted(faults, key=lambda fault: fault.line))
    return Outcome(table, release if found else None, len(found), len(rows) - len(new), ordered)


def _rows(path: Path, lines: Sequence[Corrected], warehouse: Path, taken: Sequence[Entry]) -> list[_Row]:
    """The row of the quarantine that each line corrects. `UserError` where one is not there."""
    by_start = {entry.delivery_id[:ID_CHARACTERS]: entry for entry in taken}
    numbers: dict[str, set[int]] = {}
    for start in {line.delivery_start for line in lines} & set(by_start):
        set_aside = rows_set_aside(warehouse, by_start[start].delivery_id)
        numbers[start] = set(set_aside["row_number"].to_pylist())
    unknown = [line.line for line in lines if line.row_number not in numbers.get(line.delivery_start, ())]
    if unknown or not lines:
        where = f"第 {unknown[0]} 行等 {len(unknown)} 行" if unknown else ""
        raise UserError(
            f"{path} {where}没有本仓库隔离区的编号 / {len(unknown)} lines name no row of this warehouse's"
            " quarantine; export anew and correct that file. Nothing was released."
        )
    rows = [_Row(line, by_start[line.delivery_start]) for line in lines]
    if len({row.entry.table for row in rows}) > 1:
        raise UserError(
            f"{path} 里有多张表的行 / holds rows of several tables; release each exported file by itself."
            " Nothing was released."
        )
    return rows


def _convert(
    rows: Sequence[_Row], arrived: tuple[Arrived, ...], folder: Path, key: str, release: Release
) -> tuple[list[Entry], list[ReleasedRow], list[Fault]]:
    """Write the good rows, by the delivery they came with; returns their entries, them, and the others."""
    origins = {_released_as(release, row.entry): row.entry for row in rows}
    parts = {own: part_file(folder, release.table, own) for own in origins}
    raw = _raw(rows, arrived, release)
    found = write_converted(raw, statement_of(release.table, arrived, key), parts, {}, set()).to_pylist()
    bad = {(line["delivery_id"], line["row_number"]): line["problem"].split("|") for line in found}
    good: dict[str, list[_Row]] = {own: [] for own in origins}
    faults = []
    for row in rows:
        own = _released_as(release, row.entry)
        problem = bad.get((own, row.line.row_number))
        if problem:
            column, reason = problem[0], reason_zh(SOURCES[release.table], *problem)
            faults.append(Fault(row.line.line, column, reason))
        else:
            good[own].append(row)
    entries = [
        _put_in_place(parts[own], folder, origins[own], own, len(some), release)
        for own, some in good.items()
        if some
    ]
    for own, some in good.items():
        if not some:
            parts[own].unlink()
    taken = [
        ReleasedRow(row.entry.delivery_id, row.line.row_number, release.release_id, own)
        for own, some in good.items()
        for row in some
    ]
    return entries, taken, faults


def _put_in_place(part: Path, folder: Path, origin: Entry, own: str, rows: int, release: Release) -> Entry:
    """The file of one delivery's released rows, and its entry."""
    stored = pq.read_metadata(part).num_rows
    if stored != rows:
        raise AssertionError(f"{origin.file}: {rows} rows to release, {stored} stored")
    path = part.with_suffix("")
    os.replace(part, path)
    return Entry(
        delivery_id=own,
        department=origin.department,
        table=origin.table,
        received_on=release.released_on,
        file=f"{origin.file} 更正 {release.release_id[:12]}",
        status="released",
        rows_in=rows,
        rows_taken=rows,
        path=path.relative_to(folder).as_posix(),
    )


def _released_as(release: Release, origin: Entry) -> str:
    return hashlib.sha256(f"{release.release_id}|{origin.delivery_id}".encode()).hexdigest()


def _raw(rows: Sequence[_Row], arrived: tuple[Arrived, ...], release: Release) -> pa.Table:
    """What the conversion reads: the corrected cells, and where each row came from."""
    columns: Mapping[str, list[str | None]] = {
        column.name: [_cell(row.line, place) for row in rows]
        for place, column in enumerate(arrived, start=len(BEFORE))
    }
    dates = ([release.released_on] * len(rows), [row.entry.received_on for row in rows])
    return pa.table(
        {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
        | {
            "row_number": pa.array([row.line.row_number for row in rows], pa.int64()),
            "received_on": pa.array(dates[0], pa.date32()),
            "delivered_on": pa.array(dates[1], pa.date32()),
            "delivery_id": pa.array([_released_as(release, row.entry) for row in rows], pa.string()),
        }
    )


def _cell(line: Corrected, place: int) -> str | None:
    return (line.cells[place] if place < len(line.cells) else "") or None

"""Exporting what waits in the quarantine, so that each department can correct its own rows."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from features.engines import read_entries, read_releases
from features.errors import UserError
from features.intake.conversion import Arrived
from features.intake.correction import Line, lines_of, write_workbooks
from features.intake.entry import Entry
from features.intake.released import correctable
from features.intake.set_aside import released_numbers, rows_set_aside
from features.sources import SOURCES


@dataclass(frozen=True)
class Exported:
    """One workbook: its place below the folder, its rows, and how many of them lack their original text."""

    department: str
    table: str
    file: str
    rows: int
    without_text: int


@dataclass(frozen=True)
class Export:
    """All workbooks, and the waiting rows that no correction can release any more.

    superseded: a later register or file took their place. refused: their register was refused as a whole.
    """

    workbooks: tuple[Exported, ...]
    superseded: int
    refused: int


def run_export(warehouse: Path, landing: Path, out: Path, department: str | None = None) -> Export:
    """Write `<department>/<table>.xlsx` below `out` (new or empty), readable by the owner only.

    Whole or not at all. `UserError` where `out` holds something, `landing` is no folder, or an intake is
    writing the warehouse.
    """
    if not landing.is_dir():
        raise UserError(
            f"找不到落地文件夹 {landing} / no such folder; give --landing the folder of deliveries."
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(
            f"{out} 已有内容 / is not empty, and a corrected file in it must not be lost; give a new --out."
        )
    taken, refused = read_entries(warehouse, "taken"), read_entries(warehouse, "refused")
    released = released_numbers(*read_releases(warehouse))
    own = [entry for entry in taken if department in (None, entry.department)]
    repeated = read_entries(warehouse, "repeated")
    current = [entry for entry in correctable(taken, repeated) if entry in own]
    former = [entry for entry in own if entry not in current]
    turned_away = [entry for entry in refused if department in (None, entry.department)]
    working = out.with_name(f".{out.name}.partial")
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(mode=0o700, parents=True)
    try:
        workbooks = tuple(_write(warehouse, landing, current, released, working))
        if out.exists():
            out.rmdir()
        os.replace(working, out)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return Export(workbooks, _waiting(warehouse, former, released), _waiting(warehouse, turned_away, {}))


def _write(
    warehouse: Path, landing: Path, entries: Sequence[Entry], released: dict[str, set[int]], out: Path
) -> Iterator[Exported]:
    for name, source in SOURCES.items():
        lines: dict[frozenset[Arrived], list[Line]] = {}
        for entry in entries:
            if entry.table == name:
                units, found = lines_of(warehouse, landing, entry, released.get(entry.delivery_id, set()))
                lines.setdefault(units, []).extend(found)
        if not any(lines.values()):
            continue
        folder = out / source.department
        folder.mkdir(mode=0o700, exist_ok=True)
        for path, some in write_workbooks(folder, source, lines):
            noted = sum(bool(line.note) for line in some)
            place = path.relative_to(out).as_posix()
            yield Exported(source.department, name, place, len(some), noted)


def _waiting(warehouse: Path, entries: Sequence[Entry], released: dict[str, set[int]]) -> int:
    return sum(
        rows_set_aside(warehouse, entry.delivery_id, released.get(entry.delivery_id, set())).num_rows
        for entry in entries
    )

"""The workbook in which a department corrects its rows: written for it, and read when it comes back.

One workbook holds rows of one table. Each line names its row by a number of ours, says what is wrong, and
repeats the row as the department sent it, under the table's Chinese headers; every cell is text, so that an
identity number typed into it keeps its digits.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from features.errors import UserError
from features.intake.conversion import Arrived
from features.intake.entry import Entry
from features.intake.headers import column_of
from features.intake.refusal import Refusal
from features.intake.set_aside import Raw, raw_rows, rows_set_aside
from features.intake.units import suffix
from features.intake.workbook import read_sheets
from features.sources import SOURCES
from features.sources.core import Source

#: Columns before and behind the table's own.
BEFORE = ("编号", "文件", "行号", "有问题的列", "原因", "说明")
BEHIND = ("原文（不能分列的行）",)
#: Rows of one workbook; a table with more gets several.
WORKBOOK_ROWS = 50_000
#: What a spreadsheet's cell holds.
CELL_CHARACTERS = 32_767
#: Characters of a delivery's id in the number of a row.
ID_CHARACTERS = 16
TOO_LONG = "有单元格过长，原文未附"


@dataclass(frozen=True)
class Line:
    """One line of a workbook to be corrected; `cells` by column of the table."""

    number: str
    place: tuple[str, int, str, str]  # file, row number, column in Chinese, reason
    faulty: str
    cells: Mapping[str, str | None]
    whole: str
    note: str


@dataclass(frozen=True)
class Corrected:
    """One line that came back: its place in the workbook, the row it corrects, and its cells."""

    line: int
    delivery_start: str
    row_number: int
    cells: tuple[str, ...]


def lines_of(
    folder: Path, landing: Path, entry: Entry, released: set[int]
) -> tuple[frozenset[Arrived], list[Line]]:
    """The waiting rows of a delivery as lines, and which columns its file counts otherwise than declared."""
    waiting = rows_set_aside(folder, entry.delivery_id, released).to_pylist()
    if not waiting:
        return frozenset(), []
    raw = raw_rows(landing, entry, {row["row_number"] for row in waiting})
    return raw.counted, [_line(SOURCES[entry.table], entry, row, raw) for row in waiting]


def _line(source: Source, entry: Entry, row: Mapping[str, str | int], raw: Raw) -> Line:
    number, column = int(row["row_number"]), str(row["column"])
    cells, whole = raw.cells.get(number, {}), raw.lines.get(number, "")
    long = any(len(cell or "") > CELL_CHARACTERS for cell in (*cells.values(), whole))
    return Line(
        f"{entry.delivery_id[:ID_CHARACTERS]}-{number}",
        (entry.file, number, source.column(column).zh if column else "整行", str(row["reason_zh"])),
        column,
        {} if long else cells,
        "" if long else whole,
        TOO_LONG if long else raw.note,
    )


def header_of(source: Source, counted: frozenset[Arrived]) -> list[str]:
    """The first row of a workbook; cells go out as they stand, so it says what they are counted in."""
    behind = {column.name: suffix(column.unit, column.period) for column in counted}
    own = [c.zh + behind.get(c.name, "") for c in source.columns]
    return [*BEFORE, *own, *BEHIND]


def write_workbooks(
    folder: Path, source: Source, lines: Mapping[frozenset[Arrived], Sequence[Line]]
) -> list[tuple[Path, Sequence[Line]]]:
    """Write the lines of one table (by the columns counted otherwise) below `folder`; readable by the owner
    only. Returns each file with its lines."""
    written: list[tuple[Path, Sequence[Line]]] = []
    for units, several in lines.items():
        for start in range(0, len(several), WORKBOOK_ROWS):
            some = several[start : start + WORKBOOK_ROWS]
            name = source.name if not written else f"{source.name}-{len(written) + 1}"
            path = folder / f"{name}.xlsx"
            _write_workbook(path, source, units, some)
            written.append((path, some))
    return written


def _write_workbook(path: Path, source: Source, units: frozenset[Arrived], lines: Iterable[Line]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        text, fault = (book.add_format({"num_format": "@", **more}) for more in ({}, {"bg_color": "#FFD9A0"}))
        sheet = book.add_worksheet(source.zh[:31])
        header = header_of(source, units)
        sheet.set_column(0, len(header) - 1, 18, text)
        sheet.freeze_panes(1, len(BEFORE))
        for place, cell in enumerate(header):
            sheet.write_string(0, place, cell, book.add_format({"bold": True}))
        for row, line in enumerate(lines, start=1):
            before = (line.number, *map(str, line.place), line.note)
            for place, cell in enumerate(before):
                sheet.write_string(row, place, cell, text)
            for place, column in enumerate(source.columns, start=len(BEFORE)):
                form = fault if column.name == line.faulty else text
                sheet.write_string(row, place, line.cells.get(column.name) or "", form)
            sheet.write_string(row, len(header) - 1, line.whole, text)


def read_workbook_back(path: Path) -> tuple[list[str], list[Corrected]]:
    """The header and the lines of a corrected workbook. `UserError` where it is none of ours."""
    try:
        rows = next((rows for _, rows in read_sheets(path.read_bytes()) if rows), [])
    except OSError:
        raise UserError(f"{path} 无法读取 / cannot be read; give the corrected XLSX.") from None
    except Refusal as refusal:
        raise UserError(f"{path}：{refusal} / cannot be read as XLSX. Nothing was released.") from None
    if not rows or rows[0][: len(BEFORE)] != list(BEFORE):
        raise UserError(
            f"{path} 的表头不是导出文件的表头 / has another header; correct the file that"
            " `quarantine export` wrote and keep its columns. Nothing was released."
        )
    return rows[0], list(_corrected(path, rows))


def _corrected(path: Path, rows: Sequence[Sequence[str]]) -> Iterator[Corrected]:
    seen: dict[str, int] = {}
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cells):
            continue
        start, _, number = cells[0].rpartition("-")
        if len(start) != ID_CHARACTERS or not number.isdecimal():
            raise UserError(
                f"{path} 第 {line} 行没有可识别的编号 / line {line} has no number of ours in its first"
                " column; remove lines that were added, such as signatures. Nothing was released."
            )
        if cells[0] in seen:
            raise UserError(
                f"{path} 第 {seen[cells[0]]} 行与第 {line} 行是同一条记录 / lines {seen[cells[0]]} and {line}"
                " correct the same row; keep one of them. Nothing was released."
            )
        seen[cells[0]] = line
        yield Corrected(line, start, int(number), tuple(cells))


def columns_of(path: Path, source: Source, header: Sequence[str]) -> tuple[Arrived, ...]:
    """What the header says of each column of the table. `UserError` where one is missing or renamed."""
    own = list(header[len(BEFORE) : len(BEFORE) + len(source.columns)])
    own += [""] * (len(source.columns) - len(own))
    found = [column_of(source, cell) for cell in own]
    kept = [
        arrived if cell.startswith(c.zh) and arrived and arrived.name == c.name else None
        for c, cell, arrived in zip(source.columns, own, found, strict=True)
    ]
    wrong = [c.zh for c, arrived in zip(source.columns, kept, strict=True) if arrived is None]
    if wrong:
        raise UserError(
            f"{path} 少了列“{wrong[0]}”等 {len(wrong)} 列，或改了列名、列序 / {len(wrong)} columns are"
            f" missing, renamed or moved, first {wrong[0]}; keep the columns of the exported file."
            " Nothing was released."
        )
    return tuple(arrived for arrived in kept if arrived)

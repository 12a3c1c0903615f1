"""A table as the bytes of a file: text in some encoding, or a workbook as an office would send it."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import xlsxwriter

from features.sources.core import Kind, Source
from synthetic_data.habits import Habit, headers
from synthetic_data.shapes import DROPPED, SHAPES, amount
from synthetic_data.spellings import serial
from synthetic_data.writing import Cells, Sheet, as_text, count

#: Shapes of a workbook: of its sheet, or that it is sent damaged.
WORKBOOKS = {code for code, shape in SHAPES.items() if shape.group == "workbook"} | {"cut_workbook", "bomb"}
#: What stands in a column that nobody asked for.
ADDED = ("核对标记", "已核")
ENCODINGS = {"gbk": "gbk", "gb18030": "gb18030", "utf8_mark": "utf-8-sig"}
SEPARATORS = {"tab": "\t", "wide_comma": "，"}


@dataclass(frozen=True)
class Layout:
    """How a table lies in its file: `columns` are those written, in their order, with their `header`."""

    source: Source
    shapes: frozenset[str]
    columns: tuple[str, ...]
    header: tuple[str, ...]
    encoding: str
    separator: str
    spreadsheet: bool

    @property
    def title(self) -> str:
        """The line above the header; '' where there is none."""
        return f"{self.source.zh}情况表" if self.spreadsheet or "titled" in self.shapes else ""

    @property
    def ending(self) -> str:
        """What the file's name ends with."""
        return "xlsx" if self.spreadsheet else "csv"

    @property
    def first_row(self) -> int:
        """Number of the first record, as a person counts the lines of the file."""
        return 2 + bool(self.title) + ("workbook_merged" in self.shapes)

    def footer(self, rows: int) -> list[list[str]]:
        """Totals and signatures below."""
        signed = self.shapes & {"signed", "workbook_signed"}
        blank = [""] * (len(self.columns) - 2)
        return [["合计", str(rows), *blank], ["制表人：", "审核：", *blank]] if signed else []


def layout_of(source: Source, habit: Habit, shapes: Sequence[str], rng: np.random.Generator) -> Layout:
    """The layout of a file by its department's habit and its own shapes."""
    names = [column.name for column in source.columns]
    header = dict(zip(names, headers(source, habit), strict=True))
    if "other_headers" in shapes:
        header |= _other_headers(source, header, rng)
    if "renamed" in shapes:
        header[_renamed(source)] = "列1"
    if "yearly" in shapes:
        header[str(amount(source))] += "（元/年）"
    if "column_dropped" in shapes:
        names.remove(DROPPED[source.name])
    if "column_added" in shapes:
        names.append(ADDED[0])
    if "columns_turned" in shapes:
        names.reverse()
    return Layout(
        source,
        frozenset(shapes),
        tuple(names),
        tuple(header.get(name, name) for name in names),
        next((ENCODINGS[code] for code in shapes if code in ENCODINGS), habit.encoding),
        next((SEPARATORS[code] for code in shapes if code in SEPARATORS), ","),
        habit.spreadsheet or bool(WORKBOOKS & set(shapes)),
    )


def _renamed(source: Source) -> str:
    """A required column that no header names by what it holds."""
    return next(c.name for c in reversed(source.columns) if c.required)


def _other_headers(source: Source, header: dict[str, str], rng: np.random.Generator) -> dict[str, str]:
    """Another word that the department uses for each column that has one."""
    used = set(header.values()) | {column.zh for column in source.columns}
    other = {}
    for column in source.columns:
        choices = [alias for alias in column.aliases if alias not in used]
        if choices:
            other[column.name] = choices[rng.integers(len(choices))]
            used.add(other[column.name])
    return other


def content_of(layout: Layout, sheet: Sheet) -> bytes:
    """The bytes of a file."""
    return _workbook(layout, sheet) if layout.spreadsheet else _text(layout, sheet)


def _text(layout: Layout, sheet: Sheet) -> bytes:
    """CSV: the clean rows as Arrow writes them, then the others."""
    body = io.BytesIO()
    narrow = "\t" if layout.separator == "\t" else ","
    unquoted = pa_csv.WriteOptions(include_header=False, quoting_style="none", delimiter=narrow)
    pa_csv.write_csv(_arranged(layout, sheet.clean), body, unquoted)
    content = body.getvalue()
    if layout.separator != narrow:
        content = content.replace(narrow.encode(), layout.separator.encode())
    for cells in sheet.others:
        content += _lines(layout, _rows(layout, cells))
    if sheet.order is not None:
        lines = content.splitlines(keepends=True)
        content = b"".join(lines[place] for place in sheet.order.tolist())
    above = [[layout.title], layout.header] if layout.title else [layout.header]
    content = _lines(layout, above) + content + _lines(layout, layout.footer(len(sheet.rows)))
    return content if layout.encoding == "utf-8" else _encoded(content, layout.encoding)


def _encoded(content: bytes, encoding: str) -> bytes:
    text = content.decode()
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:  # GBK lacks a character of some name
        return text.encode("gb18030")


def _arranged(layout: Layout, table: pa.Table) -> pa.Table:
    if ADDED[0] in layout.columns:
        table = table.append_column(ADDED[0], pa.repeat(ADDED[1], table.num_rows))
    return table.select(list(layout.columns))


def _rows(layout: Layout, cells: Cells) -> Iterator[tuple[str, ...]]:
    given = {**cells, ADDED[0]: np.full(count(cells), ADDED[1], dtype=object)}
    return zip(*(given[name].tolist() for name in layout.columns), strict=True)


def _lines(layout: Layout, rows: Iterator[tuple[str, ...]] | Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=layout.separator, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _workbook(layout: Layout, sheet: Sheet) -> bytes:
    """A workbook with a title above the header; all text but for dates and formulas of its shape."""
    rows = [row for cells in (as_text(sheet.clean), *sheet.others) for row in _rows(layout, cells)]
    if sheet.order is not None:
        rows = [rows[place] for place in sheet.order.tolist()]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
        if "workbook_sheets" in layout.shapes:
            book.add_worksheet("填报说明").write_string(0, 0, f"请按月报送{layout.source.zh}")
        page = book.add_worksheet(layout.source.zh)
        page.write_string(0, 0, layout.title)
        _write_header(page, layout)
        for number, cells in enumerate((*rows, *layout.footer(len(rows))), start=layout.first_row - 1):
            for place, (name, cell) in enumerate(zip(layout.columns, cells, strict=True)):
                _write_cell(page, layout, number, place, name, str(cell))
        if "workbook_sheets" in layout.shapes:
            blank = book.add_worksheet("空表")
            blank.write_row(0, 0, layout.header)
    return buffer.getvalue()


def _write_header(page: xlsxwriter.worksheet.Worksheet, layout: Layout) -> None:
    if "workbook_merged" not in layout.shapes:
        page.write_row(1, 0, layout.header)
        return
    page.merge_range(1, 0, 1, 1, "基本信息")  # over the first two columns, whose own headers stand below
    page.write_row(2, 0, layout.header[:2])
    for place, text in enumerate(layout.header[2:], start=2):
        page.merge_range(1, place, 2, place, text)


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet, layout: Layout, row: int, place: int, name: str, cell: str
) -> None:
    kind = next((column.kind for column in layout.source.columns if column.name == name), None)
    if "workbook_serials" in layout.shapes and kind is Kind.DATE and serial(cell):
        page.write_number(row, place, int(serial(cell)))
    elif "workbook_formulas" in layout.shapes and kind is Kind.YUAN and cell.replace(".", "").isdigit():
        page.write_formula(row, place, f"={Decimal(cell) - 1}+1", None, float(cell))
    elif cell:
        page.write_string(row, place, cell)

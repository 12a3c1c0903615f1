"""Lists on paper: one workbook a kind, one sheet a street, ready to print on A4.

The paper tells neither arm nor score nor band, and no formula is ever interpreted: text stays text.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from serving.casework.records import Row
from serving.messages import text
from serving.places import community_name, street_name

#: Column widths in characters of Latin text; together they fill A4 landscape.
COLUMNS = (
    ("visit", 6),
    ("week_column", 7),
    ("number", 19),
    ("community", 9),
    ("what_to_check", 52),
    ("speaks_for", 24),
    ("finding_blank", 18),
    ("signature_blank", 13),
)
HEADER_ROW = 3
LINE_POINTS = 14.5
#: A Chinese character is about as wide as two Latin ones.
WIDE = 0x2E80


@dataclass(frozen=True)
class Formats:
    """The looks of one workbook."""

    title: Any
    note: Any
    head: Any
    centre: Any
    wrapped: Any


def write_workbooks(
    folder: Path, lists: dict[str, list[Row]], as_of: date, districts: dict[str, Any]
) -> list[Path]:
    """Write `<kind>.xlsx` for every kind into `folder`, replacing older ones, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".lists-", dir=folder))
    try:
        made = [
            write_workbook(work / f"{kind}.xlsx", kind, rows, as_of, districts)
            for kind, rows in lists.items()
        ]
        for path in made:
            os.replace(path, folder / path.name)
        return [folder / path.name for path in made]
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_workbook(path: Path, kind: str, rows: list[Row], as_of: date, districts: dict[str, Any]) -> Path:
    """One kind of list; `rows` are by street and visit order."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        title = text("list_title", "zh", kind=text(f"kind_{kind}", "zh"))
        book.set_properties({"title": title, "comments": text("decides_nothing", "zh")})
        formats = make_formats(book)
        streets = groupby(rows, key=lambda row: row["street_code"])
        empty = True
        for street, items in streets:
            sheet = book.add_worksheet(street)
            heading = f"{title}　{street_name(street, districts, 'zh')}　{text('as_of', 'zh')} {as_of}"
            _write_street(sheet, formats, heading, list(items))
            empty = False
        if empty:
            book.add_worksheet("—").write_string(0, 0, text("empty_list", "zh"), formats.note)
    return path


def make_formats(book: Any) -> Formats:
    font = {"font_name": "SimSun", "font_size": 10}
    cell = {**font, "border": 1, "valign": "top", "text_wrap": True}
    return Formats(
        title=book.add_format({**font, "font_size": 15, "bold": True}),
        note=book.add_format({**font, "text_wrap": True, "valign": "top"}),
        head=book.add_format(
            {**cell, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E8ECEF"}
        ),
        centre=book.add_format({**cell, "align": "center"}),
        wrapped=book.add_format(cell),
    )


def _write_street(sheet: Any, formats: Formats, heading: str, items: list[Row]) -> None:
    last = len(COLUMNS) - 1
    sheet.write_string(0, 0, heading, formats.title)
    sheet.merge_range(1, 0, 1, last, "", formats.note)
    sheet.write_string(1, 0, f"{text('decides_nothing', 'zh')}{text('paper_note', 'zh')}", formats.note)
    sheet.set_row(0, 24)
    sheet.set_row(1, 2 * LINE_POINTS)
    for column, (code, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(HEADER_ROW, column, text(code, "zh"), formats.head)
    sheet.set_row(HEADER_ROW, 2 * LINE_POINTS)
    for place, item in enumerate(items, start=HEADER_ROW + 1):
        _write_item(sheet, formats, place, item)
    set_page(sheet, last)


def _write_item(sheet: Any, formats: Formats, row: int, item: Row) -> None:
    checks = "\n".join(check_lines(item["checks"], "zh"))
    speaks_for = "\n".join(line["zh"] for line in item["speaks_for"]) or "—"
    sheet.write_number(row, 0, item["visit_order"], formats.centre)
    sheet.write_string(row, 1, text("week", "zh", n=item["batch"]), formats.centre)
    sheet.write_string(row, 2, item["number"] or "—", formats.wrapped)
    sheet.write_string(row, 3, community_name(item["region_code"], "zh"), formats.wrapped)
    sheet.write_string(row, 4, checks, formats.wrapped)
    sheet.write_string(row, 5, speaks_for, formats.wrapped)
    sheet.write_blank(row, 6, None, formats.wrapped)
    sheet.write_blank(row, 7, None, formats.wrapped)
    lines = max(line_count(checks, COLUMNS[4][1]), line_count(speaks_for, COLUMNS[5][1]), 3)
    sheet.set_row(row, min(LINE_POINTS * lines + 4, 400))


def check_lines(checks: list[Row], language: str) -> list[str]:
    """Numbered lines of what to check, each with its ground and, for a rule, the article."""
    lines = []
    for number, check in enumerate(checks, start=1):
        article = f"（{check['article']}）" if check.get("article") else ""
        lines.append(f"{number}. {ground(check, language)}{check[language]}{article}")
    return lines


def ground(check: Row, language: str) -> str:
    """「〔规则发现〕」 before a line; a line that asks to check the record says so itself."""
    if check["kind"] == "check_record":
        return ""
    return f"〔{text(check['kind'], language)}〕"


def line_count(words: str, width: float) -> int:
    """Lines a cell of this width needs, counting a Chinese character as two."""
    return sum(
        max(1, -(-sum(2 if ord(letter) >= WIDE else 1 for letter in line) // int(width)))
        for line in words.split("\n")
    )


def set_page(sheet: Any, last: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.set_footer(f"&L{text('product', 'zh')}&C{text('paper_page', 'zh')}&R&A")
    sheet.print_area(0, 0, sheet.dim_rowmax or HEADER_ROW, last)

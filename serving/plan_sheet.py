"""A month's plan on paper: one sheet a street, ready to print on A4; it tells neither arm nor probability."""

from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from models.planning import FLOORS, REASONS
from serving.casework.records import Row
from serving.messages import text
from serving.places import community_name, street_name
from serving.sheets import HEADER_ROW, LINE_POINTS, Formats, make_formats, set_page

#: Column -> width in characters of Latin text.
COLUMNS = {
    "visit": 6,
    "week_column": 8,
    "number": 20,
    "community": 10,
    "category": 16,
    "review_class": 9,
    "persons": 7,
    "plan_why": 30,
    "finding_blank": 24,
    "signature_blank": 16,
}


def write_plan(path: Path, rows: list[Row], as_of: date, districts: dict[str, Any]) -> None:
    """Write the workbook whole or not at all; `rows` are by street and order of visits."""
    part = path.with_name(f".{path.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(part), options) as book:
        title = text("plan_title", "zh")
        book.set_properties({"title": title, "comments": text("decides_nothing", "zh")})
        formats = make_formats(book)
        for street, visits in groupby(rows, key=lambda row: row["street_code"]):
            heading = f"{title}　{street_name(street, districts, 'zh')}　{text('as_of', 'zh')} {as_of}"
            _write_street(book.add_worksheet(street), formats, heading, list(visits))
        if not rows:
            book.add_worksheet("—").write_string(0, 0, text("empty_list", "zh"), formats.note)
    part.replace(path)


def why(reason: str) -> str:
    """Why a household is visited, as its visitor reads it: whom the lot brought looks like any other."""
    return REASONS[reason][0] if reason in FLOORS else text("plan_before_due", "zh")


def _write_street(sheet: Any, formats: Formats, heading: str, visits: list[Row]) -> None:
    last = len(COLUMNS) - 1
    sheet.write_string(0, 0, heading, formats.title)
    sheet.merge_range(1, 0, 1, last, "", formats.note)
    sheet.write_string(1, 0, f"{text('decides_nothing', 'zh')}{text('paper_note', 'zh')}", formats.note)
    sheet.set_row(1, 2 * LINE_POINTS)
    for column, (code, width) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(HEADER_ROW, column, text(code, "zh"), formats.head)
    for place, visit in enumerate(visits, start=HEADER_ROW + 1):
        words = (
            text("week", "zh", n=visit["batch"]),
            visit["number"] or "—",
            community_name(visit["region_code"], "zh"),
            text(f"category_{visit['category'] or 'none'}", "zh"),
            visit["review_class"] or "—",
            str(visit["person_count"]),
            why(visit["reason"]),
        )
        sheet.write_number(place, 0, visit["visit_order"], formats.centre)
        for column, word in enumerate(words, start=1):
            sheet.write_string(place, column, word, formats.wrapped)
        for column in range(len(words) + 1, last + 1):
            sheet.write_blank(place, column, None, formats.wrapped)
        sheet.set_row(place, 2 * LINE_POINTS)
    set_page(sheet, last)

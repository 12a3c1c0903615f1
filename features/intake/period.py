"""The period that a delivery note announces, beside the dates that its rows hold."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from features.sources.core import Delivery, Kind, Source

Months = tuple[int, int]  # first and last, each as year * 12 + month - 1

_QUARTER = re.compile(r"(\d{4})(?:Q|年?第?)([1-4一二三四])(?:季度?)?")
_MONTHS = re.compile(r"(\d{4})[-./年]?(1[0-2]|0?[1-9])(?:[-./月](?:\d{1,2})?日?)?")
_YEAR = re.compile(r"(\d{4})年?度?")
_FROM_TO = re.compile(r"(.+?)(?:至|到|~|/|—|--)(.+)")


def period_of(text: str) -> Months | None:
    """The months of 2024-01, 2024年1月, 2024-01至2024-03, 2024Q1, 2024年; None where it cannot be told."""
    plain = "".join(text.split())
    if alone := _alone(plain):
        return alone
    span = _FROM_TO.fullmatch(plain)
    first, last = (_alone(part) for part in span.groups()) if span else (None, None)
    return (first[0], last[1]) if first and last else None


def _alone(text: str) -> Months | None:
    readers: tuple[tuple[re.Pattern[str], Callable[[int, str], Months]], ...] = (
        (_YEAR, lambda year, _: (year * 12, year * 12 + 11)),
        (_MONTHS, lambda year, month: (year * 12 + int(month) - 1,) * 2),
        (_QUARTER, _quarter),
    )
    for pattern, months in readers:
        if found := pattern.fullmatch(text):
            return months(int(found[1]), found[2] if pattern.groups > 1 else "")
    return None


def _quarter(year: int, quarter: str) -> Months:
    first = year * 12 + 3 * ("1234".find(quarter) if quarter in "1234" else "一二三四".find(quarter))
    return first, first + 2


def said_of_period(source: Source, announced: str | None, stored: Path) -> list[str]:
    """What to remark where the dates of a file's good rows are not those that its note announces.

    Nothing is said of a register, which holds the dates of all its past, nor of a table whose rows say only a
    year. The file's own statistics answer, so that no row is read again.
    """
    if announced is None or source.delivery is Delivery.FULL:
        return []
    period = period_of(announced)
    if period is None:
        return ["交付单的期间无法识别，没有与记录核对"]
    found = _months_of(source, stored)
    if found is None or (period[0] <= found[0] and found[1] <= period[1]):
        return []
    name = source.column(source.event_on).zh
    return [f"交付单写的期间是 {_text(period)}，记录的{name}在 {_text(found)}"]


def _months_of(source: Source, stored: Path) -> Months | None:
    """First and last month of the rows' event dates; None where there are none."""
    if source.column(source.event_on).kind not in (Kind.DATE, Kind.MONTH):
        return None
    footer = pq.read_metadata(stored)
    place = footer.schema.names.index(source.event_on)
    parts = [footer.row_group(group).column(place).statistics for group in range(footer.num_row_groups)]
    bounds = [(part.min, part.max) for part in parts if part is not None and part.has_min_max]
    if not bounds:
        return None
    return _number(min(low for low, _ in bounds)), _number(max(high for _, high in bounds))


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _text(months: Months) -> str:
    first, last = (f"{month // 12}-{month % 12 + 1:02d}" for month in months)
    return first if first == last else f"{first} 至 {last}"

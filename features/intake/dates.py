"""Days and months as departments write them: with dashes, dots, 年月日, nothing, as serial numbers."""

from typing import Any

import ibis

from features.intake import tidying
from features.intake.reader import Cell, Reader, when
from features.sources.core import Column

#: Days that only say "open" or "none" where departments' systems want some date.
NO_DATE = (
    "0000-00-00", "00000000", "0000/00/00", "9999-12-31", "99991231", "9999/12/31", "长期", "永久", "至今",
)  # fmt: skip

FIRST_YEAR, LAST_YEAR = 1900, 2100

_TIME = r"([\sT]*[0-9]{1,2}:[0-9]{2}.*)?$"
_SEPARATED = r"^([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?" + _TIME
_COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})(\.0|[0-9]{6})?" + _TIME
_SERIAL = r"^[1-7][0-9]{4}(\.[0-9]+)?$"
_ISO = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$"


def _between_years(day: Any) -> Any:
    return (day >= ibis.date(FIRST_YEAR, 1, 1)) & (day <= ibis.date(LAST_YEAR, 12, 31))


def _date_fast(text: Any, column: Column) -> Any:
    # Only what is shaped like a day is cast: the engine takes `infinity` for a date and then fails on it.
    day = when((text.length() == 10) & (text.substr(4, 1) == "-"), text).try_cast("date")
    return when(_between_years(day), day)


def _date_plain(text: Any) -> Any:
    """Every written form of a day as year-month-day; anything else as it is."""
    return text.re_replace(_SEPARATED, r"\1-\2-\3").re_replace(_COMPACT, r"\1-\2-\3")


def _any_date(plain: Any) -> Any:
    """The day, also of a spreadsheet's serial number; null where it does not exist."""
    written = when(plain.re_search(_ISO), plain).try_cast("date")
    serial = when(plain.re_search(_SERIAL), plain.substr(0, 5)).try_cast("int64")
    return ibis.coalesce(written, (ibis.timestamp("1899-12-30") + serial.as_interval("D")).cast("date"))


def _date_general(cell: Cell) -> Any:
    day = _any_date(cell.plain)
    return when(_between_years(day), day)


def _date_fault(cell: Cell) -> Any:
    return ibis.ifelse(_any_date(cell.plain).notnull(), "year", cell.column.kind.value)


_MONTH = r"^([0-9]{4})\s*(?:[-./年]\s*([0-9]{1,2})|([0-9]{2}))\s*月?份?$"


def _month_fast(text: Any, column: Column) -> Any:
    day = (text + "-01").try_cast("date")
    return when((text.length() == 7) & _between_years(day), day)


def _month_plain(text: Any) -> Any:
    return _date_plain(text.re_replace(_MONTH, r"\1-\2\3-1"))


def _month_general(cell: Cell) -> Any:
    day = _date_general(cell)
    return ibis.date(day.year(), day.month(), 1)


def _month_fault(cell: Cell) -> Any:
    """A year's figure in a monthly table is said to be one: spread over months it would be a guess."""
    return ibis.ifelse(cell.plain.re_search(r"^(19|20)[0-9]{2}\s*年?度?$"), "whole_year", _date_fault(cell))


_NOTHING = tidying.NOTHING + NO_DATE

DATE = Reader(_date_fast, _date_plain, _date_general, _date_fault, nothing=_NOTHING)
MONTH = Reader(_month_fast, _month_plain, _month_general, _month_fault, nothing=_NOTHING)

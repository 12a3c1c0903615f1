"""Months on the calendar, the same on every engine: the last day where a month is too short."""

from typing import Any

from features.windows import month_number


def months_later(day: Any, months: Any) -> Any:
    """The same day so many months later (months: int64 expression)."""
    # DuckDB makes a timestamp of a date and an interval, which Ibis would take for the date it should be.
    return (day.cast("timestamp") + months.as_interval("M")).cast("date")


def completed_months(start: Any, day: Any) -> Any:
    """Whole months from a day to a later one (int64)."""
    short = (day.day() < start.day()).ifelse(1, 0)
    return month_number(day) - month_number(start) - short

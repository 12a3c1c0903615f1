"""Time words that features share: expressions over rows that carry `as_of` and `months_ago`."""

from typing import Any


def last(rows: Any, months: int) -> Any:
    """Whether the event lies in the last `months` months (0 months ago is the latest month)."""
    return rows.months_ago < months


def earlier(rows: Any, after: int, until: int) -> Any:
    """Whether the event lies between `after` (excluded by the window before it) and `until` months ago."""
    return (rows.months_ago >= after) & (rows.months_ago < until)


def current(rows: Any, until: str) -> Any:
    """Whether a state that ends on the date in column `until` still holds on `as_of`."""
    return rows[until].isnull() | (rows[until] >= rows.as_of)


def months_since(rows: Any, column: str) -> Any:
    """Calendar months from the date in `column` to `as_of`; null where it has none or it lies ahead."""
    months = month_number(rows.as_of) - month_number(rows[column])
    return (rows[column] <= rows.as_of).ifelse(months, None)


def month_number(day: Any) -> Any:
    """Months since year 0, so that their difference counts calendar months."""
    return day.year() * 12 + day.month()

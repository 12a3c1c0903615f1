"""Time words that features, households and rules share: when a state holds, months and ages.

Those that take `rows` read their `as_of` and `months_ago`. The two kinds of end date (a last day that still
counts, a day from which it no longer does) are told apart here and nowhere else.
"""

from typing import Any


def last(rows: Any, months: int) -> Any:
    """Whether the event lies in the last `months` months (0 months ago is the latest month)."""
    return rows.months_ago < months


def earlier(rows: Any, after: int, until: int) -> Any:
    """Whether the event lies between `after` (excluded by the window before it) and `until` months ago."""
    return (rows.months_ago >= after) & (rows.months_ago < until)


def current(rows: Any, until: str) -> Any:
    """Whether a state whose last day is in column `until` still holds on `as_of`."""
    return holds_through(rows[until], rows.as_of)


def holds_through(last_day: Any, as_of: Any) -> Any:
    """Whether a state with a last day (截止日期, 有效期止) holds on the date: that day is one of it.

    Profiles are made at month ends, where such spells end, so the day itself decides often.
    """
    return last_day.isnull() | (last_day >= as_of)


def holds_before(end: Any, as_of: Any) -> Any:
    """Whether a state holds on the date that is over from a day on (退出, 离开, 死亡, 消除, 注销, 离婚)."""
    return end.isnull() | (end > as_of)


def months_since(rows: Any, column: str) -> Any:
    """Calendar months from the date in `column` to `as_of`; null where it has none or it lies ahead."""
    months = month_number(rows.as_of) - month_number(rows[column])
    return (rows[column] <= rows.as_of).ifelse(months, None)


def month_number(day: Any) -> Any:
    """Months since year 0 (int64), so that their difference counts calendar months."""
    return day.year().cast("int64") * 12 + day.month().cast("int64")


def age_on(born_on: Any, as_of: Any) -> Any:
    """Completed years on a date (int64); null where the birthday is unknown."""
    before = born_on.month() * 100 + born_on.day() > as_of.month() * 100 + as_of.day()
    return as_of.year().cast("int64") - born_on.year().cast("int64") - before.ifelse(1, 0)

"""What a table's column says of time: years, months or days, however they are written."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import UserError

Numbers = npt.NDArray[np.float64]

#: Years that a date in such a table may have.
YEARS = (1900, 2100)
#: A column is one of dates where this share of its cells are.
NEARLY_ALL = 0.95


@dataclass(frozen=True)
class Periods:
    """when: an order of time, (n,). since, until: first and last day of each row's period, NaT if untold."""

    when: pd.Series
    since: pd.Series
    until: pd.Series

    @property
    def dated(self) -> bool:
        """Whether every row's days are known."""
        return bool(self.until.notna().all())


def periods(cells: pd.Series, column: str) -> Periods:
    """Years (2012), months (200304, 2003-04), days, or any numbers that grow with time.

    `UserError` names the column where it is none of these.
    """
    number = pd.to_numeric(cells, errors="coerce")
    if number.notna().all():
        return _numbered(number)
    days = pd.to_datetime(cells.astype("string"), errors="coerce", format="ISO8601", utc=True)
    if days.isna().any():
        raise UserError(
            f"时间列 {column} 有 {int(days.isna().sum())} 行读不出时间 / {int(days.isna().sum())} rows of "
            f"the time column {column} are no time; write 2012, 200304, 2003-04-30 or a growing number."
        )
    days = days.dt.tz_localize(None)
    order = days.dt.year * 10_000 + days.dt.month * 100 + days.dt.day
    only_months = cells.astype("string").str.len().max() <= len("2003-04")
    return Periods(order, days, days + pd.offsets.MonthEnd(0) if only_months else days)


def _numbered(number: pd.Series) -> Periods:
    """Numbers of years, months or days; of anything else only their order."""
    never = pd.Series(pd.NaT, index=number.index, dtype="datetime64[ns]")
    if (number % 1 != 0).any():
        return Periods(number, never, never)
    whole = number.astype("int64")
    if whole.between(*YEARS).all():
        told = whole.astype(str)
        return Periods(number, pd.to_datetime(told + "-01-01"), pd.to_datetime(told + "-12-31"))
    if whole.between(YEARS[0] * 100 + 1, YEARS[1] * 100 + 12).all() and (whole % 100).between(1, 12).all():
        first = pd.to_datetime(whole.astype(str), format="%Y%m")
        return Periods(number, first, first + pd.offsets.MonthEnd(0))
    days = as_days(whole)
    return Periods(number, never, never) if days is None else Periods(number, days, days)


def clocks(time: Periods, known: Periods) -> tuple[Numbers, Numbers]:
    """When rows are and when their labels became known, on one scale: days where both have them."""
    if time.dated and known.dated:
        return time.until.to_numpy("datetime64[D]").astype(float), known.until.to_numpy(
            "datetime64[D]"
        ).astype(float)
    return time.when.to_numpy(float), known.when.to_numpy(float)


def as_days(cells: pd.Series) -> pd.Series | None:
    """The cells as days, NaT where they are none; None where the column is not one of dates.

    A month (200304) is its first day.
    """
    known = cells.notna()
    if not known.any():
        return None
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.dt.tz_localize(None)
    for read in (_eight_digits, _six_digits, _dashed):
        found = read(cells)
        if found[known].notna().mean() >= NEARLY_ALL:
            return found
    return None


def _eight_digits(cells: pd.Series) -> pd.Series:
    return _digits(cells, 10_000, "%Y%m%d")


def _six_digits(cells: pd.Series) -> pd.Series:
    return _digits(cells, 100, "%Y%m")


def _digits(cells: pd.Series, parts: int, form: str) -> pd.Series:
    number = pd.to_numeric(cells, errors="coerce")
    usable = number.between(YEARS[0] * parts, YEARS[1] * parts) & (number % 1 == 0)
    written = number.where(usable).astype("Int64").astype("string")
    return pd.to_datetime(written, errors="coerce", format=form)


def _dashed(cells: pd.Series) -> pd.Series:
    written = cells.astype("string").str.strip()
    written = written.where(written.str.match(r"^\d{4}-\d{2}-\d{2}"))
    return pd.to_datetime(written, errors="coerce", format="ISO8601", utc=True).dt.tz_localize(None)

"""What a table's column says of time: years, months or days, however they are written."""

import numpy as np
import pandas as pd

from features.errors import UserError

#: Years that a date in such a table may have.
YEARS = (1900, 2100)
#: A column is one of dates where this share of its cells are.
NEARLY_ALL = 0.95


def periods(cells: pd.Series, column: str) -> tuple[pd.Series, pd.Series]:
    """(when, until): an order of time, and the last day of each row's period, NaT where none is told.

    Years (2012), months (200304, 2003-04), days, or any numbers that grow with time. `UserError` names the
    column where it is none of these.
    """
    number = pd.to_numeric(cells, errors="coerce")
    if number.notna().all():
        return number, _ends(number)
    days = pd.to_datetime(cells.astype("string"), errors="coerce", format="ISO8601", utc=True)
    if days.isna().any():
        raise UserError(
            f"时间列 {column} 有 {int(days.isna().sum())} 行读不出时间 / {int(days.isna().sum())} rows of "
            f"the time column {column} are no time; write 2012, 200304, 2003-04-30 or a growing number."
        )
    days = days.dt.tz_localize(None)
    only_months = cells.astype("string").str.len().max() <= len("2003-04")
    return days.dt.year * 10_000 + days.dt.month * 100 + days.dt.day, (
        days + pd.offsets.MonthEnd(0) if only_months else days
    )


def _ends(number: pd.Series) -> pd.Series:
    never = pd.Series(pd.NaT, index=number.index, dtype="datetime64[ns]")
    if (number % 1 != 0).any():
        return never
    whole = number.astype("int64")
    if whole.between(*YEARS).all():
        return pd.to_datetime(whole.astype(str) + "-12-31")
    if whole.between(YEARS[0] * 100 + 1, YEARS[1] * 100 + 12).all() and (whole % 100).between(1, 12).all():
        return pd.to_datetime(whole.astype(str), format="%Y%m") + pd.offsets.MonthEnd(0)
    days = as_days(whole)
    return never if days is None else days.fillna(pd.NaT)


def as_days(cells: pd.Series) -> pd.Series | None:
    """The cells as days, NaT where they are none; None where the column is not one of dates."""
    known = cells.notna()
    if not known.any():
        return None
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.dt.tz_localize(None)
    written = _eight_digits(cells)
    found = pd.to_datetime(written, errors="coerce", format="%Y%m%d")
    found = found.where(found.dt.year.between(*YEARS))
    if not pd.api.types.is_numeric_dtype(cells) and found[known].notna().mean() < NEARLY_ALL:
        dashed = cells.astype("string").str.strip()
        dashed = dashed.where(dashed.str.match(r"^\d{4}-\d{2}-\d{2}"))
        found = pd.to_datetime(dashed, errors="coerce", format="ISO8601", utc=True).dt.tz_localize(None)
    return found if found[known].notna().mean() >= NEARLY_ALL else None


def _eight_digits(cells: pd.Series) -> pd.Series:
    number = pd.to_numeric(cells, errors="coerce")
    usable = number.between(YEARS[0] * 10_000, YEARS[1] * 10_000) & (number % 1 == 0)
    return number.where(usable).astype("Int64").astype("string")


def ranks(when: pd.Series) -> np.ndarray:
    """Periods counted from 0, in order."""
    return np.unique(when.to_numpy(), return_inverse=True)[1].astype(np.int64)

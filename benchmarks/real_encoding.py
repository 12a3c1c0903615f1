"""Any table's columns as the numbers a model reads; learnt from nothing but the rows learnt from.

- A number stays a number. Whole numbers of few values, from 1 up, may be codes whose order means nothing:
  each value is an indicator too.
- A day (a date, 2003-04-01, 20030401) is the days before the row's own time, or since 2000 without one.
- Words become one indicator a value; of many values the frequent ones, and how frequent the value is.
- Where most cells of a column are numbers, the words among them (a code for "unknown") are indicators.
- What is missing stays missing, in every column it stands behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.real_time import as_days

Floats = npt.NDArray[np.float64]

#: Whole numbers of so many values, from 1 up, may be codes; counts begin at 0.
FEWEST_CODES, MOST_CODES = 3, 12
#: Words of at most so many values are all told apart; of more, the most frequent.
MOST_WORDS, FREQUENT_WORDS = 40, 20
#: A value is told apart where it has so many rows, and this share of them.
LEAST_ROWS, LEAST_SHARE = 10, 0.005
#: A column is one of numbers where this share of its cells are.
MOSTLY = 0.5
#: Amounts: the largest are so many times the middle one.
LONG_TAIL = 10.0
EPOCH = pd.Timestamp("2000-01-01")


@dataclass(frozen=True)
class Encoded:
    """One column a model reads. kind: number, day, value (an indicator) or frequency."""

    name: str
    origin: str
    kind: str
    unit: str
    value: str = ""
    frequency: tuple[tuple[str, int], ...] = ()


def learn_encoding(table: pd.DataFrame, fields: Iterable[str], nominal: frozenset[str]) -> list[Encoded]:
    """How each field is read, learnt from `table`; nominal: fields whose numbers are codes, however many."""
    return [one for field in fields for one in _learnt(table[field], field, field in nominal)]


def encode(table: pd.DataFrame, encoding: list[Encoded], until: pd.Series | None) -> Floats:
    """(n, columns) as `encoding`; until: the last day each row speaks of, for the age of days."""
    columns, read = np.empty((len(table), len(encoding))), dict[tuple[str, str], Floats | pd.Series]()
    for place, one in enumerate(encoding):
        key = (one.origin, "text" if one.kind in ("value", "frequency") else one.kind)
        if key not in read:
            read[key] = _read(table[one.origin], key[1], until)
        columns[:, place] = _column(read[key], one)
    return columns


def _read(cells: pd.Series, kind: str, until: pd.Series | None) -> Floats | pd.Series:
    if kind == "number":
        return numbers(cells)
    if kind == "text":
        return text(cells)
    days = as_days(cells)
    assert days is not None
    return ((EPOCH if until is None else until) - days).dt.days.to_numpy(dtype=np.float64, na_value=np.nan)


def _column(read: Floats | pd.Series, one: Encoded) -> Floats:
    if isinstance(read, np.ndarray):
        return read
    if one.kind == "frequency":
        return np.log1p(read.map(dict(one.frequency)).fillna(0).to_numpy(float)) + _unknown(read)
    return (read == one.value).to_numpy(dtype=float, na_value=False) + _unknown(read)


def _unknown(read: pd.Series) -> Floats:
    return np.where(read.isna(), np.nan, 0.0)


def numbers(cells: pd.Series) -> Floats:
    """The cells as numbers, NaN where they are none."""
    found = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def text(cells: pd.Series) -> pd.Series:
    """The cells as words, whole numbers without their decimal point; missing stays missing."""
    if pd.api.types.is_float_dtype(cells):
        whole = bool((cells.dropna() % 1 == 0).all())
        return cells.astype("Int64").astype("string") if whole else cells.astype("string")
    return cells.astype("string").str.strip()


def _learnt(cells: pd.Series, field: str, nominal: bool) -> list[Encoded]:
    if not cells.notna().any():
        return []
    if as_days(cells) is not None:
        return [Encoded(f"{field}:days", field, "day", "days")]
    number = numbers(cells)
    numeric = (~np.isnan(number)).sum() / cells.notna().sum()
    if numeric < MOSTLY or nominal:
        return _words(text(cells), field)
    words = text(cells)[np.isnan(number) & cells.notna().to_numpy()]
    found = [Encoded(field, field, "number", _unit(number[~np.isnan(number)]))]
    values = np.unique(number[~np.isnan(number)])
    if FEWEST_CODES <= len(values) <= MOST_CODES and (values % 1 == 0).all() and values[0] >= 1:
        return found + _values(text(cells), field, MOST_WORDS)
    return found + _values(words, field, FREQUENT_WORDS, rows=len(cells))


def _words(words: pd.Series, field: str) -> list[Encoded]:
    counts = words.value_counts()
    if len(counts) <= MOST_WORDS:
        return _values(words, field, MOST_WORDS)
    frequency = tuple((str(value), int(n)) for value, n in counts.items())
    many = Encoded(f"{field}:frequency", field, "frequency", "count", frequency=frequency)
    return [many, *_values(words, field, FREQUENT_WORDS)]


def _values(words: pd.Series, field: str, most: int, rows: int | None = None) -> list[Encoded]:
    least = max(LEAST_ROWS, LEAST_SHARE * (len(words) if rows is None else rows))
    counts = words.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    kept = counts[counts >= least].index[:most]
    return [Encoded(f"{field}={value}", field, "value", "flag", str(value)) for value in kept]


def _unit(known: Floats) -> str:
    """`yuan` for amounts with a long tail, whose logarithm a regression reads; `flag`; else `count`."""
    if set(np.unique(known)) <= {0.0, 1.0}:
        return "flag"
    size = np.abs(known[known != 0])
    return "yuan" if len(size) and np.quantile(size, 0.99) > LONG_TAIL * np.median(size) else "count"

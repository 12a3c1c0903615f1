"""True labels beside everything a profile says: what a mark learns from, and what it is judged on.

Whom a question is asked about, and what the census means for it, is read where training reads it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.types as kinds

from features.evidence import State
from features.profile_files import column_names, read_columns
from features.sources import SOURCES
from models.spec import ModelSpec
from training.judged import judged_months
from training.profiles import ProfileStore

Rows = npt.NDArray[np.float32] | npt.NDArray[np.float64]

#: Names and places: they point at a household, they say nothing about it.
POINTERS = ("household_id", "number", "as_of", "universe", "region_code", "street_code", "district_code")
REGISTER = SOURCES["household_register"]
#: Columns of words, as numbers in this order.
WORDS = {
    name: tuple(REGISTER.column(name).domain or ()) for name in ("category", "urban_rural", "review_class")
}
STATES = tuple(state.value for state in State)


@dataclass(frozen=True)
class Labelled:
    """Households of some month ends.

    rows: (n, columns) as `names`; NaN is unknown. facts: one line a row with household_id, as_of, label (1 or
    0) and rule_score.
    """

    names: tuple[str, ...]
    rows: Rows
    facts: pd.DataFrame

    @property
    def label(self) -> npt.NDArray[np.float64]:
        """(n,) of 1 and 0."""
        return self.facts["label"].to_numpy(dtype=np.float64)

    @property
    def household(self) -> npt.NDArray[np.object_]:
        """(n,) household_id."""
        return self.facts["household_id"].to_numpy(dtype=object)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Labelled":
        """The chosen rows."""
        return Labelled(self.names, self.rows[chosen], self.facts[chosen].reset_index(drop=True))

    def shown(self, names: tuple[str, ...], rows: Rows) -> "Labelled":
        """The same households, seen through other columns."""
        return Labelled(names, rows, self.facts)

    def columns(self, names: Sequence[str]) -> Rows:
        """(n, len(names)) of these columns, a copy."""
        place = {name: number for number, name in enumerate(self.names)}
        return np.take(self.rows, [place[name] for name in names], axis=1)


def read_labelled(
    store: ProfileStore,
    spec: ModelSpec,
    months: Sequence[date],
    census: pd.DataFrame,
    tell: Callable[[date], None] = lambda as_of: None,
    dtype: npt.DTypeLike = np.float32,
) -> Labelled:
    """Everyone the question is about in `months`, all that their profiles say, and the census' conclusion."""
    nameless, names = replace(spec, features=()), profile_columns(store, spec.universe, months[0])
    rows, facts = [], []
    for as_of in months:
        found = judged_months(store, nameless, [as_of], pd.DataFrame(), census).cohort.facts
        kept = found[found["label"].notna()][["household_id", "as_of", "label", "rule_score"]]
        rows.append(_profiles(store, spec.universe, as_of, names, kept["household_id"], dtype))
        facts.append(kept)
        tell(as_of)
    return Labelled(names, np.concatenate(rows), pd.concat(facts, ignore_index=True))


def profile_columns(store: ProfileStore, universe: str, as_of: date) -> tuple[str, ...]:
    """Columns of a profile that say something about the household, in the file's order."""
    every = column_names(store.folder, "profiles", universe, as_of)
    return tuple(name for name in every if name not in POINTERS)


def _profiles(
    store: ProfileStore,
    universe: str,
    as_of: date,
    names: tuple[str, ...],
    households: pd.Series,
    dtype: npt.DTypeLike,
) -> Rows:
    """(households, names) in the order given."""
    table = read_columns(store.folder, "profiles", universe, as_of, ["household_id", *names])
    place = pd.Index(table["household_id"].to_pandas()).get_indexer(households)
    assert (place >= 0).all(), "a household of the cohort has no profile"
    rows = np.empty((len(households), len(names)), dtype)
    for number, name in enumerate(names):
        rows[:, number] = _numbers(name, table[name], as_of)[place]
    return rows


def _numbers(name: str, column: pa.ChunkedArray, as_of: date) -> npt.NDArray[np.float64]:
    """A column as numbers: words by their place among the words there are, days as days before `as_of`."""
    kind = column.type
    if kinds.is_date(kind):
        days = (pd.Timestamp(as_of) - pd.to_datetime(column.to_pandas())).dt.days
        return days.to_numpy(dtype=np.float64)
    if kinds.is_string(kind) or kinds.is_large_string(kind):
        words = WORDS.get(name, STATES)
        return column.to_pandas().map({word: float(k) for k, word in enumerate(words)}).to_numpy(np.float64)
    return column.cast(pa.float64()).to_numpy()

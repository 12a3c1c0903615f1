"""What the guards look at, and what they say of it."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Seen:
    """Labelled rows as a model will see them, with what is known of where they come from.

    rows: (n, columns) as `names`, NaN unknown. origin: the table's column each stems from (several indicators
    may stem from one). label: (n,) of 1 and 0. household: (n,) what splits keep whole; the row itself where
    nothing is said. side: (n,) the side each row has in a split by time; None where households are drawn.
    beside: (n, any) further columns of the table that no model may read, such as identifiers.
    """

    names: tuple[str, ...]
    origin: tuple[str, ...]
    rows: Floats
    label: Floats
    household: npt.NDArray[np.object_]
    side: npt.NDArray[np.object_] | None = None
    beside: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def part(self) -> npt.NDArray[np.object_]:
        """(n,) rows of one part never stand on both sides of a split."""
        return self.household if self.side is None else self.side

    def take(self, chosen: npt.NDArray[np.bool_] | Integers) -> "Seen":
        """The chosen rows, by mask or position."""
        places = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return replace(
            self,
            rows=self.rows[places],
            label=self.label[places],
            household=self.household[places],
            side=None if self.side is None else self.side[places],
            beside=self.beside.iloc[places] if len(self.beside.columns) else self.beside,
        )

    def without(self, columns: set[str]) -> "Seen":
        """Without everything that stems from these columns of the table."""
        kept = [k for k, one in enumerate(self.origin) if one not in columns]
        names, origin = (tuple(every[k] for k in kept) for every in (self.names, self.origin))
        return replace(self, names=names, origin=origin, rows=self.rows[:, kept])


@dataclass(frozen=True)
class Leak:
    """One way in which the outcome shows through.

    kind: the guard. columns: of the table, those that together show it. strength: how much, as `measure`
    says (an AUC, a share, a correlation). told_zh, told_en: one sentence, never a household's value.
    """

    kind: str
    columns: tuple[str, ...]
    measure: str
    strength: float
    told_zh: str
    told_en: str

    def row(self) -> dict[str, Any]:
        """The form written to JSON."""
        return {
            "kind": self.kind,
            "columns": list(self.columns),
            self.measure: round(self.strength, 4),
            "told": self.told_en,
        }


def enough(label: Floats, least: int) -> bool:
    """Whether there are that many of each class: below, figures of this kind come about by chance."""
    return bool(min(label.sum(), (1 - label).sum()) >= least)


def drawn(seen: Seen, most: int, seed: int = 0) -> Seen:
    """About `most` rows at most, whole households."""
    if len(seen.label) <= most:
        return seen
    ids, place = np.unique(seen.household.astype(str), return_inverse=True)
    lot = np.random.default_rng(seed).random(len(ids))
    return seen.take(lot[place] < most / len(seen.label))

"""Months of the practice world and its named streams of chance."""

import zlib
from dataclasses import dataclass

import numpy as np

#: Months lived before the first delivery, so that register, spells and savings are in a steady state.
BURN_IN = 18


def chance(seed: int, name: str) -> np.random.Generator:
    """A stream of its own for each mechanism: changing one does not move the draws of another."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


@dataclass(frozen=True)
class Clock:
    """Months by number: 0 is the first lived month, `first` the first delivered, `last` the last delivered.

    One month more is lived, because a visit selected on the last month's figures happens in the next one.
    """

    start: np.datetime64  # month, [M]
    months: int

    @property
    def first(self) -> int:
        return BURN_IN

    @property
    def last(self) -> int:
        return BURN_IN + self.months - 1

    @property
    def total(self) -> int:
        return BURN_IN + self.months + 1

    def month(self, number: np.ndarray | int) -> np.ndarray:
        """Calendar month(s) of month number(s)."""
        return (self.start - BURN_IN) + np.asarray(number).astype("timedelta64[M]")

    def number(self, month: np.ndarray | np.datetime64) -> np.ndarray:
        """Month number(s) of calendar date(s) or month(s)."""
        return (np.asarray(month).astype("datetime64[M]") - (self.start - BURN_IN)).astype(int)

    def day(self, number: np.ndarray | int, day: np.ndarray | int) -> np.ndarray:
        """The given day (1-28) of month number(s), [D]."""
        return self.month(number).astype("datetime64[D]") + (np.asarray(day) - 1).astype("timedelta64[D]")

    def end(self, number: np.ndarray | int) -> np.ndarray:
        """Last day of month number(s), [D]."""
        return self.month(np.asarray(number) + 1).astype("datetime64[D]") - np.timedelta64(1, "D")

    @property
    def start_day(self) -> np.datetime64:
        return self.start.astype("datetime64[D]")

    @property
    def last_day(self) -> np.datetime64:
        return (self.start + self.months).astype("datetime64[D]") - np.timedelta64(1, "D")

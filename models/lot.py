"""Drawing by lot: keyed, so that a draw can be replayed; stratified; and with everyone's exact chance.

The draw is systematic over households in the order of their strata, in keyed order within each, from a keyed
start (Madow 1949; Särndal, Swensson and Wretman 1992, ch. 3.4). So everyone has the same chance, each stratum
gets its share of the draw up to the one household that cannot be divided, and given the start the strata are
simple random samples: that makes the chance of standing on a list computable.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


def keyed_order(household_id: Objects, key: str) -> Floats:
    """A number in [0, 1) for each household, as good as random to whoever lacks the key; replayable."""
    return np.array([_keyed(f"{key}|{number}") for number in household_id], dtype=np.float64)


def _keyed(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big") / 2**56


@dataclass(frozen=True)
class Lot:
    """A draw to be made.

    stratum: (n,) place of each household's stratum in the order of their names; expected: how many are drawn
    in the mean. Where that is no whole number, the number drawn is the one below or above.
    """

    stratum: tuple[int, ...]
    expected: Fraction

    @staticmethod
    def among(stratum: Objects, expected: Fraction | int) -> "Lot":
        """The lot over households with these strata (n,); `expected` at most n."""
        places = np.unique(stratum.astype(str), return_inverse=True)[1]
        return Lot(tuple(places.tolist()), min(Fraction(expected), Fraction(len(stratum))))

    @property
    def probability(self) -> Fraction:
        """Of each household to be drawn."""
        return self.expected / len(self.stratum) if self.stratum else Fraction(0)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Households of each stratum."""
        return tuple(np.bincount(np.array(self.stratum, dtype=np.int64)).tolist())

    def counts(self, start: Fraction) -> tuple[int, ...]:
        """How many of each stratum are drawn, given the start in [0, 1)."""
        ends = np.cumsum((0, *self.sizes)).tolist()
        passed = [math.ceil(self.probability * end - start) for end in ends]
        return tuple(after - before for before, after in pairwise(passed))

    @cached_property
    def starts(self) -> tuple[tuple[float, tuple[int, ...]], ...]:
        """(share of all starts, counts) of every different outcome of the start."""
        turns = {self.probability * end % 1 for end in np.cumsum(self.sizes).tolist()}
        edges = sorted(turns | {Fraction(0), Fraction(1)})
        return tuple((float(high - low), self.counts((low + high) / 2)) for low, high in pairwise(edges))

    def draw(self, household_id: Objects, key: str) -> Flags:
        """(n,) who is drawn; the same whatever the order of the households."""
        stratum, drawn = np.array(self.stratum, dtype=np.int64), np.zeros(len(self.stratum), dtype=bool)
        if not len(stratum):
            return drawn
        counts = self.counts(Fraction(_keyed(f"{key}|start")))
        lots = keyed_order(household_id, key)
        for number, count in enumerate(counts):
            members = np.flatnonzero(stratum == number)
            drawn[members[np.argsort(lots[members], kind="stable")[:count]]] = True
        return drawn

    def inclusion(self, capacity: int, wanted: Sequence[int]) -> list[float]:
        """Chance of standing on a list of `capacity`, of households at `wanted` positions (from 0) of a line.

        The lot is drawn from the line itself (`stratum` in its order); then come the first of the line who
        were not drawn, until the list is full. Ahead of the last place that the lot leaves it is certain;
        behind it, as many of those before must be drawn as stand between.
        """
        if capacity >= len(self.stratum):
            return [1.0] * len(wanted)
        line = np.array(self.stratum, dtype=np.int64)
        before = np.cumsum(line[:, None] == np.arange(len(self.sizes)), axis=0)
        return [
            sum(
                share * self._included(capacity, place, before[place], counts)
                for share, counts in self.starts
            )
            for place in wanted
        ]

    def _included(
        self, capacity: int, place: int, upto: npt.NDArray[np.int64], counts: tuple[int, ...]
    ) -> float:
        places, own = capacity - sum(counts), self.stratum[place]
        if place < places:
            return 1.0
        by_lot, needed = counts[own] / self.sizes[own], place + 1 - places
        if by_lot == 1.0 or needed > sum(counts):
            return by_lot
        drawn_before = np.ones(1)
        for number, (size, count) in enumerate(zip(self.sizes, counts, strict=True)):
            # Itself is not drawn here, and does not stand before itself.
            marked = int(upto[number]) - (number == own)
            drawn_before = np.convolve(drawn_before, _hypergeometric(count, marked, size - (number == own)))
        return float(by_lot + (1 - by_lot) * drawn_before[needed:].sum())


@lru_cache(maxsize=1 << 16)
def _hypergeometric(draws: int, marked: int, population: int) -> Floats:
    """P(0 … draws of the drawn are marked), where `marked` of `population` are."""
    total = math.comb(population, draws)
    ways = [math.comb(marked, x) * math.comb(population - marked, draws - x) for x in range(draws + 1)]
    return np.array([way / total for way in ways])

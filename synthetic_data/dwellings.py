"""Where families really live, month by month, and when each department hears that they moved.

A family that moves within its community keeps its file and its hukou. Public security and civil affairs hear
of it on their own, months later or never; until both or neither have, their two addresses disagree.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_data.clock import Clock, chance
from synthetic_data.population import Population

NEVER = 10_000
BEFORE = 72  # months of moves before the first lived month
HAZARD = 0.003  # monthly
MIGRANTS = 2.5  # as often as others
REGISTERS, REGISTERED_AFTER = 0.55, 9.0  # public security: share that ever hears, mean months
FILES, FILED_AFTER = 0.55, 12.0  # civil affairs


@dataclass(frozen=True)
class Dwellings:
    """Arrays of households: one move at the most, by month number (`NEVER`, or before 0)."""

    first: np.ndarray  # addresses
    second: np.ndarray
    moved: np.ndarray
    registered: np.ndarray  # public security writes the second address from that month on
    filed: np.ndarray  # civil affairs do, where the file was opened before the move

    def lived(self, month: int) -> np.ndarray:
        """Address of each household in that month."""
        return np.where(self.moved <= month, self.second, self.first)

    def on_file(self, homes: np.ndarray, granted: np.ndarray, month: int) -> np.ndarray:
        """Address on these households' files: as of their grant, or as heard since."""
        knows = (self.filed[homes] <= month) | ((granted >= self.moved[homes]) & (self.moved[homes] <= month))
        return np.where(knows, self.second[homes], self.first[homes])


def make_dwellings(people: Population, clock: Clock, seed: int) -> Dwellings:
    """Draw moves, and how long each department takes to hear of them."""
    rng, count = chance(seed, "dwellings"), people.households
    moved = np.floor(rng.exponential(1 / np.where(people.migrant, MIGRANTS * HAZARD, HAZARD))) - BEFORE
    moved = np.where(moved < clock.total, moved, NEVER).astype(int)

    def heard(share: float, after: float) -> np.ndarray:
        lag = 1 + np.floor(rng.exponential(after, count))
        return np.where((moved < NEVER) & (rng.random(count) < share), moved + lag, NEVER).astype(int)

    return Dwellings(
        people.places.address,
        people.places.next_address,
        moved,
        registered=heard(REGISTERS, REGISTERED_AFTER),
        filed=heard(FILES, FILED_AFTER),
    )

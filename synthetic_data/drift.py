"""Work that comes up after the models were made: a new platform, and pay that goes to a relative's wallet."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.clock import Clock, chance
from synthetic_data.knobs import Knobs
from synthetic_data.population import Population

PLATFORM_HAZARD = 0.012  # monthly, of adults without a contract
WALLET_HAZARD = 0.035  # monthly, of adults of hard-up homes without a contract
STAYS = 0.97  # of those at such work, still there a month later
PLATFORM_SEEN = 0.35  # of the new platform's workers, whom tax sees
PLATFORM_LATE = 3  # months
WALLET_INSURED = 0.6  # of those paid to a wallet, who pay insurance as flexible workers


@dataclass(frozen=True)
class Openings:
    """Persons x months, bool: who would take the new work, if able and without a contract."""

    platform: np.ndarray
    wallet: np.ndarray


def make_openings(people: Population, clock: Clock, seed: int, knobs: Knobs) -> Openings:
    """Draw who would take which, and from when on; nobody where the knob is not turned."""
    everybody = np.ones(people.persons, bool)
    hard_up = people.hardship[people.home] > 0.2
    return Openings(
        _drawn(people, clock, knobs.platform_from, PLATFORM_HAZARD * everybody, chance(seed, "new_platform")),
        _drawn(people, clock, knobs.wallet_from, WALLET_HAZARD * hard_up, chance(seed, "wallet")),
    )


def _drawn(
    people: Population, clock: Clock, since: int, hazard: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    shape = (people.persons, clock.total)
    if not since:
        return np.broadcast_to(np.False_, shape)
    months = np.arange(clock.total)
    joins = clock.first + since - 1 + rng.exponential(1 / np.maximum(hazard, 1e-9))
    leaves = joins + rng.exponential(1 / (1 - STAYS), people.persons)
    return (joins[:, None] <= months) & (months < leaves[:, None])

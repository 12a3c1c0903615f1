"""A world small enough to integrate by hand: a hidden state, two noisy sightings, many months."""

from dataclasses import dataclass

import numpy as np

#: Share that hides; what each sighting shows with a hiding and with an honest household.
HIDING = 0.1
SEEN_IF = {"car": (0.6, 0.2), "work": (0.7, 0.1)}
MONTHS = 6


@dataclass(frozen=True)
class Toy:
    """Rows (n, 2) of car and work, 0 or 1; label, household and the exact posterior (n,)."""

    rows: np.ndarray
    label: np.ndarray
    household: np.ndarray
    exact: np.ndarray


def toy_world(households: int, seed: int) -> Toy:
    """The hidden state and the sightings stay the same in all months of a household."""
    random = np.random.default_rng(seed)
    hides = random.random(households) < HIDING
    seen = [random.random(households) < np.where(hides, *SEEN_IF[name]) for name in SEEN_IF]
    rows = np.stack(seen, axis=1).astype(float)
    names = np.array([f"H{number:06d}" for number in range(households)], dtype=object)
    every = np.repeat(np.arange(households), MONTHS)
    return Toy(rows[every], hides.astype(float)[every], names[every], exact_posterior(rows)[every])


def exact_posterior(rows: np.ndarray) -> np.ndarray:
    """By Bayes' rule (n,)."""
    odds = np.full(len(rows), HIDING / (1 - HIDING))
    for (hiding, honest), column in zip(SEEN_IF.values(), rows.T, strict=True):
        odds *= np.where(column == 1, hiding / honest, (1 - hiding) / (1 - honest))
    return odds / (1 + odds)

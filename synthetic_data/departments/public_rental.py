"""Tenants of public rental housing (shared by statute)."""

import numpy as np

from synthetic_data.departments.rows import Rows, about
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Urban families without a home of their own, most of them poor when they came."""
    rng, clock, people = world.chance("public_rental"), world.clock, world.people
    household = world.household
    poor = household.per_capita[:, clock.first - 6] < 1.5 * household.standard[:, clock.first - 6]
    chances = np.where(household.dwellings == 0, np.where(poor, 0.22, 0.05), 0.0) * ~people.places.rural
    drawn = rng.random(people.households) < chances
    drawn[world.cast.tenants.home] = True
    homes = np.flatnonzero(drawn)
    begins = rng.integers(clock.first - 60, clock.last, len(homes))
    head = np.searchsorted(people.home, homes)
    return Rows(
        {
            **about(people, head),
            "from": clock.day(begins, 1),
            "to": np.full(len(homes), np.datetime64("NaT", "D")),
            "rent_yuan": np.round(rng.uniform(80, 420, len(homes)), -1),
        },
        clock.day(np.maximum(begins + 1, clock.first), 12),
    )

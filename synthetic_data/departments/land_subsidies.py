"""Subsidies for arable land, sent each July."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Four in five rural households, in the head's name; the year before comes with the first delivery."""
    rng, clock, people = world.chance("land_subsidies"), world.clock, world.people
    homes = np.flatnonzero(people.places.rural & ~people.migrant & (rng.random(people.households) < 0.8))
    head = np.searchsorted(people.home, homes)
    area = np.exp(rng.normal(1.15, 0.55, len(homes)) - 0.4 * people.hardship[homes])
    parts = []
    for month in range(clock.first - 6, clock.last + 1):
        day = clock.month(month)
        if day.astype(int) % 12 != 6:  # July
            continue
        year = int(day.astype("datetime64[Y]").astype(int)) + 1970
        alive = world.truth.died[head] > month
        parts.append(
            Rows(
                {
                    **about(people, head[alive]),
                    "area_mu": np.round(area[alive], 1),
                    "year": np.full(int(alive.sum()), year),
                    "amount_yuan": np.round(area[alive] * 118, 2),
                },
                np.full(int(alive.sum()), clock.day(max(month, clock.first), 15)),
            )
        )
    return join(*parts)

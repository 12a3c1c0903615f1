"""Shareholders of the companies among the entities."""

import numpy as np

from synthetic_data.departments.entities import registered
from synthetic_data.departments.rows import Rows, about
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """The person in whose name a company stands holds half or all of it."""
    rng, clock, found = world.chance("shareholders"), world.clock, registered(world)
    count = len(found.person)
    return Rows(
        {
            "uscc": found.code.astype(object),
            **about(world.people, found.person),
            "share_percent": rng.choice([100.0, 60.0, 50.0, 30.0], count),
            "from": clock.day(found.begins, rng.integers(1, 28, count)),
            "to": np.full(count, np.datetime64("NaT", "D")),
        },
        clock.day(found.arrives, 2),
    ).where(found.company)

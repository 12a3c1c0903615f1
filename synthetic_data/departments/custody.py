"""Custody: a handful of persons."""

import numpy as np

from synthetic_data.departments.rows import Rows
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """About four in a thousand adults asked about."""
    rng, clock, queried = world.chance("custody"), world.clock, world.queried()
    adult = world.people.age(clock, clock.first)[queried.person] > 18
    chosen = np.flatnonzero(adult & (rng.random(len(adult)) < 0.004))
    begins = rng.integers(clock.first - 10, clock.last + 1, len(chosen))
    ends = begins + rng.integers(3, 30, len(chosen))
    arrives = np.maximum(np.maximum(begins + 1, queried.since[chosen]), clock.first)
    return Rows(
        {
            "id_no": world.people.id_no[queried.person[chosen]].astype(object),
            "from": clock.day(begins, rng.integers(1, 28, len(chosen))),
            "to": clock.day(ends, 15),
        },
        clock.day(arrives, 25),
    ).where(arrives <= queried.until[chosen] + 1)

"""Custody of persons asked about; its end is sent again once it is known."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """On the 25th of the month after it began, and of the month after it ended."""
    rng, clock, truth, queried = world.chance("custody"), world.clock, world.truth, world.queried()
    held = np.flatnonzero(truth.custody_from[queried.person] <= clock.last)
    person, since, until = queried.person[held], queried.since[held], queried.until[held]
    begins, ends = truth.custody_from[person], truth.custody_until[person]
    day = rng.integers(1, 28, len(person))
    known = np.maximum(np.maximum(begins + 1, since), clock.first)
    told = np.maximum(ends + 1, known)
    began = Rows(
        {
            **about(world.people, person),
            "from": clock.day(begins, day),
            "to": np.full(len(person), np.datetime64("NaT", "D")),
        },
        clock.day(known, 25),
    ).where((known <= until + 1) & (ends >= known))
    ended = Rows(
        {
            **about(world.people, person),
            "from": clock.day(begins, day),
            "to": clock.day(ends, 1),
        },
        clock.day(told, 25),
    ).where(told <= until + 1)
    return join(began, ended)

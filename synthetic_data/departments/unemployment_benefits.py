"""Unemployment benefits of everybody (shared by statute)."""

import numpy as np

from synthetic_data.departments.rows import Rows, about
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Ten days into the next month."""
    clock, dole = world.clock, world.truth.dole
    months = np.arange(clock.first - 6, clock.last + 1)
    person, column = np.nonzero(dole[:, months])
    month = months[column]
    return Rows(
        {
            **about(world.people, person),
            "month": clock.month(month),
            "amount_yuan": dole[person, month].astype(float),
        },
        clock.day(np.maximum(month + 1, clock.first), 10),
    )

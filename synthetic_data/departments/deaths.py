"""Deaths, a month late at the least, some much later."""

import numpy as np

from synthetic_data.departments.rows import Rows
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Deaths of the lived months; one in 25 never arrives."""
    rng, clock, truth = world.chance("deaths"), world.clock, world.truth
    person = np.flatnonzero((truth.died <= clock.last) & (rng.random(world.people.persons) < 0.96))
    month = truth.died[person]
    late = np.where(rng.random(len(person)) < 0.2, rng.integers(1, 7, len(person)), 0)
    return Rows(
        {
            "id_no": world.people.id_no[person].astype(object),
            "name": world.people.name[person],
            "died_on": clock.day(month, rng.integers(1, 28, len(person))),
        },
        clock.day(np.maximum(month + 1 + late, clock.first), 5),
    )

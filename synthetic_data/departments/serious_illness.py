"""The register of serious illness (shared by statute)."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, texts
from synthetic_data.departments.settlements import SERIOUS
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Four in five of the seriously ill are registered, one to four months after it begins."""
    rng, clock, truth, people = world.chance("serious_illness"), world.clock, world.truth, world.people
    person = np.flatnonzero(
        (truth.ill_from <= clock.last) & (truth.died > 0) & (rng.random(people.persons) < 0.8)
    )
    month = truth.ill_from[person] + rng.integers(1, 5, len(person))
    return Rows(
        {
            **about(people, person),
            "illness_class": texts(SERIOUS, person % len(SERIOUS)),
            "registered_on": clock.day(month, rng.integers(1, 28, len(person))),
        },
        clock.day(np.maximum(month + 1, clock.first), 6),
    )

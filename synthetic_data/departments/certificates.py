"""Disability certificates (shared by statute)."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, texts
from synthetic_data.population import DISABILITIES
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Nine in ten disabled persons hold one; a few are issued within the delivered months."""
    rng, clock, people = world.chance("certificates"), world.clock, world.people
    person = np.flatnonzero((people.disability_grade > 0) & (rng.random(people.persons) < 0.9))
    age = people.age(clock, clock.first)[person]
    issued = np.maximum(
        clock.first - rng.integers(1, 119, len(person)), clock.first - (age * 12).astype(int) + 2
    )
    fresh = rng.random(len(person)) < 0.08
    issued = np.where(fresh, rng.integers(clock.first, clock.last + 1, len(person)), issued)
    day = rng.integers(1, 28, len(person))
    return Rows(
        {
            **about(people, person),
            "category": texts(DISABILITIES, people.disability[person]),
            "grade": people.disability_grade[person],
            "issued_on": clock.day(issued, day),
            "valid_until": clock.day(issued + 120, day),
        },
        clock.day(np.maximum(issued + 1, clock.first), 4),
    )

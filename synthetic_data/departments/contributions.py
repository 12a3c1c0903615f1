"""Social insurance contributions of persons asked about."""

import numpy as np

from synthetic_data.departments.rows import Rows, under_another_number
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Ten days into the next month; flexible workers pay without an employer."""
    seen = world.sightings
    answers = world.answers(seen.contribution_base, lag=1, day=10, late=0.06, name="contributions")
    person, month = answers.person, answers.month
    employer = seen.employer[person, month]
    flexible = seen.flexible[person, month]
    return Rows(
        {
            **under_another_number(world.people, person, seen.subject(seen.contribution_of, person, month)),
            "employer_uscc": np.where(flexible, "", world.employer_code[employer - 1]).astype(object),
            "employer_name": np.where(flexible, "灵活就业", world.employer_name[employer - 1]).astype(object),
            "month": world.clock.month(month),
            "base_yuan": np.round(seen.contribution_base[person, month].astype(float), 0),
        },
        answers.received,
    )

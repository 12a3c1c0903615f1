"""Housing fund deposits of persons asked about."""

import numpy as np

from synthetic_data.departments.rows import Rows, under_another_number
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Twelve days into the next month."""
    seen = world.sightings
    answers = world.answers(seen.housing_fund, lag=1, day=12, late=0.05, name="housing_fund")
    person, month = answers.person, answers.month
    return Rows(
        {
            **under_another_number(world.people, person, seen.subject(seen.fund_of, person, month)),
            "employer_name": world.employer_name[seen.employer[person, month] - 1],
            "month": world.clock.month(month),
            "deposit_yuan": np.round(seen.housing_fund[person, month].astype(float), 0),
        },
        answers.received,
    )

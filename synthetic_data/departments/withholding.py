"""Income tax withholding of persons asked about, a month late."""

import numpy as np

from synthetic_data.departments.rows import Rows, texts, under_another_number
from synthetic_data.drift import PLATFORM_LATE
from synthetic_data.economy import BUSINESS, FORMAL, INFORMAL, JOBS, PLATFORM
from synthetic_data.world import World

KINDS = ("wages", "labour", "business", "platform")
OF_JOB = np.zeros(JOBS, int)
OF_JOB[[FORMAL, INFORMAL, PLATFORM, BUSINESS]] = [0, 1, 3, 2]


def rows(world: World) -> Rows:
    """A month's income arrives on the 26th of the next."""
    seen = world.sightings
    later = PLATFORM_LATE * world.truth.new_platform
    answers = world.answers(seen.withheld, lag=1, day=26, late=0.08, name="withholding", later=later)
    person, month = answers.person, answers.month
    return Rows(
        {
            **under_another_number(world.people, person, seen.subject(seen.withheld_of, person, month)),
            "payer_uscc": world.employer_code[seen.employer[person, month] - 1].astype(object),
            "kind": texts(KINDS, OF_JOB[seen.job[person, month]]),
            "month": world.clock.month(month),
            "income_yuan": np.round(seen.withheld[person, month].astype(float), 2),
        },
        answers.received,
    )

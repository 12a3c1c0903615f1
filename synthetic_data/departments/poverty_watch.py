"""The watch list against falling back into poverty, rural."""

import numpy as np

from synthetic_data.departments.rows import Rows, join, texts
from synthetic_data.world import World

REASONS = ("因病", "因残", "缺劳动力", "就业不稳", "因灾")


def rows(world: World) -> Rows:
    """The poor are listed more often; a listing may be lifted after a year or so and is sent again then."""
    rng, clock, people = world.chance("poverty_watch"), world.clock, world.people
    eligible = world.household.eligible
    parts = []
    listed = np.zeros(people.households, bool)
    for month in range(clock.first - 12, clock.last):
        chances = np.where(eligible[:, month], 0.013, 0.0014) * people.places.rural * ~listed
        homes = np.flatnonzero(rng.random(people.households) < chances)
        listed[homes] = True
        lifted = month + rng.integers(8, 24, len(homes))
        for arrives, delisted, kept in (
            (
                np.full(len(homes), max(month + 1, clock.first)),
                np.full(len(homes), np.datetime64("NaT", "D")),
                np.ones(len(homes), bool),
            ),
            (lifted + 1, clock.day(lifted, 12), rng.random(len(homes)) < 0.6),
        ):
            parts.append(
                Rows(
                    {
                        "hukou_household_no": people.hukou_no[homes].astype(object),
                        "listed_on": np.full(len(homes), clock.day(month, 12)),
                        "delisted_on": delisted,
                        "reason": texts(REASONS, homes % len(REASONS)),
                    },
                    clock.day(np.maximum(arrives, clock.first), 9),
                ).where(kept)
            )
    return join(*parts)

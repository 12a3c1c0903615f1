"""Dwellings, shops and homesteads in the names of persons asked about."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, strangers, texts
from synthetic_data.world import World

#: Which of the five kinds of unit below stands under a wrong number, and which is a planted case's.
STRANGERS, PLANTED = 3, 4
USES = ("dwelling", "shop", "homestead")


def rows(world: World) -> Rows:
    """First home in the head's name, second homes and shops, a few strangers' units, planted cases."""
    rng, clock, people, household = world.chance("real_estate"), world.clock, world.people, world.household
    queried = world.queried()
    _, first = np.unique(queried.home, return_index=True)
    person, home = queried.person[first], queried.home[first]
    since, until = queried.since[first], queried.until[first]
    rural, count = people.places.rural[home], len(home)
    lasting = household.per_capita[home].mean(axis=1)
    hidden_name = (world.reporting.kind[home] == 2) & (rng.random(count) < 0.4)
    own = np.minimum(household.dwellings[home], 1) > 0
    flats = world.cast.flats
    planted_from = np.zeros(people.households, int)
    planted_from[flats.home] = flats.begins
    parts = []
    for serial, (mark, use, yuan) in enumerate(
        (
            (own, np.where(rural, 2, 0), np.where(rural, 4e4, 3.6e5)),
            ((household.dwellings[home] > 1) & ~hidden_name, np.zeros(count, int), np.full(count, 4.4e5)),
            (
                (rng.random(count) < np.where(lasting > 1500, 0.04, 0.006)) & ~hidden_name,
                np.ones(count, int),
                np.full(count, 3e5),
            ),
            (rng.random(count) < 0.02, np.zeros(count, int), np.full(count, 4e5)),
            (np.isin(home, flats.home), np.zeros(count, int), np.full(count, 4e5)),
        )
    ):
        begins = rng.integers(-240, np.where(rng.random(count) < 0.06, clock.last, 0), count)
        begins = planted_from[home] if serial == PLANTED else begins
        arrives = np.maximum(np.maximum(begins + 1, since), clock.first)
        kept = np.flatnonzero(mark & (arrives <= until + 1))
        area = np.where(use == 2, 130, np.where(use == 1, 35, 78)) * np.exp(rng.normal(0, 0.3, count))
        parts.append(
            Rows(
                {
                    "unit_no": np.array(
                        [
                            f"99{h:07d}GB{(h * 37 + serial * 7919) % 99991:05d}F{p % 10000:04d}"
                            for h, p in zip(
                                (home[kept] + world.first_household).tolist(),
                                person[kept].tolist(),
                                strict=True,
                            )
                        ],
                        dtype=object,
                    ),
                    **strangers(
                        world.pools,
                        about(people, person[kept]),
                        person[kept],
                        np.full(len(kept), serial == STRANGERS),
                    ),
                    "share_percent": rng.choice([100.0, 50.0], len(kept), p=[0.7, 0.3]),
                    "use": texts(USES, use[kept]),
                    "area_m2": np.round(area[kept], 1),
                    "assessed_yuan": np.round(yuan[kept] * np.exp(rng.normal(0, 0.35, len(kept))), -3),
                    "registered_on": clock.day(begins[kept], rng.integers(1, 28, len(kept))),
                    "cancelled_on": np.full(len(kept), np.datetime64("NaT", "D")),
                },
                clock.day(arrives[kept], 8),
            )
        )
    return join(*parts)

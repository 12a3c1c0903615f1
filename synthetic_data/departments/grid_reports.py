"""What grid workers report: hardship and illness of anybody; work and property seen at homes on file."""

import numpy as np

from synthetic_data.departments.rows import Rows, join, texts
from synthetic_data.scenarios import Truth
from synthetic_data.world import World

KINDS = ("hardship", "illness", "work_seen", "property_seen", "empty_home")


def rows(world: World) -> Rows:
    """One pass a month; reports name a person or only an address."""
    clock, people, household, truth = world.clock, world.people, world.household, world.truth
    rng = world.chance("grid_reports")
    homes = people.households
    on_file = world.work.files.ever_authorised > -1000
    ill = np.bincount(people.home, weights=truth.ill_from < clock.first + 12, minlength=homes) > 0
    trades = world.cast.true(Truth.BUSINESS)
    parts = []
    for month in range(clock.first - 1, clock.last + 1):
        works = household.cash[:, month] > 600
        works[trades.home] |= trades.lasts[:, month]
        rich = household.property_over[:, month]
        chances = (
            np.where(household.eligible[:, month], 0.010, 0.0011),
            np.where(ill, 0.006, 0.0003),
            on_file * np.where(works, 0.016, 0.004),
            on_file * np.where(rich, 0.012, 0.002),
            np.where(household.persons[:, month] == 0, 0.02, 0.0004),
        )
        for kind, chance in enumerate(chances):
            chosen = np.flatnonzero(rng.random(homes) < chance)
            parts.append(_rows(world, chosen, kind, month, rng))
    return join(*parts)


def _rows(world: World, homes: np.ndarray, kind: int, month: int, rng: np.random.Generator) -> Rows:
    people, clock, count = world.people, world.clock, len(homes)
    person = np.searchsorted(people.home, homes)
    named = rng.random(count) < 0.7
    return Rows(
        {
            "reported_on": clock.day(month, rng.integers(1, 28, count)),
            "grid_code": people.places.grid_code[homes].astype(object),
            "id_no": np.where(named, people.id_no[person], "").astype(object),
            "address": world.dwellings.lived(month)[homes],
            "kind": texts(KINDS, np.full(count, kind)),
        },
        np.full(count, clock.day(max(month + 1, clock.first), 5)),
    )

"""Power and water by address: households on file and every fifth other address (auxiliary)."""

import numpy as np

from synthetic_data.departments.rows import Rows, join
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Fifteen days into the next month."""
    clock, people, household = world.clock, world.people, world.household
    fixed = world.chance("usage")
    metered = (world.work.files.ever_authorised > -1000) | (fixed.random(people.households) < 0.2)
    homes = np.flatnonzero(metered)
    habit = np.exp(fixed.normal(0, 0.35, len(homes)))
    lodgers = np.zeros((people.households, clock.total), int)
    tenants = world.cast.tenants  # with somebody in a room, who pays or not
    lodgers[tenants.home] = tenants.lasts
    parts = []
    for month in range(clock.first - 1, clock.last + 1):
        rng = world.chance(f"usage_{month}")
        persons = household.persons[homes, month]
        persons = persons + lodgers[homes, month] * (persons > 0)
        season = 1 + 0.35 * np.cos((clock.month(month).astype(int) % 12 - 6.5) / 12 * 4 * np.pi)
        income = np.clip(household.countable[homes, month] / np.maximum(persons, 1), 200, 6000) / 1500
        kwh = (
            habit * (25 + 38 * persons**0.75 * income**0.2) * season * np.exp(rng.normal(0, 0.15, len(homes)))
        )
        parts.append(
            Rows(
                {
                    "meter_address": world.dwellings.lived(month)[homes],
                    "month": np.full(len(homes), clock.month(month)),
                    "kwh": np.round(np.where(persons > 0, kwh, 4), 0),
                    "m3_water": np.round(np.where(persons > 0, habit * 2.6 * persons, 0.2), 1),
                },
                np.full(len(homes), clock.day(max(month + 1, clock.first), 15)),
            )
        )
    return join(*parts)

"""The resident register: everybody registered or residing, each month in full."""

from collections.abc import Iterator

import numpy as np

from synthetic_data.departments.rows import Rows
from synthetic_data.world import World

DAY = 25


def snapshots(world: World) -> Iterator[Rows]:
    """Residence is as last registered: moves are written months later or never; deaths some weeks later."""
    rng, clock, people, truth = world.chance("residents"), world.clock, world.people, world.truth
    address = np.append(people.places.address, "市外")
    region = np.append(people.places.region_code, "990300001001").astype(object)
    hukou_address = people.places.address.copy()
    hukou_address[people.migrant] = "外省某县"
    written = np.where(rng.random(people.persons) < 0.7, rng.integers(1, 9, people.persons), 1000)
    told = rng.random(people.persons) < 0.6  # long-standing absences that were registered
    moved_in = clock.start_day - rng.integers(200, 9000, people.persons).astype("timedelta64[D]")
    death_known = truth.died + 1 + rng.integers(0, 4, people.persons)
    death_day = clock.day(np.minimum(truth.died, clock.total), rng.integers(1, 28, people.persons))
    start = np.where((people.unit != people.home) & ~told, people.home, people.unit)
    fixed = {
        "id_no": people.id_no.astype(object),
        "name": people.name,
        "sex": np.where(people.female, "female", "male").astype(object),
        "born_on": people.born_on,
        "hukou_household_no": people.hukou_no[people.home].astype(object),
        "hukou_address": hukou_address[people.home],
        "hukou_region_code": people.hukou_region[people.home].astype(object),
    }
    for month in range(clock.first, clock.last + 1):
        then = np.maximum(month - written, 0)
        unit = truth.unit[np.arange(people.persons), then]
        dead = truth.died <= month
        home = np.where((unit != people.unit) & ~dead, unit, start)
        since = np.where(home != start, clock.day(np.maximum(month - 3, 0), 1), moved_in)
        known = death_known <= month
        # Those who died before the delivered months were struck off before the first register.
        kept = truth.died >= clock.first
        yield Rows(
            fixed
            | {
                "residence_address": address[home],
                "residence_region_code": region[home],
                "residence_since": since,
                "died_or_cancelled_on": np.where(known, death_day, np.datetime64("NaT")),
            },
            np.full(people.persons, clock.day(month, DAY)),
        ).where(kept)

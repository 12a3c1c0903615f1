"""The resident register: everybody registered or residing, each month in full."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from synthetic_data.departments.rows import Rows
from synthetic_data.population import ELSEWHERE
from synthetic_data.scenarios import Record
from synthetic_data.world import World

DAY = 25
NEVER = 100_000
CHANGED_NAMES = 0.004  # share of persons whose registered name changes in the delivered months


def snapshots(world: World) -> Iterator[Rows]:
    """Residence is as last registered: moves are written months later or never; deaths some weeks later."""
    rng, clock, people, truth = world.chance("residents"), world.clock, world.people, world.truth
    region = pa.array(np.append(people.places.region_code, "990300001001").astype(object), pa.string())
    hukou_address = people.places.address.copy()
    hukou_address[people.migrant] = "外省某县"
    written = np.where(rng.random(people.persons) < 0.7, rng.integers(1, 9, people.persons), NEVER)
    told = rng.random(people.persons) < 0.6  # long-standing absences that were registered
    moved_in = clock.start_day - rng.integers(200, 9000, people.persons).astype("timedelta64[D]")
    death_known = truth.died + 1 + rng.integers(0, 4, people.persons)
    death_day = clock.day(np.minimum(truth.died, clock.total), rng.integers(1, 28, people.persons))
    move, target = _moves(world)
    start = np.where((people.unit != people.home) & ~told, people.home, people.unit)
    # Those who died before the delivered months were struck off before the first register.
    kept = np.flatnonzero(truth.died >= clock.first)
    dwellings = world.dwellings
    since = np.append(clock.day(np.minimum(dwellings.moved, clock.total), 1), np.datetime64("NaT"))
    heard = np.append(dwellings.registered, NEVER)
    fixed = _fixed(world, kept, hukou_address)
    changed_on, new_name = _changed_names(world, kept)
    for month in range(clock.first, clock.last + 1):
        shown = (move + written <= month)[kept]
        unit = np.where(shown, target[kept], start[kept]) % len(heard)  # ELSEWHERE is the last
        home, followed = pa.array(unit), heard[unit] <= month
        lived = np.where(dwellings.registered <= month, dwellings.second, dwellings.first)
        address = pa.array(np.append(lived, "市外"), pa.string())
        began = np.where(shown, clock.day(np.minimum(move, clock.total), 1)[kept], moved_in[kept])
        yield Rows(
            fixed
            | {
                "name": np.where(changed_on <= month, new_name, world.people.name[kept]),
                "residence_address": address.take(home),
                "residence_region_code": region.take(home),
                "residence_since": np.where(followed, np.maximum(began, since[unit]), began),
                "died_or_cancelled_on": np.where(
                    death_known[kept] <= month, death_day[kept], np.datetime64("NaT")
                ),
            },
            np.full(len(kept), clock.day(month, DAY)),
        )


def _fixed(world: World, kept: np.ndarray, hukou_address: np.ndarray) -> dict[str, np.ndarray | pa.Array]:
    """Columns that never change, as Arrow texts."""
    people, home = world.people, world.people.home[kept]
    texts = {
        "id_no": people.id_no[kept],
        "sex": np.where(people.female, "female", "male")[kept],
        "hukou_household_no": people.hukou_no[home],
        "hukou_address": hukou_address[home],
        "hukou_region_code": people.hukou_region[home],
    }
    fixed = {name: pa.array(values.astype(object), pa.string()) for name, values in texts.items()}
    return fixed | {"born_on": people.born_on[kept]}


def _changed_names(world: World, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Month in which the register shows a new given name (`NEVER` if not), and the new name.

    Departments go on writing the old one.
    """
    rng, clock, pools, count = world.chance("changed_names"), world.clock, world.pools, len(kept)
    month = rng.integers(clock.first + 1, clock.last + 1, count)
    month[rng.random(count) >= CHANGED_NAMES] = NEVER
    other = rng.integers(0, len(pools.given_male), count)
    given = np.where(world.people.female[kept], pools.given_female[other], pools.given_male[other])
    surname = np.array([name[:1] for name in world.people.name[kept].tolist()], dtype=object)
    return month, surname + given


def _moves(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Month in which each person went to live elsewhere (`NEVER` if not), and the unit they went to."""
    truth, months = world.truth, np.arange(world.clock.total)
    away = (truth.unit != world.people.unit[:, None]) & (months < truth.died[:, None])
    away &= ~truth.in_custody(world.clock)  # custody changes no residence
    far = world.cast.recorded(Record.FAR_WAGES)
    away |= far.cells
    first = away.argmax(axis=1)
    target = truth.unit[np.arange(len(first)), first]
    target[far.person] = ELSEWHERE
    return np.where(away.any(axis=1), first, NEVER), target

"""Old-age, disability and orphan allowances and temporary relief."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, texts
from synthetic_data.population import GRANDCHILD
from synthetic_data.world import World

PROGRAMMES = ("old_age", "disability", "orphan", "temporary_relief")
OLD_AGE, DISABILITY, ORPHAN, RELIEF = range(4)


def rows(world: World) -> Rows:
    """Allowances follow age and grade; relief follows need that somebody noticed."""
    rng, clock, people = world.chance("other_benefits"), world.clock, world.people
    persons = np.arange(people.persons)
    alive = (world.truth.died > clock.first) & (people.unit >= 0)
    age = people.age(clock, clock.first)
    begins = clock.number(people.born_on + np.timedelta64(round(80 * 365.25), "D"))
    old = persons[alive & (begins <= clock.last) & (rng.random(len(persons)) < 0.85)]
    severe = np.isin(people.disability_grade, (1, 2)) & alive & (rng.random(len(persons)) < 0.8)
    orphan = (people.role == GRANDCHILD) & (age < 17) & (rng.random(len(persons)) < 0.12)
    since = clock.first - rng.integers(1, 60, len(persons))
    parts = [
        _rows(world, old, OLD_AGE, 100.0, begins[old], None),
        _rows(world, persons[severe], DISABILITY, 160.0, since[severe], None),
        _rows(world, persons[orphan], ORPHAN, 1100.0, since[orphan], None),
    ]
    for month in range(clock.first - 12, clock.last):
        chances = np.where(world.household.eligible[:, month], 0.009, 0.0008)
        homes = np.flatnonzero(rng.random(people.households) < chances)
        head = np.searchsorted(people.home, homes)
        amount = np.round(rng.uniform(500, 3000, len(homes)), -2)
        parts.append(_rows(world, head, RELIEF, amount, np.full(len(homes), month), month))
    return join(*parts)


def _rows(
    world: World,
    person: np.ndarray,
    programme: int,
    amount: np.ndarray | float,
    begins: np.ndarray,
    ends: int | None,
) -> Rows:
    clock, count = world.clock, len(person)
    last = np.datetime64("NaT", "D") if ends is None else clock.end(ends)
    return Rows(
        {
            **about(world.people, person),
            "programme": texts(PROGRAMMES, np.full(count, programme)),
            "amount_yuan_month": np.broadcast_to(np.asarray(amount, float), (count,)).copy(),
            "from": clock.day(begins, 1),
            "to": np.full(count, last, dtype="datetime64[D]"),
        },
        clock.day(np.maximum(begins + 1, clock.first), 5),
    )

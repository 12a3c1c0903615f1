"""Marriages: the couples of old, then new ones as they are registered, and some divorces."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join
from synthetic_data.population import SPOUSE
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """The stock comes with the first delivery; one marriage in eight is registered elsewhere and unseen."""
    rng, clock, people, truth = world.chance("marriages"), world.clock, world.people, world.truth
    spouse = np.flatnonzero((people.role == SPOUSE) & (rng.random(people.persons) < 0.9))
    head = spouse - 1
    age = people.age(clock, clock.first)[head]
    years = np.maximum(rng.uniform(0.6, 1.0, len(head)) * (age - 22), 0.5)
    married = clock.start_day - (years * 365).astype("timedelta64[D]")
    divorce_month = np.minimum(truth.divorced[head], truth.divorced[spouse])
    divorced = (divorce_month >= clock.first) & (divorce_month <= clock.last)
    divorce_month = np.where(divorced, divorce_month, clock.last)
    old = _rows(
        world,
        head,
        spouse,
        married,
        np.full(len(head), np.datetime64("NaT")),
        np.full(len(head), clock.first),
    )
    parted = _rows(world, head, spouse, married, clock.day(divorce_month, 12), divorce_month + 1).where(
        divorced
    )
    bride = np.flatnonzero(
        people.female & (truth.married <= clock.last) & (rng.random(people.persons) < 0.87)
    )
    month = truth.married[bride]
    arrives = np.maximum(month + rng.integers(1, 3, len(bride)), clock.first)
    new = _rows(
        world,
        truth.partner[bride],
        bride,
        clock.day(month, rng.integers(1, 28, len(bride))),
        np.full(len(bride), np.datetime64("NaT")),
        arrives,
    )
    return join(old, parted, new)


def _rows(
    world: World,
    one: np.ndarray,
    other: np.ndarray,
    married: np.ndarray,
    divorced: np.ndarray,
    arrives: np.ndarray,
) -> Rows:
    man = np.where(world.people.female[one], other, one)
    woman = np.where(world.people.female[one], one, other)
    return Rows(
        {
            **about(world.people, man, "id_no_a", "name_a"),
            **about(world.people, woman, "id_no_b", "name_b"),
            "married_on": married.astype("datetime64[D]"),
            "divorced_on": divorced.astype("datetime64[D]"),
        },
        world.clock.day(arrives, 5),
    )

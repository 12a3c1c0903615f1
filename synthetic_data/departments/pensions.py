"""Employees' and residents' pensions of persons asked about."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, texts
from synthetic_data.world import World

KINDS = ("employee", "resident")


def rows(world: World) -> Rows:
    """Ten days into the next month; nearly complete."""
    people, clock, truth, pension = world.people, world.clock, world.truth, world.sightings.pension
    rng = world.chance("resident_pension")
    months = np.arange(clock.total)
    sixty = clock.number(people.born_on) + 60 * 12
    draws = (months >= sixty[:, None]) & (truth.died[:, None] > months) & (pension == 0)
    draws &= (rng.random(people.persons) < 0.93)[:, None]
    # What exceeds the centrally fixed basic part is small.
    basic = np.where(clock.month(months) >= np.datetime64("2025-01"), 143.0, 123.0)
    resident = np.where(draws, basic + np.round(rng.uniform(0, 40, people.persons))[:, None], 0)
    return join(_rows(world, pension, 0), _rows(world, resident, 1))


def _rows(world: World, amount: np.ndarray, kind: int) -> Rows:
    answers = world.answers(amount, lag=1, day=10, late=0.03, name=f"pensions_{kind}")
    return Rows(
        {
            **about(world.people, answers.person),
            "kind": texts(KINDS, np.full(len(answers.person), kind)),
            "month": world.clock.month(answers.month),
            "amount_yuan": np.round(amount[answers.person, answers.month].astype(float), 2),
        },
        answers.received,
    )

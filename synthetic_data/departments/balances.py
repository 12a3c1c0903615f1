"""Balances at quarter ends of persons asked about; some are a stranger's, some a planted case's."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, strangers, texts
from synthetic_data.scenarios import Record, Truth
from synthetic_data.world import LOOK_BACK, Queried, World

INSTITUTIONS = ("农村商业银行", "工商银行", "邮政储蓄银行", "建设银行", "证券公司", "人寿保险")
KINDS = ("deposit", "wealth_product", "fund", "security", "insurance")
MISMATCH = 0.03
#: Balances at quarter ends scatter about a family's savings by so much, on the log scale.
SCATTER = 0.12
#: A stranger's savings grow or shrink, on the log scale, each month by a rate of their own.
STRANGE_GROWTH = 0.015


def rows(world: World) -> Rows:
    """A quarter's balances arrive on the 20th of the month after it."""
    clock, queried = world.clock, world.queried()
    parts = []
    for month in range(max(clock.first - LOOK_BACK, 0), clock.last + 1):
        if clock.month(month).astype(int) % 3 == 2:
            parts += _quarter(world, queried, month)
    return join(*parts)


def _quarter(world: World, queried: Queried, month: int) -> list[Rows]:
    clock, people = world.clock, world.people
    fixed = world.chance("accounts")  # the same accounts every quarter
    count = len(queried.person)
    weight = fixed.uniform(0.05, 1, count) * (people.age(clock, clock.first)[queried.person] > 18)
    weight += (people.role[queried.person] <= 1) * 0.3
    whole = np.bincount(queried.home, weights=weight, minlength=people.households)
    bank, second = fixed.integers(0, 4, count), fixed.random(count) < 0.45
    kind = fixed.choice(5, count, p=[0.45, 0.25, 0.1, 0.05, 0.15])
    stranger, strange = fixed.random(count) < MISMATCH, np.exp(fixed.normal(10.5, 1.0, count))
    strange_from = fixed.integers(0, clock.total, count)
    # A stranger saves and spends like anybody.
    theirs = world.chance(f"strangers_balances_{month}").normal(0, SCATTER, count)
    strange *= np.exp(theirs + fixed.normal(0, STRANGE_GROWTH, count) * (month - strange_from))
    places, planted = world.cast.recorded(Record.DEPOSIT).of(queried.person)
    # A case's account moves like any other: one that never moved would tell the model that it was planted.
    moved = np.exp(world.chance(f"cases_balances_{month}").normal(0, SCATTER, len(places)))
    kept_yuan = np.zeros(count)
    kept_yuan[places] = planted.lasts[:, month] * planted.yuan * moved
    rng = world.chance(f"balances_{month}")
    silent = rng.random(len(INSTITUTIONS)) < 0.07
    savings = world.household.deposits[:, month].copy()
    secret = world.cast.true(Truth.SAVINGS)  # in an account of their own
    savings[secret.home] -= secret.lasts[:, month] * secret.yuan
    household = savings[queried.home] * world.sightings.deposit_share[queried.home]
    own = household * weight / np.maximum(whole[queried.home], 1e-6) * np.exp(rng.normal(0, SCATTER, count))
    own *= people.unit[queried.person] == queried.home
    part = np.where(second, 0.65, 1.0)
    asked = (queried.since - LOOK_BACK <= month) & (month <= queried.until)
    arrives = np.maximum(np.maximum(month + 1, queried.since), clock.first)
    found, nobody = [], np.zeros(count, bool)
    for holds, institution, code, yuan, whose in (
        (own > 50, bank, np.zeros(count, int), own * part, nobody),
        ((own > 3000) & second, 3 + np.minimum(kind, 2), kind, own * (1 - part), nobody),
        (kept_yuan > 0, (bank + 2) % 4, np.zeros(count, int), kept_yuan, nobody),
        (stranger & (strange_from <= month), (bank + 1) % 4, np.zeros(count, int), strange, stranger),
    ):
        shown = np.flatnonzero(holds & asked & ~silent[institution])
        found.append(
            Rows(
                {
                    **strangers(
                        world.pools, about(people, queried.person[shown]), queried.person[shown], whose[shown]
                    ),
                    "institution": texts(INSTITUTIONS, institution[shown]),
                    "kind": texts(KINDS, code[shown]),
                    "balance_yuan": np.round(yuan[shown], 2),
                    "as_of_on": np.full(len(shown), clock.end(month)),
                },
                clock.day(arrives[shown], 20),
            )
        )
    return found

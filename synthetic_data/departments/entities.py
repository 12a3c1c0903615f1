"""Individual businesses and companies in the names of persons asked about."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, texts
from synthetic_data.economy import BUSINESS
from synthetic_data.identity_numbers import credit_codes
from synthetic_data.law import URBAN
from synthetic_data.reporting import HIDING
from synthetic_data.scenarios import Record, Truth
from synthetic_data.world import World

KINDS = ("individual_business", "company")
STATUSES = ("active", "cancelled", "revoked")
COMPANIES = 0.6  # of the entities of planted cases


@dataclass(frozen=True)
class Registered:
    """One entity a row: who stands in the register for it, and when."""

    person: np.ndarray
    code: np.ndarray
    company: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    arrives: np.ndarray
    until: np.ndarray


def registered(world: World) -> Registered:
    """Businesses that were registered, in the month they opened, and those of planted cases."""
    rng, clock, truth = world.chance("entities"), world.clock, world.truth
    queried = world.queried()
    places, planted = world.cast.recorded(Record.ENTITY).of(queried.person)
    trades = (truth.job == BUSINESS) & ~world.cast.true(Truth.BUSINESS).cells
    trades = trades[queried.person]
    ever = trades.any(axis=1)
    hides = world.reporting.kind[queried.home] == HIDING
    real = ever & (rng.random(len(ever)) < np.where(hides, 0.6, 0.65))
    start = np.where(trades[:, 0], -rng.integers(1, 90, len(ever)), trades.argmax(axis=1))
    last = trades.shape[1] - 1 - trades[:, ::-1].argmax(axis=1)
    closes = real & (last < clock.last - 1) & (rng.random(len(ever)) < 0.45)
    ends = np.where(closes, last + 2, 10_000)
    company = rng.random(len(ever)) < 0.15
    real[places], start[places], ends[places] = True, planted.begins, planted.until
    company[places] = planted.draw < COMPANIES
    chosen = np.flatnonzero(real & (start <= clock.last))
    arrives = np.maximum(np.maximum(start[chosen] + 1, queried.since[chosen]), clock.first)
    chosen, arrives = (
        chosen[arrives <= queried.until[chosen] + 1],
        arrives[arrives <= queried.until[chosen] + 1],
    )
    company = company[chosen]
    return Registered(
        person=queried.person[chosen],
        code=credit_codes(URBAN, 500_000 * (world.block + 1) + np.arange(len(chosen)), company),
        company=company,
        begins=start[chosen],
        ends=ends[chosen],
        arrives=arrives,
        until=queried.until[chosen],
    )


def rows(world: World) -> Rows:
    """Registration, and again with its status when it is cancelled."""
    rng, clock, found = world.chance("entity_rows"), world.clock, registered(world)
    count = len(found.person)
    begins = clock.day(found.begins, rng.integers(1, 28, count))
    capital = np.where(
        found.company, np.exp(rng.normal(12.6, 1.0, count)), np.exp(rng.normal(9.8, 0.8, count))
    )
    opened = Rows(
        {
            "uscc": found.code.astype(object),
            "name": world.pools.company[(found.person * 13) % len(world.pools.company)],
            "kind": texts(KINDS, found.company.astype(int)),
            **about(world.people, found.person, "legal_representative_id_no", "legal_representative_name"),
            "registered_capital_yuan": np.round(capital, -3),
            "registered_on": begins,
            "status": texts(STATUSES, np.zeros(count, int)),
            "status_on": begins,
        },
        clock.day(found.arrives, 2),
    )
    closed = found.ends <= np.minimum(clock.last, found.until)
    ends = np.where(closed, found.ends, clock.last)
    shut = Rows(
        opened.columns
        | {
            "status": texts(STATUSES, np.ones(count, int)),
            "status_on": clock.day(ends, 20),
        },
        clock.day(np.maximum(ends, found.arrives) + 1, 2),
    )
    return join(opened, shut.where(closed))

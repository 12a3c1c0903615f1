"""The whole practice world: the truth first, then what civil affairs did, ready for the departments."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.casework import run_casework
from synthetic_data.casting import Cast, cast_scenarios, nobody, plant
from synthetic_data.clock import Clock, chance
from synthetic_data.economy import Economy, make_economy
from synthetic_data.files import NO_MONTH, Casework
from synthetic_data.household_truth import Household, make_household_truth
from synthetic_data.identity_numbers import credit_codes
from synthetic_data.law import URBAN
from synthetic_data.office import Office
from synthetic_data.pools import Pools, make_pools
from synthetic_data.population import Population, make_population
from synthetic_data.reporting import Reporting, make_reporting
from synthetic_data.sightings import Sightings, make_sightings

EMPLOYERS = 2500
NEXT_BLOCK = 1_000_003  # between the seeds of two blocks
LOOK_BACK = 12  # months of records that a first query returns


@dataclass
class World:
    """All of it; departments read this and nothing else."""

    clock: Clock
    seed: int
    pools: Pools
    people: Population
    truth: Economy
    cast: Cast
    household: Household
    reporting: Reporting
    sightings: Sightings
    work: Casework
    block: int  # which block of the city this is
    first_household: int  # households of the blocks before it
    employer_code: np.ndarray
    employer_name: np.ndarray

    def chance(self, name: str) -> np.random.Generator:
        return chance(self.seed, name)

    def queried(self) -> "Queried":
        """Persons about whom an authorisation allows to ask, from which month to which."""
        membership, files = self.work.membership, self.work.files
        person = np.array(membership.person, dtype=int)
        home = np.array(membership.household, dtype=int)
        since = np.maximum(files.ever_authorised[home], np.array(membership.joined, dtype=int))
        since[files.ever_authorised[home] == NO_MONTH] = 10_000
        first = np.full(self.people.persons, 10_000)
        until = np.full(self.people.persons, NO_MONTH)
        of_home = np.full(self.people.persons, -1)
        np.minimum.at(first, person, since)
        np.maximum.at(until, person, files.authorised_until[home])
        of_home[person] = home
        asked = np.flatnonzero((first < 10_000) & (until >= self.clock.first))
        return Queried(asked, first[asked], until[asked], of_home[asked])

    def answers(self, values: np.ndarray, lag: int, day: int, late: float, name: str) -> "Answers":
        """Positive cells of a persons x months array that a plane-A department returns, and when.

        A cell is returned `lag` months after its month, or when the family is first asked (with
        `LOOK_BACK` months of history); a share `late` comes one to three months later still.
        """
        rng, clock, queried = self.chance(name), self.clock, self.queried()
        months = np.arange(max(clock.first - LOOK_BACK, 0), clock.last + 1)
        cells = values[queried.person][:, months] > 0
        cells &= (months >= queried.since[:, None] - LOOK_BACK) & (months <= queried.until[:, None])
        row, column = np.nonzero(cells)
        month = months[column]
        delay = np.where(rng.random(len(row)) < late, rng.integers(1, 4, len(row)), 0)
        arrives = np.maximum(np.maximum(month + lag + delay, queried.since[row]), clock.first)
        return Answers(queried.person[row], month, clock.day(arrives, day))


@dataclass(frozen=True)
class Queried:
    """Persons with the first and last month of the authorisation, and the household on file."""

    person: np.ndarray
    since: np.ndarray
    until: np.ndarray
    home: np.ndarray


@dataclass(frozen=True)
class Answers:
    """Person and month of each returned record, and the day it arrives."""

    person: np.ndarray
    month: np.ndarray
    received: np.ndarray


def make_world(
    households: int,
    months: int,
    seed: int,
    start: np.datetime64,
    block: int = 0,
    blocks: int = 1,
    first_household: int = 0,
    scenarios: bool = True,
) -> World:
    """Live `months` months of a district of that many hukou households, one of the `blocks` of a city.

    scenarios: with the planted cases of `synthetic_data.scenarios`.
    """
    clock = Clock(start, months)
    seed += block * NEXT_BLOCK
    pools = make_pools(seed)
    people = make_population(households, clock, seed, pools, block, blocks, first_household)
    truth = make_economy(people, clock, seed)
    cast = cast_scenarios(people, truth, clock, seed) if scenarios else nobody(people, clock)
    plant(cast, truth)
    household = make_household_truth(people, truth, cast, clock, seed)
    reporting = make_reporting(people, household, cast, seed)
    sightings = make_sightings(people, truth, household, reporting, cast, clock, seed)
    work = run_casework(Office(people, truth, household, reporting, sightings, clock, seed))
    serial, own = np.arange(EMPLOYERS), block * EMPLOYERS
    return World(
        clock,
        seed,
        pools,
        people,
        truth,
        cast,
        household,
        reporting,
        sightings,
        work,
        block,
        first_household,
        employer_code=credit_codes(URBAN, serial + own + 1000, np.ones(EMPLOYERS, bool)),
        employer_name=pools.company[serial % len(pools.company)],
    )

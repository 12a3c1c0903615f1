"""The whole practice world: the truth first, then what civil affairs did, ready for the departments."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.casework import run_casework
from synthetic_data.casting import Cast, cast_scenarios, nobody, plant
from synthetic_data.clock import Clock, chance
from synthetic_data.dwellings import Dwellings, make_dwellings
from synthetic_data.economy import Economy, make_economy
from synthetic_data.files import NO_MONTH, Casework
from synthetic_data.household_truth import Household, make_household_truth
from synthetic_data.identity_numbers import credit_codes
from synthetic_data.knobs import UNTURNED, Knobs
from synthetic_data.law import URBAN
from synthetic_data.office import Office
from synthetic_data.phones import Phones, make_phones
from synthetic_data.pools import Pools, make_pools
from synthetic_data.population import Population, make_population
from synthetic_data.reporting import Reporting, make_reporting
from synthetic_data.sightings import Sightings, make_sightings
from synthetic_data.streets import make_streets

EMPLOYERS = 2500
NEW_PLATFORM_SERIAL = 9_000_001  # one for the whole city
NEW_PLATFORM_NAME = "练习新平台信息技术有限公司"
NEXT_BLOCK = 1_000_003  # between the seeds of two blocks
LOOK_BACK = 12  # months of records that a first query returns


@dataclass
class World:
    """All of it; departments read this and nothing else."""

    clock: Clock
    seed: int
    pools: Pools
    knobs: Knobs
    people: Population
    phones: Phones
    dwellings: Dwellings
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

    def answers(
        self,
        values: np.ndarray,
        lag: int,
        day: int,
        late: float,
        name: str,
        later: np.ndarray | None = None,
    ) -> "Answers":
        """Positive cells of a persons x months array that a plane-A department returns, and when.

        A cell is returned `lag` months after its month, or when the family is first asked (with
        `LOOK_BACK` months of history); a share `late` comes one to three months later still, and
        each cell as many months more as `later` (persons x months) says.
        """
        rng, clock, queried = self.chance(name), self.clock, self.queried()
        months = np.arange(max(clock.first - LOOK_BACK, 0), clock.last + 1)
        cells = values[queried.person][:, months] > 0
        cells &= (months >= queried.since[:, None] - LOOK_BACK) & (months <= queried.until[:, None])
        row, column = np.nonzero(cells)
        month = months[column]
        delay = np.where(rng.random(len(row)) < late, rng.integers(1, 4, len(row)), 0)
        if later is not None:
            delay = delay + later[queried.person[row], month]
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
    knobs: Knobs = UNTURNED,
    scenarios: bool = True,
) -> World:
    """Live `months` months of a district of that many hukou households, one of the `blocks` of a city.

    scenarios: with the planted cases of `synthetic_data.scenarios`.
    """
    clock, city_seed = Clock(start, months), seed
    seed += block * NEXT_BLOCK
    pools, streets = make_pools(seed), make_streets(seed, knobs)
    people = make_population(households, clock, seed, pools, streets, block, blocks, first_household)
    truth = make_economy(people, clock, seed, knobs)
    # Who plays is drawn from lives without new work, so that a knob moves nobody's part.
    plain = truth if not knobs.new_work else make_economy(people, clock, seed, UNTURNED)
    cast = cast_scenarios(people, plain, clock, seed) if scenarios else nobody(people, clock)
    plant(cast, truth)
    household = make_household_truth(people, truth, cast, clock, seed, knobs)
    reporting = make_reporting(people, household, cast, clock, seed)
    sightings = make_sightings(people, truth, household, reporting, cast, clock, seed)
    work = run_casework(Office(people, truth, household, reporting, sightings, streets, clock, seed, knobs))
    number = np.arange(EMPLOYERS)
    serial = np.append(number + block * EMPLOYERS + 1000, NEW_PLATFORM_SERIAL)
    return World(
        clock,
        seed,
        pools,
        knobs,
        people,
        make_phones(people.places.region_code, city_seed, seed, first_household),
        make_dwellings(people, clock, seed),
        truth,
        cast,
        household,
        reporting,
        sightings,
        work,
        block,
        first_household,
        employer_code=credit_codes(URBAN, serial, np.ones(len(serial), bool)),
        employer_name=np.append(pools.company[number % len(pools.company)], NEW_PLATFORM_NAME),
    )

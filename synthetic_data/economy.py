"""The hidden truth by month: work, wages, pensions, illness, death, moves, marriages, savings.

Shocks are a hidden Markov process: each month every person stays in or leaves a state with hazards that
depend on age, health, schooling, place and the household's shared hardship. Nothing here knows whether
a family receives benefits or what it tells anybody.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_data.clock import Clock, chance
from synthetic_data.drift import Openings, make_openings
from synthetic_data.knobs import Knobs
from synthetic_data.population import CHILD, ELSEWHERE, HEAD, SPOUSE, Population

NONE, FORMAL, INFORMAL, PLATFORM, FARM, BUSINESS = range(6)
JOBS = 6
SCHOOL_LEAVING_AGE = np.array([15, 16, 19, 22, 25])  # by education
LEAVES = np.array([0.0, 0.012, 0.035, 0.04, 0.006, 0.014])  # monthly hazard of losing each kind of work
LEVEL = np.array([0.0, 8.63, 8.23, 8.51, 7.84, 8.51])  # mean log wage of each kind of work
SPREAD = np.array([0.0, 0.28, 0.32, 0.36, 0.36, 0.5])
NOT_MOVED = NOT_DEAD = NOT_MARRIED = 10_000


@dataclass
class Economy:
    """Arrays of persons x months (int8, float32) and of persons; money in yuan a month."""

    job: np.ndarray
    wage: np.ndarray
    pension: np.ndarray
    dole: np.ndarray  # unemployment benefit
    self_paid: np.ndarray  # medical self-payment of the seriously ill
    unit: np.ndarray  # living unit, int32
    ill_from: np.ndarray  # month number of the serious illness, may be before 0
    died: np.ndarray
    moved: np.ndarray  # the whole unit left the district
    custody_from: np.ndarray
    custody_until: np.ndarray
    married: np.ndarray
    partner: np.ndarray
    divorced: np.ndarray
    new_platform: np.ndarray  # persons x months, bool: works for the platform that came later
    wallet: np.ndarray  # persons x months, bool: is paid to a relative's wallet
    school_leaving: np.ndarray
    able: np.ndarray  # persons x months, bool: could work
    support: np.ndarray  # households: what relatives elsewhere send

    def in_custody(self, clock: Clock) -> np.ndarray:
        """Persons x months."""
        months = np.arange(clock.total)
        return (self.custody_from[:, None] <= months) & (months < self.custody_until[:, None])

    def alive(self, month: int) -> np.ndarray:
        return self.died > month


def make_economy(people: Population, clock: Clock, seed: int, knobs: Knobs) -> Economy:
    """Live the months."""
    rng = chance(seed, "economy")
    truth = _empty(people, clock, rng)
    _draw_fates(people, clock, rng, truth)
    utility = _utilities(people, clock, rng)
    taste = rng.normal(0, 1, people.persons)
    retires = np.where(people.female, 53.0, 60.0) + np.where(people.employee_pension, 0, 7)
    pension = np.exp(rng.normal(7.85, 0.33, people.persons)) * np.where(people.rural, 0.8, 1.0)
    pension = np.where(
        rng.random(people.persons) < 0.07, pension * 0.4, pension
    )  # short contribution careers
    leaving = LEAVES * np.ones(JOBS)
    openings = make_openings(people, clock, seed, knobs)
    for month in range(clock.total):
        age = people.age(clock, month)
        able = _able(people, truth, age, month, retires)
        truth.able[:, month] = able
        draw = rng.random(people.persons)
        if month == 0:
            job = _choose(utility, rng)
        else:
            job = truth.job[:, month - 1].astype(int)
            lost = draw < leaving[job]
            found = (job == NONE) & (draw < _finding(utility, age, truth, month))
            job = np.where(lost, NONE, job)
            job = np.where(found, _choose(np.where(np.arange(JOBS) == NONE, -99, utility), rng), job)
        job = _take_openings(openings, truth, np.where(able, job, NONE), able, month)
        truth.job[:, month] = job
        truth.wage[:, month] = _wage(people, truth, month, job, taste, rng)
        drawn = people.employee_pension & (age >= np.where(people.female, 53, 60)) & truth.alive(month)
        truth.pension[:, month] = np.where(drawn, pension, 0)
    _pay_dole(people, clock, truth, rng)
    return truth


def _take_openings(
    openings: Openings, truth: Economy, job: np.ndarray, able: np.ndarray, month: int
) -> np.ndarray:
    """Work of that month, after those without a contract took what newly came up."""
    free = able & ((job == NONE) | (job == INFORMAL) | (job == PLATFORM))
    truth.new_platform[:, month] = free & openings.platform[:, month]
    truth.wallet[:, month] = free & openings.wallet[:, month] & ~truth.new_platform[:, month]
    job = np.where(truth.new_platform[:, month], PLATFORM, job)
    return np.where(truth.wallet[:, month], INFORMAL, job)


def _pay_dole(people: Population, clock: Clock, truth: Economy, rng: np.random.Generator) -> None:
    """Some of those who lose a formal job draw unemployment benefit until they find work."""
    left = np.zeros(people.persons, int)
    amount = np.where(people.rural, 1250, 1500)
    for month in range(1, clock.total):
        lost = (truth.job[:, month - 1] == FORMAL) & (truth.job[:, month] == NONE) & truth.able[:, month]
        left = np.where(lost & (rng.random(people.persons) < 0.4), rng.integers(3, 10, people.persons), left)
        draws = (left > 0) & (truth.job[:, month] == NONE)
        truth.dole[:, month] = np.where(draws, amount, 0)
        left = np.maximum(left - 1, 0)


def _empty(people: Population, clock: Clock, rng: np.random.Generator) -> Economy:
    shape = (people.persons, clock.total)
    far = np.full(people.persons, NOT_DEAD)
    born = people.born_on.astype("datetime64[M]")
    # School years end in June; children born from September on start a year later.
    late = (born.astype(int) % 12) >= 8
    leaving = born.astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(5, "M")
    leaving = leaving + (12 * (SCHOOL_LEAVING_AGE[people.education] + late)).astype("timedelta64[M]")
    sends = rng.random(people.households) < np.where(people.household_kind <= 1, 0.85, 0.45)
    support = np.where(sends, np.exp(rng.normal(6.95, 0.45, people.households) - 0.25 * people.hardship), 0)
    return Economy(
        job=np.zeros(shape, np.int8),
        wage=np.zeros(shape, np.float32),
        pension=np.zeros(shape, np.float32),
        dole=np.zeros(shape, np.float32),
        self_paid=np.zeros(shape, np.float32),
        unit=np.empty(shape, np.int32),
        ill_from=far.copy(),
        died=far.copy(),
        moved=far.copy(),
        custody_from=far.copy(),
        custody_until=far.copy(),
        married=far.copy(),
        partner=np.full(people.persons, -1),
        divorced=far.copy(),
        new_platform=np.zeros(shape, bool),
        wallet=np.zeros(shape, bool),
        school_leaving=clock.number(leaving),
        able=np.zeros(shape, bool),
        support=support,
    )


def _draw_fates(people: Population, clock: Clock, rng: np.random.Generator, truth: Economy) -> None:
    """Dates of illness, death, moving away and marriage, and the living unit they lead to."""
    age = people.age(clock, clock.first)
    before = 48
    onset = rng.exponential(1 / (0.00012 * np.exp(0.042 * np.maximum(age - 25, 0) + 0.4 * people.frailty)))
    truth.ill_from = np.where(onset < clock.total + before, (onset - before).astype(int), NOT_DEAD)
    ill = truth.ill_from < clock.total
    hazard = (
        0.00004 * np.exp(0.085 * np.maximum(age - 30, 0) + 0.25 * people.frailty) * np.where(ill, 4.0, 1.0)
    )
    death = rng.exponential(1 / hazard).astype(int)
    truth.died = np.where(
        death < clock.total, np.where(ill, np.maximum(death, truth.ill_from), death), NOT_DEAD
    )
    leave = rng.exponential(1 / np.where(people.migrant, 0.003, 0.0007)).astype(int)
    away = np.where(leave < clock.total, leave, NOT_MOVED)
    truth.moved = np.where(people.unit >= 0, away[people.unit], NOT_MOVED)
    _marry(people, age, clock, rng, truth)
    _part(people, age, clock, rng, truth)
    months = np.arange(clock.total)
    truth.unit[:] = people.unit[:, None]
    joins = np.flatnonzero((truth.married < clock.total) & people.female & (people.unit != ELSEWHERE))
    for person in joins.tolist():  # a bride moves to her husband's unit; a few hundred
        truth.unit[person, truth.married[person] :] = people.unit[truth.partner[person]]
    parted = np.flatnonzero(truth.divorced < clock.total)
    for person in parted.tolist():  # one of the two leaves for another home, outside the district
        truth.unit[person, truth.divorced[person] :] = ELSEWHERE
    gone = (truth.moved[:, None] <= months) | (truth.died[:, None] <= months)
    truth.unit[gone] = ELSEWHERE
    _detain(people, age, clock, rng, truth)
    span = months[None, :] - truth.ill_from[ill][:, None]
    mean = np.where(span < 12, 1500, 450) * np.exp(rng.normal(0, 0.6, ill.sum()))[:, None]
    spending = mean * np.exp(rng.normal(-0.3, 0.8, span.shape)) * (rng.random(span.shape) < 0.75)
    truth.self_paid[ill] = np.where((span >= 0) & (span < 40) & ~gone[ill], spending, 0)


def _detain(
    people: Population, age: np.ndarray, clock: Clock, rng: np.random.Generator, truth: Economy
) -> None:
    """Four adults in a thousand are in custody for some months; they do not count in their unit."""
    adult = (age > 18) & (age < 60) & (people.unit != ELSEWHERE)
    held = np.flatnonzero(adult & (rng.random(people.persons) < 0.004))
    truth.custody_from[held] = rng.integers(-10, clock.total, len(held))
    truth.custody_until[held] = truth.custody_from[held] + rng.integers(4, 30, len(held))
    truth.unit[truth.in_custody(clock)] = ELSEWHERE


def _marry(
    people: Population, age: np.ndarray, clock: Clock, rng: np.random.Generator, truth: Economy
) -> None:
    """Pair single men and women of 22-45 who live in the district, over the months."""
    married_already = np.zeros(people.persons, bool)
    spouse = np.flatnonzero(people.role == 1)
    married_already[spouse] = married_already[spouse - 1] = True
    single = ~married_already & (age > 22) & (age < 45) & (people.unit >= 0) & (people.role != 3)
    single &= (people.role == HEAD) | (people.role == CHILD)
    single &= rng.random(people.persons) < 1 - (1 - 0.006) ** clock.total
    men, women = np.flatnonzero(single & ~people.female), np.flatnonzero(single & people.female)
    count = min(len(men), len(women))
    men, women = rng.permutation(men)[:count], rng.permutation(women)[:count]
    when = rng.integers(1, clock.total, count)
    kept = (people.unit[men] != people.unit[women]) & (truth.died[men] > when) & (truth.died[women] > when)
    men, women, when = men[kept], women[kept], when[kept]
    truth.married[men] = truth.married[women] = when
    truth.partner[men], truth.partner[women] = women, men


def _part(
    people: Population, age: np.ndarray, clock: Clock, rng: np.random.Generator, truth: Economy
) -> None:
    """Three couples in a thousand part in a year; `divorced` marks the one who leaves."""
    spouse = np.flatnonzero((people.role == SPOUSE) & (people.unit >= 0) & (age < 65))
    when = np.floor(rng.exponential(1 / 0.00025, len(spouse))).astype(int)
    leaves = spouse - (rng.random(len(spouse)) < 0.5)  # the head stands before the spouse
    apart = (when >= 1) & (when < clock.total)
    apart &= (truth.died[spouse] > when) & (truth.died[spouse - 1] > when)
    truth.divorced[leaves[apart]] = when[apart]


def _utilities(people: Population, clock: Clock, rng: np.random.Generator) -> np.ndarray:
    """How each kind of work attracts each person: persons x jobs."""
    age, rural = people.age(clock, clock.first), people.rural
    shared, schooled = people.hardship[people.home], people.education - 1.5
    mild = people.disability_grade >= 3
    severe = (people.disability_grade == 1) | (people.disability_grade == 2)
    # Somebody stays at home where a member needs care; mostly a woman.
    care = (np.bincount(people.home, weights=severe, minlength=people.households) > 0)[people.home]
    return np.stack(
        [
            -2.38
            + 0.75 * shared
            + 0.55 * np.maximum(people.frailty, 0)
            + 1.5 * mild
            + 0.7 * people.chronic
            + np.where(care, np.where(people.female, 1.6, 0.8), 0.0),
            0.75 + 0.55 * schooled - 0.75 * rural - 0.2 * shared,
            -0.25 - 0.3 * schooled + 0.01 * (age - 35) + 0.25 * shared,
            -1.2 - 0.035 * (age - 33) + 0.4 * ~people.female,
            np.where(rural, 0.3 + 0.035 * (age - 40), -4.0),
            -1.55 + 0.1 * schooled,
        ],
        axis=1,
    ) + rng.normal(0, 0.35, (people.persons, JOBS))


def _choose(utility: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One draw of the softmax (Gumbel trick)."""
    gumbel = -np.log(-np.log(rng.random(utility.shape, dtype=np.float32) + 1e-9))
    return np.argmax(utility + gumbel, axis=1)


def _finding(utility: np.ndarray, age: np.ndarray, truth: Economy, month: int) -> np.ndarray:
    """Monthly hazard of finding work, higher in the months after school."""
    hazard = 0.12 * np.exp(-1.15 * (utility[:, NONE] + 1.9)) * np.where(age > 50, 0.45, 1.0)
    since = month - truth.school_leaving
    return np.where((since > 0) & (since < 12), np.maximum(hazard, 0.22), hazard)


def _able(people: Population, truth: Economy, age: np.ndarray, month: int, retires: np.ndarray) -> np.ndarray:
    severe = (people.disability_grade == 1) | (people.disability_grade == 2)
    weak = (month >= truth.ill_from) & (people.frailty + 0.3 * (people.education - 1) > -0.6)
    tired = (age > 58) & (people.frailty > 0.9)
    held = (truth.custody_from <= month) & (month < truth.custody_until)
    in_years = (age >= 16) & (age < retires) & (month > truth.school_leaving)
    return in_years & ~severe & ~weak & ~tired & truth.alive(month) & ~held


def _wage(
    people: Population,
    truth: Economy,
    month: int,
    job: np.ndarray,
    taste: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    level = LEVEL[job] + 0.13 * (people.education - 1.5) - 0.18 * people.rural
    level += SPREAD[job] * taste - 0.13 * people.hardship[people.home] - 0.12 * (people.disability_grade >= 3)
    swing = np.where(job == FORMAL, 0.03, 0.17) * rng.normal(0, 1, people.persons)
    return np.where(job == NONE, 0, np.exp(level + swing) * (1 + 0.0025 * (month - 18)))

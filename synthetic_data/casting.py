"""Who plays the planted cases, from which month to which and for how much; and what is then true of them."""

from dataclasses import dataclass, replace

import numpy as np

from synthetic_data import law
from synthetic_data.clock import Clock, chance
from synthetic_data.economy import BUSINESS, FORMAL, LEVEL, SPREAD, Economy
from synthetic_data.knobs import UNTURNED
from synthetic_data.population import ELSEWHERE, OLD_ALONE, Population
from synthetic_data.scenarios import SCENARIOS, Lives, Record, Scenario, Truth

OPEN = 10_000
#: Earliest month of each record, and how many months it lasts (None: for good); alike for both of a pair.
SPANS: dict[Record, tuple[int, tuple[int, int] | None]] = {
    Record.ENTITY: (-70, None),
    Record.WAGES: (0, (4, 14)),
    Record.SMALL_WAGES: (0, None),
    Record.FAR_WAGES: (1, None),
    Record.PENSION: (1, None),
    Record.DEPOSIT: (0, None),
    Record.CAR: (-80, None),
    Record.HOME: (-70, None),
    Record.ALONE: (0, None),
}
COLUMNS = ("scenario", "person", "home", "begins", "until", "yuan", "monthly", "draw", "arranged")
EARNED = (Record.WAGES, Record.SMALL_WAGES, Record.FAR_WAGES)
SUMMER = (7, 8)
RENTAL = 0.5  # of the towns' cases about a home


@dataclass(frozen=True)
class Cast:
    """One planted case a row: index into SCENARIOS, person, home, months [begins, until), a draw in [0, 1).

    yuan: a balance or listed price, else of a usual month; monthly: cases x months, 0 outside the span.
    arranged: the family owns little else, and is on file (unless the case is about one that is on none).
    """

    scenario: np.ndarray
    person: np.ndarray
    home: np.ndarray
    begins: np.ndarray
    until: np.ndarray
    yuan: np.ndarray
    monthly: np.ndarray
    draw: np.ndarray
    arranged: np.ndarray
    persons: int
    months: int

    def where(self, kept: np.ndarray) -> "Cast":
        """The cases of the mask."""
        return replace(self, **{name: getattr(self, name)[kept] for name in COLUMNS})

    def recorded(self, *records: Record) -> "Cast":
        """The cases that leave one of these records, whatever is true of them."""
        return self.where(_of([scenario.record in records for scenario in SCENARIOS], self.scenario))

    def true(self, *truths: Truth) -> "Cast":
        """The cases of which one of these is true."""
        return self.where(_of([scenario.truth in truths for scenario in SCENARIOS], self.scenario))

    @property
    def tenants(self) -> "Cast":
        """Of cases about a home those in public rental."""
        homes = self.recorded(Record.HOME)
        return homes.where(homes.draw < RENTAL)

    @property
    def flats(self) -> "Cast":
        """The other cases about a home: a second flat beside the family's own."""
        homes = self.recorded(Record.HOME)
        return homes.where(homes.draw >= RENTAL)

    @property
    def lasts(self) -> np.ndarray:
        """Cases x months: bool."""
        months = np.arange(self.months)
        return (self.begins[:, None] <= months) & (months < self.until[:, None])

    @property
    def cells(self) -> np.ndarray:
        """Persons x months: bool."""
        marked = np.zeros((self.persons, self.months), bool)
        marked[self.person] = self.lasts
        return marked

    def of(self, person: np.ndarray) -> tuple[np.ndarray, "Cast"]:
        """Cases of these persons, in their order: places in `person`, and a case for each place."""
        row = np.full(self.persons, -1)
        row[self.person] = np.arange(len(self.person))
        places = np.flatnonzero(row[person] >= 0)
        return places, self.where(row[person[places]])


def _of(marks: list[bool], scenario: np.ndarray) -> np.ndarray:
    return np.array(marks, bool)[scenario]


def nobody(people: Population, clock: Clock) -> Cast:
    """A world without planted cases."""
    none, yuan = np.zeros(0, int), np.zeros(0)
    monthly, no = np.zeros((0, clock.total)), np.zeros(0, bool)
    return Cast(none, none, none, none, none, yuan, monthly, yuan, no, people.persons, clock.total)


def cast_scenarios(people: Population, truth: Economy, clock: Clock, seed: int) -> Cast:
    """Draw the players of every scenario; one that conceals is alone in a family that is often poor.

    At least one family a block plays each, put on file and beginning within the delivered months, where
    anybody can.
    """
    lives = Lives(people, truth, clock, people.age(clock, clock.first))
    at_home = truth.unit == people.home[:, None]
    stays = at_home.all(axis=1)
    ratio = _per_capita(people, truth, at_home) / law.standard(clock, people.places.rural, UNTURNED)
    ratio[people.household_kind == OLD_ALONE] = np.inf  # theirs is another benefit
    poor = (ratio[:, 0] < 1) & (ratio.mean(axis=1) < 1)
    highest = np.where(poor, 0, 100) + ratio.max(axis=1)
    taken, alone = np.zeros(people.persons, bool), np.zeros(people.households, bool)
    drawn = []
    rarest_first = sorted(range(len(SCENARIOS)), key=lambda index: SCENARIOS[index].share)
    for index in rarest_first:
        scenario = SCENARIOS[index]
        rng = chance(seed, f"scenario_{scenario.name}")
        free = stays & scenario.who(lives) & ~taken & ~alone[people.home]
        person = _players(scenario, np.flatnonzero(free), poor, highest, people, rng)
        taken[person] = True
        alone[people.home[person[:1] if scenario.truth is Truth.NOTHING else person]] = True
        drawn.append(_played(index, person, lives, rng))
    return _joined(drawn)


def _players(
    scenario: Scenario,
    pool: np.ndarray,
    poor: np.ndarray,
    highest: np.ndarray,
    people: Population,
    rng: np.random.Generator,
) -> np.ndarray:
    """One member a family, whoever it is; the first is the one put on file, where anybody can be."""
    pool = rng.permutation(pool)
    pool = pool[np.unique(people.home[pool], return_index=True)[1]]
    anybody = np.zeros_like(highest)
    first = _first(pool, anybody if scenario.record is Record.ALONE else highest, people, rng)
    pool = np.setdiff1d(pool if scenario.innocent else pool[poor[people.home[pool]]], first)
    wanted = max(min(round(scenario.share * people.households) - 1, len(pool)), 0)
    return np.concatenate([first, rng.choice(pool, wanted, replace=False)]).astype(int)


def _first(pool: np.ndarray, highest: np.ndarray, people: Population, rng: np.random.Generator) -> np.ndarray:
    """One person of a family that is poor in every month, else of the one nearest to it."""
    best = highest[people.home[pool]]
    steady = pool[best < 1] if (best < 1).any() else pool[np.argsort(best, kind="stable")[:1]]
    return rng.choice(steady, min(1, len(steady)), replace=False)


def _per_capita(people: Population, truth: Economy, at_home: np.ndarray) -> np.ndarray:
    """What those registered and living there earn, yuan a month and person: households x months."""
    first = np.searchsorted(people.home, np.arange(people.households))
    earned = np.add.reduceat((truth.wage + truth.pension) * at_home, first, axis=0)
    persons = np.add.reduceat(at_home, first, axis=0, dtype=np.int16)
    return (earned + truth.support[:, None]) / np.maximum(persons, 1)


def _played(index: int, person: np.ndarray, lives: Lives, rng: np.random.Generator) -> Cast:
    """The first within the delivered months, the others over the whole span of the record."""
    scenario, clock, count = SCENARIOS[index], lives.clock, len(person)
    earliest, lasts = SPANS[scenario.record]
    begins = rng.integers(earliest, clock.last, count)
    if scenario.record in (Record.ALONE, Record.SMALL_WAGES):
        begins[:] = 0
    elif count:
        begins[0] = rng.integers(clock.first, max(clock.last - 2, clock.first + 1))
    until = np.full(count, OPEN) if lasts is None else begins + rng.integers(*lasts, count, endpoint=True)
    if scenario.record is Record.SMALL_WAGES:
        until = np.minimum(lives.truth.school_leaving[person] + 1, clock.total)
    home = lives.people.home[person]
    arranged = np.full(count, not scenario.innocent or scenario.record is Record.ALONE)
    arranged[:1] = True
    yuan, draw = _yuan(scenario, person, lives, rng), rng.random(count)
    if scenario.record is Record.HOME:  # public rental is in towns
        draw = np.where(lives.people.places.rural[home], 1.0, draw)
    months = np.arange(clock.total)
    lasting = (begins[:, None] <= months) & (months < until[:, None])
    monthly = np.where(lasting, yuan[:, None] * _swing(scenario.record, lasting.shape, clock, rng), 0)
    of = np.full(count, index)
    return Cast(
        of, person, home, begins, until, yuan, monthly, draw, arranged, lives.people.persons, clock.total
    )


def _swing(record: Record, shape: tuple[int, int], clock: Clock, rng: np.random.Generator) -> np.ndarray:
    """What a month brings of the usual: wages nearly all, a student's job in summer and now and then."""
    match record:
        case Record.SMALL_WAGES:
            summer = np.isin(clock.month(np.arange(shape[1])).astype(int) % 12 + 1, SUMMER)
            worked = rng.random(shape) < np.where(summer, 0.8, 0.2)
            return worked * np.exp(rng.normal(0, 0.3, shape))
        case Record.ENTITY:
            return np.exp(rng.normal(0, 0.17, shape))
        case Record.WAGES | Record.FAR_WAGES:
            return np.exp(rng.normal(0, 0.03, shape))
    return np.ones(shape)


def _yuan(scenario: Scenario, person: np.ndarray, lives: Lives, rng: np.random.Generator) -> np.ndarray:
    """Drawn by the record, so that an amount tells nothing."""
    people, home, count = lives.people, lives.people.home[person], len(person)
    rural, schooled = people.places.rural[home], people.education[person] - 1.5
    noise = rng.standard_normal(count)
    standard = law.standard(lives.clock, people.places.rural[home], UNTURNED)[:, -1:]
    match scenario.record:
        case Record.ENTITY:
            return np.exp(LEVEL[BUSINESS] + 0.13 * schooled - 0.18 * rural + SPREAD[BUSINESS] * noise)
        case Record.WAGES | Record.FAR_WAGES:
            return np.exp(LEVEL[FORMAL] + 0.13 * schooled - 0.18 * rural + SPREAD[FORMAL] * noise)
        case Record.SMALL_WAGES:
            return np.exp(7.3 + 0.5 * noise)
        case Record.PENSION:
            return np.exp(7.85 + 0.33 * noise) * np.where(rural, 0.8, 1.0)
        case Record.DEPOSIT:
            living = np.bincount(people.home, minlength=people.households)[home]
            limit = law.deposit_limit(standard, rural)[:, 0] * living
            return limit * (1.1 + np.exp(-0.3 + 0.8 * noise))
        case Record.CAR:
            return law.VEHICLE_LIMIT_YUAN + np.exp(10.4 + 0.7 * noise)
        case Record.HOME:
            return np.exp(7.4 + 0.3 * noise) * np.where(rural, 0.6, 1.0)
        case Record.ALONE:
            return standard[:, 0] * (1.15 + 0.3 * np.abs(noise))


def _joined(parts: list[Cast]) -> Cast:
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    return Cast(**columns, persons=parts[0].persons, months=parts[0].months)


def plant(cast: Cast, truth: Economy) -> None:
    """Write what is true of the cases into the months: work, pensions, absences, support."""
    left = cast.true(Truth.LEFT)
    for truths, job in (((Truth.JOB, Truth.LEFT), FORMAL), ((Truth.BUSINESS,), BUSINESS)):
        works = cast.true(*truths)
        row, month = np.nonzero(works.lasts)
        truth.job[works.person[row], month] = job
        truth.wage[works.person[row], month] = works.monthly[row, month]
        truth.dole[works.person[row], month] = 0
        truth.wallet[works.person[row], month] = truth.new_platform[works.person[row], month] = False
    truth.unit[left.person] = np.where(left.lasts, ELSEWHERE, truth.unit[left.person])
    drawn = cast.true(Truth.PENSION)
    truth.pension[drawn.person] = np.where(drawn.lasts, drawn.yuan[:, None], truth.pension[drawn.person])
    truth.support[cast.true(Truth.IN_NEED).home] = 0
    helped = cast.true(Truth.SUPPORTED)
    truth.support[helped.home] = helped.yuan

"""People and households: who is registered together, who lives together, and what they are like.

A hukou household is what the resident register knows. A living unit is who really lives (and eats)
together: adult children on the hukou may live elsewhere, and some people live in another hukou's home.
Person arrays are sorted by hukou household; the head comes first.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_data.clock import Clock, chance
from synthetic_data.identity_numbers import id_numbers
from synthetic_data.law import RURAL, URBAN
from synthetic_data.places import Places, make_places
from synthetic_data.pools import Pools
from synthetic_data.streets import Streets

ELSEWHERE = -1  # living unit of those who live outside the district
HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD = range(5)
(
    OLD_ALONE,
    OLD_COUPLE,
    SINGLE,
    COUPLE,
    WITH_MINORS,
    WITH_ADULT_CHILD,
    THREE_GENERATIONS,
    SINGLE_PARENT,
    GRANDPARENTS,
) = range(9)
SHARES = np.array(
    [
        [0.08, 0.085, 0.115, 0.11, 0.3, 0.12, 0.125, 0.045, 0.02],  # urban
        [0.095, 0.105, 0.06, 0.08, 0.255, 0.14, 0.195, 0.035, 0.035],  # rural
    ]
)
HEAD_AGES = np.array(
    [[62, 92], [60, 86], [20, 60], [25, 60], [25, 50], [44, 64], [29, 52], [24, 54], [58, 76]]
)
DISABILITIES = ("visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple")


@dataclass
class Population:
    """Arrays of persons (…) and households (household_…)."""

    id_no: np.ndarray
    name: np.ndarray
    female: np.ndarray
    born_on: np.ndarray
    role: np.ndarray
    home: np.ndarray  # hukou household
    unit: np.ndarray  # living unit at the beginning; ELSEWHERE outside the district
    education: np.ndarray  # 0 primary, 1 junior, 2 senior, 3 college, 4 postgraduate
    frailty: np.ndarray
    disability_grade: np.ndarray  # 0 none, else 1-4
    disability: np.ndarray  # index into DISABILITIES
    chronic: np.ndarray
    employee_pension: np.ndarray
    places: Places
    household_kind: np.ndarray
    migrant: np.ndarray
    hardship: np.ndarray  # what members share: schooling, health, luck; standard normal
    hukou_no: np.ndarray
    hukou_region: np.ndarray

    @property
    def persons(self) -> int:
        return len(self.home)

    @property
    def households(self) -> int:
        return len(self.household_kind)

    def age(self, clock: Clock, number: int) -> np.ndarray:
        """Years on the first day of month `number`, float."""
        return (clock.day(number, 1) - self.born_on).astype(float) / 365.25

    @property
    def rural(self) -> np.ndarray:
        """Whether the person's hukou household is rural."""
        return self.places.rural[self.home]


def make_population(
    households: int,
    clock: Clock,
    seed: int,
    pools: Pools,
    streets: Streets,
    block: int = 0,
    blocks: int = 1,
    first_household: int = 0,
) -> Population:
    """Draw the district; the last three keep its numbers apart from those of a city's other blocks."""
    rng = chance(seed, "population")
    places = make_places(rng, households, block)
    kind = _kinds(rng, places.rural)
    hardship = rng.standard_normal(households) + streets.need[places.street]
    home, role, age = _members(rng, kind)
    persons = len(home)
    female = _sexes(rng, role)
    born_on = clock.start_day - (age * 365.25 + rng.uniform(0, 365, persons)).astype("timedelta64[D]")
    rural, shared = places.rural[home], hardship[home]
    education = _education(rng, age, rural, shared)
    frailty = 0.45 * shared + rng.normal(0, 0.9, persons) + 0.02 * np.maximum(age - 45, 0)
    grade, disability = _disability(rng, frailty, age)
    migrant = rng.random(households) < np.where(kind <= OLD_COUPLE, 0.03, np.where(places.rural, 0.05, 0.16))
    area = np.where(rural, int(RURAL), int(URBAN))
    hukou_region = places.region_code.copy()
    hukou_region[migrant] = (990200000000 + rng.integers(1, 90, migrant.sum()) * 10**6 + 1001).astype(str)
    return Population(
        id_no=id_numbers(area, born_on, female, rng.random(persons), block, blocks),
        name=_minority(
            chance(seed, "minority_names"), _names(rng, pools, home, role, female, households), home, female
        ),
        female=female,
        born_on=born_on,
        role=role,
        home=home,
        unit=_units(rng, home, role, age),
        education=education,
        frailty=frailty,
        disability_grade=grade,
        disability=disability,
        chronic=rng.random(persons) < _logistic(-3.4 + 0.055 * (age - 25) + 0.5 * frailty),
        employee_pension=rng.random(persons)
        < _logistic(np.where(rural, -1.9, 1.3) + 0.5 * (education - 1) - 0.55 * shared),
        places=places,
        household_kind=kind,
        migrant=migrant,
        hardship=hardship,
        hukou_no=np.array(
            [f"HK{r[:6]}{i:07d}" for i, r in enumerate(hukou_region.tolist(), first_household)]
        ),
        hukou_region=hukou_region,
    )


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _kinds(rng: np.random.Generator, rural: np.ndarray) -> np.ndarray:
    draw = rng.random(len(rural))
    return np.minimum(
        (draw[:, None] > SHARES.cumsum(axis=1)[rural.astype(int)]).sum(axis=1), len(SHARES[0]) - 1
    )


def _members(rng: np.random.Generator, kind: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Household, role and age of every person, by filling seven slots a household."""
    count = len(kind)
    low, high = HEAD_AGES[kind].T
    head = rng.uniform(low, high)
    ages = np.full((count, 7), np.nan)
    ages[:, 0] = head
    married = np.isin(kind, (OLD_COUPLE, COUPLE, WITH_MINORS, WITH_ADULT_CHILD, THREE_GENERATIONS))
    married |= (kind == GRANDPARENTS) & (rng.random(count) < 0.7)
    ages[:, 1] = np.where(married, np.maximum(head + rng.normal(-1.5, 3, count), 20), np.nan)
    more = rng.random(count)
    minors = np.isin(kind, (WITH_MINORS, THREE_GENERATIONS, SINGLE_PARENT))
    oldest = np.minimum(np.maximum(head - rng.uniform(21, 33, count), 0.2), 21)
    ages[:, 2] = np.where(minors, oldest, np.nan)
    ages[:, 3] = np.where(
        minors & (more < 0.52), np.maximum(oldest - rng.uniform(1.5, 6, count), 0.1), np.nan
    )
    ages[:, 4] = np.where(minors & (more < 0.06), np.maximum(oldest - rng.uniform(6, 9, count), 0.05), np.nan)
    grown = kind == WITH_ADULT_CHILD
    adult = np.minimum(np.maximum(head - rng.uniform(22, 32, count), 18), 36)
    ages[grown, 2] = adult[grown]
    second = grown & (more < 0.22)
    ages[second, 3] = np.maximum(adult - rng.uniform(1.5, 6, count), 14)[second]
    grandchild = kind == GRANDPARENTS
    ages[grandchild, 2] = rng.uniform(3, 17, grandchild.sum())
    three = kind == THREE_GENERATIONS
    ages[three, 5] = (head + rng.uniform(22, 33, count))[three]
    both = three & (rng.random(count) < 0.6)
    ages[both, 6] = np.maximum(ages[:, 5] + rng.normal(0, 3, count), head + 18)[both]
    home, slot = np.nonzero(~np.isnan(ages))
    role = np.array([HEAD, SPOUSE, CHILD, CHILD, CHILD, PARENT, PARENT])[slot]
    role[(kind[home] == GRANDPARENTS) & (role == CHILD)] = GRANDCHILD
    return home, role, np.clip(ages[home, slot], 0.05, 97)


def _sexes(rng: np.random.Generator, role: np.ndarray) -> np.ndarray:
    """Spouses differ in sex; heads are men in 68 of 100."""
    female = rng.random(len(role)) < np.where(role == HEAD, 0.32, 0.49)
    spouse = np.flatnonzero(role == SPOUSE)
    female[spouse] = ~female[spouse - 1]
    return female


def _education(
    rng: np.random.Generator, age: np.ndarray, rural: np.ndarray, hardship: np.ndarray
) -> np.ndarray:
    score = 1.9 - 0.028 * (age - 30) - 0.6 * rural - 0.35 * hardship + rng.normal(0, 0.8, len(age))
    return np.clip(np.round(score), 0, 4).astype(int)


def _disability(
    rng: np.random.Generator, frailty: np.ndarray, age: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    has = rng.random(len(age)) < _logistic(-3.35 + 0.95 * frailty + 0.012 * (age - 40))
    grade = np.where(has, rng.choice([1, 2, 3, 4], len(age), p=[0.15, 0.27, 0.3, 0.28]), 0)
    return grade, rng.choice(len(DISABILITIES), len(age), p=[0.11, 0.2, 0.03, 0.42, 0.09, 0.11, 0.04])


def _units(rng: np.random.Generator, home: np.ndarray, role: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Living units: 45 of 100 adult children of the hukou live outside, a few in another home."""
    unit = home.copy()
    grown = (role == CHILD) & (age >= 22)
    draw = rng.random(len(home))
    unit[grown & (draw < 0.40)] = ELSEWHERE
    other = grown & (draw >= 0.40) & (draw < 0.46)
    unit[other] = rng.integers(0, home[-1] + 1, other.sum())
    return unit


def _names(
    rng: np.random.Generator,
    pools: Pools,
    home: np.ndarray,
    role: np.ndarray,
    female: np.ndarray,
    households: int,
) -> np.ndarray:
    """Children carry the head's surname."""
    size = len(pools.surname)
    surname = rng.integers(0, size, households)[home]
    own = np.isin(role, (SPOUSE, PARENT))
    surname[own] = rng.integers(0, size, own.sum())
    given = rng.integers(0, size, len(home))
    return pools.surname[surname] + np.where(female, pools.given_female[given], pools.given_male[given])


#: Given names as they are written in Chinese characters; the father's name follows behind a middle dot.
GIVEN_FEMALE = ("阿依古丽", "古丽娜尔", "热依汗", "阿米娜", "帕提古丽", "卓玛", "央金")
GIVEN_MALE = ("买买提", "艾力", "阿卜杜拉", "吐尔逊", "玉素甫", "扎西", "巴特尔")
MINORITY = 0.008  # share of households


def _minority(
    rng: np.random.Generator, names: np.ndarray, home: np.ndarray, female: np.ndarray
) -> np.ndarray:
    """The names, those of some households written with a middle dot."""
    chosen = (rng.random(home[-1] + 1) < MINORITY)[home]
    given, father = rng.integers(0, len(GIVEN_MALE), (2, len(home)))
    own = np.where(female, np.array(GIVEN_FEMALE, object)[given], np.array(GIVEN_MALE, object)[given])
    return np.where(chosen, own + "·" + np.array(GIVEN_MALE, object)[father], names)

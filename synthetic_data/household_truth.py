"""What the months mean for each living unit: income by kind, people, savings, cars, homes, the law's test."""

from dataclasses import dataclass

import numpy as np

from synthetic_data import law
from synthetic_data.casting import Cast
from synthetic_data.clock import Clock, chance
from synthetic_data.economy import BUSINESS, FARM, FORMAL, INFORMAL, PLATFORM, Economy
from synthetic_data.knobs import Knobs
from synthetic_data.population import Population
from synthetic_data.scenarios import Truth

AVERAGED_MONTHS = 3
MODEST = 0.6  # of the deposit limit, the most that families of planted cases have otherwise


@dataclass
class Household:
    """Arrays households x months, yuan a month unless said otherwise."""

    persons: np.ndarray
    formal: np.ndarray  # wages with a contract
    cash: np.ndarray  # informal, platform and business income
    wallet: np.ndarray  # of it, what is paid to a relative's wallet
    farm: np.ndarray
    pension: np.ndarray
    support: np.ndarray
    concealed: np.ndarray  # pay and rent of planted cases, told to nobody
    deduction: np.ndarray  # serious illness and the cost of going to work
    countable: np.ndarray  # three months' mean, after deductions
    per_capita: np.ndarray
    standard: np.ndarray
    deposits: np.ndarray  # yuan
    car_yuan: np.ndarray  # households: listed price of the family's car, 0 none
    car_from: np.ndarray  # month number of its registration
    dwellings: np.ndarray  # households
    windfall: np.ndarray  # month number of an inheritance or compensation
    property_over: np.ndarray  # bool
    able_idle: np.ndarray  # persons able to work without work

    @property
    def eligible(self) -> np.ndarray:
        """Below the standard and within the property limits, really."""
        return (self.persons > 0) & (self.per_capita < self.standard) & ~self.property_over

    def to_wallets(self, homes: np.ndarray, month: int) -> np.ndarray:
        """What goes to relatives' wallets in that month, over as many months as `countable`."""
        return self.wallet[homes, max(month + 1 - AVERAGED_MONTHS, 0) : month + 1].mean(axis=1)


def make_household_truth(
    people: Population, truth: Economy, cast: Cast, clock: Clock, seed: int, knobs: Knobs
) -> Household:
    """Sum persons to living units month by month, then save and apply the law."""
    rng = chance(seed, "household_truth")
    homes, total = people.households, clock.total
    sums = {
        name: np.zeros((homes, total), np.float32)
        for name in (
            "persons",
            "formal",
            "cash",
            "wallet",
            "farm",
            "concealed",
            "pension",
            "self_paid",
            "able_idle",
            "workers",
        )
    }
    secret = cast.true(Truth.JOB, Truth.BUSINESS).cells
    for month in range(total):
        here = np.flatnonzero(truth.unit[:, month] >= 0)
        unit, job, wage = truth.unit[here, month], truth.job[here, month], truth.wage[here, month]
        hidden = secret[here, month]
        cash = ((job == INFORMAL) | (job == PLATFORM) | (job == BUSINESS)) & ~hidden
        values = {
            "persons": np.ones(len(here)),
            "formal": wage * ((job == FORMAL) & ~hidden),
            "cash": wage * cash,
            "wallet": wage * truth.wallet[here, month],
            "farm": wage * (job == FARM),
            "concealed": wage * hidden,
            "pension": truth.pension[here, month] + truth.dole[here, month],
            "self_paid": truth.self_paid[here, month],
            "workers": (job > 0) & (job != FARM),
            "able_idle": truth.able[here, month] & (job == 0),
        }
        for name, value in values.items():
            sums[name][:, month] = np.bincount(unit, weights=value, minlength=homes)
    support = truth.support[:, None] * (sums["persons"] > 0)
    lets = cast.true(Truth.RENT)
    sums["concealed"][lets.home] += lets.monthly * (sums["persons"][lets.home] > 0)
    gross = _mean(
        sums["formal"] + sums["cash"] + sums["farm"] + sums["concealed"] + sums["pension"] + support,
        AVERAGED_MONTHS,
    )
    deduction = np.minimum(_mean(sums["self_paid"], 12), law.MEDICAL_SHARE * gross)
    cost = _mean(sums["workers"], AVERAGED_MONTHS) * law.employment_cost(people.places.rural)[:, None]
    deduction = deduction + np.minimum(cost, gross - deduction)
    countable = gross - deduction
    standard = law.standard(clock, people.places.rural, knobs)
    per_capita = countable / np.maximum(sums["persons"], 1)
    household = Household(
        persons=sums["persons"],
        formal=sums["formal"],
        cash=sums["cash"],
        wallet=sums["wallet"],
        farm=sums["farm"],
        pension=sums["pension"],
        support=support,
        concealed=sums["concealed"],
        deduction=deduction,
        countable=countable,
        per_capita=per_capita,
        standard=standard,
        able_idle=sums["able_idle"],
        **_property(people, sums["persons"], gross, clock, rng),
        property_over=np.zeros(gross.shape, bool),
    )
    limit = law.deposit_limit(standard, people.places.rural) * np.maximum(household.persons, 1)
    _plant_property(household, cast, limit)
    _apply_limits(household, limit, total)
    return household


def _mean(values: np.ndarray, window: int) -> np.ndarray:
    """Trailing mean over up to `window` months."""
    sums = np.cumsum(values, axis=1, dtype=np.float64)
    sums[:, window:] -= sums[:, :-window].copy()
    return sums / np.minimum(np.arange(1, values.shape[1] + 1), window)


def _property(
    people: Population, persons: np.ndarray, income: np.ndarray, clock: Clock, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Savings follow income; cars and second homes follow lasting income; windfalls are chance."""
    homes, total = persons.shape
    lasting = np.log(np.maximum(income.mean(axis=1) / np.maximum(persons.mean(axis=1), 1), 100))
    deposits = np.empty((homes, total), np.float32)
    stock = np.exp(rng.normal(9.25, 1.1, homes) + 1.1 * (lasting - 7.3) - 0.2 * people.hardship)
    need = 950 * np.maximum(persons, 1) ** 0.8
    thrift = rng.uniform(0.15, 0.6, homes)
    windfall = np.floor(rng.exponential(1 / 0.0006, homes)).astype(int)
    for month in range(total):
        spare = income[:, month] - need[:, month]
        stock = np.maximum(stock + np.where(spare > 0, thrift * spare, 0.25 * spare), 200)
        stock = stock + np.where(windfall == month, np.exp(rng.normal(11.1, 0.5, homes)), 0)
        deposits[:, month] = stock
    car_chance = 1 / (1 + np.exp(-(-0.9 + 1.5 * (lasting - 7.5) + 0.2 * (people.household_kind >= 3))))
    has_car = rng.random(homes) < car_chance
    price = np.exp(rng.normal(10.75, 0.75, homes) + 0.35 * (lasting - 7.8))
    second = rng.random(homes) < 1 / (1 + np.exp(-(-3.3 + 1.2 * (lasting - 7.5))))
    own = rng.random(homes) < np.where(people.places.rural, 0.93, np.where(people.migrant, 0.2, 0.72))
    return {
        "deposits": deposits,
        "car_yuan": np.where(has_car, np.round(price, -2), 0),
        "car_from": rng.integers(-120, total, homes),
        "dwellings": own.astype(int) + second,
        "windfall": windfall,
    }


def _plant_property(household: Household, cast: Cast, limit: np.ndarray) -> None:
    """Families of planted cases own little beside what the case says."""
    modest = cast.where(cast.arranged).home
    household.deposits[modest] = np.minimum(household.deposits[modest], MODEST * limit[modest])
    household.car_yuan[modest] = 0
    savings, car = cast.true(Truth.SAVINGS), cast.true(Truth.CAR)
    household.deposits[savings.home] += savings.lasts * savings.yuan[:, None]
    household.car_yuan[car.home], household.car_from[car.home] = np.round(car.yuan, -2), car.begins
    household.dwellings[cast.tenants.home] = 0
    household.dwellings[cast.flats.home] = np.maximum(household.dwellings[cast.flats.home], 1)


def _apply_limits(household: Household, limit: np.ndarray, total: int) -> None:
    driven = household.car_from[:, None] <= np.arange(total)
    household.property_over = (household.deposits > limit) | (
        driven & (household.car_yuan > law.VEHICLE_LIMIT_YUAN)[:, None]
    )

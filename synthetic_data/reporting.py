"""What families tell: honest, rounding and hiding families, each with its own rates."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.casting import Cast
from synthetic_data.clock import Clock, chance
from synthetic_data.household_truth import Household
from synthetic_data.population import Population
from synthetic_data.scenarios import Record, Truth
from synthetic_data.take_up import TakeUp, make_take_up

HONEST, ROUNDING, HIDING = range(3)
SILENT_RISE = 0.004  # monthly hazard that a rise is reported all the same
EAGER = 8.0  # readiness of families that a planted case puts on file


@dataclass
class Reporting:
    """Arrays of households, and what each would say if asked in each month (yuan a month)."""

    kind: np.ndarray
    would_declare: np.ndarray  # households x months, countable income
    told_deposit_share: np.ndarray
    reports_rise: np.ndarray  # monthly hazard of reporting a rise of income unasked
    reports_fall: np.ndarray
    take_up: TakeUp  # why a family applies or does not
    unaware: np.ndarray  # bool: does not know of the benefit until somebody tells
    impression: np.ndarray  # caseworkers' private view of the family; in no table


def make_reporting(
    people: Population, household: Household, cast: Cast, clock: Clock, seed: int
) -> Reporting:
    """Draw types and readiness, and compute what each household would declare."""
    rng = chance(seed, "reporting")
    count = people.households
    cash = household.cash - household.wallet  # what goes to a relative's wallet nobody is told of
    lasting_cash = cash.mean(axis=1) > 400
    kind = np.where(rng.random(count) < 0.27, ROUNDING, HONEST)
    kind[rng.random(count) < np.where(lasting_cash, 0.24, 0.13)] = HIDING
    draw = rng.random((4, count))
    by_kind = np.choose(kind, [0.96 + 0.04 * draw[0], 0.6 + 0.3 * draw[0], 0.25 * draw[0]])
    share_cash = by_kind[:, None]
    share_formal = np.choose(kind, [1.0 + 0 * draw[1], 0.92 + 0.08 * draw[1], 0.55 + 0.45 * draw[1]])[:, None]
    gross = (
        share_cash * cash
        + share_formal * household.formal
        + household.pension
        + np.choose(kind, [0.95, 0.6, 0.35])[:, None] * (household.farm + household.support)
    )
    mean = _three_months(gross)
    deduction = np.minimum(household.deduction, 0.8 * mean)
    reporting = Reporting(
        kind=kind,
        would_declare=np.maximum(mean - deduction, 0),
        told_deposit_share=np.choose(kind, [0.97 + 0 * draw[2], 0.6 + 0.4 * draw[2], 0.25 * draw[2]]),
        reports_rise=np.choose(kind, [0.15, 0.08, SILENT_RISE]),
        reports_fall=np.choose(kind, [0.16, 0.12, 0.2]),
        take_up=make_take_up(people, clock, seed),
        unaware=np.zeros(count, bool),
        impression=rng.normal(0, 1, count),
    )
    _plant(reporting, cast)
    return reporting


def _plant(reporting: Reporting, cast: Cast) -> None:
    """Families of planted cases: what they keep to themselves, and whether they come to apply."""
    reporting.reports_rise[cast.true(Truth.PENSION).home] = SILENT_RISE
    reporting.told_deposit_share[cast.true(Truth.SAVINGS).home] *= 0.1
    reporting.take_up.make_ready(cast.where(cast.arranged).home, EAGER)
    reporting.unaware[cast.recorded(Record.ALONE).home] = True


def _three_months(values: np.ndarray) -> np.ndarray:
    sums = np.cumsum(values, axis=1, dtype=np.float64)
    sums[:, 3:] -= sums[:, :-3].copy()
    return sums / np.minimum(np.arange(1, values.shape[1] + 1), 3)

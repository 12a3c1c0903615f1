"""What families tell: honest, rounding and hiding families, each with its own rates."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.casting import Cast
from synthetic_data.clock import chance
from synthetic_data.household_truth import Household
from synthetic_data.population import OLD_ALONE, Population
from synthetic_data.scenarios import Record, Truth

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
    take_up: np.ndarray  # readiness to apply: information, distance, stigma; about 1
    unaware: np.ndarray  # bool: does not know of the benefit until somebody tells
    impression: np.ndarray  # caseworkers' private view of the family; in no table


def make_reporting(people: Population, household: Household, cast: Cast, seed: int) -> Reporting:
    """Draw types and readiness, and compute what each household would declare."""
    rng = chance(seed, "reporting")
    count = people.households
    lasting_cash = household.cash.mean(axis=1) > 400
    kind = np.where(rng.random(count) < 0.27, ROUNDING, HONEST)
    kind[rng.random(count) < np.where(lasting_cash, 0.24, 0.13)] = HIDING
    draw = rng.random((4, count))
    by_kind = np.choose(kind, [0.96 + 0.04 * draw[0], 0.6 + 0.3 * draw[0], 0.25 * draw[0]])
    share_cash = by_kind[:, None]
    share_formal = np.choose(kind, [1.0 + 0 * draw[1], 0.92 + 0.08 * draw[1], 0.55 + 0.45 * draw[1]])[:, None]
    gross = (
        share_cash * household.cash
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
        reports_rise=np.choose(kind, [0.18, 0.09, SILENT_RISE]),
        reports_fall=np.choose(kind, [0.16, 0.12, 0.2]),
        take_up=np.exp(_readiness(people, rng)),
        unaware=np.zeros(count, bool),
        impression=rng.normal(0, 1, count),
    )
    _plant(reporting, cast)
    return reporting


def _plant(reporting: Reporting, cast: Cast) -> None:
    """Families of planted cases: what they keep to themselves, and whether they come to apply."""
    reporting.reports_rise[cast.true(Truth.PENSION).home] = SILENT_RISE
    reporting.told_deposit_share[cast.true(Truth.SAVINGS).home] *= 0.1
    reporting.take_up[cast.where(cast.arranged).home] = EAGER
    reporting.unaware[cast.recorded(Record.ALONE).home] = True


def _three_months(values: np.ndarray) -> np.ndarray:
    sums = np.cumsum(values, axis=1, dtype=np.float64)
    sums[:, 3:] -= sums[:, :-3].copy()
    return sums / np.minimum(np.arange(1, values.shape[1] + 1), 3)


def _readiness(people: Population, rng: np.random.Generator) -> np.ndarray:
    """Log readiness: lower for old people alone, migrants and remote homes; staff know disabled families."""
    disabled = (
        np.bincount(people.home, weights=(people.disability_grade > 0), minlength=people.households) > 0
    )
    schooled = np.zeros(people.households)
    np.maximum.at(schooled, people.home, people.education)
    return (
        rng.normal(0, 0.85, people.households)
        + 0.5 * disabled
        + 0.12 * (schooled - 1.5)
        - 0.65 * (people.household_kind == OLD_ALONE)
        - 0.7 * people.migrant
        - 0.2 * people.places.rural
    )

"""What departments can see of the truth, before lag and delivery: noisy, gapped, and less of those who hide.

Each spell of work is insured, taxed or neither; bases sit at the local floor; contributions may run on after
a job ends; 3 of 100 numbers carry another person's records. Planted cases (`scenarios`) leave records by
the case's kind of record and not by what is true of it.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_data.casting import EARNED, Cast
from synthetic_data.clock import Clock, chance
from synthetic_data.drift import PLATFORM_SEEN, WALLET_INSURED
from synthetic_data.economy import BUSINESS, FORMAL, INFORMAL, NONE, PLATFORM, Economy
from synthetic_data.household_truth import Household
from synthetic_data.population import Population
from synthetic_data.reporting import HIDING, Reporting
from synthetic_data.scenarios import Record

SPELLS = 12  # draws kept for each person's successive spells of work
NEW_PLATFORM = 2501  # number of the platform that came later, behind all other employers
MISMATCH = 0.0195  # of numbers; 3 in 100 of the rows that arrive
FLOOR_URBAN, FLOOR_RURAL = 4250.0, 3700.0  # lowest contribution base, yuan a month


@dataclass
class Sightings:
    """Persons x months in yuan (float32, 0 nothing seen); persons; households."""

    job: np.ndarray  # work as those who pay and insure it write it down
    contribution_base: np.ndarray
    flexible: np.ndarray  # persons x months, bool: pays as a flexible worker, no employer
    withheld: np.ndarray
    housing_fund: np.ndarray
    pension: np.ndarray  # of employees
    employer: np.ndarray  # persons x months: number of the employer, 0 none
    deposit_share: np.ndarray  # households: share of savings that banks report under their numbers
    car_shown: np.ndarray  # households, bool: registered in a member's name
    income: np.ndarray  # households x months: larger of base and withholding, and pension
    spell: np.ndarray
    contribution_of: np.ndarray  # persons x months: whose record stands under the number, -1 the person's own
    withheld_of: np.ndarray
    fund_of: np.ndarray

    def subject(self, whose: np.ndarray, person: np.ndarray, month: np.ndarray) -> np.ndarray:
        """The person each cell is really about; `whose` is one of the last three arrays."""
        other = whose[person, month]
        return np.where(other >= 0, other, person)


def make_sightings(
    people: Population,
    truth: Economy,
    household: Household,
    reporting: Reporting,
    cast: Cast,
    clock: Clock,
    seed: int,
) -> Sightings:
    """Draw each department's view."""
    rng = chance(seed, "sightings")
    persons = people.persons
    planted = cast.recorded(*EARNED).cells
    written = np.where(planted, FORMAL, truth.job)
    job, wage = np.where(planted, NONE, truth.job), truth.wage  # planted work is seen by its own records only
    new = np.zeros(job.shape, np.int16)
    new[:, 1:] = written[:, 1:] != written[:, :-1]
    spell = np.minimum(np.cumsum(new, axis=1), SPELLS - 1)
    hides = (reporting.kind == HIDING)[np.maximum(people.unit, 0)] & (people.unit >= 0)

    def of_spell(chances: np.ndarray | float) -> np.ndarray:
        """True where the spell's own draw is under its chance."""
        return np.take_along_axis(rng.random((persons, SPELLS), dtype=np.float32), spell, axis=1) < chances

    less = np.where(hides, 0.7, 1.0)[:, None]
    formal = job == FORMAL
    insured = formal & of_spell(0.78 * less)
    continued = _continued(insured, job, of_spell(0.2), rng)
    choice = rng.random(persons)[:, None]
    works = (job == INFORMAL) | (job == PLATFORM) | (job == BUSINESS)
    flexible = (works & (choice < 0.24)) | ((job == NONE) & truth.able & (choice < 0.10))
    flexible &= (people.age(clock, clock.first) > 27)[:, None] & ~insured & ~continued & ~planted
    floor = np.where(people.rural, FLOOR_RURAL, FLOOR_URBAN)[:, None].astype(np.float32)
    at_floor = of_spell(0.55)
    full = np.maximum(wage * (0.7 + 0.3 * rng.random((persons, 1), dtype=np.float32)), floor)
    base = np.where(insured, np.where(at_floor, floor, full), 0)
    base = np.where(continued | flexible, floor, base)
    base *= rng.random(base.shape, dtype=np.float32) > 0.04
    taxed = formal & of_spell(0.72 * less)
    platform = (job == PLATFORM) & of_spell(0.6 * np.where(hides, 0.9, 1.0)[:, None])
    labour = (job == INFORMAL) & of_spell(0.12)
    part = 0.3 + 0.7 * rng.random((persons, 1), dtype=np.float32)
    withheld = np.where(taxed, wage, np.where(platform | labour, wage * part, 0))
    withheld *= rng.random(withheld.shape, dtype=np.float32) > 0.05
    fund = np.where(formal & of_spell(0.4 * np.where(hides, 0.85, 1.0)[:, None]), wage * np.float32(0.2), 0)
    flexible = _see_new_work(truth, base, withheld, flexible, floor, seed)
    _plant_work(base, withheld, fund, cast, np.where(at_floor, floor, 0), rng)
    pension = truth.pension.copy()
    booked = cast.recorded(Record.PENSION)
    pension[booked.person] = np.where(booked.lasts, booked.monthly, pension[booked.person])
    contribution_of, withheld_of, fund_of = (
        _strangers(seen, rng, MISMATCH) for seen in (base, withheld, fund)
    )
    hiding = reporting.kind == HIDING
    count = people.households
    return Sightings(
        job=written,
        contribution_base=base.astype(np.float32),
        flexible=flexible,
        withheld=withheld.astype(np.float32),
        housing_fund=fund.astype(np.float32),
        pension=pension,
        employer=np.where(
            truth.new_platform, NEW_PLATFORM, (np.arange(persons)[:, None] * 31 + spell * 7919) % 2500 + 1
        ),
        deposit_share=_deposit_share(hiding, rng),
        car_shown=rng.random(count) < np.where(hiding, 0.5, 0.93),
        income=_household_income(truth, pension, base, withheld, count),
        spell=spell,
        contribution_of=contribution_of,
        withheld_of=withheld_of,
        fund_of=fund_of,
    )


def _see_new_work(
    truth: Economy,
    base: np.ndarray,
    withheld: np.ndarray,
    flexible: np.ndarray,
    floor: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Tax sees few of the new platform's workers and nothing that goes to a wallet; who pays as flexible."""
    if not (truth.wallet.any() or truth.new_platform.any()):
        return flexible
    rng = chance(seed, "new_work_seen")
    draw = rng.random((2, len(base), 1), dtype=np.float32)
    withheld[truth.wallet | (truth.new_platform & (draw[0] > PLATFORM_SEEN))] = 0
    pays = truth.wallet & (draw[1] < WALLET_INSURED)
    base[truth.wallet] = 0
    np.copyto(base, floor, where=pays, casting="same_kind")
    return np.where(truth.wallet, pays, flexible)


def _deposit_share(hiding: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hiding families often keep savings in a relative's name; no family's are seen whole."""
    count = len(hiding)
    elsewhere = rng.random(count) < 0.45
    kept = np.where(elsewhere, rng.uniform(0.0, 0.12, count), rng.uniform(0.2, 0.9, count))
    return np.where(hiding, kept, rng.uniform(0.35, 1.0, count))


def _continued(
    insured: np.ndarray, job: np.ndarray, runs_on: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Contributions that a past employer or the family keeps paying for some months after the job."""
    months = rng.integers(3, 13, len(insured))
    result = np.zeros_like(insured)
    left = np.zeros(len(insured), int)
    for month in range(1, insured.shape[1]):
        ended = insured[:, month - 1] & (job[:, month] == NONE) & runs_on[:, month]
        left = np.where(ended, months, np.maximum(left - 1, 0))
        result[:, month] = (left > 0) & (job[:, month] == NONE)
    return result


def _plant_work(
    base: np.ndarray,
    withheld: np.ndarray,
    fund: np.ndarray,
    cast: Cast,
    floor: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Pay of planted cases: taxed, insured or both, some with a housing fund; a student's is taxed only.

    floor: where the contribution base sits at the local floor, else 0.
    """
    earned = cast.recorded(*EARNED)
    small = np.isin(earned.person, cast.recorded(Record.SMALL_WAGES).person)
    draw, pay = np.where(small, 0.0, earned.draw), earned.monthly
    insured = np.where(floor[earned.person] > 0, floor[earned.person], np.maximum(0.85 * pay, FLOOR_URBAN))
    for seen, shown, yuan in (
        (withheld, draw < 0.7, pay),
        (base, draw > 0.25, insured),
        (fund, (draw > 0.5) & (draw < 0.9), 0.2 * pay),
    ):
        kept = earned.lasts & (rng.random(pay.shape) > 0.05)
        person = earned.person[shown]
        seen[person] = np.where(earned.lasts[shown], np.where(kept, yuan, 0)[shown], seen[person])


def _strangers(seen: np.ndarray, rng: np.random.Generator, share: float) -> np.ndarray:
    """A share of the numbers carries another person's records for some months; returns whose, -1 own."""
    struck = np.flatnonzero(rng.random(len(seen)) < share)
    donor = rng.choice(np.flatnonzero((seen > 0).mean(axis=1) > 0.4), len(struck))
    since = rng.integers(0, seen.shape[1], len(struck))
    months = np.arange(seen.shape[1])
    until = since + rng.integers(4, 14, len(struck))
    visible = (months >= since[:, None]) & (months < until[:, None])
    taken = visible & (seen[donor] > seen[struck])
    seen[struck] = np.where(taken, seen[donor], seen[struck])
    whose = np.full(seen.shape, -1, np.int32)
    whose[struck] = np.where(taken, donor[:, None], -1)
    return whose


def _household_income(
    truth: Economy, pension: np.ndarray, base: np.ndarray, withheld: np.ndarray, count: int
) -> np.ndarray:
    result = np.zeros((count, base.shape[1]), np.float32)
    for month in range(base.shape[1]):
        here = np.flatnonzero(truth.unit[:, month] >= 0)
        seen = np.maximum(base[here, month], withheld[here, month]) + pension[here, month]
        result[:, month] = np.bincount(truth.unit[here, month], weights=seen, minlength=count)
    return result

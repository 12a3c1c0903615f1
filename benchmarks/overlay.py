"""Plans of visits laid over a world without visits: what each would have ended, and when. NumPy only.

A visit ends or corrects what the world says it would find, from the next month on. A benefit that was ended
stays ended. An underpayment that was put right stays right until the world's own spell of it is over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

NEVER = -(10**6)


@dataclass(frozen=True)
class Month:
    """Recipients of one month of the world; arrays (n,).

    home: number of the household, from 0. exit_due, underpaid: what is true of the month's payment. ends,
    raises, reached: what a visit in it would do. since_check: months since the last check, in the world.
    """

    home: Places
    exit_due: Flags
    underpaid: Flags
    ends: Flags
    raises: Flags
    reached: Flags
    since_check: Floats


#: Number of the month, who of its rows is still paid and months since the last check -> who is visited.
Policy = Callable[[int, Flags, Floats], Flags]


@dataclass(frozen=True)
class Run:
    """Household-months under one policy; arrays (households,). case: ever exit due in the world itself."""

    paid: Floats
    wrong: Floats
    under: Floats
    visits: Floats
    case: Flags

    @property
    def right(self) -> Floats:
        """Months paid rightly: neither exit due nor underpaid. A month may be both; it is wrong once."""
        return self.paid - self.wrong - self.under

    def told(self) -> dict[str, float]:
        """The figures of a run: per 1,000 household-months, shares, and months a case."""
        paid = max(float(self.paid.sum()), 1.0)
        return {
            "wrong_per_1000": round(1000 * float(self.wrong.sum()) / paid, 2),
            "underpaid_per_1000": round(1000 * float(self.under.sum()) / paid, 2),
            "paid_rightly": round(float(self.right.sum()) / paid, 4),
            "delay_months": round(float(self.wrong.sum()) / max(int(self.case.sum()), 1), 3),
            "visits": float(self.visits.sum()),
        }


def simulate(months: Sequence[Month], households: int, policy: Policy) -> Run:
    """Live the months under a policy; `under` counts months underpaid and not exit due."""
    paid, wrong, under, visits = (np.zeros(households) for _ in range(4))
    ended, righted, case = (np.zeros(households, dtype=bool) for _ in range(3))
    last = np.full(households, NEVER)
    for number, month in enumerate(months):
        home = month.home
        active = ~ended[home]
        righted[home] &= month.underpaid
        case[home] |= month.exit_due
        paid[home] += active
        wrong[home] += active & month.exit_due
        under[home] += active & month.underpaid & ~righted[home] & ~month.exit_due
        visited = policy(number, active, np.fmin(month.since_check, number - last[home])) & active
        visits[home] += visited
        ended[home] |= visited & month.ends
        righted[home] |= visited & month.raises
        last[home[visited & month.reached]] = number
    return Run(paid, wrong, under, visits, case)


def first_of_street(
    street: npt.NDArray[np.object_], active: Flags, order: Floats, places: dict[str, int]
) -> Flags:
    """Of each street as many of the active as it has visits, highest `order` first; (n,)."""
    chosen = np.zeros(len(street), dtype=bool)
    for one in np.unique(street.astype(str)):
        members = np.flatnonzero((street == one) & active)
        chosen[members[np.argsort(-order[members], kind="stable")[: places.get(one, 0)]]] = True
    return chosen


def reduction(
    better: Floats, worse: Floats, *, seed: int, replicates: int = 1000
) -> tuple[float, float, float]:
    """1 - sum(better) / sum(worse) with its 95 % interval over households drawn anew (Poisson bootstrap)."""
    return _interval(better, worse, seed, replicates, lambda ratio: 1 - ratio)


def share(part: Floats, whole: Floats, *, seed: int, replicates: int = 1000) -> tuple[float, float, float]:
    """sum(part) / sum(whole) with its 95 % interval over households drawn anew."""
    return _interval(part, whole, seed, replicates, lambda ratio: ratio)


def _interval(
    part: Floats, whole: Floats, seed: int, replicates: int, of: Callable[[Floats], Floats]
) -> tuple[float, float, float]:
    sums, rng = np.stack([part, whole], axis=1), np.random.default_rng(seed)
    drawn = np.stack([rng.poisson(1.0, len(part)) @ sums for _ in range(replicates)])
    value = of(np.array([part.sum() / whole.sum()]))[0] if whole.sum() else np.nan
    kept = drawn[drawn[:, 1] > 0]
    low, high = np.quantile(of(kept[:, 0] / kept[:, 1]), [0.025, 0.975]) if len(kept) else (np.nan, np.nan)
    return float(value), float(low), float(high)

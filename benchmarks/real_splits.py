"""How a table is divided: later rows judge what was known before, or folds of what stays together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.real_problem import Problem
from benchmarks.real_time import clocks, periods
from features.errors import UserError
from training.splits import household_folds, rolling_origin

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

#: Windows on which the candidates of a split are compared.
WINDOWS = 3
#: Of a table with time the latest periods are judged: this share of the rows, about.
JUDGED_SHARE = 0.30


@dataclass(frozen=True)
class Split:
    """Positions learnt from and judged; windows: within those learnt from, to compare candidates on."""

    learn: Positions
    judge: Positions
    windows: tuple[tuple[Positions, Positions], ...]


def splits(problem: Problem, seed: int) -> list[Split]:
    """Later rows judged by what was known before, or folds of households; `UserError` without either."""
    household = problem.household
    if problem.time is None:
        fold = household_folds(household, problem.folds, seed)
        pairs = [(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in np.unique(fold)]
        return [Split(learn, judge, _fold_windows(household[learn], seed)) for learn, judge in pairs]
    time = periods(problem.table[problem.time], problem.time)
    known = time if problem.known is None else periods(problem.table[problem.known], problem.known)
    clock, told = clocks(time, known)
    start = _judged_from(problem, time.when)
    judged = (time.when >= start).to_numpy()
    by_then = told <= clock[~judged].max(initial=-np.inf)
    learn = np.flatnonzero(~judged & by_then & ~np.isin(household, household[judged]))
    if not len(learn) or not judged.any():
        raise UserError(
            f"{problem.name}: 时间 {start:.0f} 前后没有足够的行 / there are {len(learn)} rows to learn from "
            f"before {start:.0f} and {int(judged.sum())} to judge from then on; give another --from."
        )
    windows = _time_windows(clock[learn], told[learn], household[learn], seed)
    return [Split(learn, np.flatnonzero(judged), windows)]


def _judged_from(problem: Problem, when: pd.Series) -> float:
    if problem.judged_from is not None:
        return problem.judged_from
    later = when.value_counts(normalize=True).sort_index(ascending=False).cumsum()
    enough = later[later >= JUDGED_SHARE]
    return float(enough.index[0] if enough.index[0] > when.min() else when.max())


def _time_windows(
    clock: Floats, told: Floats, household: npt.NDArray[np.object_], seed: int
) -> tuple[tuple[Positions, Positions], ...]:
    """Rolling origin over the periods learnt from; folds of households where there is but one period."""
    every, period = np.unique(clock, return_inverse=True)
    known = np.searchsorted(every, told)
    width = max(1, len(every) // (WINDOWS + 1))
    made = rolling_origin(period, known, household, splits=WINDOWS, width=width)
    return tuple(made) or _fold_windows(household, seed)


def _fold_windows(household: npt.NDArray[np.object_], seed: int) -> tuple[tuple[Positions, Positions], ...]:
    fold = household_folds(household, WINDOWS, seed + 2)
    return tuple((np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in np.unique(fold))

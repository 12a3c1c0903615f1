"""How large the trees of a bag should be: asked of later months, by Optuna's tree of Parzen estimators.

Akiba et al., "Optuna: a next-generation hyperparameter optimization framework", KDD 2019. Depth stays at most
6, for explanations are computed for every household each night and cost grows with depth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import optuna

from models import metrics
from models.spec import ModelSpec
from training.boosting import Shape, fit_booster
from training.cohort import Cohort

Floats = npt.NDArray[np.float64]
Window = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

TUNED = "lightgbm_tuned"
TRIALS = 24
#: Before so many trials none is stopped for being worse than the median on its first windows.
UNPRUNED = 6
#: At most so many rows teach a trial; the order of shapes does not change with more.
TRIAL_ROWS = 60_000


@dataclass(frozen=True)
class Tuned:
    """The shape that wins, and every trial: average precision over the windows, NaN where stopped early."""

    shape: Shape
    trials: tuple[tuple[Shape, float], ...]


def tune(
    spec: ModelSpec,
    known: Callable[[Floats], Floats],
    cohort: Cohort,
    windows: Sequence[Window],
    *,
    seed: int,
    threads: int,
    trials: int = TRIALS,
) -> Tuned:
    """Search shapes by mean average precision over `windows` of (learn, judge) positions into `cohort`.

    known: fills what is unknown as the score will. The simplest shape within one standard error of the best
    wins (Breiman et al. 1984): fewest leaves, then fewest rounds. The same seed searches the same shapes.
    """
    parts = [(_at_most(learn, seed), judge) for learn, judge in windows]
    rows = known(cohort.rows)
    found: dict[Shape, list[float]] = {}

    def objective(trial: optuna.Trial) -> float:
        shape = proposed(trial)
        reached: list[float] = []
        for number, (learn, judge) in enumerate(parts):
            booster = fit_booster(
                spec, rows[learn], cohort.label[learn], cohort.weight[learn], shape, seed, threads
            )
            raw = np.asarray(booster.predict(rows[judge], raw_score=True, num_threads=threads))
            reached.append(metrics.average_precision(cohort.label[judge], raw, cohort.weight[judge]))
            trial.report(float(np.mean(reached)), number)
            if trial.should_prune():
                raise optuna.TrialPruned
        found[shape] = reached
        return float(np.mean(reached))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=8),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=UNPRUNED),
    )
    study.optimize(objective, n_trials=trials)
    return Tuned(simplest(found), tuple((shape, float(np.mean(ap))) for shape, ap in found.items()))


def proposed(trial: optuna.Trial) -> Shape:
    """One shape of the space that is searched."""
    return Shape(
        TUNED,
        leaves=trial.suggest_int("leaves", 6, 31),
        depth=trial.suggest_int("depth", 3, 6),
        rounds=trial.suggest_int("rounds", 80, 400, step=40),
        rate=trial.suggest_float("rate", 0.02, 0.1, log=True),
        least_rows=trial.suggest_int("least_rows", 10, 160, log=True),
        columns=trial.suggest_float("columns", 0.15, 0.9),
        ridge=trial.suggest_float("ridge", 1.0, 40.0, log=True),
    )


def simplest(found: dict[Shape, list[float]]) -> Shape:
    """Of the shapes that one standard error cannot tell from the best, the one with fewest leaves."""
    best = max(found, key=lambda shape: float(np.mean(found[shape])))
    ours = np.array(found[best])
    # Every shape is judged on the same windows, so what tells two apart is the spread of their difference.
    level = [shape for shape, reached in found.items() if _as_good(np.array(reached) - ours)]
    return min(level, key=lambda shape: (shape.leaves, shape.rounds))


def _as_good(difference: Floats) -> bool:
    """Whether the mean difference from the best is within its own standard error."""
    error = difference.std(ddof=1) / np.sqrt(len(difference)) if len(difference) > 1 else 0.0
    return bool(-difference.mean() <= error)


def _at_most(rows: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    if len(rows) <= TRIAL_ROWS:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, TRIAL_ROWS, replace=False))

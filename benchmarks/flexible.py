"""A learner that nothing restrains: deep trees, many rounds, no direction, stopped by households left out.

As many boosters as folds of households, each stopped early on the fold it never saw; what it says is the
mean of their probabilities. It needs a great many labels and explains itself to nobody: a mark, no model to
ship.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt

from benchmarks.true_labels import Rows
from models import metrics
from training.splits import household_folds

Floats = npt.NDArray[np.float64]

FOLDS = 3
ROUNDS, PATIENCE, LEAST_ROUNDS = 1_500, 40, 5
LEAVES, RATE = 63, 0.05
#: Rows of a leaf, at least: a household appears in many months, and no leaf may be one household's.
LEAST_ROWS = 150


@dataclass(frozen=True)
class Flexible:
    """names: the columns it reads, in order."""

    names: tuple[str, ...]
    boosters: tuple[lightgbm.Booster, ...]

    def said(self, rows: Rows, threads: int) -> Floats:
        """Probability of each row (n,)."""
        votes = [booster.predict(rows, num_threads=threads) for booster in self.boosters]
        return np.asarray(np.mean(votes, axis=0), dtype=np.float64)


def fit_flexible(
    names: tuple[str, ...],
    rows: Rows,
    label: Floats,
    household: npt.NDArray[np.object_],
    *,
    seed: int,
    threads: int,
    tell: Callable[[str], None] = lambda told: None,
) -> Flexible:
    """Fit on `rows` (n, names); `tell` hears how each booster did on the households it never saw."""
    fold = household_folds(household, FOLDS, seed)
    table = lightgbm.Dataset(rows, label, feature_name=list(names), params=_parameters(seed, threads))
    table.construct()
    boosters = []
    for left_out in range(FOLDS):
        learn, stop = (table.subset(np.flatnonzero(mask)) for mask in (fold != left_out, fold == left_out))
        booster = lightgbm.train(
            _parameters(seed + left_out, threads),
            learn,
            num_boost_round=ROUNDS,
            valid_sets=[stop],
            callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
        )
        here = fold == left_out
        reached = metrics.average_precision(label[here], booster.predict(rows[here], num_threads=threads))
        tell(f"{booster.best_iteration} rounds, average precision {reached:.3f} on households left out")
        boosters.append(booster)
    return Flexible(names, tuple(boosters))


def _parameters(seed: int, threads: int) -> dict[str, object]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_leaves": LEAVES,
        "learning_rate": RATE,
        "min_data_in_leaf": LEAST_ROWS,
        "lambda_l2": 10.0,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "feature_fraction": 0.3,
        "max_bin": 255,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "num_threads": threads,
        "verbosity": -1,
    }


def save(flexible: Flexible, folder: Path, name: str) -> None:
    """One text file a booster, stopped where it was best."""
    for number, booster in enumerate(flexible.boosters):
        booster.save_model(folder / f"{name}_{number}.txt", num_iteration=booster.best_iteration)


def load(folder: Path, name: str) -> Flexible:
    """What `save` wrote; the boosters know their columns."""
    boosters = tuple(lightgbm.Booster(model_file=path) for path in sorted(folder.glob(f"{name}_*.txt")))
    return Flexible(tuple(boosters[0].feature_name()), boosters)

"""The guards' own small learner: how well columns order households that it has not seen."""

import numpy as np
import numpy.typing as npt

from models.metrics import auc
from models.scoring import logistic
from training.boosting import Shape, fit_columns
from training.guards.evidence import Floats, Seen
from training.splits import household_folds

FOLDS = 3
SHAPE = Shape("guard", leaves=8, depth=4, rounds=80, rate=0.1, least_rows=10, columns=1.0)


def left_out(
    rows: Floats, label: Floats, fold: npt.NDArray[np.int64], seed: int = 0, most: int | None = None
) -> tuple[Floats, Floats]:
    """Probability of each row (n,) by a model that saw no row of its fold, and gain of each column.

    most: rows a model learns from, at most.
    """
    random = np.random.default_rng(seed)
    said, gain = np.full(len(label), float(label.mean())), np.zeros(rows.shape[1])
    names, directions = [f"c{k}" for k in range(rows.shape[1])], [0] * rows.shape[1]
    for one in np.unique(fold):
        here = fold == one
        if here.all() or not 0 < label[~here].sum() < (~here).sum():
            continue
        learn = np.flatnonzero(~here)
        if most is not None and len(learn) > most:
            learn = random.choice(learn, most, replace=False)
        model = fit_columns(names, directions, rows[learn], label[learn], None, SHAPE, seed, threads=1)
        said[here] = logistic(np.asarray(model.predict(rows[here], raw_score=True, num_threads=1)))
        gain += model.feature_importance("gain")
    return said, gain


def folds(seen: Seen, seed: int = 0) -> npt.NDArray[np.int64]:
    """The fold of each row, households whole."""
    return household_folds(seen.household.astype(str).astype(object), FOLDS, seed)


def lower_bound(label: Floats, said: Floats) -> tuple[float, float]:
    """(AUC, its lower 95 % bound): by the variance no AUC exceeds (Birnbaum and Klose 1957)."""
    value = auc(label, said)
    fewer = min(label.sum(), (1 - label).sum())
    return value, value - 1.645 * float(np.sqrt(value * (1 - value) / fewer))

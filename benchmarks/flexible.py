"""A learner that little restrains: deep trees, many rounds, stopped by households left out.

It has no direction unless it is given the law's, to tell what these cost.

As many boosters as folds of households, each stopped and calibrated on the fold it never saw, and asked
together. It needs a great many labels and explains itself to nobody: a mark, no model to ship.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt

from benchmarks.true_labels import Rows
from models import metrics
from models.bundle import Calibration
from models.scoring import logistic
from training.calibrate import platt
from training.splits import household_folds

Floats = npt.NDArray[np.float64]

FOLDS = 3
NEWTON_STEPS = 8
ROUNDS, PATIENCE = 2_000, 40
#: Half of it takes twice as long and adds half a percent to the average precision.
RATE = 0.1
#: Leaves of a tree; which it is, the first fold decides.
LEAVES = (15, 63)
#: Share of the columns that a tree sees; of a handful it sees all, or it could not join them.
COLUMNS, MANY_COLUMNS = 0.3, 20
#: Rows of a leaf, at least: a household appears in many months, and no leaf may be one household's.
LEAST_ROWS = 150


@dataclass(frozen=True)
class Flexible:
    """names: the columns it reads, in order. Each booster has a calibration of its own."""

    names: tuple[str, ...]
    boosters: tuple[lightgbm.Booster, ...]
    calibrations: tuple[Calibration, ...]

    def said(self, rows: Rows, threads: int) -> Floats:
        """Probability of each row (n,) of a world of which no booster saw a household."""
        votes = [
            fitted.slope * booster.predict(rows, raw_score=True, num_threads=threads) + fitted.shift
            for booster, fitted in zip(self.boosters, self.calibrations, strict=True)
        ]
        return together(np.array(votes, dtype=np.float64))


def left_out(
    flexible: Flexible, rows: Rows, household: npt.NDArray[np.object_], *, seed: int, threads: int
) -> Floats:
    """Probability of each row (n,) by the booster that never saw its household; seed: that of the fit.

    For a mark of the very city that taught it: stopping on a fold tells the booster next to nothing of it.
    """
    fold, said = household_folds(household, FOLDS, seed), np.empty(len(rows))
    for number, (booster, fitted) in enumerate(zip(flexible.boosters, flexible.calibrations, strict=True)):
        here = fold == number
        raw = booster.predict(rows[here], raw_score=True, num_threads=threads)
        said[here] = logistic(fitted.slope * np.asarray(raw, dtype=np.float64) + fitted.shift)
    return said


def together(votes: Floats) -> Floats:
    """One probability (n,) of the log-odds of calibrated voters (voters, n).

    The mean of voters that err apart is less spread than any of them, and then says too little where all say
    much. A calibrated voter's covariance with the truth is its own variance; so is that of the mean, whose
    slope on the truth is therefore that variance over its own. The level stays that of the voters.
    """
    mean, level = votes.mean(axis=0), logistic(votes).mean()
    if not mean.var():
        return np.full(len(mean), level)
    wide = mean.mean() + (votes.var(axis=1).mean() / mean.var()) * (mean - mean.mean())
    for _ in range(NEWTON_STEPS):
        chance = logistic(wide)
        wide = wide + (level - chance.mean()) / (chance * (1 - chance)).mean()
    return logistic(wide)


def fit_flexible(
    names: tuple[str, ...],
    rows: Rows,
    label: Floats,
    household: npt.NDArray[np.object_],
    *,
    seed: int,
    threads: int,
    level: npt.NDArray[np.bool_] | None = None,
    directions: tuple[int, ...] = (),
    tell: Callable[[str], None] = lambda told: None,
) -> Flexible:
    """Fit on `rows` (n, names); `tell` hears how each booster did on the households it never saw.

    A booster that has learnt a household by heart says too little of all others: the fold left out mends
    level and slope. level: (n,) the rows whose level that is, where others are of months that differ.
    directions: of each column, as `ModelSpec.monotone` has them; none where the learner is free.
    """
    level = np.ones(len(label), dtype=bool) if level is None else level
    fold = household_folds(household, FOLDS, seed)
    share = COLUMNS if len(names) >= MANY_COLUMNS else 1.0
    own = _parameters(seed, threads, share) | _bound(directions)
    table = lightgbm.Dataset(rows, label, feature_name=list(names), params=own | {"num_leaves": LEAVES[0]})
    table.construct()
    boosters, calibrations, shapes = [], [], LEAVES
    for left_out in range(FOLDS):
        now = own | {"seed": seed + left_out}
        tried = {leaves: _stopped(table, fold, left_out, now | {"num_leaves": leaves}) for leaves in shapes}
        leaves = min(tried, key=lambda one: _loss(tried[one]))
        booster, shapes, here = tried[leaves], (leaves,), fold == left_out
        raw = np.asarray(booster.predict(rows[here], raw_score=True, num_threads=threads))
        reached = metrics.average_precision(label[here], raw)
        tell(f"{booster.best_iteration} rounds of {leaves} leaves, left-out average precision {reached:.3f}")
        boosters.append(booster)
        kept = level[here]
        calibrations.append(platt(raw[kept], label[here][kept], np.ones(int(kept.sum()))))
    return Flexible(names, tuple(boosters), tuple(calibrations))


def _stopped(
    table: lightgbm.Dataset,
    fold: npt.NDArray[np.int64],
    left_out: int,
    parameters: dict[str, object],
) -> lightgbm.Booster:
    learn, stop = (table.subset(np.flatnonzero(mask)) for mask in (fold != left_out, fold == left_out))
    return lightgbm.train(
        parameters,
        learn,
        num_boost_round=ROUNDS,
        valid_sets=[stop],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )


def _loss(booster: lightgbm.Booster) -> float:
    return float(booster.best_score["valid_0"]["binary_logloss"])


def _bound(directions: tuple[int, ...]) -> dict[str, object]:
    if not any(directions):
        return {}
    return {"monotone_constraints": list(directions), "monotone_constraints_method": "basic"}


def _parameters(seed: int, threads: int, share: float) -> dict[str, object]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": RATE,
        "min_data_in_leaf": LEAST_ROWS,
        "lambda_l2": 10.0,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "feature_fraction": share,
        "max_bin": 255,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "num_threads": threads,
        "verbosity": -1,
    }


def save(flexible: Flexible, folder: Path, name: str) -> None:
    """One text file a booster, stopped where it was best, and their calibrations."""
    for number, booster in enumerate(flexible.boosters):
        booster.save_model(folder / f"{name}_{number}.txt", num_iteration=booster.best_iteration)
    fitted = [[one.slope, one.shift] for one in flexible.calibrations]
    (folder / f"{name}.json").write_text(json.dumps(fitted))


def load(folder: Path, name: str) -> Flexible:
    """What `save` wrote; the boosters know their columns."""
    fitted = tuple(Calibration(*pair) for pair in json.loads((folder / f"{name}.json").read_text()))
    boosters = tuple(
        lightgbm.Booster(model_file=folder / f"{name}_{number}.txt") for number in range(len(fitted))
    )
    return Flexible(tuple(boosters[0].feature_name()), boosters, fitted)

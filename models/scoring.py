"""A score and what it is made of. NumPy rows in, NumPy arrays out; exact and additive in log-odds.

raw = intercept + sum over components of weight * component(x), and raw = base + sum of contributions.
Boosters explain themselves with LightGBM's path-dependent SHAP, which equals shap.TreeExplainer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import lightgbm
import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.bundle import Bundle, BundleBand, Component, Linear

Floats = npt.NDArray[np.float64]

#: Two-sided 95 %.
Z95 = 1.959964


#: How a booster explains rows (n, features): (n, features + 1) in log-odds, the base last.
Explain = Callable[[lightgbm.Booster, Floats, int], Floats]


def lightgbms_own(booster: lightgbm.Booster, rows: Floats, num_threads: int) -> Floats:
    """LightGBM's path-dependent SHAP; `models.contributions` gives the same faster where rows are many."""
    return np.asarray(booster.predict(rows, pred_contrib=True, num_threads=num_threads))


@dataclass(frozen=True)
class Scores:
    """raw: log-odds (n,); probability: calibrated (n,); base: what an average household has.

    contributions: (n, features) in log-odds, or (n, 0) where they were not asked for.
    """

    raw: Floats
    probability: Floats
    contributions: Floats
    base: float


def score(
    bundle: Bundle,
    rows: Floats,
    *,
    num_threads: int = 1,
    contributions: bool = True,
    explain: Explain = lightgbms_own,
) -> Scores:
    """Score `rows` (n, features), in the order of `bundle.names`, NaN = unknown.

    `UserError` where the number of columns differs. Contributions cost far more than the score: leave them
    out where only the order is needed.
    """
    rows = np.ascontiguousarray(rows, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(bundle.features):
        raise UserError(
            f"{bundle.question} 需要 {len(bundle.features)} 列特征，得到 {rows.shape} / needs rows of "
            f"{len(bundle.features)} features, got shape {rows.shape}; order them as bundle.names."
        )
    known = with_unknowns(bundle, rows)
    raw = np.full(len(rows), bundle.intercept)
    if not len(rows):  # LightGBM cannot predict nothing
        return Scores(raw, raw, rows, bundle.intercept)
    for component in bundle.components:
        raw += component.weight * _raw(component, known, num_threads)
    parts, base = np.empty((len(rows), 0)), float("nan")
    if contributions:
        parts, base = _explain(bundle, known, num_threads, explain)
    return Scores(raw, probability(bundle, raw), parts, base)


def with_unknowns(bundle: Bundle, rows: Floats) -> Floats:
    """The rows with each unknown value replaced where the model gives the family the benefit of doubt."""
    fill = np.array([np.nan if f.unknown is None else f.unknown for f in bundle.features])
    return np.where(np.isnan(rows), fill, rows)


def probability(bundle: Bundle, raw: Floats) -> Floats:
    """Calibrated probability of log-odds."""
    return logistic(bundle.calibration.slope * raw + bundle.calibration.shift)


def probability_interval(bundle: Bundle, raw: Floats) -> tuple[Floats, Floats]:
    """95 % interval of the calibrated probability, from the calibration's own uncertainty."""
    (vaa, vab), (_, vbb) = bundle.calibration.covariance
    error = Z95 * np.sqrt(np.maximum(vaa * raw**2 + 2 * vab * raw + vbb, 0.0))
    centre = bundle.calibration.slope * raw + bundle.calibration.shift
    return logistic(centre - error), logistic(centre + error)


def band(bundle: Bundle, value: float) -> BundleBand:
    """The band a probability falls in."""
    return [b for b in bundle.bands if value >= b.floor][-1]


def logistic(log_odds: Floats) -> Floats:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * log_odds)))


def linear_inputs(linear: Linear, rows: Floats) -> Floats:
    """Standardised inputs (n, features); NaN stays NaN."""
    logged = np.sign(rows) * np.log1p(np.abs(rows))
    held = np.clip(np.where(linear.logged, logged, rows), linear.low, linear.high)
    return np.asarray((held - linear.mean) / linear.scale)


def _raw(component: Component, rows: Floats, num_threads: int) -> Floats:
    if component.linear:
        return np.asarray(_linear_terms(component.linear, rows).sum(axis=1))
    return _mean([b.predict(rows, raw_score=True, num_threads=num_threads) for b in component.boosters])


def _mean(votes: list[Floats]) -> Floats:
    """The boosters' mean, added one after the other.

    np.mean adds the votes about one household in another order than those about many, and the last digit of
    an answer would tell how many were asked about.
    """
    total = votes[0].copy()
    for vote in votes[1:]:
        total += vote
    return np.asarray(total / len(votes))


def _linear_terms(linear: Linear, rows: Floats) -> Floats:
    standard = linear_inputs(linear, rows)
    unknown = np.isnan(standard)
    used = np.where(unknown, 0.0, standard) * linear.coefficient
    return np.asarray(np.where(unknown, linear.when_unknown, used))


def _explain(bundle: Bundle, rows: Floats, num_threads: int, explain: Explain) -> tuple[Floats, float]:
    parts, base = np.zeros_like(rows), bundle.intercept
    for component in bundle.components:
        if component.linear:
            parts += component.weight * _linear_terms(component.linear, rows)
            continue
        mean = _mean([explain(booster, rows, num_threads) for booster in component.boosters])
        parts += component.weight * mean[:, :-1]
        base += component.weight * float(mean[0, -1])
    return parts, float(base)

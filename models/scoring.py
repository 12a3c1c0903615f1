"""A score and what it is made of. NumPy rows in, NumPy arrays out; exact and additive in log-odds.

raw = intercept + sum over components of weight * component(x), and raw = base + sum of contributions.
Boosters explain themselves with LightGBM's path-dependent SHAP, which equals shap.TreeExplainer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import lightgbm
import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.bundle import Bundle, BundleBand, Component, Linear

Floats = npt.NDArray[np.float64]

#: Two-sided 95 %.
Z95 = 1.959964

#: Bundles whose derived tables are kept at a time; a service holds one a question.
BUNDLES = 32

#: What a booster says of rows (n, features) on so many threads.
Read = Callable[[lightgbm.Booster, Floats, int], Floats]


@dataclass(frozen=True)
class Reader:
    """How boosters are read. raw: log-odds (n,); contributions: (n, features + 1) in log-odds, base last."""

    raw: Read
    contributions: Read


def lightgbms_raw(booster: lightgbm.Booster, rows: Floats, num_threads: int) -> Floats:
    """LightGBM's own log-odds (n,)."""
    return np.asarray(booster.predict(rows, raw_score=True, num_threads=num_threads))


def lightgbms_contributions(booster: lightgbm.Booster, rows: Floats, num_threads: int) -> Floats:
    """LightGBM's path-dependent SHAP; `models.contributions` gives the same faster where rows are many."""
    return np.asarray(booster.predict(rows, pred_contrib=True, num_threads=num_threads))


LIGHTGBMS_OWN = Reader(lightgbms_raw, lightgbms_contributions)


@dataclass(frozen=True)
class Scores:
    """raw: log-odds (n,); probability: calibrated (n,); base: what an average household has.

    contributions: (n, features) in log-odds, or (n, 0) where they were not asked for. members: the same from
    each model of the bag, of which `contributions` are the mean; none where nothing is bagged.
    """

    raw: Floats
    probability: Floats
    contributions: Floats
    base: float
    members: tuple[Floats, ...] = ()


def score(
    bundle: Bundle,
    rows: Floats,
    *,
    num_threads: int = 1,
    contributions: bool = True,
    reader: Reader = LIGHTGBMS_OWN,
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
        raw += component.weight * _raw(component, known, num_threads, reader)
    if not contributions:
        return Scores(raw, probability(bundle, raw), np.empty((len(rows), 0)), float("nan"))
    return Scores(raw, probability(bundle, raw), *_explain(bundle, known, num_threads, reader))


def with_unknowns(bundle: Bundle, rows: Floats) -> Floats:
    """The rows with each unknown value replaced where the model gives the family the benefit of doubt."""
    return np.where(np.isnan(rows), _unknowns(bundle), rows)


@lru_cache(BUNDLES)
def _unknowns(bundle: Bundle) -> Floats:
    """What stands for unknown, a feature; NaN where unknown stays unknown."""
    return np.array([np.nan if f.unknown is None else f.unknown for f in bundle.features])


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


def _raw(component: Component, rows: Floats, num_threads: int, reader: Reader) -> Floats:
    if component.linear:
        return np.asarray(_linear_terms(component.linear, rows).sum(axis=1))
    return _mean([reader.raw(booster, rows, num_threads) for booster in component.boosters])


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


def _explain(
    bundle: Bundle, rows: Floats, num_threads: int, reader: Reader
) -> tuple[Floats, float, tuple[Floats, ...]]:
    """Contributions (n, features), base, and the contributions of each member of the bag."""
    parts, base = np.zeros_like(rows), bundle.intercept
    bags: list[tuple[float, list[Floats]]] = []
    for component in bundle.components:
        if component.linear:
            terms = _linear_terms(component.linear, rows)
            parts += component.weight * terms
            bags.append((component.weight, [terms]))
            continue
        votes = [reader.contributions(booster, rows, num_threads) for booster in component.boosters]
        mean = _mean(votes)
        parts += component.weight * mean[:, :-1]
        base += component.weight * float(mean[0, -1])
        bags.append((component.weight, [vote[:, :-1] for vote in votes]))
    return parts, float(base), _members(bags)


def _members(bags: list[tuple[float, list[Floats]]]) -> tuple[Floats, ...]:
    """What each member of the bag makes of a household; a part that is not bagged is every member's."""
    size = max((len(votes) for _, votes in bags), default=1)
    if size == 1:
        return ()
    return tuple(
        np.asarray(sum(weight * votes[number % len(votes)] for weight, votes in bags))
        for number in range(size)
    )

"""How good an order is, and how sure we are. NumPy only; every interval is 95 % and clusters by household."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.object_]

Z95 = 1.959964


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval; `n` observations stand behind it."""

    value: float
    low: float
    high: float
    n: int = 0

    def rounded(self, digits: int = 4) -> dict[str, float | int | None]:
        """The form written to JSON; what is not known is null."""
        ends = {"value": self.value, "low": self.low, "high": self.high}
        known = {name: None if np.isnan(end) else round(end, digits) for name, end in ends.items()}
        return {**known, "n": self.n}


def auc(label: Floats, score: Floats, weight: Floats | None = None) -> float:
    """Area under the ROC curve, ties counted half; NaN where one class is absent."""
    return _auc(*_tied_sums(label, _levels(score), weight))


def average_precision(label: Floats, score: Floats, weight: Floats | None = None) -> float:
    """Precision averaged over the positives in the order of the score; ties share their precision."""
    return _average_precision(*_tied_sums(label, _levels(score), weight))


def _auc(positive: Floats, negative: Floats) -> float:
    if not positive.sum() or not negative.sum():
        return float("nan")
    below = np.cumsum(negative[::-1])[::-1] - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


def _average_precision(positive: Floats, negative: Floats) -> float:
    if not positive.sum():
        return float("nan")
    reached = np.cumsum(positive)
    seen = np.maximum(reached + np.cumsum(negative), 1e-12)
    return float((reached / seen * positive).sum() / positive.sum())


def _levels(score: Floats) -> npt.NDArray[np.int64]:
    """Place of each row's score among the distinct scores, 0 the highest."""
    return np.asarray(np.unique(-score, return_inverse=True)[1], dtype=np.int64)


def _tied_sums(label: Floats, level: npt.NDArray[np.int64], weight: Floats | None) -> tuple[Floats, Floats]:
    """Weight of positives and negatives at each distinct score, highest first."""
    weight = np.ones(len(label)) if weight is None else weight
    positive = np.bincount(level, weights=weight * label)
    negative = np.bincount(level, weights=weight * (1 - label))
    return np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)


def visits(score: Floats, group: Labels, capacity: Mapping[object, int]) -> Floats:
    """Visits each household gets in expectation, (n,): 1 above its group's cut-off, ties share the rest.

    group: the street and month; capacity: visits of each group. A constant score gives everyone an equal
    part: that is the random baseline.
    """
    got = np.zeros(len(score))
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, group[order][1:] != group[order][:-1]])
    for rows in np.split(order, starts[1:]):
        places = min(capacity.get(group[rows[0]], 0), len(rows))
        if places <= 0:
            continue
        cut = np.partition(score[rows], -places)[-places]
        above, tied = rows[score[rows] > cut], rows[score[rows] == cut]
        got[above] = 1.0
        got[tied] = (places - len(above)) / len(tied)
    return got


def top(score: Floats, share: float) -> Floats:
    """Visits (n,) to the highest `share` of all, at least to one; ties share the rest."""
    return visits(score, np.zeros(len(score), dtype=object), {0: max(1, round(share * len(score)))})


def precision(label: Floats, got: Floats) -> float:
    """Share confirmed among the visits made; NaN without visits."""
    return float((label * got).sum() / got.sum()) if got.sum() else float("nan")


class HouseholdBootstrap:
    """Resamples whole households with Poisson(1) counts, so that a household's months stay together.

    Every scorer is judged on the same replicates, so the difference of two has an honest interval.
    """

    def __init__(self, household: Labels, *, seed: int, replicates: int = 500) -> None:
        self._ids, self._place = np.unique(household, return_inverse=True)
        self._seed, self._replicates = seed, replicates

    def precisions(self, label: Floats, visited: Mapping[str, Floats]) -> dict[str, Floats]:
        """Replicates of the precision of each scorer's visits, weights included; name -> (replicates,)."""
        totals = self.totals([part for got in visited.values() for part in (label * got, got)])
        made = np.where(totals[:, 1::2] > 0, totals[:, 1::2], np.nan)
        return dict(zip(visited, (totals[:, ::2] / made).T, strict=True))

    def totals(self, columns: Sequence[Floats]) -> Floats:
        """Replicates of the sum of each column (n,); (replicates, columns)."""
        size = len(self._ids)
        sums = np.stack([np.bincount(self._place, weights=c, minlength=size) for c in columns], axis=1)
        random = np.random.default_rng(self._seed)
        return np.stack([self._counts(random) @ sums for _ in range(self._replicates)])

    def ranking(
        self, label: Floats, score: Floats, weight: Floats | None = None, replicates: int = 100
    ) -> tuple[Floats, Floats]:
        """Replicates of the area under the ROC curve and of average precision; slower, so fewer."""
        weight = np.ones(len(label)) if weight is None else weight
        level, random = _levels(score), np.random.default_rng(self._seed)
        sums = [
            _tied_sums(label, level, weight * self._counts(random)[self._place]) for _ in range(replicates)
        ]
        return np.array([_auc(*pair) for pair in sums]), np.array([_average_precision(*p) for p in sums])

    def _counts(self, random: np.random.Generator) -> Floats:
        """One Poisson(1) count for each household."""
        return _POISSON[random.integers(0, len(_POISSON), len(self._ids), dtype=np.uint16)]


def _poisson_table() -> Floats:
    """2**16 equally likely values that are distributed as Poisson(1) to 1e-5."""
    masses = np.exp(-1.0) / np.cumprod(np.r_[1.0, np.arange(1.0, 9.0)])
    return np.searchsorted(np.cumsum(masses), (np.arange(2**16) + 0.5) / 2**16).astype(np.float64)


_POISSON = _poisson_table()


def interval(value: float, replicates: Floats, n: int = 0) -> Interval:
    """Value with the 2.5 and 97.5 percentiles of its replicates."""
    usable = replicates[~np.isnan(replicates)]
    if not len(usable):
        return Interval(value, float("nan"), float("nan"), n)
    low, high = np.quantile(usable, [0.025, 0.975])
    return Interval(value, float(low), float(high), n)


def hajek(label: Floats, probability: Floats, cluster: Labels) -> Interval:
    """Share of positives in the population from a random arm with known probabilities (Hajek).

    NaN labels must be left out or weighted before. The variance is the linearised one, by household; see
    `as_share` for the ends.
    """
    weight = 1.0 / probability
    value = float((weight * label).sum() / weight.sum())
    return as_share(_linearised(value, weight * (label - value) / weight.sum(), cluster))


def as_share(found: Interval) -> Interval:
    """A share's interval with ends on the scale of log-odds, never below 0 or above 1.

    Of few positives the symmetric interval holds the truth too rarely: it is too short above. Korn and
    Graubard, Survey Methodology 24, 1998; method "logit" of `svyciprop` in R's survey.
    """
    value, half = found.value, (found.high - found.low) / 2
    if not 0 < value < 1:
        return replace(found, low=max(found.low, 0.0), high=min(found.high, 1.0))
    middle, reach = np.log(value / (1 - value)), half / (value * (1 - value))
    low, high = (float(1 / (1 + np.exp(-(middle + side * reach)))) for side in (-1, 1))
    return replace(found, low=low, high=high)


def difference_estimate(
    label: Floats, predicted: Floats, probability: Floats, predicted_mean: float, cluster: Labels
) -> Interval:
    """The model's mean over everybody, corrected by the random arm's weighted residuals; narrower."""
    weight = 1.0 / probability
    residual = float((weight * (label - predicted)).sum() / weight.sum())
    spread = _linearised(residual, weight * (label - predicted - residual) / weight.sum(), cluster)
    return Interval(
        predicted_mean + residual, predicted_mean + spread.low, predicted_mean + spread.high, len(label)
    )


def _linearised(value: float, terms: Floats, cluster: Labels) -> Interval:
    """Interval from the sum of squares of the clusters' sums of linearised terms."""
    ids, place = np.unique(cluster, return_inverse=True)
    sums = np.bincount(place, weights=terms)
    scale = len(ids) / max(len(ids) - 1, 1)
    error = Z95 * float(np.sqrt(scale * (sums**2).sum()))
    return Interval(value, value - error, value + error, len(terms))


def calibration_error(
    label: Floats, probability: Floats, weight: Floats | None = None, bins: int = 10
) -> float:
    """Expected calibration error over bins of equal numbers: mean |observed - said|, weighted by number."""
    weight = np.ones(len(label)) if weight is None else weight
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(order))) if len(part)]
    gaps = [abs((weight[p] * (label[p] - probability[p])).sum()) for p in parts]
    return float(sum(gaps) / weight.sum())

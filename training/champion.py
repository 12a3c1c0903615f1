"""From a cohort to a champion: candidates judged on later months, the best calibrated on the random arm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from models import metrics
from models.bundle import Bundle, BundleBand, Calibration
from training.calibrate import calibrate_on_random_arm
from training.cohort import Cohort
from training.fit import (
    Fitted,
    Recipe,
    Setting,
    candidates,
    draft,
    fit_candidate,
    raw_scores,
    regressed_share,
)
from training.splits import household_folds, rolling_origin

Floats = npt.NDArray[np.float64]
Windows = Iterable[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]

CALIBRATION_FOLDS = 5
#: A smaller bag is enough to compare candidates.
COMPARING_BAG = 2
#: Share of a validation window that is looked at: about what capacity allows among those visited.
TOP_SHARE = 0.15
BASELINE = "logistic"
#: Fewer labels than this order nothing but what logistic regression finds too.
FEW_LABELS = 1_500


@dataclass(frozen=True)
class Validated:
    """One candidate on the validation windows: mean and standard error over windows."""

    name: str
    average_precision: float
    error: float
    precision_at_top: float
    windows: int

    def row(self) -> dict[str, Any]:
        """A line of the table in evaluation.json."""
        return {
            "candidate": self.name,
            "average_precision": _figure(self.average_precision),
            "standard_error": _figure(self.error),
            "precision_at_top": _figure(self.precision_at_top),
            "windows": self.windows,
        }


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def validate(setting: Setting, cohort: Cohort, windows: Windows | None = None) -> list[Validated]:
    """Every candidate on (learn, judge) windows, best average precision first.

    Without windows of its own a cohort is judged on rolling-origin windows of the training months.
    """
    smaller = replace(setting, bag=COMPARING_BAG)
    if windows is None:
        windows = rolling_origin(cohort.month, cohort.known, cohort.household)
    windows = [
        (learn, judge)
        for learn, judge in windows
        if min(cohort.label[learn].sum(), cohort.label[judge].sum()) >= 5
    ]
    judged = [_judge_all(smaller, cohort.take(learn), cohort.take(judge)) for learn, judge in windows]
    found = [_validated(name, [one[name] for one in judged]) for name in candidates(setting.spec)]
    return sorted(found, key=lambda one: -one.average_precision)


def _judge_all(setting: Setting, earlier: Cohort, later: Cohort) -> dict[str, tuple[float, float]]:
    """Every candidate on one window; what several of them share is learnt once."""
    learnt: dict[str, Fitted] = {}
    return {
        name: _judge(setting, fit_candidate(setting, earlier, name, learnt), later)
        for name in candidates(setting.spec)
    }


def _judge(setting: Setting, fitted: Fitted, later: Cohort) -> tuple[float, float]:
    """(average precision, precision among the top) of a candidate on one window."""
    raw = raw_scores(setting, fitted, later.rows)
    top = metrics.visits(raw, np.zeros(len(raw), dtype=object), {0: max(1, round(TOP_SHARE * len(raw)))})
    return (
        metrics.average_precision(later.label, raw, later.weight),
        metrics.precision(later.label, top * later.weight),
    )


def _validated(name: str, results: list[tuple[float, float]]) -> Validated:
    if not results:
        return Validated(name, float("nan"), float("nan"), float("nan"), 0)
    table = np.array(results)
    error = table[:, 0].std(ddof=1) / np.sqrt(len(table)) if len(table) > 1 else float("nan")
    return Validated(name, float(table[:, 0].mean()), float(error), float(table[:, 1].mean()), len(table))


def choose(validated: list[Validated], recipes: Mapping[str, Recipe], labels: int) -> str:
    """The candidate that ships; the baseline itself never does.

    Below `FEW_LABELS` a few windows of a hundred outcomes order the candidates by chance: the blend nearest
    to logistic regression ships. Above it, the best blend among those that one standard error cannot tell
    from the best (Breiman et al. 1984), for a blend is steadier than what it is made of; else the best.
    A regression that is the best of all ships alone: nothing is simpler.
    """
    shippable = [one for one in validated if one.name != BASELINE]
    if labels < FEW_LABELS:
        blends = [one for one in shippable if len(recipes[one.name]) > 1]
        return max(blends, key=lambda one: regressed_share(recipes[one.name])).name
    judged = [one for one in shippable if one.windows]
    best = judged[0] if judged else shippable[0]
    if judged and regressed_share(recipes[best.name]) == 1:  # the best and the simplest
        return best.name
    floor = best.average_precision - (0.0 if np.isnan(best.error) else best.error)
    level = [one.name for one in judged if one.average_precision >= floor] or [one.name for one in shippable]
    return next((name for name in level if len(recipes[name]) > 1), best.name)


def left_out_scores(setting: Setting, name: str, cohort: Cohort) -> Floats:
    """Log-odds of each row by a model that saw no row of its household; (n,)."""
    fold = household_folds(cohort.household, CALIBRATION_FOLDS, setting.seed + 1)
    smaller, found = replace(setting, bag=COMPARING_BAG), np.empty(len(cohort.label))
    for one in range(CALIBRATION_FOLDS):
        here = fold == one
        if here.any():
            fitted = fit_candidate(smaller, cohort.take(~here), name)
            found[here] = raw_scores(smaller, fitted, cohort.rows[here])
    return found


def calibrated(setting: Setting, name: str, cohort: Cohort) -> Calibration:
    """Platt on the random arm of the training months, over scores by models that had not seen them."""
    raw = left_out_scores(setting, name, cohort)
    chance = cohort.facts["probability"].to_numpy(dtype=float)
    random = (cohort.facts["arm"] == "random").to_numpy() & (chance > 0)
    latest = ~cohort.facts["event"].duplicated(keep="last").to_numpy()
    return calibrate_on_random_arm(raw[latest], cohort.label[latest], chance[latest], random[latest])


def bands(setting: Setting, prevalence: float) -> tuple[BundleBand, ...]:
    """The spec's words, at their multiples of the prevalence."""
    return tuple(BundleBand(b.code, b.zh, b.en, min(b.floor * prevalence, 0.9)) for b in setting.spec.bands)


def as_bundle(
    setting: Setting, fitted: Fitted, calibration: Calibration, prevalence: float, data_version: str
) -> Bundle:
    """The calibrated champion, still without metrics and reference."""
    return replace(
        draft(setting, fitted),
        calibration=calibration,
        bands=bands(setting, prevalence),
        data_version=data_version,
    )

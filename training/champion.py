"""From a cohort to a champion: candidates judged on later months, the best calibrated on the random arm."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    regressed_share,
    unseen_scores,
)
from training.splits import household_folds, rolling_origin
from training.tuning import tune

Floats = npt.NDArray[np.float64]
Window = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

CALIBRATION_FOLDS = 5
#: A smaller bag is enough to compare candidates.
COMPARING_BAG = 2
#: Confirmed households that a window must hold on either side.
LEAST_CONFIRMED = 5
#: Share of a validation window that is looked at: about what capacity allows among those visited.
TOP_SHARE = 0.15
BASELINE = "logistic"
#: Fewer labels than this order nothing but what logistic regression finds too.
FEW_LABELS = 1_500
#: From here on a bag alone is as steady as a blend: the best candidate ships.
MANY_LABELS = 10_000


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


def rolling(cohort: Cohort) -> list[Window]:
    """Rolling-origin windows of (learn, judge) positions that hold confirmed households on both sides."""
    return _telling(cohort, rolling_origin(cohort.month, cohort.known, cohort.household))


def _telling(cohort: Cohort, windows: Iterable[Window]) -> list[Window]:
    return [
        (learn, judge)
        for learn, judge in windows
        if min(cohort.label[learn].sum(), cohort.label[judge].sum()) >= LEAST_CONFIRMED
    ]


def with_tuned_shape(setting: Setting, cohort: Cohort, windows: Sequence[Window]) -> Setting:
    """The setting with a shape searched for these labels beside the fixed ones, where they can tell shapes.

    Discovery learns from contacts by logistic regression over stage one, which has no shape to search.
    """
    if setting.spec.universe == "register" or conclusions(cohort) < FEW_LABELS or not windows:
        return setting
    tuned = tune(setting.spec, setting.known, cohort, windows, seed=setting.seed, threads=setting.threads)
    return replace(setting, shapes=(*setting.shapes, tuned.shape))


@dataclass(frozen=True)
class Chosen:
    """What the comparison came to: the setting with its shapes, the candidate's name, and all candidates."""

    setting: Setting
    name: str
    table: tuple[Validated, ...]


def compared(
    setting: Setting,
    cohort: Cohort,
    tell: Callable[[str], None] = lambda step: None,
    windows: Iterable[Window] | None = None,
) -> Chosen:
    """Search a shape, judge every candidate on later rows of the cohort, and choose one.

    windows: (learn, judge) positions of a cohort that has its own; else rolling origins over its months.
    """
    windows = rolling(cohort) if windows is None else _telling(cohort, windows)
    tell("tuning")
    setting = with_tuned_shape(setting, cohort, windows)
    tell("candidates")
    table = validate(setting, cohort, windows)
    return Chosen(setting, choose(table, candidates(setting), conclusions(cohort)), tuple(table))


def conclusions(cohort: Cohort) -> int:
    """Visits with a conclusion: of exit_due's months many rest on one visit."""
    return int(cohort.facts["event"].nunique())


def validate(setting: Setting, cohort: Cohort, windows: Iterable[Window]) -> list[Validated]:
    """Every candidate on (learn, judge) windows, best average precision first."""
    smaller = replace(setting, bag=COMPARING_BAG)
    judged = [_judge_all(smaller, cohort.take(learn), cohort.take(judge)) for learn, judge in windows]
    found = [_validated(name, [one[name] for one in judged]) for name in candidates(setting)]
    return sorted(found, key=lambda one: -one.average_precision)


def _judge_all(setting: Setting, earlier: Cohort, later: Cohort) -> dict[str, tuple[float, float]]:
    """Every candidate on one window; what several of them share is learnt once."""
    learnt: dict[str, Fitted] = {}
    return {
        name: _judge(setting, fit_candidate(setting, earlier, name, learnt), later)
        for name in candidates(setting)
    }


def _judge(setting: Setting, fitted: Fitted, later: Cohort) -> tuple[float, float]:
    """(average precision, precision among the top) of a candidate on one window."""
    raw = unseen_scores(setting, fitted, later)
    top = metrics.top(raw, TOP_SHARE)
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
    to logistic regression ships. Up to `MANY_LABELS`, the best blend among those that one standard error
    cannot tell from the best (Breiman et al. 1984), for a blend is steadier than what it is made of; above,
    the best. A regression that is the best of all ships alone: nothing is simpler.
    """
    shippable = [one for one in validated if one.name != BASELINE]
    if labels < FEW_LABELS:
        blends = [one for one in shippable if len(recipes[one.name]) > 1]
        return max(blends, key=lambda one: regressed_share(recipes[one.name])).name
    judged = [one for one in shippable if one.windows]
    best = judged[0] if judged else shippable[0]
    if labels >= MANY_LABELS or (judged and regressed_share(recipes[best.name]) == 1):
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
            found[here] = unseen_scores(smaller, fitted, cohort.take(here))
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

"""Do the predictions hold? What visits found against the scores made the month before.

Only the random arm says something of all households: the others were chosen, and chosen by a score. The
unvisited top of a list is never a negative: a list's precision is told as two bounds. Visits that the bundle
was trained on flatter it: they are told apart and raise no alert. With too few: insufficient evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from features.profile_files import profiled_dates
from models import metrics
from models.bundle import Bundle
from models.metrics import HouseholdBootstrap, Interval
from models.scoring import score
from models.selection import contact_capacity, visit_capacity
from monitoring.reading import feature_rows, read_profile

Floats = npt.NDArray[np.float64]

#: Labelled random visits below which no share is told, and positives and negatives below which no ranking is.
LEAST_LABELLED = 50
LEAST_OF_A_CLASS = 10
#: Months of top lists that are scored again in full.
LIST_MONTHS = 3

OK, FIRED, INSUFFICIENT = "ok", "fired", "insufficient_evidence"


@dataclass(frozen=True)
class Bounds:
    """A list of `places`: those confirmed, refuted, and pending (not visited, refused, not reached)."""

    places: float
    confirmed: float
    refuted: float

    @property
    def pending(self) -> float:
        """Places without a conclusion."""
        return self.places - self.confirmed - self.refuted

    @property
    def low(self) -> float | None:
        """Precision if nothing pending were confirmed; None for an empty list."""
        return self.confirmed / self.places if self.places else None

    @property
    def high(self) -> float | None:
        """Precision if everything pending were confirmed."""
        return (self.confirmed + self.pending) / self.places if self.places else None


@dataclass(frozen=True)
class Calibration:
    """Observed less predicted share on the random arm, and the gap that chance rarely exceeds.

    threshold: from the variance the predictions themselves imply, at the stated false-alarm rate.
    """

    predicted: float
    observed: float
    gap: Interval
    error: float
    threshold: float
    status: str


@dataclass(frozen=True)
class Window:
    """Figures of visits after training, or of visits the bundle has seen.

    labelled, unlabelled: visits with and without a conclusion, all arms. random_n: labelled random visits.
    prevalence, ranking (AUC), calibration: of the random arm alone, None where the evidence is insufficient.
    chosen: the visits chosen by score or rule, as bounds.
    """

    labelled: int
    unlabelled: int
    random_n: int
    random_positives: int
    prevalence: Interval | None
    ranking: Interval | None
    calibration: Calibration | None
    chosen: Bounds
    status: str


@dataclass(frozen=True)
class Performance:
    """One question's outcomes against its predictions.

    unmatched: visits of the period whose household had no profile in the cohort the month before.
    top_lists: the households the bundle puts at the top of each street, by month, as bounds.
    """

    after_training: Window
    seen_in_training: Window
    unmatched: int
    top_lists: dict[date, Bounds]


def window(visits: pd.DataFrame, rate: float, seed: int) -> Window:
    """Figures of some visits (columns as `monitoring.visits.COLUMNS`); `rate`: of false alarms."""
    label = visits["label"].to_numpy(dtype=np.float64)
    arm = visits["arm"].to_numpy(dtype=object)
    inclusion = visits["selection_probability"].to_numpy(dtype=np.float64)
    drawn = visits[(arm == "random") & ~np.isnan(label) & (inclusion > 0)]
    by_choice = label[np.isin(arm, ("score", "rule"))]
    chosen = Bounds(len(by_choice), float((by_choice == 1).sum()), float((by_choice == 0).sum()))
    calibration = calibrated(drawn, rate)
    return Window(
        labelled=int((~np.isnan(label)).sum()),
        unlabelled=int(np.isnan(label).sum()),
        random_n=len(drawn),
        random_positives=int(drawn["label"].sum()),
        prevalence=prevalence(drawn),
        ranking=ranking(drawn, seed),
        calibration=calibration,
        chosen=chosen,
        status=calibration.status if calibration else INSUFFICIENT,
    )


def prevalence(drawn: pd.DataFrame) -> Interval | None:
    """Share of positives in the population, from labelled random visits; None below `LEAST_LABELLED`."""
    if len(drawn) < LEAST_LABELLED:
        return None
    return metrics.hajek(_floats(drawn, "label"), _floats(drawn, "selection_probability"), _households(drawn))


def ranking(drawn: pd.DataFrame, seed: int) -> Interval | None:
    """AUC on the random arm, weighted; None with fewer than `LEAST_OF_A_CLASS` of either class."""
    label, raw = _floats(drawn, "label"), _floats(drawn, "raw")
    if min(label.sum(), (1 - label).sum()) < LEAST_OF_A_CLASS:
        return None
    weight = 1 / _floats(drawn, "selection_probability")
    resampled, _ = HouseholdBootstrap(_households(drawn), seed=seed).ranking(label, raw, weight, 200)
    return metrics.interval(metrics.auc(label, raw, weight), resampled, len(drawn))


def calibrated(drawn: pd.DataFrame, rate: float) -> Calibration | None:
    """Mean prediction against what was found on the random arm; None below `LEAST_LABELLED`."""
    if len(drawn) < LEAST_LABELLED:
        return None
    label, said = _floats(drawn, "label"), _floats(drawn, "probability")
    inclusion = _floats(drawn, "selection_probability")
    weight = 1 / inclusion / (1 / inclusion).sum()
    gap = metrics.difference_estimate(label, said, inclusion, 0.0, _households(drawn))
    spread = float(np.sqrt((weight**2 * said * (1 - said)).sum()))
    threshold = float(norm.ppf(1 - rate / 2)) * spread
    return Calibration(
        predicted=float((weight * said).sum()),
        observed=float((weight * label).sum()),
        gap=gap,
        error=metrics.calibration_error(label, said, weight),
        threshold=threshold,
        status=FIRED if abs(gap.value) > threshold else OK,
    )


def top_lists(bundle: Bundle, profiles: Path, visits: pd.DataFrame, as_of: date) -> dict[date, Bounds]:
    """Bounds of the lists the bundle would have made of the last profiled months before `as_of`."""
    months = [day for day in profiled_dates(profiles, bundle.universe) if day < as_of][-LIST_MONTHS:]
    found = {}
    for month in months:
        profile = read_profile(profiles, bundle, month)
        raw = score(bundle, feature_rows(profile, bundle), contributions=False, num_threads=2).raw
        outcome = visits[visits["month"] == month].drop_duplicates("household_id", keep="last")
        label = profile["household_id"].map(outcome.set_index("household_id")["label"])
        found[month] = list_bounds(bundle, profile, raw, label.to_numpy(dtype=np.float64))
    return found


def list_bounds(bundle: Bundle, profile: pd.DataFrame, raw: Floats, label: Floats) -> Bounds:
    """Precision bounds of the highest scores of each street at its capacity; NaN labels are pending."""
    street = profile["street_code"].to_numpy(dtype=object)
    households = {str(name): int(count) for name, count in profile["street_code"].value_counts().items()}
    capacity: Mapping[str, int] = (
        contact_capacity(households)
        if bundle.universe == "register"
        else visit_capacity(households, bundle.question)
    )
    groups: dict[object, int] = {name: places for name, places in capacity.items() if places}
    got = metrics.visits(raw, street, groups)
    return Bounds(float(got.sum()), float(got[label == 1].sum()), float(got[label == 0].sum()))


def _floats(visits: pd.DataFrame, column: str) -> Floats:
    return visits[column].to_numpy(dtype=np.float64)


def _households(visits: pd.DataFrame) -> npt.NDArray[np.object_]:
    return visits["household_id"].to_numpy(dtype=object)

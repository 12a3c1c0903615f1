"""Stage one of discovery: how much a household looks, on plane B alone, like those who receive.

Receiving is not being eligible: those who applied differ from those who did not. So this is only an input of
stage two, which learns from what contacts found. It is cross-fitted by household: nobody's own receiving
enters the stage-one score that stage two learns from.
"""

from dataclasses import dataclass

import lightgbm
import numpy as np
import numpy.typing as npt

from models.metrics import auc
from models.spec import ModelSpec
from training.boosting import STAGE_ONE, fit_booster
from training.cohort import Cohort
from training.profiles import ProfileStore
from training.splits import household_folds

Floats = npt.NDArray[np.float64]

FOLDS = 5
CROSS_SECTIONS = 2
#: Non-recipients kept a recipient; the rest add time, not knowledge.
OTHERS_PER_RECIPIENT = 6


@dataclass(frozen=True)
class StageOne:
    """One booster a fold, each blind to its own fold's households; auc: on the households left out."""

    boosters: tuple[lightgbm.Booster, ...]
    seed: int
    threads: int
    auc: float
    rows: int

    def left_out(self, cohort: Cohort) -> Floats:
        """Log-odds of each row by the booster that never saw its household; (n,)."""
        return self._left_out(cohort.rows, cohort.household)

    def shipped(self, rows: Floats) -> Floats:
        """Log-odds of rows (n, features) as a bundle has them: the mean of all boosters; (n,)."""
        votes = [one.predict(rows, raw_score=True, num_threads=self.threads) for one in self.boosters]
        return np.asarray(np.mean(votes, axis=0))

    def _left_out(self, rows: Floats, household: npt.NDArray[np.object_]) -> Floats:
        fold = household_folds(household, FOLDS, self.seed)
        found = np.empty(len(rows))
        for number, booster in enumerate(self.boosters):
            here = fold == number
            if here.any():
                found[here] = booster.predict(rows[here], raw_score=True, num_threads=self.threads)
        return found


def fit_stage_one(store: ProfileStore, spec: ModelSpec, months: list, seed: int, threads: int) -> StageOne:
    """Fit on a few cross sections of the resident register among `months`, evenly spread."""
    picked = sorted({months[k] for k in np.linspace(0, len(months) - 1, CROSS_SECTIONS + 1).astype(int)[1:]})
    rows, receives, household = _cross_sections(store, spec, picked, seed)
    fold = household_folds(household, FOLDS, seed)
    weight = np.ones(len(rows))
    boosters = tuple(
        fit_booster(
            spec, rows[fold != k], receives[fold != k], weight[fold != k], STAGE_ONE, seed + k, threads
        )
        for k in range(FOLDS)
    )
    stage = StageOne(boosters, seed, threads, float("nan"), len(rows))
    reached = auc(receives, stage._left_out(rows, household))
    return StageOne(boosters, seed, threads, reached, len(rows))


def _cross_sections(
    store: ProfileStore, spec: ModelSpec, months: list, seed: int
) -> tuple[Floats, Floats, npt.NDArray[np.object_]]:
    random = np.random.default_rng(seed)
    parts = []
    for as_of in months:
        profiles = store.read(spec, as_of, everybody=True)
        receives = profiles["in_programme"].to_numpy(dtype=bool)
        share = min(1.0, OTHERS_PER_RECIPIENT * receives.sum() / max((~receives).sum(), 1))
        kept = profiles[receives | (random.random(len(profiles)) < share)]
        parts.append(
            (
                kept[list(spec.names)].to_numpy(dtype=np.float64),
                kept["in_programme"].to_numpy(dtype=np.float64),
                kept["household_id"].to_numpy(dtype=object),
            )
        )
    rows, label, household = (np.concatenate(part) for part in zip(*parts, strict=True))
    return rows, label, household

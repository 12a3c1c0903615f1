"""The champion learnt again: on fewer rows, on fewer features, with other seeds. The door to training.fit."""

from dataclasses import replace
from itertools import compress

import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.bundle import Bundle
from models.scoring import score
from training.champion import BASELINE
from training.cohort import Cohort
from training.fit import Setting, candidates, draft, fit_candidate
from training.review.case import Case
from training.stage_one import fit_stage_one

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def learners(case: Case) -> dict[str, str]:
    """Role -> candidate: `champion`, `logistic` and, where the question has one, the largest LightGBM bag."""
    recipes = candidates(case.setting)
    if case.bundle.kind not in recipes:
        raise UserError(
            f"{case.spec.question}：候选中已没有 {case.bundle.kind} / {case.bundle.kind} is no candidate of"
            " this version; run python -m training run again."
        )
    bags = [name for name, recipe in recipes.items() if len(recipe) == 1 and name.startswith("lightgbm")]
    return {"champion": case.bundle.kind, "logistic": BASELINE, **({"lightgbm": bags[-1]} if bags else {})}


def fitted(case: Case, cohort: Cohort, name: str, *, seed: int | None = None) -> Bundle:
    """A candidate learnt from `cohort`, with the bundle's calibration."""
    setting = case.setting if seed is None else replace(case.setting, seed=seed)
    return _bundle(case, setting, cohort, name)


def without(case: Case, dropped: Flags) -> tuple[Bundle, Flags]:
    """The champion learnt again without the `dropped` (features,) columns; and the (features,) kept."""
    kept = ~dropped
    spec = replace(case.spec, features=tuple(compress(case.spec.features, kept)))
    setting = replace(case.setting, spec=spec, favourable=tuple(compress(case.setting.favourable, kept)))
    if setting.stage_one is not None:
        stage = fit_stage_one(case.store, spec, list(case.plan.learnt), setting.seed, setting.threads)
        setting = replace(setting, stage_one=stage)
    cohort = Cohort(spec, case.learnt.rows[:, kept], case.learnt.facts)
    return _bundle(case, setting, cohort, case.bundle.kind), kept


def _bundle(case: Case, setting: Setting, cohort: Cohort, name: str) -> Bundle:
    return replace(draft(setting, fit_candidate(setting, cohort, name)), calibration=case.bundle.calibration)


def raw(bundle: Bundle, rows: Floats, threads: int) -> Floats:
    """Log-odds of `rows` in the bundle's order; (n,)."""
    return score(bundle, rows, num_threads=threads, contributions=False).raw


def household_sample(cohort: Cohort, seed: int) -> Cohort:
    """The rows of households drawn with replacement, as many as there are."""
    ids, place = np.unique(cohort.household, return_inverse=True)
    times = np.bincount(np.random.default_rng(seed).integers(0, len(ids), len(ids)), minlength=len(ids))
    return cohort.take(np.repeat(np.arange(len(place)), times[place]))

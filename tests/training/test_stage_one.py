"""Stage one of discovery is an input of stage two, and answers for nobody whose own receiving it has seen."""

from dataclasses import replace
from datetime import date

import numpy as np

from tests.training.practice_store import city
from training.cohort import read_records, training_cohort
from training.fit import Setting, favourable_values, fit_candidate, raw_scores, unseen_scores
from training.splits import household_folds
from training.stage_one import FOLDS, fit_stage_one


def test_a_candidate_is_judged_by_boosters_that_never_saw_the_household(tmp_path):
    made = city(tmp_path, "unapplied_eligible")
    day, learnt = date(2025, 12, 31), made.months[:-1]
    cohort = training_cohort(
        made.store, made.spec, read_records(made.warehouse, "register", day), learnt
    ).labelled()
    stage = fit_stage_one(made.store, made.spec, learnt, 7, 1)
    setting = Setting(made.spec, favourable_values(made.spec, cohort.rows), day, 7, 1, stage_one=stage)
    fitted = fit_candidate(setting, cohort, "stack_full_regressed")
    expected = np.empty(len(cohort.label))
    for number, fold in enumerate(
        household_folds(cohort.household, FOLDS, stage.seed) == np.arange(FOLDS)[:, None]
    ):
        blind = tuple(
            replace(one, boosters=(stage.boosters[number],)) if one.boosters else one
            for one in fitted.components
        )
        expected[fold] = raw_scores(setting, replace(fitted, components=blind), cohort.rows[fold])
    found = unseen_scores(setting, fitted, cohort)
    assert np.abs(found - expected).max() < 1e-9
    assert np.abs(found - raw_scores(setting, fitted, cohort.rows)).max() > 0.01

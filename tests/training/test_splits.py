import numpy as np

from training.splits import GAP_MONTHS, household_folds, rolling_origin


def test_later_months_judge_and_the_month_before_is_left_out():
    random = np.random.default_rng(0)
    month, household = random.integers(1, 13, 600), random.integers(0, 2000, 600).astype(object)
    windows = list(rolling_origin(month, household))
    assert len(windows) == 3
    for learn, judge in windows:
        assert month[learn].max() < month[judge].min() - GAP_MONTHS
        assert not set(household[learn]) & set(household[judge])


def test_a_window_with_nothing_before_it_is_skipped():
    assert list(rolling_origin(np.array([5, 5]), np.array(["a", "b"], dtype=object))) == []


def test_a_household_is_in_one_fold_in_every_table():
    household = np.array([f"H{k}" for k in range(500)] * 2, dtype=object)
    fold = household_folds(household, 5, seed=1)
    assert (fold[:500] == fold[500:]).all()
    assert (household_folds(household[::-1], 5, seed=1) == fold[::-1]).all()
    assert np.bincount(fold).min() > 100

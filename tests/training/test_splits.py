import numpy as np

from training.splits import household_folds, rolling_origin


def test_later_months_judge_what_was_known_before_them():
    random = np.random.default_rng(0)
    month, household = random.integers(1, 13, 600), random.integers(0, 2000, 600).astype(object)
    known = month + random.integers(1, 7, 600)
    windows = list(rolling_origin(month, known, household))
    assert len(windows) == 3
    for learn, judge in windows:
        assert max(month[learn].max(), known[learn].max()) < month[judge].min()
        assert not set(household[learn]) & set(household[judge])


def test_a_window_with_nothing_before_it_is_skipped():
    assert list(rolling_origin(np.array([5, 5]), np.array([6, 6]), np.array(["a", "b"], dtype=object))) == []


def test_a_household_is_in_one_fold_in_every_table():
    household = np.array([f"H{k}" for k in range(500)] * 2, dtype=object)
    fold = household_folds(household, 5, seed=1)
    assert (fold[:500] == fold[500:]).all()
    assert (household_folds(household[::-1], 5, seed=1) == fold[::-1]).all()
    assert np.bincount(fold).min() > 100

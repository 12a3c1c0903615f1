"""A probability that keeps its word passes, another fails, and a household is not counted six times."""

import numpy as np

from benchmarks.deciles import calibration, shared_within, tenths
from tests.benchmarks.toy_world import toy_world


def test_the_exact_posterior_holds():
    world = toy_world(10_000, seed=5)
    kept = calibration(world.label, world.exact, world.household)
    assert kept.mean_holds is not False
    assert kept.tenths_hold is True


def test_a_mean_a_fifth_too_high_fails():
    world = toy_world(10_000, seed=5)
    assert calibration(world.label, 1.2 * world.exact, world.household).mean_holds is False


def test_a_score_too_sure_of_itself_fails_by_decile():
    world = toy_world(10_000, seed=5)
    odds = world.exact / (1 - world.exact)
    sure = odds**1.5 / (1 + odds**1.5)
    assert calibration(world.label, sure, world.household).tenths_hold is False


def test_a_level_learnt_from_few_is_forgiven_as_much():
    world = toy_world(10_000, seed=5)
    said = 1.2 * world.exact
    assert calibration(world.label, said, world.household, level_error=0.1).mean_holds is None
    assert calibration(world.label, said, world.household, level_error=0.01).mean_holds is False


def test_a_small_world_cannot_tell():
    world = toy_world(60, seed=5)
    kept = calibration(world.label, 1.1 * world.exact, world.household)
    assert kept.mean_holds is None
    assert kept.tenths_hold is None


def test_z_is_standard_under_the_truth_though_months_repeat():
    drawn = [calibration(w.label, w.exact, w.household) for w in (toy_world(1_000, s) for s in range(100))]
    z = np.array([group.z for one in drawn for group in (one.whole, *one.tenths) if group.known])
    assert len(z) > 200
    assert 0.85 < z.std() < 1.15
    assert (np.abs(z) > 3).mean() < 0.015


def test_months_that_repeat_share_all_and_strangers_nothing():
    world = toy_world(5_000, seed=7)
    place = np.unique(world.household, return_inverse=True)[1]
    assert shared_within(world.label, world.exact, place) > 0.9
    strangers = np.arange(len(world.label))
    assert shared_within(world.label, world.exact, strangers) == 0.0


def test_equal_probabilities_stay_in_one_tenth():
    said = np.r_[np.full(70, 0.1), np.linspace(0.2, 0.9, 30)]
    found = tenths(said)
    assert len(np.unique(found[:70])) == 1
    assert found[-1] == 9
    assert np.all(np.diff(found) >= 0)

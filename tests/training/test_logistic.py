import numpy as np
import pytest

from models.scoring import logistic
from tests.models.example_bundle import example_rows, example_spec, example_truth
from training import logistic as regression
from training.calibrate import calibrate_on_random_arm, platt


@pytest.fixture
def table():
    spec = example_spec("hidden_income")
    rows = np.nan_to_num(example_rows(spec, 1500, seed=3))
    random = np.random.default_rng(3)
    return spec, rows, (random.random(1500) < logistic(example_truth(spec, rows))).astype(float)


def test_the_bounded_regression_agrees_with_scikit_learn_where_nothing_is_bound(table):
    spec, rows, label = table
    scale = regression.scaling(spec, rows)
    made = regression.design(spec, scale, rows, bound=False)
    weight = np.random.default_rng(4).uniform(0.5, 4.0, 1500)
    own = regression.fit_within_bounds(made, label, weight, 5.0)
    peer = regression.fit_free(made, label, weight, 5.0)
    assert own[0] == pytest.approx(peer[0], abs=1e-4)
    np.testing.assert_allclose(own[1], peer[1], atol=1e-4)


def test_a_punitive_regression_keeps_its_directions(table):
    spec, rows, label = table
    scale = regression.scaling(spec, rows)
    made = regression.design(spec, scale, rows)
    _, coefficients = regression.fit(made, 1 - label, np.ones(1500), penalty=1.0)
    linear, _ = regression.as_linear(scale, made, coefficients)
    raises = np.array(spec.monotone) > 0
    assert (linear.coefficient[raises] >= 0).all()
    assert not linear.when_unknown.any()


def test_platt_recovers_slope_and_level():
    random = np.random.default_rng(4)
    raw = random.normal(0, 2, 40_000)
    label = (random.random(40_000) < logistic(0.7 * raw - 1.5)).astype(float)
    found = platt(raw, label, np.ones(40_000))
    assert (found.slope, found.shift) == (pytest.approx(0.7, abs=0.03), pytest.approx(-1.5, abs=0.05))
    assert np.sqrt(found.covariance[0][0]) < 0.02


def test_the_level_comes_from_the_random_arm_alone():
    random = np.random.default_rng(5)
    raw = random.normal(0, 1, 6000)
    arm = np.arange(6000) < 1000
    # Whoever selected the others saw something: at the same score they are confirmed far more often.
    label = (random.random(6000) < logistic(raw - 2 + 1.5 * ~arm)).astype(float)
    found = calibrate_on_random_arm(raw, label, np.full(6000, 0.1), arm)
    said = logistic(found.slope * raw[arm] + found.shift).mean()
    assert said == pytest.approx(label[arm].mean(), abs=0.01)

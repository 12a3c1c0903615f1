"""Voters that err apart say together what each of them says alone, as sure and no less."""

import numpy as np
import pytest

from benchmarks.deciles import calibration
from benchmarks.flexible import together
from models.scoring import logistic

#: Of a normal truth seen three times with normal noise, each voter says its best guess.
TRUTH, NOISE, MEAN = 1.2, 0.9, -2.0


@pytest.fixture(scope="module")
def voters() -> tuple[np.ndarray, np.ndarray]:
    """Log-odds (3, n) and labels (n,)."""
    random = np.random.default_rng(3)
    truth = random.normal(0, TRUTH, 60_000)
    seen = truth + random.normal(0, NOISE, (3, len(truth)))
    votes = MEAN + seen * TRUTH**2 / (TRUTH**2 + NOISE**2)
    return votes, (random.random(len(truth)) < logistic(MEAN + truth)).astype(float)


def test_the_mean_of_three_says_too_little_at_the_top_and_together_they_do_not(voters):
    votes, label = voters
    strangers = np.arange(len(label)).astype(object)
    top_of_mean = calibration(label, logistic(votes).mean(axis=0), strangers).tenths[-1]
    top = calibration(label, together(votes), strangers).tenths[-1]
    assert top_of_mean.z > 4
    assert abs(top.said - top.found) < 0.4 * abs(top_of_mean.said - top_of_mean.found)


def test_together_they_keep_level_and_order(voters):
    votes, _ = voters
    said = together(votes)
    assert said.mean() == pytest.approx(logistic(votes).mean(), rel=1e-6)
    assert np.array_equal(np.argsort(said), np.argsort(votes.mean(axis=0)))


def test_voters_that_agree_are_left_as_they_are():
    votes = np.tile(np.linspace(-4, 2, 50), (3, 1))
    assert together(votes) == pytest.approx(logistic(votes[0]))
    assert together(np.zeros((3, 4))).tolist() == [0.5] * 4

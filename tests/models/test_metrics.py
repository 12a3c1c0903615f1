import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from models.metrics import (
    HouseholdBootstrap,
    auc,
    average_precision,
    calibration_error,
    difference_estimate,
    hajek,
    interval,
    precision,
    visits,
)


@pytest.fixture
def tied():
    random = np.random.default_rng(0)
    score = random.normal(size=500).round(1)
    label = (random.random(500) < 1 / (1 + np.exp(2 - score))).astype(float)
    return label, score, random.random(500) + 0.1


def test_areas_agree_with_scikit_learn_with_ties_and_weights(tied):
    label, score, weight = tied
    assert auc(label, score, weight) == pytest.approx(roc_auc_score(label, score, sample_weight=weight))
    expected = average_precision_score(label, score, sample_weight=weight)
    assert average_precision(label, score, weight) == pytest.approx(expected)


def test_one_class_alone_has_no_area():
    assert np.isnan(auc(np.zeros(5), np.arange(5.0)))
    assert np.isnan(average_precision(np.zeros(5), np.arange(5.0)))


def test_visits_share_a_tie_at_the_cut_off():
    group = np.array(["a"] * 4 + ["b"] * 2, dtype=object)
    got = visits(np.array([3.0, 1.0, 1.0, 0.0, 5.0, 5.0]), group, {"a": 2, "b": 1})
    assert got.tolist() == [1, 0.5, 0.5, 0, 0.5, 0.5]
    assert precision(np.array([1.0, 1, 0, 0, 0, 0]), got) == pytest.approx(1.5 / 3)


def test_a_constant_score_is_the_random_baseline():
    group = np.array(["a"] * 10, dtype=object)
    assert visits(np.zeros(10), group, {"a": 3}).tolist() == pytest.approx([0.3] * 10)


def test_bootstrap_intervals_of_precision_cover_the_truth():
    random, covered = np.random.default_rng(3), 0
    household = np.repeat(np.arange(150), 4)
    for k in range(200):
        chance = np.repeat(random.beta(2, 4, 150), 4)
        label = (random.random(600) < chance).astype(float)
        boot = HouseholdBootstrap(household, seed=k, replicates=200)
        found = interval(label.mean(), boot.precisions(label, {"all": np.ones(600)})["all"])
        covered += found.low <= 1 / 3 <= found.high
    assert 0.90 <= covered / 200 <= 0.99


def test_two_scorers_are_compared_on_the_same_replicates():
    random = np.random.default_rng(1)
    label, got = (random.random(300) < 0.3).astype(float), (random.random(300) < 0.5).astype(float)
    boot = HouseholdBootstrap(np.arange(300), seed=0, replicates=50)
    both = boot.precisions(label, {"one": got, "same": got})
    assert np.array_equal(both["one"], both["same"])


def test_prevalence_intervals_cover_the_truth_under_unequal_draws():
    random = np.random.default_rng(4)
    size, runs, draws = 4000, 300, 400
    truth = (random.random(size) < 0.09).astype(float)
    predicted = np.clip(0.09 + 0.5 * (truth - 0.09) + random.normal(0, 0.05, size), 0.01, 0.99)
    chance = np.where(np.arange(size) < size // 4, 2.0, 1.0)
    chance *= draws / chance.sum()
    covered, width = np.zeros(2), np.zeros(2)
    for _ in range(runs):
        drawn = random.random(size) < chance
        ids = np.flatnonzero(drawn)
        found = (
            hajek(truth[ids], chance[ids], ids),
            difference_estimate(truth[ids], predicted[ids], chance[ids], predicted.mean(), ids),
        )
        covered += [one.low <= truth.mean() <= one.high for one in found]
        width += [one.high - one.low for one in found]
    assert ((covered / runs >= 0.90) & (covered / runs <= 0.985)).all()
    assert width[1] < width[0]


def test_the_interval_of_a_rare_share_keeps_its_word_and_stays_a_share():
    random, runs, draws, share = np.random.default_rng(6), 1_000, 250, 0.02
    ids, held, symmetric = np.arange(draws), 0, 0
    for _ in range(runs):
        label = (random.random(draws) < share).astype(float)
        found = hajek(label, np.full(draws, 0.01), ids)
        assert 0 <= found.low <= found.value <= found.high <= 1
        error = 1.96 * np.sqrt(found.value * (1 - found.value) / draws)
        held += found.low <= share <= found.high
        symmetric += abs(found.value - share) <= error
    assert symmetric / runs < 0.92 <= held / runs


def test_calibration_error_sees_a_shift():
    random = np.random.default_rng(5)
    said = random.random(20_000) * 0.3
    label = (random.random(20_000) < said).astype(float)
    assert calibration_error(label, said) < 0.01
    assert calibration_error(label, said + 0.1) == pytest.approx(0.1, abs=0.01)

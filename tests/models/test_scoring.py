import numpy as np
import pytest

from features.errors import UserError
from models.contributions import contributions
from models.metrics import auc
from models.questions import SPECS
from models.scoring import Reader, band, lightgbms_raw, probability_interval, score
from tests.models.example_bundle import example_bundle, example_rows, example_spec, example_truth


@pytest.mark.parametrize("question", SPECS)
def test_contributions_and_base_sum_to_the_score(question):
    bundle = example_bundle(question)
    rows = example_rows(example_spec(question), 300, seed=4, missing=0.2)
    scores = score(bundle, rows)
    assert np.abs(scores.base + scores.contributions.sum(axis=1) - scores.raw).max() < 1e-9


def test_one_household_scores_as_it_does_in_a_batch():
    bundle, rows = example_bundle(), example_rows(example_spec("hidden_income"), 40, seed=5)
    batch = score(bundle, rows, num_threads=2)
    for k in range(5):
        alone = score(bundle, rows[k : k + 1])
        assert abs(alone.raw[0] - batch.raw[k]) < 1e-9
        assert np.abs(alone.contributions[0] - batch.contributions[k]).max() < 1e-9


def test_the_order_is_the_same_without_contributions():
    bundle, rows = example_bundle(), example_rows(example_spec("hidden_income"), 40, seed=6)
    assert np.array_equal(score(bundle, rows).raw, score(bundle, rows, contributions=False).raw)


def test_the_example_recovers_its_planted_signal():
    spec = example_spec("hidden_income")
    rows = example_rows(spec, 2000, seed=8)
    truth = example_truth(spec, rows)
    label = (np.random.default_rng(1).random(2000) < 1 / (1 + np.exp(-truth))).astype(float)
    found = auc(label, score(example_bundle(), rows, contributions=False).raw)
    assert found > auc(label, truth) - 0.05


def test_more_of_what_raises_never_lowers_a_punitive_score():
    spec, bundle = example_spec("hidden_income"), example_bundle()
    rows = example_rows(spec, 400, seed=10)
    base = score(bundle, rows, contributions=False).raw
    for column, raises in enumerate(spec.monotone):
        if raises:
            more = rows.copy()
            more[:, column] = np.nan_to_num(more[:, column]) * 1.7 + 100
            assert (score(bundle, more, contributions=False).raw - base).min() >= 0


def test_a_department_that_does_not_answer_raises_no_punitive_score():
    spec, bundle = example_spec("hidden_income"), example_bundle()
    rows = example_rows(spec, 400, seed=11, missing=0.0)
    for column, raises in enumerate(spec.monotone):
        if raises:
            silent = rows.copy()
            silent[:, column] = np.nan
            change = (
                score(bundle, silent, contributions=False).raw - score(bundle, rows, contributions=False).raw
            )
            assert change.max() <= 1e-12


def test_rows_of_another_width_are_refused_with_the_number_needed():
    with pytest.raises(UserError, match="features, got shape"):
        score(example_bundle(), np.zeros((3, 2)))


def test_probability_lies_in_its_interval_and_in_its_band():
    bundle = example_bundle()
    scores = score(bundle, example_rows(example_spec("hidden_income"), 100, seed=12))
    low, high = probability_interval(bundle, scores.raw)
    assert ((low <= scores.probability) & (scores.probability <= high)).all()
    floors = [band(bundle, p).floor for p in scores.probability]
    assert (np.array(floors) <= scores.probability).all()
    assert band(bundle, 0.99).code == "high"


def test_no_rows_give_no_scores():
    scores = score(example_bundle(), np.empty((0, len(example_bundle().features))))
    assert scores.raw.shape == (0,)


def test_the_citys_explanations_equal_lightgbms_own():
    bundle, rows = example_bundle(), example_rows(example_spec("hidden_income"), 200, seed=12)
    own, fast = score(bundle, rows), score(bundle, rows, reader=Reader(lightgbms_raw, contributions))
    assert np.abs(own.contributions - fast.contributions).max() < 1e-10
    assert abs(own.base - fast.base) < 1e-10

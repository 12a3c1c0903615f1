import pytest

from models.bundle import Calibration
from serving.context import Context
from serving.warmup import warm_up
from tests.models.example_bundle import example_bundle


def test_every_question_is_warmed():
    bundles = {question: example_bundle(question) for question in ("hidden_income", "exit_due")}
    seconds = warm_up(Context(None, bundles))
    assert set(seconds) == set(bundles)
    assert all(taken > 0 for taken in seconds.values())


def test_a_bundle_whose_contributions_do_not_sum_to_its_score_does_not_start():
    broken = example_bundle(intercept=float("nan"))
    with pytest.raises(RuntimeError, match="do not sum to its score"):
        warm_up(Context(None, {"hidden_income": broken}))


def test_a_bundle_that_cannot_be_told_does_not_start():
    broken = example_bundle(calibration=Calibration(float("nan"), 0.0))
    with pytest.raises((RuntimeError, ValueError, IndexError)):
        warm_up(Context(None, {"hidden_income": broken}))

"""A shape is searched on later months, the same for the same seed, and the simplest that is as good wins."""

import numpy as np
import pandas as pd
import pytest

from tests.models.example_bundle import example_rows, example_spec, example_truth
from training.boosting import Shape
from training.champion import FEW_LABELS, rolling, with_tuned_shape
from training.cohort import Cohort
from training.fit import Setting, favourable_values
from training.tuning import TUNED, simplest, tune


def cohort(rows: int = 600, question: str = "hidden_income") -> Cohort:
    """Outcomes that follow the example's truth, one visit a row, over a year."""
    spec = example_spec(question)
    found = example_rows(spec, rows, seed=3)
    chance = 1 / (1 + np.exp(-example_truth(spec, found)))
    label = (np.random.default_rng(4).random(rows) < chance).astype(float)
    months = pd.to_datetime("2025-01-31") + pd.to_timedelta(np.arange(rows) % 12 * 30, unit="D")
    facts = pd.DataFrame(
        {
            "household_id": [f"H{k}" for k in range(rows)], "as_of": months, "label": label, "weight": 1.0,
            "known_on": months + pd.Timedelta(days=10), "event": np.arange(rows),
        }
    )  # fmt: skip
    return Cohort(spec, found, facts)


WINDOWS = [(np.arange(0, 300), np.arange(300, 450)), (np.arange(0, 450), np.arange(450, 600))]


@pytest.fixture(scope="module")
def tuned():
    made = cohort()
    return [tune(made.spec, lambda rows: rows, made, WINDOWS, seed=5, threads=1, trials=4) for _ in range(2)]


def test_the_same_seed_searches_the_same_shapes(tuned):
    assert tuned[0] == tuned[1]
    assert len({shape for shape, _ in tuned[0].trials}) == 4


def test_no_tree_is_deeper_than_explanations_can_afford(tuned):
    assert all(3 <= shape.depth <= 6 and shape.leaves <= 31 for shape, _ in tuned[0].trials)
    assert tuned[0].shape.name == TUNED


def test_the_simplest_shape_that_is_as_good_wins():
    small, large = (Shape(TUNED, leaves, 4, 100, 0.05, 20) for leaves in (6, 31))
    assert simplest({small: [0.30, 0.32, 0.28], large: [0.31, 0.30, 0.30]}) == small
    assert simplest({small: [0.20, 0.21, 0.20], large: [0.30, 0.31, 0.30]}) == large


def test_few_labels_search_no_shape():
    made = cohort(FEW_LABELS - 1)
    setting = Setting(
        made.spec, favourable_values(made.spec, made.rows), pd.Timestamp("2025-12-31").date(), 1, 1
    )
    assert with_tuned_shape(setting, made, rolling(made)) == setting

"""Contributions equal LightGBM's own on every kind of model; what is not covered is refused."""

from itertools import permutations
from math import factorial

import lightgbm
import numpy as np
import pytest

from benchmarks.explained_models import ODD, odd_model, strange, table
from features.errors import UserError
from models.contributions import BLOCK, contributions
from models.trees import walk

TOLERANCE = 1e-10


@pytest.mark.parametrize("kind", ODD)
def test_they_equal_lightgbms_own(kind):
    made, x = ODD[kind]()
    rows = strange(x)
    found = contributions(made, rows)
    assert np.abs(found - made.predict(rows, pred_contrib=True)).max() < TOLERANCE
    assert np.abs(found.sum(axis=1) - made.predict(rows, raw_score=True)).max() < TOLERANCE


def test_paths_grow_as_deep_as_they_say():
    assert [walk(ODD[f"depth {depth}"]()[0]).depth for depth in (1, 6, 20)] == [1, 6, 20]


@pytest.mark.parametrize("rows", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_any_number_of_rows_in_one_thread_or_two(rows):
    made, x = odd_model()
    one, two = (contributions(made, x[:rows], num_threads=threads) for threads in (1, 2))
    assert one.shape == (rows, made.num_feature() + 1)
    assert (one == two).all()
    if rows:
        assert np.abs(one - made.predict(x[:rows], pred_contrib=True)).max() < TOLERANCE


def test_they_are_shapley_values_of_the_tree_by_their_definition():
    made, x = odd_model(trees=1, columns=3, num_leaves=6)
    root = made.dump_model()["tree_info"][0]["tree_structure"]

    def expected(node, row, known):
        if "split_index" not in node:
            return node["leaf_value"]
        left, right = node["left_child"], node["right_child"]
        if node["split_feature"] in known:
            value = row[node["split_feature"]]
            goes_left = node["default_left"] if np.isnan(value) else value <= node["threshold"]
            return expected(left if goes_left else right, row, known)
        counts = [child.get("internal_count", child.get("leaf_count")) for child in (left, right)]
        parts = [expected(child, row, known) for child in (left, right)]
        return np.average(parts, weights=counts)

    for row in x[:20]:
        shares = np.zeros(4)
        for order in permutations(range(3)):
            for place, feature in enumerate(order):
                before = set(order[:place])
                shares[feature] += expected(root, row, before | {feature}) - expected(root, row, before)
        shares /= factorial(3)
        shares[3] = expected(root, row, set())
        assert np.allclose(contributions(made, row[None, :])[0], shares, atol=1e-12)


def test_rows_weights_do_not_weigh_paths_as_in_lightgbm():
    x, y = table(3)
    data = lightgbm.Dataset(x, y, weight=np.random.default_rng(0).uniform(0.1, 4, len(y)))
    made = lightgbm.train({"objective": "binary", "verbosity": -1, "num_threads": 1}, data, 5)
    assert np.abs(contributions(made, x) - made.predict(x, pred_contrib=True)).max() < TOLERANCE


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"linear_tree": True}, "linear leaves"),
        ({"objective": "multiclass", "num_class": 3}, "several outputs"),
        ({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "averaged forest"),
    ],
)
def test_what_is_not_covered_is_refused_with_a_sentence(options, words):
    x, y = np.nan_to_num(table(1)[0]), table(1)[1]
    label = y + (x[:, 0] > 0) if "num_class" in options else y
    made = lightgbm.train(
        {"verbosity": -1, "num_threads": 1} | {"objective": "binary"} | options, lightgbm.Dataset(x, label), 3
    )
    with pytest.raises(UserError, match=words):
        walk(made)


def test_other_columns_are_refused():
    made, x = odd_model()
    with pytest.raises(UserError, match=r"has 6 features, got shape \(5, 4\)"):
        contributions(made, x[:5, :4])

"""Contributions equal LightGBM's own on every kind of model; what is not covered is refused."""

from itertools import permutations
from math import factorial

import lightgbm
import numpy as np
import pytest

from features.errors import UserError
from models.contributions import BLOCK, contributions
from models.trees import walk

TOLERANCE = 1e-10


def table(seed: int, rows: int = 400, columns: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Rows with unknowns, zeros and ties, and a label that many columns shape together."""
    random = np.random.default_rng(seed)
    x = np.round(random.normal(size=(rows, columns)), 1)
    x[random.random(x.shape) < 0.1] = np.nan
    x[random.random(x.shape) < 0.1] = 0.0
    known = np.nan_to_num(x)[:, np.arange(4) % columns]
    noise = random.normal(size=rows)
    y = known[:, 0] * known[:, 1] + known[:, 2] - known[:, 3] ** 2 + noise > -0.5
    return x, y.astype(float)


def booster(seed: int = 0, trees: int = 12, columns: int = 6, categories: list[int] | None = None, **changed):
    x, y = table(seed, columns=columns)
    if categories:
        x[:, categories] = np.random.default_rng(seed).integers(0, 9, (len(x), len(categories)))
    options = {
        "objective": "binary", "verbosity": -1, "num_threads": 1, "min_data_in_leaf": 2, "seed": seed,
        "num_leaves": 15, "deterministic": True, "force_row_wise": True, "min_data_per_group": 2,
    } | changed  # fmt: skip
    data = lightgbm.Dataset(x, y, categorical_feature=categories or [], params={"verbosity": -1})
    return lightgbm.train(options, data, trees), x


def strange(x: np.ndarray) -> np.ndarray:
    """The same rows, and some with every kind of number a table may hold."""
    more = x[:40].copy()
    more[:10] = np.nan
    more[10:20:2], more[11:20:2] = np.inf, -np.inf
    more[20:30] = 0.0
    more[30:35], more[35:] = 1e-36, -1e300
    return np.concatenate([x, more])


KINDS = {
    "plain": {},
    "one column again and again": {"columns": 1, "num_leaves": 31},
    "two columns": {"columns": 2, "num_leaves": 31},
    "stumps": {"num_leaves": 2},
    "deep": {"num_leaves": 200, "min_data_in_leaf": 1, "max_depth": 20},
    "zero is unknown": {"zero_as_missing": True},
    "unknown is zero": {"use_missing": False},
    "categories": {"categories": [1, 4]},
    "monotone": {"monotone_constraints": [1, -1, 0, 0, 1, 0], "monotone_constraints_method": "basic"},
    "weights of dart": {"boosting": "dart"},
    "nothing to learn": {"min_data_in_leaf": 10_000},
    "one tree": {"trees": 1},
}


@pytest.mark.parametrize("kind", KINDS)
def test_they_equal_lightgbms_own(kind):
    made, x = booster(seed=len(kind), **KINDS[kind])
    rows = strange(x)
    found = contributions(made, rows)
    assert np.abs(found - made.predict(rows, pred_contrib=True)).max() < TOLERANCE
    assert np.abs(found.sum(axis=1) - made.predict(rows, raw_score=True)).max() < TOLERANCE


@pytest.mark.parametrize("depth", range(1, 21))
def test_any_depth(depth):
    made, x = booster(seed=depth, trees=3, columns=12, num_leaves=256, max_depth=depth, min_data_in_leaf=1)
    assert np.abs(contributions(made, x) - made.predict(x, pred_contrib=True)).max() < TOLERANCE


@pytest.mark.parametrize("rows", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_any_number_of_rows_in_one_thread_or_two(rows):
    made, x = booster()
    one, two = (contributions(made, x[:rows], num_threads=threads) for threads in (1, 2))
    assert one.shape == (rows, made.num_feature() + 1)
    assert (one == two).all()
    if rows:
        assert np.abs(one - made.predict(x[:rows], pred_contrib=True)).max() < TOLERANCE


def test_they_are_shapley_values_of_the_tree_by_their_definition():
    made, x = booster(trees=1, columns=3, num_leaves=6)
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
    made, x = booster()
    with pytest.raises(UserError, match=r"has 6 features, got shape \(5, 4\)"):
        contributions(made, x[:5, :4])

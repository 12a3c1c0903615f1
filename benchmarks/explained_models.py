"""Models whose contributions are measured and held to LightGBM's own.

Large ones as they are used, and odd ones: every kind of tree, of split and of number in a table that could be
read otherwise than LightGBM reads it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import lightgbm
import numpy as np

#: Columns and rows of the large models; one value in twenty is unknown.
COLUMNS, ROWS = 100, 20_000
Made = tuple[lightgbm.Booster, np.ndarray]


def model(leaves: int, depth: int, trees: int) -> Made:
    """A model of many columns with unknowns, and the rows it is asked about."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(ROWS, COLUMNS))
    rows[random.random(rows.shape) < 0.05] = np.nan
    known = np.nan_to_num(rows)
    label = known[:, 0] + known[:, 1] * known[:, 2] + known[:, 3:8].sum(axis=1) + random.normal(size=ROWS) > 0
    options = {
        "objective": "binary", "num_leaves": leaves, "max_depth": depth, "min_data_in_leaf": 5,
        "num_threads": 1, "verbosity": -1, "deterministic": True, "force_row_wise": True, "seed": 0,
    }  # fmt: skip
    return lightgbm.train(options, lightgbm.Dataset(rows, label.astype(float)), trees), rows


def odd_model(
    seed: int = 0, trees: int = 12, columns: int = 6, categories: list[int] | None = None, **changed: Any
) -> Made:
    """A small model with so much changed, and the rows it learnt from."""
    x, y = table(seed, columns=columns)
    if categories:
        x[:, categories] = np.random.default_rng(seed).integers(0, 9, (len(x), len(categories)))
    options = {
        "objective": "binary", "verbosity": -1, "num_threads": 1, "min_data_in_leaf": 2, "seed": seed,
        "num_leaves": 15, "deterministic": True, "force_row_wise": True, "min_data_per_group": 2,
    } | changed  # fmt: skip
    data = lightgbm.Dataset(x, y, categorical_feature=categories or [], params={"verbosity": -1})
    return lightgbm.train(options, data, trees), x


def chain(depth: int) -> Made:
    """Paths of so many edges, each of another column: what counts is the first column that is high."""
    random = np.random.default_rng(depth)
    x = np.round(random.normal(size=(2000, 24)), 1)
    x[random.random(x.shape) < 0.1] = np.nan
    high = np.nan_to_num(x) > 0.8
    first = np.where(high.any(axis=1), high.argmax(axis=1), x.shape[1])
    y = np.where(first % 2 == 0, 1, -1) * 0.9**first
    options = {
        "objective": "regression", "verbosity": -1, "num_threads": 1, "min_data_in_leaf": 1, "seed": 0,
        "num_leaves": 64, "max_depth": depth, "deterministic": True, "force_row_wise": True,
    }  # fmt: skip
    return lightgbm.train(options, lightgbm.Dataset(x, y), 3), x


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


def strange(x: np.ndarray) -> np.ndarray:
    """The same rows, and some with every kind of number a table may hold."""
    more = x[:40].copy()
    more[:10] = np.nan
    more[10:20:2], more[11:20:2] = np.inf, -np.inf
    more[20:30] = 0.0
    more[30:35], more[35:] = 1e-36, -1e300
    return np.concatenate([x, more])


KINDS: dict[str, dict[str, Any]] = {
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
#: Odd models: how each is made, with the rows it learnt from.
ODD: dict[str, Callable[[], Made]] = {
    kind: partial(odd_model, seed=len(kind), **changed) for kind, changed in KINDS.items()
} | {f"depth {depth}": partial(chain, depth) for depth in range(1, 21)}

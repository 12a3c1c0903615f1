"""A bag of small LightGBM models: deterministic, monotone where a punitive spec says so."""

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np
import numpy.typing as npt

from models.spec import ModelSpec

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """How large the trees are; depth at most 6 keeps explanations cheap.

    columns: share of the features that each tree sees; ridge: lambda of the leaves' values.
    """

    name: str
    leaves: int
    depth: int
    rounds: int
    rate: float
    least_rows: int
    columns: float = 0.4
    ridge: float = 5.0


SHAPES = (
    Shape("lightgbm_small", leaves=6, depth=3, rounds=120, rate=0.05, least_rows=20),
    Shape("lightgbm_medium", leaves=15, depth=5, rounds=120, rate=0.05, least_rows=20),
)
#: Below this many rows threads cost more than they save; the model is the same either way.
WORTH_THREADS = 20_000
STAGE_ONE = Shape("stage_one", leaves=15, depth=5, rounds=80, rate=0.1, least_rows=100)


def fit_booster(
    spec: ModelSpec,
    rows: Floats,
    label: Floats,
    weight: Floats,
    shape: Shape,
    seed: int,
    threads: int,
    start: Floats | None = None,
) -> lightgbm.Booster:
    """One model on `rows` (n, features); the same inputs and seed give the same text to the last byte.

    start: log-odds (n,) that another model has given already; the booster learns what they leave.
    """
    return fit_columns(spec.names, spec.monotone, rows, label, weight, shape, seed, threads, start)


def fit_columns(
    names: Sequence[str],
    monotone: Sequence[int],
    rows: Floats,
    label: Floats,
    weight: Floats | None,
    shape: Shape,
    seed: int,
    threads: int,
    start: Floats | None = None,
) -> lightgbm.Booster:
    """The same on columns that no spec declares; monotone: +1, 0 or -1 for each."""
    parameters = {
        "objective": "binary",
        "num_leaves": shape.leaves,
        "max_depth": shape.depth,
        "learning_rate": shape.rate,
        "min_data_in_leaf": shape.least_rows,
        "min_sum_hessian_in_leaf": 1.0,
        "lambda_l2": shape.ridge,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "feature_fraction": shape.columns,
        "max_bin": 127,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "num_threads": threads if len(rows) >= WORTH_THREADS else 1,
        "verbosity": -1,
    }
    if any(monotone):
        parameters["monotone_constraints"] = list(monotone)
        # "intermediate" and "advanced" let scores fall where the declared direction says they may not.
        parameters["monotone_constraints_method"] = "basic"
    table = lightgbm.Dataset(rows, label, weight=weight, init_score=start, feature_name=list(names))
    return lightgbm.train(parameters, table, num_boost_round=shape.rounds)


def fit_bag(
    spec: ModelSpec,
    rows: Floats,
    label: Floats,
    weight: Floats,
    shape: Shape,
    seeds: Sequence[int],
    threads: int,
    start: Floats | None = None,
) -> tuple[lightgbm.Booster, ...]:
    """One booster a seed; their mean is steadier than any of them."""
    return tuple(fit_booster(spec, rows, label, weight, shape, seed, threads, start) for seed in seeds)

"""A small trained bundle of any question, for the tests of models, serving and monitoring.

Truth is a known function of the first features, so tests may ask whether it was recovered. Use:
`from tests.models.example_bundle import example_bundle, example_rows`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import lightgbm
import numpy as np

from features.declaration import Feature
from models.bundle import Bundle, BundleBand, Calibration, Component, Linear, content_digest
from models.describe import bundle_features
from models.questions import SPECS
from models.spec import ModelSpec
from tests.models.small_catalogue import small_catalogue

UNITS_SCALE = {"yuan": 5000.0, "flag": 1.0, "share": 0.5, "months": 6.0, "count": 2.0, "years": 30.0}


def example_spec(question: str, catalogue: Mapping[str, Feature] | None = None) -> ModelSpec:
    """The question's spec over the small catalogue, or another."""
    return SPECS[question](catalogue or small_catalogue())


def example_rows(spec: ModelSpec, n: int, seed: int = 0, missing: float = 0.05) -> np.ndarray:
    """Plausible rows (n, features): many zeros, long tails, some unknown."""
    random = np.random.default_rng(seed)
    scale = np.array([UNITS_SCALE.get(feature.unit, 10.0) for feature in spec.features])
    rows = random.gamma(0.7, 1.0, (n, len(scale))) * scale * (random.random((n, len(scale))) < 0.6)
    flags = np.array([feature.unit == "flag" for feature in spec.features])
    rows[:, flags] = (rows[:, flags] > 0.5).astype(float)
    rows[random.random(rows.shape) < missing] = np.nan
    return rows


def example_truth(spec: ModelSpec, rows: np.ndarray) -> np.ndarray:
    """Log-odds of the label: an intercept, two features that raise and one interaction."""
    scale = np.array([UNITS_SCALE.get(feature.unit, 10.0) for feature in spec.features])
    known = np.nan_to_num(rows / scale)
    first, second = np.minimum(known[:, 0], 3), np.minimum(known[:, 1], 3)
    return np.asarray(-2.5 + 0.9 * first + 0.7 * second + 0.8 * (first > 1) * (second > 1))


def example_bundle(
    question: str = "hidden_income",
    *,
    catalogue: Mapping[str, Feature] | None = None,
    seed: int = 0,
    n: int = 800,
    **changes: Any,
) -> Bundle:
    """A blend of two small boosters and a linear part, trained on `example_rows`."""
    spec = example_spec(question, catalogue)
    rows = example_rows(spec, n, seed)
    chance = 1 / (1 + np.exp(-example_truth(spec, rows)))
    label = (np.random.default_rng(seed + 1).random(n) < chance).astype(float)
    components = (
        Component(0.5, boosters=tuple(_booster(spec, rows, label, seed + k) for k in range(2))),
        Component(0.5, linear=_linear(spec, rows)),
    )
    fields: dict[str, Any] = {
        "question": question,
        "zh": spec.zh,
        "en": spec.en,
        "version": "2025-06-30-example",
        "kind": "blend",
        "trained_as_of": date(2025, 6, 30),
        "universe": spec.universe,
        "categories": spec.categories,
        "punitive": spec.punitive,
        "features": bundle_features(spec, _favourable(spec)),
        "intercept": -0.3,
        "components": components,
        "calibration": Calibration(1.1, -0.2, ((0.01, 0.0), (0.0, 0.02))),
        "bands": tuple(BundleBand(b.code, b.zh, b.en, 0.1 * b.floor) for b in spec.bands),
        "data_version": "example",
        "seed": seed,
        "metrics": {},
        "reference": {},
    }
    bundle = Bundle(**{**fields, **changes})
    assert content_digest(bundle)
    return bundle


def _favourable(spec: ModelSpec) -> tuple[float | None, ...]:
    return tuple(0.0 if spec.punitive and raises > 0 else None for raises in spec.monotone)


def _booster(spec: ModelSpec, rows: np.ndarray, label: np.ndarray, seed: int) -> lightgbm.Booster:
    parameters = {
        "objective": "binary", "num_leaves": 7, "learning_rate": 0.1, "seed": seed, "verbosity": -1,
        "deterministic": True, "force_row_wise": True, "num_threads": 1, "min_data_in_leaf": 20,
        "monotone_constraints": list(spec.monotone), "monotone_constraints_method": "basic",
    }  # fmt: skip
    table = lightgbm.Dataset(rows, label, feature_name=list(spec.names))
    return lightgbm.train(parameters, table, num_boost_round=20)


def _linear(spec: ModelSpec, rows: np.ndarray) -> Linear:
    logged = np.array([feature.unit == "yuan" for feature in spec.features])
    inputs = np.where(logged, np.sign(rows) * np.log1p(np.abs(rows)), rows)
    count = len(spec.features)
    coefficient = np.zeros(count)
    coefficient[:3] = 0.4, 0.2, 0.0 if spec.punitive else -0.3
    return Linear(
        low=np.nanmin(inputs, axis=0),
        high=np.nanmax(inputs, axis=0),
        mean=np.nanmean(inputs, axis=0),
        scale=np.maximum(np.nanstd(inputs, axis=0), 1e-9),
        logged=logged,
        coefficient=coefficient,
        when_unknown=np.zeros(count),
    )

"""Logistic regression over standardised inputs, with directions it may not leave; exported as a `Linear`."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.bundle import Linear
from models.scoring import linear_inputs, logistic
from models.spec import ModelSpec

Floats = npt.NDArray[np.float64]

#: Units with long tails: their logarithm is what the log-odds are linear in.
LOGGED_UNITS = ("yuan", "ratio", "m2", "mu", "days", "kwh")
#: Values beyond these quantiles of the training rows count as the quantile.
HELD_QUANTILES = (0.005, 0.995)
#: An indicator of "unknown" needs this share of rows on both sides.
LEAST_UNKNOWN = 0.01
PENALTIES = (1.0, 5.0, 20.0, 80.0)


@dataclass(frozen=True)
class Design:
    """Standardised inputs, indicators of unknown inputs and extra columns, side by side; (n, width)."""

    columns: Floats
    inputs: npt.NDArray[np.int64]
    indicators: npt.NDArray[np.int64]
    low: Floats
    high: Floats


def scaling(spec: ModelSpec, rows: Floats) -> Linear:
    """How inputs are standardised, learnt from `rows`; all coefficients 0. Constant inputs keep scale 1."""
    logged = np.array([feature.unit in LOGGED_UNITS for feature in spec.features])
    inputs = np.where(logged, np.sign(rows) * np.log1p(np.abs(rows)), rows)
    inputs[:, np.isnan(inputs).all(axis=0)] = 0.0
    low, high = np.nanquantile(inputs, HELD_QUANTILES, axis=0)
    # A flag that is set in fewer rows than the quantile must still count.
    narrow = low == high
    low, high = (
        np.where(narrow, np.nanmin(inputs, axis=0), low),
        np.where(narrow, np.nanmax(inputs, axis=0), high),
    )
    held = np.clip(inputs, low, high)
    scale = np.nanstd(held, axis=0)
    zeros = np.zeros(len(spec.features))
    return Linear(
        low=low,
        high=high,
        mean=np.nanmean(held, axis=0),
        scale=np.where(scale > 1e-9, scale, 1.0),
        logged=logged,
        coefficient=zeros,
        when_unknown=zeros,
    )


def design(
    spec: ModelSpec,
    linear: Linear,
    rows: Floats,
    extra: Floats | None = None,
    *,
    used: npt.NDArray[np.bool_] | None = None,
    bound: bool = True,
) -> Design:
    """The columns a regression sees. `extra` (n, k) go in as they are; `used` masks features.

    bound: a punitive spec's coefficients keep the declared direction, and "unknown" adds nothing.
    """
    standard = linear_inputs(linear, rows)
    unknown = np.isnan(standard)
    inputs = np.flatnonzero(used if used is not None else np.ones(rows.shape[1], dtype=bool))
    share = unknown.mean(axis=0)
    indicated = (share > LEAST_UNKNOWN) & (share < 1 - LEAST_UNKNOWN)
    indicators = inputs[indicated[inputs]] if not spec.punitive else np.array([], dtype=np.int64)
    extra = np.empty((len(rows), 0)) if extra is None else extra
    columns = np.hstack([np.where(unknown, 0.0, standard)[:, inputs], unknown[:, indicators], extra])
    free = np.full(columns.shape[1], np.inf)
    low, high = -free, free.copy()
    if bound:
        raises = np.array(spec.monotone)[inputs]
        low[: len(inputs)] = np.where(raises > 0, 0.0, -np.inf)
        high[: len(inputs)] = np.where(raises < 0, 0.0, np.inf)
    return Design(columns, inputs, indicators, low, high)


def fit(made: Design, label: Floats, weight: Floats, penalty: float) -> tuple[float, Floats]:
    """(intercept, coefficients (width,)) of the weighted, ridge-penalised likelihood within the bounds."""

    def loss(parameters: Floats) -> tuple[float, Floats]:
        log_odds = parameters[0] + made.columns @ parameters[1:]
        value = (weight * (np.logaddexp(0, log_odds) - label * log_odds)).sum()
        error = weight * (logistic(log_odds) - label)
        gradient = np.r_[error.sum(), made.columns.T @ error + penalty * parameters[1:]]
        return float(value + penalty / 2 * (parameters[1:] ** 2).sum()), gradient

    share = np.clip((weight * label).sum() / weight.sum(), 1e-6, 1 - 1e-6)
    start = np.r_[np.log(share / (1 - share)), np.zeros(made.columns.shape[1])]
    bounds = [(None, None), *zip(made.low, made.high, strict=True)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return float(found.x[0]), np.asarray(found.x[1:])


def chosen_penalty(made: Design, label: Floats, weight: Floats, fold: npt.NDArray[np.int64]) -> float:
    """The penalty of the lowest likelihood loss on households left out."""

    def loss(penalty: float) -> float:
        total = 0.0
        for one in np.unique(fold):
            learn, judge = fold != one, fold == one
            part = replace(made, columns=made.columns[learn])
            intercept, coefficients = fit(part, label[learn], weight[learn], penalty)
            log_odds = intercept + made.columns[judge] @ coefficients
            total += float((weight[judge] * (np.logaddexp(0, log_odds) - label[judge] * log_odds)).sum())
        return total

    return min(PENALTIES, key=loss)


def as_linear(linear: Linear, made: Design, coefficients: Floats) -> tuple[Linear, Floats]:
    """The `Linear` with these coefficients, and the coefficients of the extra columns."""
    coefficient, when_unknown = np.zeros(len(linear.mean)), np.zeros(len(linear.mean))
    count, marks = len(made.inputs), len(made.indicators)
    coefficient[made.inputs] = coefficients[:count]
    when_unknown[made.indicators] = coefficients[count : count + marks]
    return replace(linear, coefficient=coefficient, when_unknown=when_unknown), coefficients[count + marks :]

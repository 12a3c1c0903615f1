"""Logistic regression over standardised inputs, with directions it may not leave; exported as a `Linear`."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

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
MOST_STEPS = 60
#: The largest gradient left, a row.
GRADIENT_LEFT = 1e-7


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
    free = np.isinf(made.low).all() and np.isinf(made.high).all()
    return (fit_free if free else fit_within_bounds)(made, label, weight, penalty)


def fit_free(made: Design, label: Floats, weight: Floats, penalty: float) -> tuple[float, Floats]:
    """The same where nothing is bound: scikit-learn's, a baseline that is nobody's own work."""
    model = LogisticRegression(
        C=1 / penalty, solver="newton-cholesky", tol=GRADIENT_LEFT, max_iter=MOST_STEPS
    )
    model.fit(made.columns, label, sample_weight=weight)
    return float(model.intercept_[0]), np.asarray(model.coef_[0], dtype=np.float64)


def fit_within_bounds(made: Design, label: Floats, weight: Floats, penalty: float) -> tuple[float, Floats]:
    """The same by projected Newton, because scikit-learn knows no bounds.

    Coefficients held at a bound that the gradient pushes against stay there for the step.
    """
    columns = np.hstack([np.ones((len(label), 1)), made.columns])
    ridge = np.r_[0.0, np.full(made.columns.shape[1], penalty)]
    low, high = np.r_[-np.inf, made.low], np.r_[np.inf, made.high]

    def loss(parameters: Floats) -> float:
        log_odds = columns @ parameters
        likelihood = (weight * (np.logaddexp(0, log_odds) - label * log_odds)).sum()
        return float(likelihood + (ridge * parameters**2).sum() / 2)

    share = np.clip((weight * label).sum() / weight.sum(), 1e-6, 1 - 1e-6)
    found = np.r_[np.log(share / (1 - share)), np.zeros(made.columns.shape[1])]
    for _ in range(MOST_STEPS):
        chance = logistic(columns @ found)
        gradient = columns.T @ (weight * (chance - label)) + ridge * found
        held = ((found <= low) & (gradient > 0)) | ((found >= high) & (gradient < 0))
        if np.abs(gradient[~held]).max() < GRADIENT_LEFT * len(label):
            break
        curve = weight * chance * (1 - chance)
        free = np.flatnonzero(~held)
        part = columns[:, free]
        hessian = (part * curve[:, None]).T @ part + np.diag(ridge[free] + 1e-9)
        step = np.zeros_like(found)
        step[free] = np.linalg.solve(hessian, gradient[free])
        before, size = loss(found), 1.0
        while size > 1e-6 and loss(np.clip(found - size * step, low, high)) > before:
            size /= 2
        found = np.clip(found - size * step, low, high)
    return float(found[0]), found[1:]


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

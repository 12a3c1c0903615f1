"""From log-odds to a probability a caseworker may read as "of 100 such households, about N"."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.bundle import Calibration
from models.scoring import logistic

Floats = npt.NDArray[np.float64]

#: Below this many random visits the slope leans on all labels; the level never does.
ENOUGH_RANDOM = 300
#: How far the random arm's slope may lie from the slope of all labels (standard deviation).
SLOPE_SPREAD = 0.25


def platt(
    raw: Floats, label: Floats, weight: Floats, *, slope: float = 1.0, spread: float = np.inf
) -> Calibration:
    """Weighted Platt calibration with a normal prior on the slope; weights are scaled to mean 1."""
    weight = weight / weight.mean()
    prior = 0.0 if np.isinf(spread) else 1.0 / spread**2

    def loss(parameters: Floats) -> tuple[float, Floats]:
        log_odds = parameters[0] * raw + parameters[1]
        value = (weight * (np.logaddexp(0, log_odds) - label * log_odds)).sum()
        error = weight * (logistic(log_odds) - label)
        away = parameters[0] - slope
        return float(value + prior / 2 * away**2), np.array([error @ raw + prior * away, error.sum()])

    share = np.clip((weight * label).sum() / weight.sum(), 1e-4, 1 - 1e-4)
    start = np.array([slope, np.log(share / (1 - share)) - slope * raw.mean()])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.05, 5.0), (None, None)])
    a, b = found.x
    return Calibration(float(a), float(b), _covariance(raw, weight, a, b, prior))


def calibrate_on_random_arm(
    raw: Floats, label: Floats, probability: Floats, random: npt.NDArray[np.bool_]
) -> Calibration:
    """Platt on the random arm alone, weighted by its inverse probabilities.

    `raw` must come from models that never saw the household. Few random visits cannot tell a slope: then
    it is held near the one of all labels, whose level is biased by selection but whose order is not.
    """
    everybody = platt(raw, label, np.ones(len(raw)))
    weight = 1.0 / probability[random]
    spread = np.inf if random.sum() >= ENOUGH_RANDOM else SLOPE_SPREAD
    return platt(raw[random], label[random], weight, slope=everybody.slope, spread=spread)


def _covariance(
    raw: Floats, weight: Floats, a: float, b: float, prior: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    chance = logistic(a * raw + b)
    curve = weight * chance * (1 - chance)
    information = np.array([[curve @ raw**2 + prior, curve @ raw], [curve @ raw, curve.sum()]])
    inverse = np.linalg.pinv(information + 1e-9 * np.eye(2))
    return (
        (float(inverse[0, 0]), float(inverse[0, 1])),
        (float(inverse[1, 0]), float(inverse[1, 1])),
    )

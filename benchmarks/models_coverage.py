"""Whether the interval of prevalence keeps its word: many random arms drawn where the truth is known."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from training import evaluate
from training.judged import Judged

Floats = npt.NDArray[np.float64]

REPEATS = 200
#: Doors that stay closed, as the practice world has them: refusals of those concerned and of others; absence.
REFUSED, REFUSED_OTHERS, ABSENT = 0.035, 0.01, 0.025


def coverage(
    judged: Judged, said: Floats, visits: int, *, seed: int, repeats: int = REPEATS
) -> dict[str, Any]:
    """Share of the product's 95 % intervals that hold the truth, and the estimators' mean error in points.

    said: probability of each judged row (n,). visits: drawn in all, proportionally by street and month; the
    estimate is the one training reports, doors that stay closed included.
    """
    random = np.random.default_rng(seed)
    label, place = judged.cohort.label, judged.place
    truth, mean_said = float(np.nanmean(label)), float(said.mean())
    strata = [np.flatnonzero(place == one) for one in np.unique(place)]
    found = [_once(judged, said, strata, visits, mean_said, random) for _ in range(repeats)]
    told: dict[str, Any] = {"truth": round(truth, 5), "visits": visits, "repeats": repeats}
    for name in ("hajek", "difference"):
        held = sum(one[name][1] <= truth <= one[name][2] for one in found)
        told[name] = {
            "coverage": held / repeats,
            "coverage_interval": [round(end, 4) for end in binomtest(held, repeats).proportion_ci()],
            "bias_points": round(100 * float(np.mean([one[name][0] for one in found]) - truth), 4),
            "half_width_points": round(
                100 * float(np.mean([one[name][2] - one[name][0] for one in found])), 3
            ),
        }
    return told


def _once(
    judged: Judged,
    said: Floats,
    strata: list[npt.NDArray[np.int64]],
    visits: int,
    mean_said: float,
    random: np.random.Generator,
) -> dict[str, tuple[float, float, float]]:
    """(value, low, high) of both estimators from one draw."""
    share = visits / len(said)
    drawn, chance = [], []
    for rows in strata:
        number = int(np.floor(share * len(rows) + random.random()))
        drawn.append(random.choice(rows, number, replace=False))
        chance.append(np.full(number, share))
    rows = np.concatenate(drawn)
    arm = judged.cohort.take(rows)
    label = arm.label
    closed = random.random(len(rows)) < np.where(label == 1, REFUSED, REFUSED_OTHERS) + ABSENT
    arm.facts["label"] = np.where(closed, np.nan, label)
    arm.facts["probability"] = np.concatenate(chance)
    told = evaluate.prevalence(arm, said[rows], mean_said)
    assisted = told["model_assisted"]
    return {
        "hajek": (told["value"], told["low"], told["high"]),
        "difference": (assisted["value"], assisted["low"], assisted["high"]),
    }

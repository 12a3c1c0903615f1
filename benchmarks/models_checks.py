"""What an expert would ask next of a score whose truth is known: is it level, for whom, and since when."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models import metrics
from models.scoring import logistic
from training.calibrate import platt
from training.judged import Judged

Floats = npt.NDArray[np.float64]

TOP = 0.05
RECALIBRATED_ON, SEEDS = 1_200, 20
#: Months since the last check: bins [from, to).
SINCE_CHECK = ((0, 2), (2, 4), (4, 6), (6, 12), (12, 10_000))


def at_top(label: Floats, score: Floats) -> float:
    """Precision among the highest 5 % of all rows, ties shared."""
    return metrics.precision(label, metrics.top(score, TOP))


def naive(judged: Judged, raw: Floats, recorded: Floats) -> dict[str, float | int | None]:
    """Precision at 5 % as told by recorded visits alone, and as it is.

    recorded: (n,) the label a visit of that month wrote down, NaN where nobody went. Whoever was chosen for a
    visit is not the population: so a model judged on the visited alone is judged wrongly.
    """
    visited = ~np.isnan(recorded)
    true = at_top(judged.cohort.label, raw)
    told = at_top(recorded[visited], raw[visited]) if visited.any() else float("nan")
    return {
        "visited": int(visited.sum()),
        "on_selected_labels": round(told, 4),
        "true": round(true, 4),
        "wrong_by": round(told - true, 4),
    }


def recalibrated(judged: Judged, raw: Floats, *, seed: int) -> dict[str, float]:
    """Mean score over the prevalence after Platt on 1,200 random outcomes; of 20 draws the mean and worst."""
    random, label = np.random.default_rng(seed), judged.cohort.label
    ratios = []
    for _ in range(SEEDS):
        rows = random.choice(len(raw), min(RECALIBRATED_ON, len(raw)), replace=False)
        fitted = platt(raw[rows], label[rows], np.ones(len(rows)))
        ratios.append(logistic(fitted.slope * raw + fitted.shift).mean() / label.mean())
    return {
        "mean": round(float(np.mean(ratios)), 4),
        "standard_deviation": round(float(np.std(ratios, ddof=1)), 4),
        "worst": round(float(max(ratios, key=lambda one: abs(one - 1))), 4),
    }


def since_check(judged: Judged, said: Floats, months: Floats) -> list[dict[str, Any]]:
    """Mean probability over the truth by months since the last check (n,); never checked is the longest."""
    since, label = np.nan_to_num(months, nan=SINCE_CHECK[-1][0]), judged.cohort.label
    told = []
    for low, high in SINCE_CHECK:
        here = (since >= low) & (since < high)
        if label[here].sum() > 0:
            told.append(
                {
                    "months": [low, high],
                    "households": int(here.sum()),
                    "positives": int(label[here].sum()),
                    "said_over_true": round(float(said[here].mean() / label[here].mean()), 3),
                }
            )
    return told


def recall_beside(
    judged: Judged, raw: Floats, mark: Floats, groups: dict[str, npt.NDArray[np.bool_]]
) -> dict[str, dict[str, float | int]]:
    """Recall of each group among the highest 5 %, and over that of the mark."""
    label = judged.cohort.label
    got = {name: metrics.top(one, TOP) for name, one in (("raw", raw), ("mark", mark))}
    told: dict[str, dict[str, float | int]] = {}
    for name, here in groups.items():
        positives = label * here
        if not positives.sum():
            continue
        ours, best = ((positives * got[one]).sum() / positives.sum() for one in ("raw", "mark"))
        told[name] = {
            "positives": int(positives.sum()),
            "recall": round(float(ours), 4),
            "over_mark": round(float(ours / best), 4) if best else float("nan"),
        }
    return told

"""Calibration by bins, and lift: what a share of visits confirms and finds."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models import metrics
from models.metrics import HouseholdBootstrap, interval
from training.calibrate import platt
from training.review.case import Case
from training.review.refit import fitted, learners, raw

Floats = npt.NDArray[np.float64]

BINS = 10
#: Conclusions a bin needs; fewer bins where there are fewer.
LEAST_IN_BIN = 60
SHARES = (0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.50, 0.75, 1.0)


def curves(case: Case) -> dict[str, Any]:
    """Said beside found, on the judged months and on the random arm; and the lift of three orders."""
    seen = case.recorded
    return {
        "judged_by": case.judged.source,
        "judged": reliability(
            case.label, case.chance, case.judged.trust, case.judged.cohort.household, case.seed
        ),
        "random_arm": reliability(
            np.nan_to_num(seen.cohort.label),
            case.said(seen.cohort.rows),
            np.where((seen.cohort.facts["arm"] == "random").to_numpy(), seen.trust, 0.0),
            seen.cohort.household,
            case.seed,
        ),
        "lift": lift(case),
    }


def reliability(
    label: Floats, said: Floats, trust: Floats, household: npt.NDArray[np.object_], seed: int
) -> dict[str, Any]:
    """Bins of equal numbers of conclusions, expected calibration error, slope and mean; weighted by `trust`.

    The slope is that of a logistic regression of the outcome on the log-odds said: below 1 the model is too
    sure (Cox, "Two further applications of a model for binary regression", 1958).
    """
    known = trust > 0
    label, said, trust, household = label[known], said[known], trust[known], household[known]
    bins = min(BINS, len(label) // LEAST_IN_BIN)
    if bins < 2 or not 0 < label.sum() < len(label):
        return {"n": len(label), "enough": False, "bins": []}
    parts = np.array_split(np.argsort(said, kind="stable"), bins)
    inside = [np.isin(np.arange(len(label)), part) * trust for part in parts]
    totals = HouseholdBootstrap(household, seed=seed).totals([c for w in inside for c in (w * label, w)])
    odds = np.log(np.clip(said, 1e-9, 1 - 1e-9) / np.clip(1 - said, 1e-9, 1))
    return {
        "n": len(label),
        "enough": True,
        "error": round(metrics.calibration_error(label, said, trust, bins), 4),
        "slope": round(platt(odds, label, trust).slope, 3),
        "mean_said": round(float(np.average(said, weights=trust)), 4),
        "mean_found": round(float(np.average(label, weights=trust)), 4),
        "bins": [
            {
                "said": round(float(np.average(said, weights=weight)), 4),
                "found": interval(
                    float(np.average(label, weights=weight)),
                    totals[:, 2 * place] / np.maximum(totals[:, 2 * place + 1], 1e-12),
                    int((weight > 0).sum()),
                ).rounded(),
            }
            for place, weight in enumerate(inside)
        ],
    }


def lift(case: Case) -> list[dict[str, Any]]:
    """For each share of every month's households visited: confirmed and found, of three orders."""
    known, trust, label = case.known, case.judged.trust, case.label
    month = case.judged.cohort.facts["as_of"].astype(str).to_numpy(dtype=object)
    counts = dict(zip(*np.unique(month[known], return_counts=True), strict=True))
    rows = case.judged.cohort.rows
    orders = {
        "model": case.raw,
        "rules": case.judged.cohort.facts["rule_score"].to_numpy(dtype=np.float64),
        "logistic": raw(fitted(case, case.learnt, learners(case)["logistic"]), rows, case.threads),
    }
    positives = float((label * trust).sum())
    lines = []
    for share in SHARES:
        places = {one: max(1, round(share * int(count))) for one, count in counts.items()}
        line: dict[str, Any] = {"share": share}
        for name, order in orders.items():
            got = metrics.visits(order[known], month[known], places) * trust[known]
            found = float((got * label[known]).sum())
            line[name] = {
                "precision": round(found / float(got.sum()), 4) if got.sum() else None,
                "found_share": round(found / positives, 4) if positives else None,
            }
        lines.append(line)
    return lines

"""Model, list, rules, logistic regression, staff and random at equal visits; what a naive reading says."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from models import metrics
from models.metrics import interval
from training.review.case import Case
from training.review.listed import issued, staff_capacity
from training.review.refit import fitted, learners, raw

Floats = npt.NDArray[np.float64]

TOP_SHARE = 0.05
#: Conclusions without which a precision is not told.
LEAST_VISITED = 30


def equal_visits(case: Case) -> dict[str, Any]:
    """Shares confirmed at capacity and at as many visits as staff made, and three states of each."""
    rows = case.judged.cohort.rows
    orders = {
        "model": case.raw,
        "rules": case.judged.cohort.facts["rule_score"].to_numpy(dtype=np.float64),
        "logistic": raw(fitted(case, case.learnt, learners(case)["logistic"]), rows, case.threads),
        "random": np.zeros(len(rows)),
    }
    staff = staff_capacity(case)
    at_capacity = {name: case.visits(order) for name, order in orders.items()} | {"list": issued(case)}
    beside_staff = {name: case.visits(order, staff) for name, order in orders.items()}
    beside_staff |= {"list": issued(case, staff), "people": case.people["visited"].to_numpy()}
    seen = case.people["found"].to_numpy(dtype=np.float64)
    return {
        "judged_by": case.judged.source,
        "at_capacity": precisions(case, at_capacity),
        "at_staff_visits": precisions(case, beside_staff),
        "three_states": {name: three_states(seen, got) for name, got in beside_staff.items()},
        "naive": naive(case),
    }


def precisions(case: Case, visited: Mapping[str, Floats]) -> dict[str, Any]:
    """Each scorer's share confirmed, share of all positives found, and its difference from the model's."""
    label, trust, known = case.label, case.judged.trust, case.known
    counted = {name: _weight(case, name, got)[known] for name, got in visited.items()}
    drawn = case.boot.precisions(label[known], counted)
    value = {name: metrics.precision(label[known], got) for name, got in counted.items()}
    every = case.boot.totals([label[known] * trust[known], *(label[known] * got for got in counted.values())])
    positives = float((label * trust).sum())
    found = {}
    for place, (name, got) in enumerate(counted.items(), start=1):
        concluded = round(float((got > 0).sum()))
        share = float((label[known] * got).sum()) / positives if positives else float("nan")
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = every[:, place] / every[:, 0]
        found[name] = {
            "visits": round(float(visited[name].sum()), 1),
            "concluded": concluded,
            "precision": interval(value[name], drawn[name], concluded).rounded(),
            "found_share": interval(share, shares, concluded).rounded(),
            "model_minus": interval(value["model"] - value[name], drawn["model"] - drawn[name]).rounded(),
            "enough": concluded >= LEAST_VISITED,
        }
    return found


def _weight(case: Case, name: str, got: Floats) -> Floats:
    """What a visit counts for: the households its conclusion stands for; staff's own are counted as made."""
    return got if name == "people" and case.judged.source == "census" else got * case.judged.trust


def three_states(label: Floats, got: Floats) -> dict[str, Any] | None:
    """[confirmed / K, (confirmed + pending) / K] of `got` (n,) visits; the unvisited (NaN) are pending."""
    places = float(got.sum())
    confirmed, refuted = float((got * (label == 1)).sum()), float((got * (label == 0)).sum())
    if not places:
        return None
    pending = places - confirmed - refuted
    return {
        "places": round(places, 1),
        "confirmed": round(confirmed, 1),
        "pending": round(pending, 1),
        "low": round(confirmed / places, 4),
        "high": round((confirmed + pending) / places, 4),
    }


def naive(case: Case) -> dict[str, Any]:
    """Precision of the top 5 % and average precision: on selected labels as they lie, and of everybody.

    The selected were chosen because somebody suspected them: among them every list looks good.
    """
    seen = case.recorded
    chosen = ~np.isnan(seen.cohort.label)
    label, score = seen.cohort.label[chosen], case.scored(seen.cohort.rows[chosen])
    known, trust = case.known, case.judged.trust
    naive_top = top_precision(label, score, np.ones(len(label)))
    true_top = top_precision(case.label[known], case.raw[known], trust[known])
    apart = None if np.isnan(naive_top) or np.isnan(true_top) else round(naive_top - true_top, 4)
    return {
        "selected_labels": len(label),
        "true_by": case.judged.source,
        "true_labels": int(known.sum()),
        "precision_at_5": {"naive": _figure(naive_top), "true": _figure(true_top), "apart": apart},
        "average_precision": {
            "naive": _figure(metrics.average_precision(label, score)),
            "true": _figure(metrics.average_precision(case.label[known], case.raw[known], trust[known])),
        },
        "share_positive": {
            "naive": _figure(float(label.mean()) if len(label) else float("nan")),
            "true": _figure(
                float(np.average(case.label[known], weights=trust[known])) if known.any() else float("nan")
            ),
        },
        "enough": len(label) * TOP_SHARE >= LEAST_VISITED,
    }


def top_precision(label: Floats, score: Floats, weight: Floats) -> float:
    """Weighted share of positives among the highest scores that make up 5 % of the weight; ties in order."""
    order = np.argsort(-score, kind="stable")
    before = np.cumsum(weight[order]) - weight[order]
    got = np.clip(TOP_SHARE * weight.sum() - before, 0, weight[order])
    return metrics.precision(label[order], got)


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)

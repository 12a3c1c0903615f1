"""How good another order of the judged households is, and how far it is from the champion's."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models import metrics
from models.metrics import interval
from training.review.case import Case

Floats = npt.NDArray[np.float64]

REPLICATES = 60


def average_precision(case: Case, raw: Floats) -> float:
    """Weighted average precision over the judged rows with a conclusion."""
    known = case.known
    return metrics.average_precision(case.label[known], raw[known], case.judged.trust[known])


def ranked(case: Case, raw: Floats) -> dict[str, Any]:
    """Average precision with its interval, and what 100 visits at capacity confirm."""
    known = case.known
    _, drawn = case.boot.ranking(case.label[known], raw[known], case.judged.trust[known], REPLICATES)
    found = interval(average_precision(case, raw), drawn, int(known.sum()))
    return {"average_precision": found.rounded(), "per_100": per_100(case, {"one": raw})["one"]}


def per_100(case: Case, orders: dict[str, Floats]) -> dict[str, dict[str, Any]]:
    """Confirmed in 100 visits at capacity; of all but the first order also what is lost against it."""
    label, known = case.label, case.known
    counted = {name: (case.visits(order) * case.judged.trust)[known] for name, order in orders.items()}
    drawn = case.boot.precisions(label[known], counted)
    value = {name: metrics.precision(label[known], got) for name, got in counted.items()}
    first = next(iter(orders))
    found = {}
    for name, got in counted.items():
        line: dict[str, Any] = interval(100 * value[name], 100 * drawn[name], int((got > 0).sum())).rounded(2)
        if name != first:
            lost = interval(100 * (value[first] - value[name]), 100 * (drawn[first] - drawn[name]))
            line |= {"lost": lost.rounded(2)}
        found[name] = line
    return found


def average_precision_lost(case: Case, raw: Floats, against: Floats) -> dict[str, Any]:
    """Average precision of `against` less that of `raw`, on the same replicates of households."""
    known, trust = case.known, case.judged.trust
    label = case.label[known]
    drawn = [case.boot.ranking(label, order[known], trust[known], REPLICATES)[1] for order in (against, raw)]
    lost = average_precision(case, against) - average_precision(case, raw)
    return interval(lost, drawn[0] - drawn[1], int(known.sum())).rounded()

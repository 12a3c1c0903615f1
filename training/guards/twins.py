"""Two versions of one amount, as reported and as audited: their difference is the outcome."""

import numpy as np

from training.guards.columns import LEAST_OF_EACH, either_way
from training.guards.evidence import Floats, Leak, Seen, drawn, enough

#: Rows looked at, and columns with fewer values than this are no amounts.
MOST_ROWS, LEAST_VALUES = 3_000, 10
#: Two versions agree to this precision, in so many of the rows where either says something but zero.
SAME, LEAST_AGREEING, LEAST_ROWS = 0.01, 0.30, 100
#: The difference of honest columns orders households less well than this, ...
TWIN_AUC = 0.80
#: ... or hardly better than the columns do by themselves.
TWIN_GAIN = 0.10


def twin_columns(seen: Seen) -> list[Leak]:
    """Pairs that mostly agree, and whose disagreement tells the outcome that neither tells alone."""
    if not enough(seen.label, LEAST_OF_EACH):
        return []
    seen = drawn(seen, MOST_ROWS)
    amounts = [k for k, column in enumerate(seen.rows.T) if _is_amount(column)]
    single = {k: either_way(seen.label, seen.rows[:, k]) for k in amounts}
    found = []
    for a, b in _agreeing(seen.rows, amounts):
        if seen.origin[a] == seen.origin[b]:
            continue
        value = _difference(seen.label, seen.rows[:, a], seen.rows[:, b])
        if value > TWIN_AUC and value > max(single[a], single[b]) + TWIN_GAIN:
            found.append(_leak(seen.origin[a], seen.origin[b], value))
    return sorted(found, key=lambda leak: -leak.strength)


def _is_amount(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return len(known) >= LEAST_ROWS and len(np.unique(known)) >= LEAST_VALUES


def _agreeing(rows: Floats, amounts: list[int]) -> list[tuple[int, int]]:
    """Pairs of amounts that agree in many rows, and not in all."""
    pairs = []
    for place, a in enumerate(amounts):
        others = np.array(amounts[place + 1 :], dtype=np.int64)
        if not len(others):
            continue
        left, right = rows[:, [a]], rows[:, others]
        larger = np.maximum(np.abs(left), np.abs(right))
        says = larger > 0  # false where either is unknown
        same = says & (np.abs(left - right) <= SAME * larger)
        n, agree = says.sum(axis=0), same.sum(axis=0)
        chosen = (n >= LEAST_ROWS) & (agree >= LEAST_AGREEING * n) & (agree < n)
        pairs += [(a, int(b)) for b in others[chosen]]
    return pairs


def _difference(label: Floats, left: Floats, right: Floats) -> float:
    apart = left - right
    return max(either_way(label, apart), either_way(label, np.abs(apart)))


def _leak(a: str, b: str, value: float) -> Leak:
    return Leak(
        "twin columns",
        (a, b),
        "auc",
        value,
        f"{a} 与 {b} 是同一数额的两个版本，其差就是结果（AUC {value:.3f}）",
        f"{a} and {b} are two versions of one amount, and their difference tells the outcome "
        f"(AUC {value:.3f}): one of them was audited",
    )

"""Refuses what looks like the outcome itself: a single column that predicts almost alone."""

import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.metrics import auc
from models.spec import ModelSpec

Floats = npt.NDArray[np.float64]

#: No honest column of this field orders households this well by itself.
SUSPICIOUS_AUC = 0.90
#: Fewer positives or negatives than this reach such a figure by chance.
LEAST_OF_EACH = 20
#: Labels without which no model is trained.
LEAST_LABELS, LEAST_POSITIVES = 200, 30


def refuse_leaks(spec: ModelSpec, rows: Floats, label: Floats) -> dict[str, float]:
    """AUC of every single feature, the strongest five; `UserError` names those that are too good.

    Unknown values stand below all others, and either direction counts.
    """
    if min(label.sum(), (1 - label).sum()) < LEAST_OF_EACH:
        return {}
    found = {name: _either_way(label, column) for name, column in zip(spec.names, rows.T, strict=True)}
    leaks = [name for name, value in found.items() if value > SUSPICIOUS_AUC]
    if leaks:
        told = ", ".join(f"{name} ({found[name]:.3f})" for name in leaks)
        raise UserError(
            f"{spec.question}: 单一特征几乎等于结果 / a single feature almost equals the outcome: {told}; it "
            "was probably recorded after the visit. Remove it, or correct its received_on."
        )
    strongest = sorted(found, key=lambda name: -found[name])[:5]
    return {name: round(found[name], 4) for name in strongest}


def _either_way(label: Floats, column: Floats) -> float:
    known = column[~np.isnan(column)]
    if not len(known):
        return 0.5
    below = known.min() - 1
    value = auc(label, np.where(np.isnan(column), below, column))
    return max(value, 1 - value)


def require_enough(spec: ModelSpec, label: Floats) -> None:
    """`UserError` says how many labels there are and how many are needed: insufficient evidence."""
    labels, positives = len(label), int(label.sum())
    if labels < LEAST_LABELS or positives < LEAST_POSITIVES:
        raise UserError(
            f"{spec.question}: 证据不足，标签 {labels} 个、确认 {positives} 个，至少需要 {LEAST_LABELS} 和 "
            f"{LEAST_POSITIVES} / insufficient evidence: {labels} labels, {positives} confirmed; at least "
            f"{LEAST_LABELS} and {LEAST_POSITIVES} are needed. Record more visits, or train later."
        )

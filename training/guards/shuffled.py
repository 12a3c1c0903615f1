"""Outcomes dealt at random: whatever still predicts them has seen the answer on its way."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.metrics import auc
from training.guards.evidence import Floats, Leak

#: Chance carries an AUC so many standard deviations from one half.
WITHIN = 3.0

#: Learns from (positions, their labels) and says something of (positions): (learn, label, judge) -> (judge,).
Fit = Callable[[npt.NDArray[np.int64], Floats, npt.NDArray[np.int64]], Floats]


def chance_spread(label: Floats) -> float:
    """Standard deviation of the AUC of an order that knows nothing (Mann and Whitney 1947)."""
    positive, negative = float(label.sum()), float((1 - label).sum())
    return float(np.sqrt((positive + negative + 1) / (12 * positive * negative)))


def shuffled_labels(
    fit: Fit, label: Floats, learn: npt.NDArray[np.int64], judge: npt.NDArray[np.int64], seed: int
) -> tuple[float, float, list[Leak]]:
    """(AUC, standard deviation by chance, leaks): the whole road from columns to scores on dealt labels."""
    dealt = np.random.default_rng(seed).permutation(label)
    value, spread = auc(dealt[judge], fit(learn, dealt[learn], judge)), chance_spread(dealt[judge])
    away = abs(value - 0.5) / spread
    if away <= WITHIN:
        return value, spread, []
    told = Leak(
        "shuffled labels",
        (),
        "auc",
        value,
        f"打乱的结果仍可预测（AUC {value:.3f}，{away:.1f} 个标准差）",
        f"outcomes dealt at random are still predicted (AUC {value:.3f}, {away:.1f} standard deviations "
        "from one half): something has seen them before",
    )
    return value, spread, [told]

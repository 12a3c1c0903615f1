"""Outcomes dealt at random: whatever still predicts them has seen the answer on its way."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.metrics import auc
from training.guards.evidence import Floats, Leak

#: Chance carries an AUC so many standard deviations from one half once in 370 deals, ...
WITHIN = 3.0
#: ... so often in none: only what is beyond in every deal has seen the answer.
DEALS = 3

#: (label, learn, judge) -> scores of the rows judged. It is given every label, as the road itself is: what of
#: it uses more than those learnt from is what this guard is for.
Fit = Callable[[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]], Floats]


def chance_spread(label: Floats) -> float:
    """Standard deviation of the AUC of an order that knows nothing (Mann and Whitney 1947)."""
    positive, negative = float(label.sum()), float((1 - label).sum())
    return float(np.sqrt((positive + negative + 1) / (12 * positive * negative)))


def shuffled_labels(
    fit: Fit, label: Floats, learn: npt.NDArray[np.int64], judge: npt.NDArray[np.int64], seed: int
) -> tuple[float, float, list[Leak]]:
    """(AUC, standard deviation by chance, leaks): the whole road from columns to scores on dealt labels."""
    for deal in range(DEALS):
        dealt = np.random.default_rng(seed + deal).permutation(label)
        value, spread = auc(dealt[judge], fit(dealt, learn, judge)), chance_spread(dealt[judge])
        away = abs(value - 0.5) / spread
        if not away > WITHIN:
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

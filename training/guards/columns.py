"""Single columns that almost are the outcome: by their value, by being filled in at all, or by their date."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.metrics import Z95, auc
from training.guards.evidence import Floats, Leak, Seen, enough

#: No honest column of this field orders households this well by itself.
SUSPICIOUS_AUC = 0.90
#: Fewer positives or negatives than this reach such a figure by chance.
LEAST_OF_EACH = 20
#: That a column is filled in at all orders households at most so well where it is filled in beforehand.
FILLED_AUC = 0.80
#: ... and being filled in settles the outcome for at most this share of them, at so many times the base rate.
SETTLED, SETTLED_LIFT = 0.80, 3.0
#: Dates later than the row's own time: so many, and this share of the dates known, are no slips of the pen.
LATER_ROWS, LATER_SHARE = 5, 0.01


def either_way(label: Floats, column: Floats) -> float:
    """AUC of a column in the better direction; unknown values stand below all others."""
    known = column[~np.isnan(column)]
    if not len(known):
        return 0.5
    below = known.min() - 1
    value = auc(label, np.where(np.isnan(column), below, column))
    return max(value, 1 - value)


def single_figures(seen: Seen) -> dict[str, float]:
    """AUC of every column by itself, by name; empty where there are too few of a class."""
    if not enough(seen.label, LEAST_OF_EACH):
        return {}
    return {n: either_way(seen.label, column) for n, column in zip(seen.names, seen.rows.T, strict=True)}


def single_columns(seen: Seen, figures: dict[str, float]) -> list[Leak]:
    """Columns that order households better than anything honest does."""
    strongest: dict[str, float] = {}
    for name, origin in zip(seen.names, seen.origin, strict=True):
        strongest[origin] = max(strongest.get(origin, 0.0), figures.get(name, 0.0))
    return [
        Leak(
            "single column",
            (origin,),
            "auc",
            value,
            f"{origin} 单独就几乎等于结果（AUC {value:.3f}）",
            f"{origin} alone almost equals the outcome (AUC {value:.3f})",
        )
        for origin, value in sorted(strongest.items(), key=lambda one: -one[1])
        if value > SUSPICIOUS_AUC
    ]


def filled_in(seen: Seen) -> list[Leak]:
    """Columns of which the mere presence tells the outcome: filled in after the visit, or by it."""
    if not enough(seen.label, LEAST_OF_EACH):
        return []
    present = {o: ~np.isnan(column) for o, column in zip(seen.origin, seen.rows.T, strict=True)}
    for origin, column in zip(seen.origin, seen.rows.T, strict=True):
        present[origin] = present[origin] & ~np.isnan(column)
    found = []
    for origin, here in present.items():
        value = either_way(seen.label, here.astype(np.float64))
        settled = max(_settled(seen.label, here), _settled(seen.label, ~here))
        if value <= FILLED_AUC and not settled:
            continue
        told = f"AUC {value:.3f}" if value > FILLED_AUC else f"{settled:.0%}"
        found.append(
            Leak(
                "filled in",
                (origin,),
                "auc",
                value,
                f"{origin} 有没有值本身就说明结果（{told}）：应是走访之后才填的",
                f"whether {origin} is filled in tells the outcome by itself ({told}): it is filled in by the "
                "visit or after it",
            )
        )
    return found


def _settled(label: Floats, state: npt.NDArray[np.bool_]) -> float:
    """Share of positives in this state where its whole interval is far above the base rate; else 0."""
    n = int(state.sum())
    if n < LEAST_OF_EACH or not label.sum():
        return 0.0
    share, base = float(label[state].mean()), float(label.mean())
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2)) / (1 + Z95**2 / n)
    return share if centre - half >= SETTLED and share >= SETTLED_LIFT * base else 0.0


def later_than(dates: pd.DataFrame, until: pd.Series) -> list[Leak]:
    """Columns with dates after the moment the row speaks of: what was written later cannot be known then.

    dates: datetime columns, NaT unknown; until: the last day each row may know of.
    """
    found = []
    for name, column in dates.items():
        known = column.notna() & until.notna()
        later = int((column[known] > until[known]).sum())
        if later < LATER_ROWS or later < LATER_SHARE * int(known.sum()):
            continue
        share = later / int(known.sum())
        found.append(
            Leak(
                "later date",
                (str(name),),
                "share_later",
                share,
                f"{name} 有 {later} 行日期晚于该行的时间（{share:.0%}）",
                f"{name} has {later} dates later than the row's own time ({share:.0%} of those known)",
            )
        )
    return found


def labelled_too_early(as_of: pd.Series, known_on: pd.Series) -> list[Leak]:
    """Labels that were known before the moment whose profile is to predict them; NaT is not known."""
    both = as_of.notna() & known_on.notna()
    early = int((known_on[both] <= as_of[both]).sum())
    if not early:
        return []
    return [
        Leak(
            "time order",
            (),
            "share_early",
            early / int(both.sum()),
            f"{early} 个标签在画像日期当天或之前已知",
            f"{early} labels were known on the day of their profile or before it",
        )
    ]

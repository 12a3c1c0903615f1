"""Columns that only together are the outcome: the smallest set that by itself says too much is named."""

from training.guards.evidence import Leak, Seen, drawn, enough
from training.guards.quick import folds, left_out, lower_bound

#: No model of honest columns of this field orders households this well.
SUSPICIOUS_JOINT_AUC = 0.90
MOST_ROWS, LEAST_OF_EACH = 6_000, 50
#: Sets named at most; after so many the table holds nothing but the outcome.
MOST_SETS = 12
#: Columns a set starts with at most, by what they gained the model.
MOST_COLUMNS = 64


def joint_columns(seen: Seen, limit: float = SUSPICIOUS_JOINT_AUC) -> list[Leak]:
    """Smallest sets of columns, strongest first, without which a model says no more than is believable."""
    if not enough(seen.label, LEAST_OF_EACH) or not seen.names:
        return []
    looked = _Looked(drawn(seen, MOST_ROWS))
    rest, found = list(dict.fromkeys(seen.origin)), list[Leak]()
    while rest and len(found) < MOST_SETS:
        value, low, gain = looked.figure(rest)
        if low <= limit:
            break
        chosen = _smallest(looked, sorted(rest, key=lambda one: -gain[one]), limit)
        alone = looked.figure(chosen)[0]
        found.append(_leak(chosen, alone, value))
        rest = [one for one in rest if one not in chosen]
    return found


class _Looked:
    """Figures of sets of columns on the same rows and folds."""

    def __init__(self, seen: Seen) -> None:
        self._seen, self._fold = seen, folds(seen)

    def figure(self, origins: list[str]) -> tuple[float, float, dict[str, float]]:
        """(AUC, lower bound, gain by column) of a model of these columns on rows left out."""
        wanted = set(origins)
        places = [k for k, one in enumerate(self._seen.origin) if one in wanted]
        said, gained = left_out(self._seen.rows[:, places], self._seen.label, self._fold)
        gain = dict.fromkeys(origins, 0.0)
        for k, one in zip(places, gained, strict=True):
            gain[self._seen.origin[k]] += float(one)
        return (*lower_bound(self._seen.label, said), gain)


def _smallest(looked: _Looked, ranked: list[str], limit: float) -> list[str]:
    """Grow from the strongest until the set alone is too good, then leave out what is not needed."""
    size = 1
    while size < min(len(ranked), MOST_COLUMNS) and looked.figure(ranked[:size])[1] <= limit:
        size *= 2
    chosen = ranked[: min(size, len(ranked))]
    for one in chosen[::-1]:
        fewer = [other for other in chosen if other != one]
        if fewer and looked.figure(fewer)[1] > limit:
            chosen = fewer
    return chosen


def _leak(columns: list[str], alone: float, whole: float) -> Leak:
    named = ", ".join(columns)
    return Leak(
        "joint",
        tuple(columns),
        "auc",
        alone,
        f"{named} 合在一起说出结果（AUC {alone:.3f}，含其他列 {whole:.3f}）",
        f"{named} together tell the outcome (AUC {alone:.3f}; {whole:.3f} with the others)",
    )

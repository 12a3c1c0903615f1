"""How rows are divided: later months judge earlier ones, and a household is never on both sides."""

import hashlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]


def rolling_origin(
    month: npt.NDArray[np.int64],
    known: npt.NDArray[np.int64],
    household: npt.NDArray[np.object_],
    *,
    splits: int = 3,
    width: int = 2,
) -> Iterator[tuple[Positions, Positions]]:
    """(learn, judge) positions: `splits` windows of `width` months at the end, judging what came before.

    month: of the profile; known: month in which its label was delivered. Only what was known before a window
    is learnt from, as it would have been then, and no household that is judged. Windows that would leave
    nothing to learn from are skipped.
    """
    last = int(month.max()) if len(month) else 0
    for number in range(splits, 0, -1):
        start = last + 1 - number * width
        judge = (month >= start) & (month < start + width)
        learn = (month < start) & (known < start) & ~np.isin(household, household[judge])
        if learn.any() and judge.any():
            yield np.flatnonzero(learn), np.flatnonzero(judge)


def household_folds(household: npt.NDArray[np.object_], folds: int, seed: int) -> npt.NDArray[np.int64]:
    """The fold (0 … folds - 1) of each row: all rows of a household in one, the same in every table."""
    ids, place = np.unique(household, return_inverse=True)
    drawn = [int(hashlib.sha256(f"{seed}|{one}".encode()).hexdigest()[:8], 16) % folds for one in ids]
    return np.asarray(drawn, dtype=np.int64)[place]

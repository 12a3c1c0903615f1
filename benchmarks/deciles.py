"""Whether a probability keeps its word: its mean against the prevalence, each decile within three errors.

A household appears in many months, so rows are no independent draws. Were the probability right, the
variance of a sum of its residuals would be that of independent draws and what two months of one household
share. How much they share is measured on all residuals at once: a decile with three confirmed households
cannot tell its own.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models import metrics

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Labels = npt.NDArray[np.object_]

MEAN_WITHIN, ERRORS = 0.02, 3.0
#: A group in which fewer independent outcomes of the rarer kind are expected has no bell-shaped error.
LEAST_EXPECTED = 10.0


@dataclass(frozen=True)
class Group:
    """Rows, mean probability, share found, standard error of their difference; known: enough to judge by."""

    n: int
    said: float
    found: float
    error: float
    known: bool

    @property
    def z(self) -> float:
        """Found minus said in standard errors."""
        return (self.found - self.said) / self.error if self.error else 0.0


@dataclass(frozen=True)
class Calibration:
    """The whole and its tenths by probability, lowest first."""

    whole: Group
    tenths: tuple[Group, ...]

    @property
    def mean_holds(self) -> bool | None:
        """Mean within 2 % of the prevalence; None where chance alone could have carried it outside."""
        beyond = abs(self.whole.said - self.whole.found) - MEAN_WITHIN * self.whole.found
        if beyond <= 0:
            return True
        return False if self.whole.known and beyond > metrics.Z95 * self.whole.error else None

    @property
    def tenths_hold(self) -> bool | None:
        """Every tenth that can tell lies within three standard errors; None where none can."""
        told = [abs(group.z) <= ERRORS for group in self.tenths if group.known]
        return all(told) if told else None

    def summary(self) -> dict[str, object]:
        """The form written to JSON."""
        whole = self.whole
        return {
            "mean": round(whole.said, 5),
            "prevalence": round(whole.found, 5),
            "standard_error": round(whole.error, 5),
            "mean_over_prevalence": round(whole.said / whole.found, 4) if whole.found else None,
            "mean_within_2_percent": self.mean_holds,
            "deciles_within_3_errors": self.tenths_hold,
            "deciles": [
                {
                    "n": group.n,
                    "said": round(group.said, 5),
                    "found": round(group.found, 5),
                    "z": round(group.z, 2) if group.known else None,
                }
                for group in self.tenths
            ],
        }


def calibration(
    label: Floats,
    said: Floats,
    household: Labels,
    *,
    source: Integers | None = None,
    source_error: Floats | None = None,
    level_error: float = 0.0,
) -> Calibration:
    """Compare what was said with what was found.

    label, said, household: (n,). Where `said` was itself drawn, `source` (n,) names the draw that each row's
    probability comes from, and `source_error` has the standard error of each draw, which its rows share.
    level_error: relative standard error of the level of all that was said.
    """
    place = np.unique(household, return_inverse=True)[1]
    shared = shared_within(label, said, place)

    def group(rows: npt.NDArray[np.bool_]) -> Group:
        n, expected = int(rows.sum()), float(said[rows].mean())
        variance, alone = _variance(said[rows], place[rows], shared)
        error = np.sqrt(variance) / n
        rarer = n * min(expected, 1 - expected) * alone / variance if variance else 0.0
        error = np.hypot(error, level_error * expected)
        if source is not None and source_error is not None:
            weight = np.bincount(source[rows], minlength=len(source_error)) / n
            error = np.hypot(error, np.sqrt(((weight * source_error) ** 2).sum()))
        return Group(n, expected, float(label[rows].mean()), float(error), rarer >= LEAST_EXPECTED)

    tenth = tenths(said)
    parts = tuple(group(tenth == number) for number in np.unique(tenth))
    return Calibration(group(np.ones(len(label), bool)), parts)


def tenths(said: Floats) -> Integers:
    """Tenth (0 … 9) of each row by its probability; equal probabilities stay together."""
    _, level, count = np.unique(said, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - count / 2
    return np.asarray(np.minimum(10 * middle / len(said), 9.0)[level], dtype=np.int64)


def shared_within(label: Floats, said: Floats, place: Integers) -> float:
    """Correlation (0 to 1) of the residuals of two rows of one household; place: its number, (n,)."""
    spread = np.sqrt(said * (1 - said))
    possible = _pairs(spread, place)
    return float(np.clip(_pairs(label - said, place) / possible, 0.0, 1.0)) if possible > 0 else 0.0


def _pairs(values: Floats, place: Integers) -> float:
    """Sum of the products of every two different rows of a household, each pair twice."""
    return float((np.bincount(place, values) ** 2).sum() - (values**2).sum())


def _variance(said: Floats, place: Integers, shared: float) -> tuple[float, float]:
    """Of the sum of the residuals, were `said` right: as it is, and were the rows independent."""
    alone = float((said * (1 - said)).sum())
    return alone + shared * _pairs(np.sqrt(said * (1 - said)), place), alone

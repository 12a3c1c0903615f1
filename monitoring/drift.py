"""Has what we know of households moved since the reference month? Missing values first, then the known ones.

No fixed limit is used: the population-stability rule of thumb (0.1) did not fire in any of five real drifts.
Each threshold is what two draws from one distribution would exceed at a stated rate, for these sample sizes:

- missing share: the exact hypergeometric range of the current share, given both months together;
- population stability index (PSI): (1/n + 1/m) times the chi-square quantile with bins - 1 degrees, its
  asymptotic null (Yurdakul 2018, "Statistical properties of the population stability index").

The two months hold mostly the same households, so sampling noise is smaller than two independent draws
have: the stated rate is an upper bound. Values that are missing are left out of the PSI, never binned.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2, hypergeom

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BINS = 10
#: A bin is merged with the next until the smaller month expects this many in it: the chi-square needs them.
LEAST_IN_BIN = 10
#: With fewer households in either month nothing is said.
LEAST_ROWS = 50

OK, FIRED, INSUFFICIENT, CONSTANT = "ok", "fired", "insufficient_evidence", "constant"


@dataclass(frozen=True)
class Missing:
    """Missing share of one column in both months; the range the current share has when nothing changed."""

    reference: float
    current: float
    low: float
    high: float
    status: str

    @property
    def change(self) -> float:
        """Current less reference, a share."""
        return self.current - self.reference


@dataclass(frozen=True)
class Shift:
    """PSI of the known values of one column, with the threshold at which two equal months would rarely be."""

    psi: float
    threshold: float
    bins: int
    reference_n: int
    current_n: int
    status: str


@dataclass(frozen=True)
class ColumnDrift:
    """What moved in one column."""

    name: str
    missing: Missing
    shift: Shift

    @property
    def strength(self) -> float:
        """How near its limits the column is (1 = at one, more = past it); 0 where nothing can be said."""
        known = self.shift.psi / self.shift.threshold if self.shift.status in (OK, FIRED) else 0.0
        share = self.missing
        middle, half = (share.low + share.high) / 2, (share.high - share.low) / 2
        absent = abs(share.current - middle) / half if share.status != INSUFFICIENT and half else 0.0
        return max(known, absent)


def column_drift(
    name: str, reference: Floats, current: Floats, rate: float, *, effective_reference: int | None = None
) -> ColumnDrift:
    """Missing share and PSI of one column; `rate` is the false-alarm rate of each of the two tests.

    effective_reference: number of distinct households where several reference months are pooled: a household
    seen three times is one draw, not three.
    """
    known, now = reference[~np.isnan(reference)], current[~np.isnan(current)]
    scale = 1.0 if effective_reference is None else effective_reference / max(len(reference), 1)
    absent = missing(np.isnan(reference), np.isnan(current), rate, scale=scale)
    return ColumnDrift(name, absent, shift(known, now, rate, scale=scale))


def missing(reference: Flags, current: Flags, rate: float, *, scale: float = 1.0) -> Missing:
    """Compare the share of true flags; `scale` shrinks the reference to its distinct households."""
    n, m = round(len(reference) * scale), len(current)
    before = float(reference.mean()) if len(reference) else 0.0
    now = float(current.mean()) if m else 0.0
    if min(n, m) < LEAST_ROWS:
        return Missing(before, now, 0.0, 1.0, INSUFFICIENT)
    together = round(before * n) + int(current.sum())
    low, high = hypergeom.ppf([rate / 2, 1 - rate / 2], n + m, together, m) / m
    status = OK if low <= now <= high else FIRED
    return Missing(before, now, float(low), float(high), status)


def shift(reference: Floats, current: Floats, rate: float, *, scale: float = 1.0) -> Shift:
    """PSI of two samples without missing values, and whether it passes its calibrated threshold."""
    n, m = round(len(reference) * scale), len(current)
    if min(n, m) < LEAST_ROWS:
        return Shift(float("nan"), float("nan"), 0, n, m, INSUFFICIENT)
    edges = bin_edges(np.concatenate([reference, current]), BINS)
    before, now = merged(_counts(reference, edges) * scale, _counts(current, edges))
    bins = len(before)
    if bins < 2:
        return Shift(0.0, float("nan"), bins, n, m, CONSTANT)
    value, threshold = psi(before, now), psi_threshold(n, m, bins, rate)
    return Shift(value, threshold, bins, n, m, FIRED if value > threshold else OK)


def psi(reference: Floats, current: Floats) -> float:
    """Population stability index of two histograms; half a count is added so that no bin is empty."""
    before = (reference + 0.5) / (reference.sum() + 0.5 * len(reference))
    now = (current + 0.5) / (current.sum() + 0.5 * len(current))
    return float(((now - before) * np.log(now / before)).sum())


def psi_threshold(n: int, m: int, bins: int, rate: float) -> float:
    """PSI that two samples of n and m from one distribution exceed with probability `rate`."""
    return float((1 / n + 1 / m) * chi2.ppf(1 - rate, bins - 1))


def bin_edges(pooled: Floats, bins: int) -> Floats:
    """Upper edges (inclusive) of all bins but the last, from both months together.

    Pooled, so that a column that was constant and no longer is still shows. A value so common that two
    quantiles fall on it gets a bin of its own.
    """
    values = np.unique(pooled)
    if len(values) <= bins:
        return values[:-1]
    quantiles = np.quantile(pooled, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf")
    edges, repeats = np.unique(quantiles, return_counts=True)
    return np.unique(np.concatenate([edges, np.nextafter(edges[repeats > 1], -np.inf)]))


def merged(reference: Floats, current: Floats) -> tuple[Floats, Floats]:
    """Neighbouring bins joined until the smaller sample expects `LEAST_IN_BIN` in each."""
    total = reference.sum() + current.sum()
    smaller = min(reference.sum(), current.sum()) / total if total else 0.0
    joined: list[list[float]] = []
    open_bin = [0.0, 0.0]
    for before, now in zip(reference, current, strict=True):
        open_bin = [open_bin[0] + before, open_bin[1] + now]
        if sum(open_bin) * smaller >= LEAST_IN_BIN:
            joined.append(open_bin)
            open_bin = [0.0, 0.0]
    if sum(open_bin) and joined:
        joined[-1] = [joined[-1][0] + open_bin[0], joined[-1][1] + open_bin[1]]
    elif sum(open_bin):
        joined.append(open_bin)
    table = np.array(joined, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _counts(values: Floats, edges: Floats) -> Floats:
    places = np.searchsorted(edges, values, side="left")
    return np.bincount(places, minlength=len(edges) + 1).astype(np.float64)

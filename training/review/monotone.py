"""Probes of monotony: more of what raises a punitive score never lowers it, silence never raises it."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.bundle import Bundle
from models.scoring import score
from training.review.case import Case

Floats = npt.NDArray[np.float64]

PROBES = 1_000_000
#: Rows scored at a time: memory, not speed.
CHUNK = 50_000
HOUSEHOLDS = 5_000
#: Below this, log-odds differ by rounding.
ROUNDING = 1e-9


def monotone(case: Case) -> dict[str, Any]:
    """A million probes of a punitive bundle on judged households; `applies` is False for an assistive one."""
    if not case.bundle.punitive:
        return {"applies": False}
    rows = case.judged.cohort.rows
    return {"applies": True, **monotone_violations(case.bundle, rows, probes=PROBES, seed=case.seed)}


def monotone_violations(
    bundle: Bundle, rows: Floats, *, probes: int = PROBES, seed: int = 7, threads: int = 1
) -> dict[str, Any]:
    """Counts probes in which a score moved against the declared direction.

    Each probe takes a household of `rows` (n, features; NaN unknown) and one directed feature, and sets it to
    a value seen elsewhere, beyond all seen, or unknown. Every household is scored once and every probe once.
    """
    random = np.random.default_rng(seed)
    directed = np.flatnonzero([feature.raises != 0 for feature in bundle.features])
    base = rows[random.permutation(len(rows))[:HOUSEHOLDS]]
    before = _raw(bundle, base, threads)
    values = _values(base)
    counted = {"probes": 0, "violations": 0, "silence_probes": 0, "silence_violations": 0}
    worst, broken = 0.0, set()
    if not len(base) or not len(directed):
        return {**counted, "largest": 0.0, "features": []}
    for start in range(0, probes, CHUNK):
        size = min(CHUNK, probes - start)
        household = random.integers(0, len(base), size)
        column = directed[random.integers(0, len(directed), size)]
        moved = base[household]
        moved[np.arange(size), column] = values[random.integers(0, len(values), size), column]
        wrong, silent = _wrong(bundle, base[household, column], column, moved, before[household], threads)
        counted["probes"] += size
        counted["silence_probes"] += int(silent.sum())
        counted["violations"] += int((wrong > ROUNDING).sum())
        counted["silence_violations"] += int((wrong[silent] > ROUNDING).sum())
        worst = max(worst, float(wrong.max()))
        broken |= {bundle.names[k] for k in np.unique(column[wrong > ROUNDING])}
    return {**counted, "largest": max(worst, 0.0), "features": sorted(broken)}


def _raw(bundle: Bundle, rows: Floats, threads: int) -> Floats:
    return score(bundle, rows, num_threads=threads, contributions=False).raw


def _values(base: Floats) -> Floats:
    """(values, features) to try: those of every household, unknown, none, and ten times the largest."""
    known = np.nan_to_num(base)
    beyond = 10 * np.abs(known).max(axis=0, keepdims=True) + 1
    nothing = np.zeros_like(beyond)
    return np.vstack(
        [base, np.repeat(np.vstack([beyond, nothing, nothing * np.nan]), len(base) // 10 + 1, axis=0)]
    )


def _wrong(
    bundle: Bundle,
    was: Floats,
    column: npt.NDArray[np.int64],
    moved: Floats,
    before: Floats,
    threads: int,
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """How far each probe's score moved the wrong way (n,), and which probes silenced a department.

    From or to unknown only one direction is promised: what becomes unknown may not raise.
    """
    now = moved[np.arange(len(column)), column]
    change = _raw(bundle, moved, threads) - before
    raises = np.array([feature.raises for feature in bundle.features])[column]
    silent, spoke = np.isnan(now) & ~np.isnan(was), np.isnan(was) & ~np.isnan(now)
    up = np.sign(np.nan_to_num(now) - np.nan_to_num(was)) * raises
    wrong = np.where(silent, change, np.where(spoke, -change, -up * change))
    return np.where(np.isnan(now) & np.isnan(was), 0.0, wrong), silent

"""Rows of one household on both sides of a split, found without being told what names a household.

Rows that share a key (a column, a combination of columns) and lie in different parts of a split should be no
more alike than their fields explain. Where what a model leaves unexplained is shared by the rows of a key,
they are of one household, and a split that divides them tells the answer in advance.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.metrics import auc
from training.guards.columns import either_way
from training.guards.evidence import Floats, Integers, Leak, Seen, enough
from training.guards.quick import FOLDS, folds, left_out
from training.splits import household_folds

#: A household has at most so many rows; larger groups are places and kinds, not households.
LARGEST = 20
LEAST_OF_EACH, LEAST_PAIRS = 50, 30
#: Correlation of what is unexplained, between rows of one key in different parts, and its z.
ALIKE, LEAST_Z = 0.25, 5.0
#: Rows that only happen to agree in many columns are somewhat alike; near-duplicates are the same.
ALIKE_NEARLY = 0.50
#: What one more column must add to the correlation to be part of the key; columns of a key at most.
ADDED, MOST_COLUMNS = 0.05, 4
#: Keys that are made finer: those that alone are surest.
STARTS = 2
#: Combinations tried where no single column is a key, and the bits by which they outnumber the rows.
DRAWS, SPARE_BITS = 12, 6.0
#: A column that no model reads and that orders households so well is the outcome, not a key.
OUTCOME_AUC = 0.80
#: Rows that the guard's model learns from, and that the two splits are compared on, at most.
LEARNT_ROWS, COMPARED_ROWS = 20_000, 40_000


@dataclass(frozen=True)
class Key:
    """Columns whose equal values make groups, and how alike rows of a group in different parts are."""

    columns: tuple[str, ...]
    codes: Integers
    alike: float
    z: float
    pairs: int

    @property
    def found(self) -> bool:
        """Whether more than chance makes the rows alike."""
        return self.alike >= ALIKE and self.z >= LEAST_Z and self.pairs >= LEAST_PAIRS


def divided_households(seen: Seen) -> list[Leak]:
    """At most one leak: the key that makes rows of different parts most surely alike."""
    if not enough(seen.label, LEAST_OF_EACH):
        return []
    said, _ = left_out(seen.rows, seen.label, folds(seen), most=LEARNT_ROWS)
    unexplained = seen.label - said
    codes = _codes(seen)
    part = np.unique(seen.part.astype(str), return_inverse=True)[1]
    looked = _Looked(unexplained, part, codes)
    key = looked.best_key() or looked.nearly_same()
    return [_leak(seen, key)] if key else []


def _codes(seen: Seen) -> dict[str, Integers]:
    """Every column of the table as codes 0 …; unknown is a value of its own."""
    found: dict[str, Integers] = {}
    for origin, column in zip(seen.origin, seen.rows.T, strict=True):
        here = _coded(column)
        found[origin] = _together(found[origin], here) if origin in found else here
    beside = {str(name): column for name, column in seen.beside.items() if not _tells(seen.label, column)}
    return found | {name: _coded(column.to_numpy()) for name, column in beside.items()}


def _tells(label: Floats, column: pd.Series) -> bool:
    """Whether a column no model reads is the outcome in another form: that makes rows that share it alike."""
    number = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return either_way(label, number) > OUTCOME_AUC


def _coded(column: npt.NDArray[Any]) -> Integers:
    return np.asarray(pd.factorize(column, use_na_sentinel=False)[0], dtype=np.int64)


def _together(left: Integers, right: Integers) -> Integers:
    """Codes of the combination."""
    joint = left * (int(right.max()) + 1) + right
    return np.asarray(pd.factorize(joint)[0], dtype=np.int64)


class _Looked:
    """Rows with what is unexplained of them; `rows` are their places in the table."""

    def __init__(
        self, unexplained: Floats, part: Integers, codes: dict[str, Integers], rows: Integers | None = None
    ) -> None:
        self._residual, self._part, self.codes = unexplained, part, codes
        self.rows = np.arange(len(part)) if rows is None else rows

    def key(self, columns: tuple[str, ...], codes: Integers) -> Key:
        """How alike the rows are that share this key and lie in different parts."""
        size = np.bincount(codes)
        rows = np.flatnonzero((size[codes] >= 2) & (size[codes] <= LARGEST))
        if not len(rows):
            return Key(columns, codes, 0.0, 0.0, 0)
        # Centred: a column filled in for positives only would make its rows alike, and names no household.
        residual = self._residual[rows] - self._residual[rows].mean()
        return Key(columns, codes, *_alike(codes[rows], self._part[rows], residual))

    def best_key(self) -> Key | None:
        """The surest single column, made finer by others as long as the rows become more alike."""
        single = [self.key((name,), codes) for name, codes in self.codes.items()]
        started = [key for key in single if key.z >= LEAST_Z and key.pairs >= LEAST_PAIRS]
        grown = [self._grown(key) for key in sorted(started, key=lambda key: -key.z)[:STARTS]]
        found = [key for key in grown if key.found]
        return max(found, key=lambda key: key.z, default=None)

    def _grown(self, key: Key) -> Key:
        """The key made finer on some of its groups, and then looked at in all rows."""
        some = self._some_of(key)
        finer = some.key(key.columns, _coded(key.codes[some.rows]))
        while len(finer.columns) < MOST_COLUMNS:
            tried = [
                some.key((*finer.columns, name), _together(finer.codes, codes))
                for name, codes in some.codes.items()
                if name not in finer.columns
            ]
            usable = [one for one in tried if one.z >= LEAST_Z and one.pairs >= LEAST_PAIRS]
            best = max(usable, key=lambda one: one.alike, default=None)
            if best is None or best.alike < finer.alike + ADDED:
                break
            finer = best
        codes = key.codes
        for name in finer.columns[len(key.columns) :]:
            codes = _together(codes, self.codes[name])
        return self.key(finer.columns, codes)

    def _some_of(self, key: Key) -> "_Looked":
        """Whole groups of the key that are no larger than a household, drawn until there are enough rows."""
        size = np.bincount(key.codes)
        usable = (size >= 2) & (size <= LARGEST)
        lot = np.random.default_rng(0).random(len(size)) < COMPARED_ROWS / max(int(size[usable].sum()), 1)
        rows = np.flatnonzero((usable & lot)[key.codes])
        return _Looked(
            self._residual[rows], self._part[rows], {n: c[rows] for n, c in self.codes.items()}, rows
        )

    def nearly_same(self) -> Key | None:
        """Rows that agree in a random combination of columns that has far more values than there are rows."""
        bits = {name: _entropy(codes) for name, codes in self.codes.items()}
        told = [name for name, bit in bits.items() if bit > 0]
        random, needed = np.random.default_rng(0), np.log2(len(self._part)) + SPARE_BITS
        found = []
        for _ in range(DRAWS):
            chosen: list[str] = []
            for name in random.permutation(told):
                chosen.append(str(name))
                if sum(bits[one] for one in chosen) >= needed:
                    break
            codes = self.codes[chosen[0]] if chosen else self._part
            for name in chosen[1:]:
                codes = _together(codes, self.codes[name])
            found.append(self.key(tuple(chosen), codes))
        usable = [key for key in found if key.found and key.alike >= ALIKE_NEARLY]
        return max(usable, key=lambda key: key.z, default=None)


def _alike(codes: Integers, part: Integers, residual: Floats) -> tuple[float, float, int]:
    """(correlation, z, pairs) of residuals over pairs of rows of one code and different parts.

    The z is that of a sum over groups, each as large as it happens to be: a few groups of rare outcomes, or
    one group of many rows, make no large z.
    """
    group = np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)
    inner = _together(group, part)
    owner = np.zeros(int(inner.max()) + 1, dtype=np.int64)
    owner[inner] = group
    size, fewer = np.bincount(group), np.bincount(inner)
    partners = (size[group] - fewer[inner]).astype(np.float64)
    pairs = partners.sum() / 2
    spread = float((residual**2 * partners).sum()) / 2
    if pairs < 1 or spread <= 0:
        return 0.0, 0.0, int(pairs)
    within = np.bincount(owner, weights=np.bincount(inner, weights=residual) ** 2)
    product = (np.bincount(group, weights=residual) ** 2 - within) / 2
    return (
        float(product.sum()) / spread,
        float(product.sum() / max(np.sqrt((product**2).sum()), 1e-12)),
        int(pairs),
    )


def _entropy(codes: Integers) -> float:
    share = np.bincount(codes) / len(codes)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum())


def flattery(seen: Seen, codes: Integers) -> tuple[float, float]:
    """AUC of the same learner by a split of rows at random, and by one that keeps these groups whole."""
    if len(codes) > COMPARED_ROWS:
        lot = np.random.default_rng(0).random(int(codes.max()) + 1)
        kept = lot[codes] < COMPARED_ROWS / len(codes)
        seen, codes = seen.take(kept), codes[kept]
    alone = np.arange(len(seen.label)).astype(str).astype(object)
    return tuple(  # type: ignore[return-value]
        auc(seen.label, left_out(seen.rows, seen.label, household_folds(group, FOLDS, 1))[0])
        for group in (alone, codes.astype(str).astype(object))
    )


def _leak(seen: Seen, key: Key) -> Leak:
    random, grouped = flattery(seen, key.codes)
    named = " + ".join(key.columns)
    return Leak(
        "divided households",
        key.columns,
        "alike",
        key.alike,
        f"{key.pairs} 对行的 {named} 相同，却分在划分两边，结果相近（相关 {key.alike:.2f}）；"
        f"随机划分 AUC {random:.3f}，按其分组 {grouped:.3f}",
        f"{key.pairs} pairs of rows share {named} and may stand on both sides of the split, with outcomes "
        f"alike beyond their fields (correlation {key.alike:.2f}): AUC {random:.3f} by a random split, "
        f"{grouped:.3f} with such rows kept together",
    )

"""Reasons of many households at once: what `models.reasons.explain` gives one by one, to the last digit.

What is told, and under which topic, is decided for all households together in arrays; only the sentences
that are told are made one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.bundle import Bundle
from models.reasons import (
    AGREEING,
    BEYOND_ROUNDING,
    MOST,
    SMALLEST,
    UNROLLED,
    Explanation,
    Reason,
    SourceState,
    columns_by_topic,
    make_reason,
)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """What is told, (n, k) arrays: the place of the topic and the column that tells it; -1 for nothing."""

    topic: Places
    column: Places


def explain_many(
    bundle: Bundle,
    values: Floats,
    contributions: Floats,
    sums: Floats,
    sources: Callable[[int], Mapping[str, SourceState]],
    members: Sequence[Floats] = (),
) -> list[Explanation]:
    """Reasons of n households; values, contributions: (n, features); sums: `topic_sums`; sources: by row.

    members: contributions (n, features) by each model of the bag.
    """
    columns = _topics(bundle)
    known = ~np.isnan(values)
    there = np.column_stack([known[:, c].any(axis=1) for c in columns])
    ground = known & (values != 0) if bundle.punitive else known
    raising = _raising(sums, agreed(bundle, values, members), contributions, ground, columns)
    lowering = _lowering(np.where(there, sums, 0.0), contributions, known, columns)

    def told(choice: Choice, row: int, own: Mapping[str, SourceState]) -> tuple[Reason, ...]:
        return tuple(
            make_reason(bundle, bundle.features[c], float(values[row, c]), float(sums[row, t]), own)
            for t, c in zip(choice.topic[row].tolist(), choice.column[row].tolist(), strict=True)
            if t >= 0
        )

    rows = ((row, sources(row)) for row in range(len(values)))
    return [Explanation(told(raising, row, own), told(lowering, row, own)) for row, own in rows]


def topic_names(bundle: Bundle) -> list[str]:
    """The topics that are told, in the order of `topic_sums`."""
    return sorted(topic for topic, _ in columns_by_topic(bundle))


def topic_sums(bundle: Bundle, values: Floats, contributions: Floats) -> Floats:
    """What each topic adds to the scores of n households, (n, topics) in log-odds, of known values only."""
    known = ~np.isnan(values)
    return np.column_stack([_sums(contributions[:, c], known[:, c]) for c in _topics(bundle)])


def _topics(bundle: Bundle) -> list[Places]:
    """The columns of each topic, in order of name."""
    return [np.array(columns, dtype=np.int64) for _, columns in sorted(columns_by_topic(bundle))]


def _sums(parts: Floats, known: Flags) -> Floats:
    """(n,) sums of the known columns, added in NumPy's own order of that many numbers."""
    if parts.shape[1] < UNROLLED or known.all():
        return np.asarray(np.ascontiguousarray(np.where(known, parts, 0.0)).sum(axis=1))
    packed = np.take_along_axis(parts, np.argsort(~known, axis=1, kind="stable"), axis=1)
    counts, sums = known.sum(axis=1), np.zeros(len(parts))
    for count in np.unique(counts).tolist():
        rows = counts == count
        sums[rows] = np.ascontiguousarray(packed[rows, :count]).sum(axis=1)
    return sums


def agreed(bundle: Bundle, values: Floats, members: Sequence[Floats]) -> Flags | bool:
    """Whether enough models of the bag find that a topic raises the score: (n, topics); yes without a bag."""
    raised = sum(topic_sums(bundle, values, one) > BEYOND_ROUNDING for one in members)
    return raised >= AGREEING * len(members)


def _raising(
    sums: Floats, agree: Flags | bool, contributions: Floats, ground: Flags, columns: list[Places]
) -> Choice:
    """The topics that raise the score most, each by its strongest ground; without one a topic is not told."""
    weights = [np.where(ground[:, c], contributions[:, c], -np.inf) for c in columns]
    grounded = np.column_stack([ground[:, c].any(axis=1) for c in columns])
    told = grounded & (sums > SMALLEST) & agree
    # Topics stand by name, and the sort keeps equals as they stand.
    topic = np.argsort(np.where(told, -sums, np.inf), axis=1, kind="stable")[:, :MOST]
    return _chosen(topic, told, weights, columns)


def _lowering(sums: Floats, contributions: Floats, known: Flags, columns: list[Places]) -> Choice:
    """The topic that lowers the score most; of equals the last by name."""
    weights = [np.where(known[:, c], -contributions[:, c], -np.inf) for c in columns]
    last = sums.shape[1] - 1
    topic = last - np.argmin(sums[:, ::-1], axis=1)[:, None]
    return _chosen(topic, sums < -SMALLEST, weights, columns)


def _chosen(topic: Places, told: Flags, weights: list[Floats], columns: list[Places]) -> Choice:
    """For each chosen topic the first column of greatest weight."""
    strongest = np.column_stack([c[np.argmax(w, axis=1)] for c, w in zip(columns, weights, strict=True)])
    holds = np.take_along_axis(told, topic, axis=1)
    column = np.take_along_axis(strongest, topic, axis=1)
    return Choice(np.where(holds, topic, -1), np.where(holds, column, -1))

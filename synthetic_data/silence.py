"""A department that delivers nothing for some months, and then again."""

from collections.abc import Iterator

import numpy as np

from features.sources import SOURCES
from features.sources.core import Source
from synthetic_data.clock import Clock
from synthetic_data.departments.rows import Rows
from synthetic_data.knobs import Knobs


def silent_months(source: Source, clock: Clock, knobs: Knobs) -> tuple[np.datetime64, np.datetime64] | None:
    """First silent month and first month after, if the table's department falls silent."""
    if source.department != knobs.silent:
        return None
    since = clock.start + (knobs.silent_from - 1)
    return since, since + knobs.silent_months


def heard(name: str, rows: Rows, clock: Clock, knobs: Knobs) -> Rows:
    """What still arrives of a table's rows.

    What was missed is lost, or comes on the same day of the first month after, each key in its last state.
    """
    silent = silent_months(SOURCES[name], clock, knobs)
    if silent is None:
        return rows
    month = rows.received.astype("datetime64[M]")
    missed = (month >= silent[0]) & (month < silent[1])
    if not knobs.silent_resends:
        return rows.where(~missed)
    day = (rows.received - month.astype("datetime64[D]")).astype(int)
    later = silent[1].astype("datetime64[D]") + day.astype("timedelta64[D]")
    order = np.argsort(rows.received, kind="stable")
    moved = Rows(rows.columns, np.where(missed, later, rows.received)).where(order)
    return moved.where(_last_of_key(SOURCES[name], moved, missed[order]))


def spoken(name: str, registers: Iterator[Rows], clock: Clock, knobs: Knobs) -> Iterator[Rows]:
    """Registers of the months in which the department delivers; each is whole, so none is sent again."""
    silent = silent_months(SOURCES[name], clock, knobs)
    for rows in registers:
        month = rows.received[0].astype("datetime64[M]")
        if silent is None or not silent[0] <= month < silent[1]:
            yield rows


def _last_of_key(source: Source, rows: Rows, moved: np.ndarray) -> np.ndarray:
    """Without those moved rows that a later one of the same delivery supersedes."""
    last: dict[tuple[object, ...], int] = {}
    keys = [rows.columns[name].tolist() for name in source.key]
    days = rows.received.astype("datetime64[D]").astype(int).tolist()
    kept = np.ones(len(days), bool)
    for row, key in enumerate(zip(*keys, days, strict=True)):
        earlier = last.get(key)
        if earlier is not None and moved[earlier]:
            kept[earlier] = False
        last[key] = row
    return kept

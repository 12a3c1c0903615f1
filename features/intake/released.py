"""Rows that came back corrected: what is remembered of a release, and which deliveries it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from features.intake.entry import Entry
from features.sources import SOURCES
from features.sources.core import Delivery


@dataclass(frozen=True)
class Release:
    """One corrected file that was taken; `release_id` is its content's, as a delivery's is."""

    release_id: str
    table: str
    released_by: str
    released_on: date


@dataclass(frozen=True)
class ReleasedRow:
    """A row of a delivery's quarantine that a release took; `released_as` is the entry that holds it now."""

    delivery_id: str
    row_number: int
    release_id: str
    released_as: str


def standing(taken: Iterable[Entry]) -> list[Entry]:
    """Of all that was ever taken, oldest first, what counts.

    Of a full register with two deliveries of one day, and of a file replaced in its place, the one taken
    last stands: both together would count everything twice.
    """
    last: dict[tuple[str, date | str | None], Entry] = {}
    for entry in taken:
        if entry.table in SOURCES:
            full = SOURCES[entry.table].delivery is Delivery.FULL
            last[entry.table, entry.received_on if full else entry.file] = entry
    return list(last.values())


def correctable(taken: Iterable[Entry], repeated: Iterable[Entry]) -> list[Entry]:
    """Of what stands, the deliveries whose rows a correction can make known: of a register the last to come.

    One that was sent again unchanged came again.
    """
    entries = standing(taken)
    newest: dict[str, Entry] = {}
    for entry in sorted([*entries, *repeated], key=lambda e: e.received_on or date.min):
        newest[entry.table] = entry
    full = {name for name, source in SOURCES.items() if source.delivery is Delivery.FULL}
    return [e for e in entries if e.table not in full or e.delivery_id == newest[e.table].delivery_id]

"""What the catalogue of a warehouse says of files and of rows set aside, as of a date."""

from collections import Counter
from datetime import date
from pathlib import Path

from features.engines import read_entries, read_releases
from features.intake.entry import Entry
from features.intake.set_aside import released_numbers, rows_set_aside
from features.quality.ground import Arrived, Rejected


def read_catalogue(warehouse: Path, as_of: date) -> tuple[list[Arrived], list[Rejected]]:
    """Files that arrived by the date and were taken, and their rows set aside by column.

    A row released by the date counts as taken: its department has mended it. Rows of registers that were
    refused because most of them cannot be read are counted too: they came.
    """
    entries = [*read_entries(warehouse, "taken"), *read_entries(warehouse, "refused")]
    known = [entry for entry in entries if entry.received_on is not None and entry.received_on <= as_of]
    released = released_numbers(*read_releases(warehouse), as_of)
    arrived, rejected = [], []
    for entry in known:
        assert entry.received_on is not None
        mended = released.get(entry.delivery_id, set())
        taken = entry.rows_taken + len(mended)
        arrived.append(Arrived(entry.table, entry.received_on, entry.rows_in, taken))
        rejected += [
            Rejected(entry.table, entry.received_on, column, rows)
            for column, rows in _columns_at_fault(warehouse, entry, mended).items()
        ]
    return arrived, rejected


def _columns_at_fault(warehouse: Path, entry: Entry, mended: set[int]) -> Counter[str]:
    return Counter(rows_set_aside(warehouse, entry.delivery_id, mended)["column"].to_pylist())

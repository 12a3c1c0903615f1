"""What the catalogue of a warehouse says of files and of rows set aside, as of a date."""

from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from features.engines import read_entries
from features.intake.entry import Entry
from features.quality.ground import Arrived, Rejected


def read_catalogue(warehouse: Path, as_of: date) -> tuple[list[Arrived], list[Rejected]]:
    """Files that arrived by the date and were taken, and their rows set aside by column.

    Rows of registers that were refused because most of them cannot be read are counted too: they came.
    """
    entries = [*read_entries(warehouse, "taken"), *read_entries(warehouse, "refused")]
    known = [entry for entry in entries if entry.received_on is not None and entry.received_on <= as_of]
    arrived, rejected = [], []
    for entry in known:
        assert entry.received_on is not None
        arrived.append(Arrived(entry.table, entry.received_on, entry.rows_in, entry.rows_taken))
        rejected += [
            Rejected(entry.table, entry.received_on, column, rows)
            for column, rows in _columns_at_fault(warehouse, entry).items()
        ]
    return arrived, rejected


def _columns_at_fault(warehouse: Path, entry: Entry) -> Counter[str]:
    path = warehouse / "quarantine" / f"{entry.delivery_id}.parquet"
    if not path.is_file():
        return Counter()
    return Counter(pq.read_table(path, columns=["column"])["column"].to_pylist())

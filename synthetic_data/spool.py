"""What a block's departments wrote, held on disk until every block of the city has written.

One Arrow file a block and table; each of its batches holds the rows of one day of delivery.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from synthetic_data.departments.rows import Rows

DAYS = b"days"


class Spool:
    """The rows of one table by block, written once and read day by day."""

    def __init__(self, folder: Path, table: str) -> None:
        self.folder, self.table = folder, table

    def write(self, block: int, parts: Iterator[Rows]) -> None:
        """Write a block's rows; each part is one day's, days ascending."""
        path = self._path(block)
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = None
        days: dict[str, int] = {}  # day -> rows, in the order of the batches
        with pa.OSFile(str(path), "wb") as file:
            for rows in parts:
                batch = pa.record_batch({name: _stored(values) for name, values in rows.columns.items()})
                writer = writer or pa.ipc.new_file(file, batch.schema)
                writer.write_batch(batch)
                days[str(rows.received[0].astype("datetime64[D]"))] = batch.num_rows
            if writer:
                writer.close()
        path.with_suffix(".json").write_text(json.dumps(days))

    def days(self) -> dict[str, int]:
        """Rows of every day on which some block delivered the table, ascending."""
        rows: Counter[str] = Counter()
        for block in self._blocks():
            rows.update(self._days(block))
        return dict(sorted(rows.items()))

    def read(self, day: str) -> Rows:
        """The rows of one day, block after block."""
        found = []
        for block in self._blocks():
            days = self._days(block)
            if day in days:
                with pa.memory_map(str(self._path(block))) as file:
                    found.append(pa.ipc.open_file(file).get_batch(list(days).index(day)))
        table = pa.Table.from_batches(found).combine_chunks()
        columns = {name: _read(table[name].combine_chunks()) for name in table.column_names}
        return Rows(columns, np.full(table.num_rows, np.datetime64(day)))

    def _blocks(self) -> list[int]:
        return sorted(int(path.stem) for path in (self.folder / self.table).glob("*.json"))

    def _days(self, block: int) -> dict[str, int]:
        days: dict[str, int] = json.loads(self._path(block).with_suffix(".json").read_text())
        return days

    def _path(self, block: int) -> Path:
        return self.folder / self.table / f"{block}.arrow"


def _stored(values: np.ndarray | pa.Array) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if values.dtype.kind == "M":
        return pa.array(values.astype("datetime64[D]"))
    if values.dtype.kind == "U":
        return pa.array(values.astype(object), pa.string())
    return pa.array(values, pa.string(), from_pandas=True) if values.dtype.kind == "O" else pa.array(values)


def _read(values: pa.Array) -> np.ndarray | pa.Array:
    """As the writers of files take it: texts stay in Arrow, which is a third of the size."""
    return values if pa.types.is_string(values.type) else values.to_numpy(zero_copy_only=False)

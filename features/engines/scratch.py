"""Where an engine puts what it computes on the way: folders that are read in order, and removed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs


def spill_folder(folder: Path) -> Path:
    """Where this process spills; the engine makes it when it must, and removes it when it ends.

    Beside the tables, which only their owner may read: what is spilt is as sensitive as they are. Each
    process has its own: two engines in one folder overwrite each other. What a killed one left goes.
    """
    for left in folder.glob(".spill-*"):
        if not Path(f"/proc/{left.name.removeprefix('.spill-')}").exists():
            shutil.rmtree(left, ignore_errors=True)
    return folder / f".spill-{os.getpid()}"


def read_in_order(folder: str, schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
    """The rows of a folder that a cluster's tasks wrote, about so many a batch, its files by name.

    Of a sorted table that is its order: tasks are numbered by the range they sorted.
    """
    system, path = fs.FileSystem.from_uri(folder)
    found = system.get_file_info(fs.FileSelector(path))
    for file in sorted(one.path for one in found if one.path.endswith(".parquet")):
        with system.open_input_file(file) as opened:
            for batch in pq.ParquetFile(opened).iter_batches(rows):
                yield pa.RecordBatch.from_arrays(
                    [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)],
                    schema=schema,
                )


def remove(folder: str) -> None:
    """Remove a folder, a path or a URI; nothing where there is none."""
    system, path = fs.FileSystem.from_uri(folder)
    if system.get_file_info(path).type is fs.FileType.Directory:
        system.delete_dir(path)

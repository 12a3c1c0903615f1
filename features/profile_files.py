"""Where profiles, judgements and findings lie, and how they are read: one Parquet file a date.

`P/<part>/<universe>/<as_of>.parquet`, written by `features.profile_series`. Everything a reader may have
forgotten is told here, in one sentence and alike for every command.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as arrow
import pyarrow.parquet as parquet

from features.errors import UserError

#: In the order of writing: where a date's profile is, its judgements and findings are.
PARTS = ("findings", "judgements", "profiles")


def profile_file(folder: Path, part: str, universe: str, as_of: date) -> Path:
    """Where one part of one universe and date lies, or would lie."""
    return folder / part / universe / f"{as_of}.parquet"


def profiled_dates(folder: Path, universe: str) -> list[date]:
    """Dates of which profiles of a universe exist, oldest first; empty where there is none."""
    return sorted(
        as_of
        for path in (folder / "profiles" / universe).glob("*.parquet")
        if (as_of := _date(path.stem)) is not None
    )


def require_dates(folder: Path, universe: str, as_of: date) -> list[date]:
    """Dates up to `as_of`, which must be one of them; `UserError` names those there are and the command."""
    dates = profiled_dates(folder, universe)
    if as_of not in dates:
        raise _absent(folder, "profiles", universe, as_of)
    return dates[: dates.index(as_of) + 1]


def read_columns(
    folder: Path,
    part: str,
    universe: str,
    as_of: date,
    columns: Sequence[str] | None = None,
    where: arrow.Expression | None = None,
) -> pa.Table:
    """The named columns (None: all) of the rows `where` holds.

    `UserError` where the file is missing, is no Parquet file, or lacks a column.
    """
    file = _open(folder, part, universe, as_of)
    path = profile_file(folder, part, universe, as_of)
    require_columns(file.schema.names, columns or (), path)
    try:
        return file.to_table(columns=None if columns is None else list(columns), filter=where)
    except (pa.ArrowInvalid, OSError):
        raise _broken(path) from None


def read_pages(
    folder: Path, part: str, universe: str, as_of: date, columns: Sequence[str], rows: int
) -> Iterator[pa.Table]:
    """The named columns in the order of the file, so many rows at a time; errors as in `read_columns`."""
    path = profile_file(folder, part, universe, as_of)
    require_columns(column_names(folder, part, universe, as_of), columns, path)
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=rows, columns=list(columns)):
                yield pa.Table.from_batches([batch])
    except (pa.ArrowInvalid, OSError):
        raise _broken(path) from None


def write_whole(
    rows: pa.RecordBatchReader,
    path: Path,
    marks: Mapping[str, str] | None = None,
    row_group: int | None = None,
) -> int:
    """Write a file whole or not at all, as it is read: a city as one table would take gigabytes.

    marks: the file's metadata. row_group: rows of a group (None: of a batch). Returns the number of rows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary, count = path.with_suffix(".partial"), 0
    schema = rows.schema.with_metadata(marks) if marks else rows.schema
    with parquet.ParquetWriter(temporary, schema, compression="zstd") as file:
        for batch in rows:
            file.write_batch(batch.replace_schema_metadata(schema.metadata), row_group_size=row_group)
            count += batch.num_rows
    os.replace(temporary, path)
    return count


def digest_of(folder: Path, part: str, universe: str, as_of: date) -> str:
    """SHA-256 of one part's file, as 64 hexadecimal digits."""
    with profile_file(folder, part, universe, as_of).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_columns(there: Sequence[str], columns: Sequence[str], path: Path) -> None:
    """`UserError` names the columns that the file lacks."""
    absent = [name for name in columns if name not in there]
    if absent:
        more = f" …({len(absent)})" if len(absent) > 3 else ""
        raise UserError(
            f"{path} 缺少列 {', '.join(absent[:3])}{more} / lacks these columns;"
            " make it again with this version: `python -m features profile`."
        )


def column_names(folder: Path, part: str, universe: str, as_of: date) -> list[str]:
    """Names of the columns of one part; `UserError` as in `read_columns`."""
    return list(_open(folder, part, universe, as_of).schema.names)


def _open(folder: Path, part: str, universe: str, as_of: date) -> arrow.Dataset:
    path = profile_file(folder, part, universe, as_of)
    if not path.is_file():
        raise _absent(folder, part, universe, as_of)
    try:
        return arrow.dataset(path, format="parquet")
    except (pa.ArrowInvalid, OSError):
        raise _broken(path) from None


def _absent(folder: Path, part: str, universe: str, as_of: date) -> UserError:
    dates = profiled_dates(folder, universe)
    there = f"there are {dates[0]} to {dates[-1]}" if dates else "there are none"
    return UserError(
        f"{folder} 没有 {as_of} 的 {universe} {part} / holds no {universe} {part} as of {as_of} ({there});"
        f" run `python -m features profile --warehouse … --out {folder} --universe {universe}"
        f" --as-of {as_of}`, or give another date."
    )


def _broken(path: Path) -> UserError:
    return UserError(
        f"{path} 不是完整的 Parquet 文件 / is not a whole Parquet file; delete it and run"
        " `python -m features profile` again."
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

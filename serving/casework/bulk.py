"""Many rows at once, inside the caller's transaction: SQLite's own executemany, PostgreSQL's COPY.

SQLAlchemy's insert converts every value of every row in Python; of a city's rows that took longer than all
the rest of the batch. Types are those of `serving.casework.tables`, and the stored bytes are the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, Date
from sqlalchemy import Table as Columns

from serving.casework.columns import Json, encode_json
from serving.casework.records import Row, Rows
from serving.casework.tables import Table

CHUNK = 5_000
#: Pages of SQLite's file kept in memory while a run is written, in KiB: its indices must fit.
CACHE_KIB = 256 * 1024


def insert_rows(connection: Connection, table: type[Table], rows: Rows, run_id: int) -> Iterator[int]:
    """Add the rows to a run, chunk by chunk; yields how many each chunk held."""
    remaining = iter(rows)
    if (first := next(remaining, None)) is None:
        return
    columns = table.metadata.tables[str(table.__tablename__)]
    names = list(first)
    write = _copy if connection.dialect.name == "postgresql" else _execute
    values = _values(connection, columns, names, run_id)
    chunk = [values(first), *map(values, islice(remaining, CHUNK - 1))]
    while chunk:
        write(connection, columns.name, ["run_id", *names], chunk)
        yield len(chunk)
        chunk = list(map(values, islice(remaining, CHUNK)))


@contextmanager
def wide_cache(connection: Connection) -> Iterator[None]:
    """Let SQLite keep a run's indices in memory meanwhile; the connection lives on in its pool."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")


def _values(
    connection: Connection, columns: Columns, names: list[str], run_id: int
) -> Callable[[Row], tuple[Any, ...]]:
    """From a row to the values of its columns; KeyError for a row that lacks one of the first row's."""
    written = [(name, _writer(connection, columns.c[name].type)) for name in names]

    def values(row: Row) -> tuple[Any, ...]:
        return (run_id, *[write(row[name]) if write else row[name] for name, write in written])

    return values


def _writer(connection: Connection, kind: Any) -> Callable[[Any], Any] | None:
    """How a value of this type is given to the driver; None: as it is."""
    if isinstance(kind, JSON):
        return _json
    return _iso if isinstance(kind, Date) and connection.dialect.name == "sqlite" else None


def _json(value: Any) -> str | None:
    return value if value is None or isinstance(value, Json) else encode_json(value)


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _execute(connection: Connection, table: str, names: list[str], chunk: list[tuple[Any, ...]]) -> None:
    blanks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({blanks})", chunk)


def _copy(connection: Connection, table: str, names: list[str], chunk: list[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for values in chunk:
            copy.write_row(values)

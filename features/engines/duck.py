"""A warehouse opened on DuckDB: the engine of one machine, and of what Spark is told about links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend

from features.engines.catalogue import CATALOGUE_SCHEMA, LINKS_IN_FORCE, entries_of, read_catalogue
from features.engines.connection import Value
from features.engines.convert import quoted
from features.engines.scratch import spill_folder
from features.engines.warehouse import Warehouse
from features.errors import UserError
from features.identity.exact import variants
from features.intake.released import standing
from features.intake.stored import arrow_schema, typed_table, unidentified_schema
from features.sources import SOURCES
from features.sources.core import Delivery, Source


class DuckConnection(Backend):
    """An Ibis connection to DuckDB that a plan can run on (see `features.engines.connection`)."""

    def give(self, name: str, rows: pa.Table) -> None:
        """See `Connection`."""
        self.create_table(name, rows, temp=True, overwrite=True)

    def set_values(self, values: Mapping[str, Value]) -> None:
        """See `Connection`."""
        for name, value in values.items():
            self.raw_sql(f"SET VARIABLE {name} = {written(value)}")

    def compute(self, name: str, select: str, schema: ibis.Schema) -> None:
        """See `Connection`."""
        self.raw_sql(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {select}')

    def name_view(self, name: str, select: str) -> None:
        """See `Connection`."""
        self.raw_sql(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {select}')

    def batches(self, name: str, rows: int) -> pa.RecordBatchReader:
        """See `Connection`."""
        table = self.table(name)
        # Not ibis's own to_pyarrow_batches, which calls what DuckDB 2 no longer has on its connection.
        reader = self.con.sql(self.compile(table)).to_arrow_reader(rows)
        return reader.cast(table.schema().to_pyarrow())

    def forget(self, name: str, kind: str) -> None:
        """See `Connection`."""
        self.raw_sql(f'DROP {kind} IF EXISTS "{name}"')


def written(value: Value) -> str:
    """A variable's value as both engines read it."""
    if value is None:
        return "CAST(NULL AS DATE)"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else f"CAST({value!r} AS DOUBLE)"


def open_warehouse(path: str | Path, threads: int | None = None, memory_gb: float | None = None) -> Warehouse:
    """Open a warehouse for reading with so many threads (None: every core).

    memory_gb: what the engine may hold before it spills to the disk (None: most of the machine's).
    `UserError` where the folder is none, or an intake is writing it.
    """
    folder = Path(path)
    catalogue = read_catalogue(folder)
    limits: dict[str, Any] = {} if threads is None else {"threads": threads}
    if memory_gb is not None:
        limits |= {"memory_limit": f"{memory_gb:g}GB", "temp_directory": str(spill_folder(folder))}
    connection = connect(**limits)
    visible = _hold_catalogue(connection, folder, catalogue)
    for source in SOURCES.values():
        _create_view(connection, source, visible.tables[source.name], bool(visible.unidentified[source.name]))
    return Warehouse(connection)


@dataclass(frozen=True)
class Visible:
    """The Parquet files that stand, by table: rows taken, and rows that lack nothing but a number."""

    tables: Mapping[str, list[Path]]
    unidentified: Mapping[str, list[Path]]


@dataclass(frozen=True)
class Standing:
    """What another engine needs of a warehouse's folder beside the files themselves.

    catalogue: `deliveries`, `links_in_force`, `released_rows`. linked: by table, the rows that were linked
    without a number (few), typed as stored.
    """

    catalogue: Mapping[str, pa.Table]
    visible: Visible
    linked: Mapping[str, pa.Table]


def read_standing(folder: Path) -> Standing:
    """Read all that only the catalogue knows; no row of a table is read but those linked.

    `UserError` as in `open_warehouse`.
    """
    catalogue = read_catalogue(folder)
    connection = connect()
    try:
        visible = _hold_catalogue(connection, folder, catalogue)
        linked = {
            name: connection.con.sql(_linked(SOURCES[name])).to_arrow_table()
            for name, files in visible.unidentified.items()
            if files
        }
    finally:
        connection.disconnect()
    return Standing(catalogue, visible, linked)


def _hold_catalogue(connection: DuckConnection, folder: Path, catalogue: Mapping[str, pa.Table]) -> Visible:
    """Hold the catalogue's tables and the views of rows without a number; returns the files that stand."""
    for name, rows in catalogue.items():
        _create_table(connection, name, rows)
    visible = _visible_files(connection)
    _require_files(folder, visible)
    tables, unidentified = {}, {}
    for source in SOURCES.values():
        tables[source.name] = [folder / name for name in visible.get(source.name, ())]
        apart = [folder / "unidentified" / source.name / path.name for path in tables[source.name]]
        unidentified[source.name] = [path for path in apart if path.is_file()]
        _create_unidentified(connection, source, unidentified[source.name])
    return Visible(tables, unidentified)


def connect(**limits: Any) -> DuckConnection:
    """An empty database in memory that knows our own functions."""
    connection = DuckConnection().connect(**limits)
    # In a worker, which has no script of its own, the engine takes itself for somebody's prompt.
    connection.con.execute("SET enable_progress_bar = false")
    # Nothing here outlives the process: a checkpoint would only halt both cores to pack what is in memory.
    connection.con.execute("SET checkpoint_threshold = '1TB'")
    other, plain = variants()
    # `translate` reads its three thousand characters anew for every name, so only names that hold one of
    # them are taken apart. One pattern a use: getting it ready costs more than a small table's names.
    connection.con.execute(
        f"CREATE TEMP MACRO simplified(name) AS CASE WHEN regexp_matches(name, '[{other}]')"
        " THEN array_to_string(list_transform(string_split(name, ''), lambda letter:"
        f" CASE WHEN contains('{other}', letter) THEN substr('{plain}', instr('{other}', letter), 1)"
        " ELSE letter END), '') ELSE name END"
    )
    return connection


def memory_warehouse(
    tables: Mapping[str, Iterable[Mapping[str, Any]]],
    key: str = "practice",
    received_on: date = date(2025, 12, 1),
) -> Warehouse:
    """A warehouse in memory from small tables of rows, for tests.

    Rows are mappings of declared columns; missing ones are null, dates may be ISO text, a row may carry its
    own `received_on`. Pseudonyms are added. ValueError names a column that the source does not declare.
    """
    connection = connect(threads=1)  # a second one costs more than so few rows take
    connection.raw_sql(CATALOGUE_SCHEMA)
    connection.raw_sql(f"CREATE TABLE links_in_force AS {LINKS_IN_FORCE}")
    for source in SOURCES.values():
        rows = typed_table(source, tables.get(source.name, ()), key, received_on)
        _create_table(connection, source.name, rows)
        _create_unidentified(connection, source, [])
    unknown = set(tables) - set(SOURCES)
    if unknown:
        raise ValueError(f"no declared table is named {sorted(unknown)}")
    return Warehouse(connection)


def _visible_files(connection: DuckConnection) -> dict[str, list[str]]:
    """Parquet files by table: those the catalogue took that stand, and what was released of these."""
    entries = standing(entries_of(connection.con, "taken"))
    released_as = connection.con.execute("SELECT DISTINCT released_as, delivery_id FROM released_rows")
    stands = {entry.delivery_id for entry in entries}
    released = {own for own, delivery_id in released_as.fetchall() if delivery_id in stands}
    entries += [entry for entry in entries_of(connection.con, "released") if entry.delivery_id in released]
    files: dict[str, list[str]] = {}
    for entry in entries:
        files.setdefault(entry.table, []).append(str(entry.path))
    return files


def _require_files(folder: Path, visible: Mapping[str, list[str]]) -> None:
    lost = [name for files in visible.values() for name in files if not (folder / name).is_file()]
    if lost:
        raise UserError(
            f"{folder} 缺少 {len(lost)} 个已登记的文件，如 {lost[0]} / lacks {len(lost)} files of its"
            f" catalogue, such as {lost[0]}; restore them from a backup, or take the deliveries into a new"
            " --warehouse."
        )


def _create_table(connection: DuckConnection, name: str, rows: pa.Table) -> None:
    """Past Ibis, whose `create_table` takes 30 ms: the tests make thousands of these."""
    connection.con.register("arriving", rows)
    connection.con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM arriving')
    connection.con.unregister("arriving")


def _create_view(connection: DuckConnection, source: Source, files: list[Path], linked: bool) -> None:
    """Files as one table, and the rows that were linked without a number (few: they are held in memory).

    A typed table without rows gives the types, also of columns declared since.
    """
    select = _nothing_typed(arrow_schema(source))
    if files:
        select += f" UNION ALL BY NAME SELECT * FROM {_parquet(files)}"
    if linked:
        connection.con.execute(f'CREATE TEMP TABLE "linked_{source.name}" AS {_linked(source)}')
        select += f' UNION ALL BY NAME SELECT * FROM "linked_{source.name}"'
    connection.con.execute(f'CREATE TEMP VIEW "{source.name}" AS {select}')


def _create_unidentified(connection: DuckConnection, source: Source, files: list[Path]) -> None:
    select = _nothing_typed(unidentified_schema(source))
    if files:
        select += f" UNION ALL BY NAME SELECT * FROM {_parquet(files)}"
    connection.con.execute(f'CREATE TEMP VIEW "unidentified_{source.name}" AS {select}')


def _linked(source: Source) -> str:
    """Rows of the links in force with number and pseudonym put in.

    A row with two numbers that cannot be read is not among them. One whose link a caseworker ended, or that
    its department has since corrected, says from when it no longer counts.
    """
    put = []
    for column in source.columns:
        if column.person_column:
            here = f"u.unreadable_column = '{column.name}'"
            put.append(f'CASE WHEN {here} THEN l.id_no ELSE u."{column.name}" END AS "{column.name}"')
            person = column.person_column
            put.append(f'CASE WHEN {here} THEN l.person_id ELSE u."{person}" END AS "{person}"')
    required = [f'"{c.name}" IS NOT NULL' for c in source.columns if c.person_column and c.required]
    whole = " AND ".join(required) or "true"
    day = " AND l.received_on = l.arrived_on" if source.delivery is Delivery.FULL else ""
    own = ("l.received_on AS received_on", "l.link_probability AS link_probability")
    replaced = ", ".join([*put, *own, "least(l.ended_on, r.released_on) AS replaced_on"])
    return (
        f"SELECT * EXCLUDE (unreadable_column, written) FROM (SELECT u.* REPLACE ({replaced})"
        f' FROM "unidentified_{source.name}" u JOIN links_in_force l ON l."table" = \'{source.name}\''
        " AND l.delivery_id = u.delivery_id AND l.row_number = u.row_number"
        f' AND l."column" = u.unreadable_column{day}'
        " LEFT JOIN released_rows r ON r.delivery_id = u.delivery_id AND r.row_number = u.row_number)"
        f" WHERE {whole}"
    )


def _nothing_typed(schema: pa.Schema) -> str:
    nulls = [f'CAST(NULL AS {_SQL_TYPES[field.type]}) AS "{field.name}"' for field in schema]
    return f"SELECT {', '.join(nulls)} WHERE false"


def _parquet(files: list[Path]) -> str:
    listed = ", ".join(f"'{quoted(path)}'" for path in files)
    return f"read_parquet([{listed}], union_by_name = true)"


_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.decimal128(18, 2): "DECIMAL(18, 2)",
    pa.float64(): "DOUBLE",
    pa.int64(): "BIGINT",
}

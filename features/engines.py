"""The only file that knows which engine runs the expressions: DuckDB today.

A warehouse is a folder: `catalogue.duckdb` says which deliveries exist,
`tables/<table>/<delivery_id>.parquet` holds their typed rows, `quarantine/<delivery_id>.parquet` the rows
set aside. A Parquet file is visible only if the catalogue has it, so an interrupted run shows nothing
half-written.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend

from features.errors import UserError
from features.intake.entry import Entry
from features.intake.stored import arrow_schema, typed_table
from features.sources import SOURCES
from features.sources.core import Delivery, Source

CATALOGUE_FILE = "catalogue.duckdb"

CATALOGUE_SCHEMA = """
CREATE SEQUENCE IF NOT EXISTS delivery_order;
CREATE TABLE IF NOT EXISTS deliveries (
    taken_order BIGINT DEFAULT nextval('delivery_order'), delivery_id VARCHAR, department VARCHAR,
    "table" VARCHAR, received_on DATE, file VARCHAR, rows_in BIGINT, rows_taken BIGINT,
    rows_quarantined BIGINT, status VARCHAR, reason VARCHAR, assumptions VARCHAR, path VARCHAR);
CREATE TABLE IF NOT EXISTS settings (name VARCHAR PRIMARY KEY, value VARCHAR);
"""


class Warehouse:
    """Declared tables as Ibis tables on one connection; tables never delivered are empty and typed."""

    def __init__(self, connection: Backend) -> None:
        """`connection` holds a table or view for every declared source, and `deliveries`."""
        self.connection = connection

    def table(self, name: str) -> ibis.Table:
        """All rows ever taken of a declared table, with `received_on`, `delivery_id` and `row_number`."""
        if name not in SOURCES:
            raise UserError(f"没有声明表 {name} / no table {name} is declared; see features/sources.")
        return self.connection.table(name)

    def deliveries(self) -> ibis.Table:
        """The catalogue: one row a file that arrived (see `Entry`)."""
        return self.connection.table("deliveries")


def open_warehouse(path: str | Path, threads: int | None = None) -> Warehouse:
    """Open a warehouse for reading with so many threads (None: every core).

    `UserError` where the folder is none, or an intake is writing it.
    """
    folder = Path(path)
    deliveries = _read_catalogue(folder)
    connection = ibis.duckdb.connect(**({} if threads is None else {"threads": threads}))
    _create_table(connection, "deliveries", deliveries)
    visible = _visible_files(connection)
    _require_files(folder, visible)
    for source in SOURCES.values():
        _create_view(connection, source, [str(folder / name) for name in visible.get(source.name, ())])
    return Warehouse(connection)


def memory_warehouse(
    tables: Mapping[str, Iterable[Mapping[str, Any]]],
    key: str = "practice",
    received_on: date = date(2025, 12, 1),
) -> Warehouse:
    """A warehouse in memory from small tables of rows, for tests.

    Rows are mappings of declared columns; missing ones are null, dates may be ISO text, a row may carry its
    own `received_on`. Pseudonyms are added. ValueError names a column that the source does not declare.
    """
    connection = ibis.duckdb.connect()
    connection.raw_sql(CATALOGUE_SCHEMA)
    for source in SOURCES.values():
        rows = typed_table(source, tables.get(source.name, ()), key, received_on)
        _create_table(connection, source.name, rows)
    unknown = set(tables) - set(SOURCES)
    if unknown:
        raise ValueError(f"no declared table is named {sorted(unknown)}")
    return Warehouse(connection)


@dataclass
class Catalogue:
    """The catalogue opened for writing; the database's own lock keeps a second writer out."""

    folder: Path
    connection: duckdb.DuckDBPyConnection = field(repr=False)

    @classmethod
    def open(cls, folder: Path, key: str) -> Self:
        """Open or create. `UserError` where another run holds it, or it has another pseudonym key."""
        if folder.exists() and not folder.is_dir():
            raise UserError(f"{folder} 不是文件夹 / is not a folder; give --warehouse a folder.")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / CATALOGUE_FILE).exists():
            raise UserError(
                f"{folder} 不是仓库且不是空文件夹 / is neither a warehouse nor empty; give another folder."
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        catalogue = cls(folder, _connect(folder / CATALOGUE_FILE, read_only=False))
        catalogue.connection.execute(CATALOGUE_SCHEMA)
        catalogue._check_key(key)
        return catalogue

    def close(self) -> None:
        """Release the lock."""
        self.connection.close()

    def entries(self, status: str) -> list[Entry]:
        """Everything recorded under a status, oldest first."""
        return _entries(self.connection, status)

    def record(self, entry: Entry) -> None:
        """Write one entry, replacing an earlier one of the same file and content, in one transaction."""
        values = (
            entry.delivery_id, entry.department, entry.table, entry.received_on, entry.file, entry.rows_in,
            entry.rows_taken, entry.rows_quarantined, entry.status, entry.reason,
            json.dumps(entry.assumptions, ensure_ascii=False), entry.path,
        )  # fmt: skip
        with self.connection.cursor() as cursor:
            cursor.begin()
            cursor.execute(
                "DELETE FROM deliveries WHERE delivery_id = ? AND file = ?", [entry.delivery_id, entry.file]
            )
            cursor.execute(
                'INSERT INTO deliveries (delivery_id, department, "table", received_on, file, rows_in,'
                " rows_taken, rows_quarantined, status, reason, assumptions, path)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                values,
            )
            cursor.commit()

    def _check_key(self, key: str) -> None:
        check = hashlib.sha256(f"{key}|check".encode()).hexdigest()[:16]
        self.connection.execute(
            "INSERT INTO settings VALUES ('key_check', ?) ON CONFLICT DO NOTHING", [check]
        )
        found = self.connection.execute("SELECT value FROM settings WHERE name = 'key_check'").fetchall()
        if found != [(check,)]:
            self.close()
            raise UserError(
                f"{self.folder} 是用另一把假名密钥建立的 / was made under another pseudonym key;"
                " set DIBAO_PSEUDONYM_KEY to that key, or give a new --warehouse."
            )


def read_entries(folder: Path, status: str) -> list[Entry]:
    """Catalogue entries of one status, for commands that only report. `UserError` as in `open_warehouse`."""
    connection = _open_for_reading(folder)
    try:
        return _entries(connection, status)
    finally:
        connection.close()


def write_converted(raw: pa.Table, sql: str, targets: Mapping[str, Path]) -> pa.Table:
    """Run `sql` over the text table `raw`; write good rows to Parquet by delivery and return the others.

    `sql` yields the stored columns and `problem` (null for a good row); `targets` names a temporary file for
    each `delivery_id`, which the caller renames. Returned: delivery_id, row_number, problem.
    """
    connection = duckdb.connect(config={"threads": 1})
    try:
        connection.register("raw", raw)
        connection.execute(f"CREATE TEMP TABLE converted AS {sql}")
        for delivery_id, target in targets.items():
            connection.execute(
                "COPY (SELECT * EXCLUDE (problem) FROM converted WHERE problem IS NULL AND delivery_id ="
                f" '{_quoted(delivery_id)}') TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION zstd)"
            )
        return connection.sql(
            "SELECT delivery_id, row_number, problem FROM converted WHERE problem IS NOT NULL"
            " ORDER BY delivery_id, row_number"
        ).to_arrow_table()
    finally:
        connection.close()


def to_sql(expression: ibis.Table) -> str:
    """The statement this engine runs for an expression.

    Layers stay layers: fused, an expression that names another ten times repeats it ten times.
    """
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
    finally:
        ibis.options.sql.fuse_selects = fused


def _connect(file: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(file), read_only=read_only)
    except duckdb.IOException as failure:
        if "lock" in str(failure).lower():
            raise UserError(
                f"另一个进程正在写入 {file.parent} / another run is writing it; wait until it ends."
            ) from None
        raise UserError(
            f"{file} 无法打开 / cannot be opened as a catalogue; restore it from a backup."
        ) from None


def _open_for_reading(folder: Path) -> duckdb.DuckDBPyConnection:
    if not (folder / CATALOGUE_FILE).is_file():
        raise UserError(
            f"{folder} 不是仓库 / is not a warehouse: no {CATALOGUE_FILE} in it;"
            " run `python -m features intake --landing … --warehouse …` first."
        )
    return _connect(folder / CATALOGUE_FILE, read_only=True)


def _read_catalogue(folder: Path) -> pa.Table:
    connection = _open_for_reading(folder)
    try:
        return connection.sql("SELECT * FROM deliveries ORDER BY taken_order").to_arrow_table()
    finally:
        connection.close()


def _entries(connection: duckdb.DuckDBPyConnection, status: str) -> list[Entry]:
    names = ", ".join(f'"{name}"' for name in Entry.__annotations__)
    rows = connection.execute(
        f"SELECT {names} FROM deliveries WHERE status = ? ORDER BY taken_order", [status]
    ).fetchall()
    found = []
    for row in rows:
        values = dict(zip(Entry.__annotations__, row, strict=True))
        found.append(Entry(**{**values, "assumptions": tuple(json.loads(values["assumptions"]))}))
    return found


def _visible_files(connection: Backend) -> dict[str, list[str]]:
    """Parquet files by table: those the catalogue took.

    Of a full register with two deliveries of one day, and of a file replaced in its place, the one taken
    last stands: both together would count everything twice.
    """
    standing: dict[tuple[str, date | str], str] = {}
    rows = connection.raw_sql(
        'SELECT "table", received_on, file, path FROM deliveries'
        " WHERE status = 'taken' ORDER BY taken_order"
    ).fetchall()
    for table, received_on, file, path in rows:
        if table in SOURCES:
            full = SOURCES[table].delivery is Delivery.FULL
            standing[table, received_on if full else file] = path
    files: dict[str, list[str]] = {}
    for (table, _), path in standing.items():
        files.setdefault(table, []).append(path)
    return files


def _require_files(folder: Path, visible: Mapping[str, list[str]]) -> None:
    lost = [name for files in visible.values() for name in files if not (folder / name).is_file()]
    if lost:
        raise UserError(
            f"{folder} 缺少 {len(lost)} 个已登记的文件，如 {lost[0]} / lacks {len(lost)} files of its"
            f" catalogue, such as {lost[0]}; restore them from a backup, or take the deliveries into a new"
            " --warehouse."
        )


def _create_table(connection: Backend, name: str, rows: pa.Table) -> None:
    """Past Ibis, whose `create_table` takes 30 ms: the tests make thousands of these."""
    connection.con.register("arriving", rows)
    connection.con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM arriving')
    connection.con.unregister("arriving")


def _create_view(connection: Backend, source: Source, files: list[str]) -> None:
    """Files as one table; a typed table without rows gives the types, also of columns declared since."""
    nulls = [f'CAST(NULL AS {_SQL_TYPES[f.type]}) AS "{f.name}"' for f in arrow_schema(source)]
    select = f"SELECT {', '.join(nulls)} WHERE false"
    if files:
        listed = ", ".join(f"'{_quoted(name)}'" for name in files)
        select += f" UNION ALL BY NAME SELECT * FROM read_parquet([{listed}], union_by_name = true)"
    connection.con.execute(f'CREATE TEMP VIEW "{source.name}" AS {select}')


_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.decimal128(18, 2): "DECIMAL(18, 2)",
    pa.float64(): "DOUBLE",
    pa.int64(): "BIGINT",
}


def _quoted(path: str | Path) -> str:
    return str(path).replace("'", "''")

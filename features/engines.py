"""The only file that knows which engine runs the expressions: DuckDB today.

A warehouse is a folder: `catalogue.duckdb` says which deliveries exist,
`tables/<table>/<delivery_id>.parquet` holds their typed rows, `quarantine/<delivery_id>.parquet` the rows
set aside, `unidentified/<table>/<delivery_id>.parquet` those of them that lack nothing but a person's number.
A Parquet file is visible only if the catalogue has it, so an interrupted run shows nothing
half-written.
"""

import hashlib
import json
import os
import shutil
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
from features.identity.exact import variants
from features.identity.thresholds import VISIT
from features.intake.entry import Entry
from features.intake.released import Release, ReleasedRow, standing
from features.intake.stored import arrow_schema, typed_table, unidentified_schema
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
CREATE TABLE IF NOT EXISTS links (
    "table" VARCHAR, delivery_id VARCHAR, row_number BIGINT, "column" VARCHAR, received_on DATE,
    written VARCHAR, name VARCHAR, person_id VARCHAR, id_no VARCHAR, probability DOUBLE,
    name_agrees BOOLEAN, number_agrees BOOLEAN, company_agrees BOOLEAN);
CREATE TABLE IF NOT EXISTS link_decisions (
    written VARCHAR, name VARCHAR, person_id VARCHAR, decision VARCHAR, decided_by VARCHAR, decided_on DATE,
    PRIMARY KEY (written, name, person_id));
CREATE SEQUENCE IF NOT EXISTS release_order;
CREATE TABLE IF NOT EXISTS releases (
    release_order BIGINT DEFAULT nextval('release_order'), release_id VARCHAR, "table" VARCHAR,
    released_by VARCHAR, released_on DATE);
CREATE TABLE IF NOT EXISTS released_rows (
    delivery_id VARCHAR, row_number BIGINT, release_id VARCHAR, released_as VARCHAR);
"""

#: Links in force: sure ones that nobody refused, and those a caseworker confirmed. Of events a confirmed one
#: is known from the day of the decision on; a register's row belongs to its own day or to none.
LINKS_IN_FORCE = f"""
SELECT l.* EXCLUDE (probability, received_on),
    CASE WHEN d.decision = 'confirmed' THEN 1.0 ELSE l.probability END AS link_probability,
    CASE WHEN d.decision = 'confirmed' AND l.probability < {VISIT} THEN greatest(l.received_on, d.decided_on)
        ELSE l.received_on END AS received_on, l.received_on AS arrived_on
FROM links l LEFT JOIN link_decisions d
    ON d.person_id = l.person_id AND d.written = coalesce(l.written, '') AND d.name = coalesce(l.name, '')
WHERE coalesce(d.decision, '') <> 'refused' AND (l.probability >= {VISIT} OR d.decision = 'confirmed')
"""


#: See `Warehouse.register_names`; held in memory, because every date asks for it.
REGISTER_NAMES = """
SELECT person_id, name, min(received_on) AS first_on FROM residents
WHERE person_id IS NOT NULL AND name IS NOT NULL GROUP BY ALL
"""

#: One line a spelling and person: a decision holds for every row written alike. Of a row whose number the
#: department has corrected nobody is asked.
LINKS_TO_REVIEW = f"""
SELECT coalesce(l.written, '') AS written, coalesce(l.name, '') AS name, l.person_id, l.id_no,
    count(*) AS "rows", list_sort(list(DISTINCT l."table")) AS tables, max(l.probability) AS probability,
    bool_or(name_agrees) AS name_agrees, bool_or(number_agrees) AS number_agrees,
    bool_or(company_agrees) AS company_agrees, min(l.received_on) AS first_on, max(l.received_on) AS last_on,
    any_value(d.decision) AS decision, any_value(d.decided_by) AS decided_by,
    any_value(d.decided_on) AS decided_on
FROM links l LEFT JOIN link_decisions d
    ON d.person_id = l.person_id AND d.written = coalesce(l.written, '') AND d.name = coalesce(l.name, '')
WHERE d.decision IS NOT NULL OR (l.probability < {VISIT} AND NOT EXISTS (
    FROM released_rows r WHERE r.delivery_id = l.delivery_id AND r.row_number = l.row_number))
GROUP BY ALL ORDER BY "rows" DESC, probability DESC, written, name, person_id
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

    def unidentified(self, name: str) -> ibis.Table:
        """Rows of a declared table that were set aside only for a person's number, taken deliveries' only.

        As stored, and `unreadable_column`, `written`.
        """
        return self.connection.table(f"unidentified_{name}")

    def register_names(self) -> ibis.Table:
        """Every name the resident register ever had of a person: person_id, name, first_on (day received)."""
        return self.connection.table("names_registered")

    def links(self) -> ibis.Table:
        """The links in force: whose rows without a usable number are (see `LINKS_IN_FORCE`)."""
        return self.connection.table("links_in_force")

    def deliveries(self) -> ibis.Table:
        """The catalogue: one row a file that arrived (see `Entry`)."""
        return self.connection.table("deliveries")


def open_warehouse(path: str | Path, threads: int | None = None, memory_gb: float | None = None) -> Warehouse:
    """Open a warehouse for reading with so many threads (None: every core).

    memory_gb: what the engine may hold before it spills to the disk (None: most of the machine's).
    `UserError` where the folder is none, or an intake is writing it.
    """
    folder = Path(path)
    catalogue = _read_catalogue(folder)
    limits: dict[str, Any] = {} if threads is None else {"threads": threads}
    if memory_gb is not None:
        limits |= {"memory_limit": f"{memory_gb:g}GB", "temp_directory": str(_spill_folder(folder))}
    connection = connect(**limits)
    for name, rows in catalogue.items():
        _create_table(connection, name, rows)
    visible = _visible_files(connection)
    _require_files(folder, visible)
    for source in SOURCES.values():
        files = [folder / name for name in visible.get(source.name, ())]
        apart = [folder / "unidentified" / source.name / path.name for path in files]
        apart = [path for path in apart if path.is_file()]
        _create_unidentified(connection, source, apart)
        _create_view(connection, source, files, linked=bool(apart))
    connection.con.execute(f"CREATE TEMP TABLE names_registered AS {REGISTER_NAMES}")
    return Warehouse(connection)


def _spill_folder(folder: Path) -> Path:
    """Where this process spills; the engine makes it when it must, and removes it when it ends.

    Beside the tables, which only their owner may read: what is spilt is as sensitive as they are. Each
    process has its own: two engines in one folder overwrite each other. What a killed one left goes.
    """
    for left in folder.glob(".spill-*"):
        if not Path(f"/proc/{left.name.removeprefix('.spill-')}").exists():
            shutil.rmtree(left, ignore_errors=True)
    return folder / f".spill-{os.getpid()}"


def connect(**limits: Any) -> Backend:
    """An empty database in memory that knows our own functions."""
    connection = ibis.duckdb.connect(**limits)
    other, plain = variants()
    # `translate` reads its three thousand characters anew for every name: only where there is one of them.
    connection.con.execute(
        f"CREATE TEMP MACRO simplified(name) AS CASE WHEN regexp_matches(name, '[{other}]')"
        f" THEN translate(name, '{other}', '{plain}') ELSE name END"
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
    connection = connect()
    connection.raw_sql(CATALOGUE_SCHEMA)
    connection.raw_sql(f"CREATE TABLE links_in_force AS {LINKS_IN_FORCE}")
    for source in SOURCES.values():
        rows = typed_table(source, tables.get(source.name, ()), key, received_on)
        _create_table(connection, source.name, rows)
        _create_unidentified(connection, source, [])
    connection.con.execute(f"CREATE VIEW names_registered AS {REGISTER_NAMES}")
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
        with self.connection.cursor() as cursor:
            cursor.begin()
            cursor.execute(
                "DELETE FROM deliveries WHERE delivery_id = ? AND file = ?", [entry.delivery_id, entry.file]
            )
            _insert_entry(cursor, entry)
            cursor.commit()

    def releases(self) -> list[Release]:
        """Every release in force, oldest first."""
        return _releases(self.connection)

    def released_rows(self) -> list[ReleasedRow]:
        """The rows of every release in force."""
        return _released_rows(self.connection)

    def record_release(self, release: Release, entries: Iterable[Entry], rows: Iterable[ReleasedRow]) -> None:
        """Write a release, its entries and which rows they are, in one transaction."""
        with self.connection.cursor() as cursor:
            cursor.begin()
            for entry in entries:
                _insert_entry(cursor, entry)
            cursor.execute(
                'INSERT INTO releases (release_id, "table", released_by, released_on) VALUES (?, ?, ?, ?)',
                [release.release_id, release.table, release.released_by, release.released_on],
            )
            cursor.register("found_rows", pa.Table.from_pylist([vars(row) for row in rows]))
            cursor.execute("INSERT INTO released_rows BY NAME SELECT * FROM found_rows")
            cursor.commit()

    def forget_release(self, release_id: str) -> list[Entry]:
        """Take a release back, in one transaction; returns its entries, whose files nobody sees any more."""
        own = {row.released_as for row in self.released_rows() if row.release_id == release_id}
        entries = [entry for entry in self.entries("released") if entry.delivery_id in own]
        with self.connection.cursor() as cursor:
            cursor.begin()
            cursor.execute(
                "DELETE FROM deliveries WHERE delivery_id IN"
                " (SELECT released_as FROM released_rows WHERE release_id = ?)",
                [release_id],
            )
            cursor.execute("DELETE FROM released_rows WHERE release_id = ?", [release_id])
            cursor.execute("DELETE FROM releases WHERE release_id = ?", [release_id])
            cursor.commit()
        return entries

    def replace_links(self, links: pa.Table) -> None:
        """Write all links anew, in one transaction; decisions stay."""
        with self.connection.cursor() as cursor:
            cursor.register("found_links", links)
            cursor.begin()
            cursor.execute("DELETE FROM links")
            cursor.execute("INSERT INTO links BY NAME SELECT * FROM found_links")
            cursor.commit()

    def decide_link(self, written: str, name: str, person_id: str, decision: str, by: str, on: date) -> None:
        """Remember a caseworker's decision on whose these rows are: `confirmed` or `refused`."""
        self.connection.execute(
            "INSERT OR REPLACE INTO link_decisions VALUES (?, ?, ?, ?, ?, ?)",
            [written, name, person_id, decision, by, on],
        )

    def forget_decision(self, written: str, name: str, person_id: str) -> None:
        """Take a decision back."""
        self.connection.execute(
            "DELETE FROM link_decisions WHERE written = ? AND name = ? AND person_id = ?",
            [written, name, person_id],
        )

    def links_to_review(self) -> list[dict[str, Any]]:
        """Candidates below `VISIT`: one a spelling and person, its rows, and what was decided."""
        return self.connection.sql(LINKS_TO_REVIEW).to_arrow_table().to_pylist()

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


def read_releases(folder: Path) -> tuple[list[Release], list[ReleasedRow]]:
    """Every release in force, oldest first, and their rows. `UserError` as in `open_warehouse`."""
    connection = _open_for_reading(folder)
    try:
        _require_current(connection, folder)
        return _releases(connection), _released_rows(connection)
    finally:
        connection.close()


def require_warehouse(folder: Path) -> None:
    """`UserError` where the folder holds no warehouse."""
    if not (folder / CATALOGUE_FILE).is_file():
        raise UserError(
            f"{folder} 不是仓库 / is not a warehouse: no {CATALOGUE_FILE} in it;"
            " run `python -m features intake --landing … --warehouse …` first."
        )


def write_converted(
    raw: pa.Table,
    sql: str,
    targets: Mapping[str, Path],
    unidentified: Mapping[str, Path],
    identities: set[str],
) -> pa.Table:
    """Run `sql` over the text table `raw`; write good rows to Parquet by delivery and return the others.

    `sql` yields the stored columns, `problem` (null for a good row) and `written`; `targets` names a
    temporary file for each `delivery_id`, which the caller renames, and `unidentified` one for the rows whose
    only problem is a number in one of `identities`, made only where there is such a row. Returned:
    delivery_id, row_number, problem.
    """
    connection = duckdb.connect(config={"threads": 1})
    try:
        connection.register("raw", raw)
        connection.execute(f"CREATE TEMP TABLE converted AS {sql}")
        # Otherwise a column is optional or required in a file by whether any file of the group lacks a value.
        connection.execute("SET disabled_optimizers = 'statistics_propagation'")
        for delivery_id, target in targets.items():
            connection.execute(
                "COPY (SELECT * EXCLUDE (problem, written) FROM converted WHERE problem IS NULL"
                f" AND delivery_id = '{_quoted(delivery_id)}' ORDER BY row_number) TO '{_quoted(target)}'"
                " (FORMAT parquet, COMPRESSION zstd)"
            )
        problems = connection.sql(
            "SELECT delivery_id, row_number, problem FROM converted WHERE problem IS NOT NULL"
            " ORDER BY delivery_id, row_number"
        ).to_arrow_table()
        unreadable = "split_part(problem, '|', 1)"
        listed = ", ".join(f"'{name}'" for name in sorted(identities)) or "''"
        lacking = f"problem IS NOT NULL AND {unreadable} IN ({listed})"
        found = connection.sql(f"SELECT DISTINCT delivery_id FROM converted WHERE {lacking}").fetchall()
        for (delivery_id,) in found:
            connection.execute(
                f"COPY (SELECT * EXCLUDE (problem, written), {unreadable} AS unreadable_column, written"
                f" FROM converted WHERE {lacking} AND delivery_id = '{_quoted(delivery_id)}'"
                f" ORDER BY row_number) TO '{_quoted(unidentified[delivery_id])}'"
                " (FORMAT parquet, COMPRESSION zstd)"
            )
        return problems
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
    require_warehouse(folder)
    return _connect(folder / CATALOGUE_FILE, read_only=True)


def _read_catalogue(folder: Path) -> dict[str, pa.Table]:
    """Deliveries in the order they were taken, the links in force, and the rows released."""
    asked = {
        "deliveries": "SELECT * FROM deliveries ORDER BY taken_order",
        "links_in_force": f"SELECT * FROM ({LINKS_IN_FORCE}) ORDER BY ALL",
        "released_rows": "SELECT r.*, d.released_on FROM released_rows r JOIN releases d USING (release_id)",
    }
    connection = _open_for_reading(folder)
    try:
        _require_current(connection, folder)
        return {name: connection.sql(statement).to_arrow_table() for name, statement in asked.items()}
    finally:
        connection.close()


def _require_current(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not {"links", "link_decisions", "releases", "released_rows"} <= tables:
        raise UserError(
            f"{folder} 是旧版仓库 / was made by an earlier version;"
            " run `python -m features intake --landing … --warehouse …` once to bring it up to date."
        )


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


def _insert_entry(cursor: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    cursor.execute(
        'INSERT INTO deliveries (delivery_id, department, "table", received_on, file, rows_in,'
        " rows_taken, rows_quarantined, status, reason, assumptions, path)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            entry.delivery_id, entry.department, entry.table, entry.received_on, entry.file, entry.rows_in,
            entry.rows_taken, entry.rows_quarantined, entry.status, entry.reason,
            json.dumps(entry.assumptions, ensure_ascii=False), entry.path,
        ),
    )  # fmt: skip


def _releases(connection: duckdb.DuckDBPyConnection) -> list[Release]:
    rows = connection.execute(
        'SELECT release_id, "table", released_by, released_on FROM releases ORDER BY release_order'
    ).fetchall()
    return [Release(*row) for row in rows]


def _released_rows(connection: duckdb.DuckDBPyConnection) -> list[ReleasedRow]:
    rows = connection.execute(
        "SELECT delivery_id, row_number, release_id, released_as FROM released_rows ORDER BY ALL"
    ).fetchall()
    return [ReleasedRow(*row) for row in rows]


def _visible_files(connection: Backend) -> dict[str, list[str]]:
    """Parquet files by table: those the catalogue took that stand, and what was released of these."""
    entries = standing(_entries(connection.con, "taken"))
    released_as = connection.con.execute("SELECT DISTINCT released_as, delivery_id FROM released_rows")
    stands = {entry.delivery_id for entry in entries}
    released = {own for own, delivery_id in released_as.fetchall() if delivery_id in stands}
    entries += [entry for entry in _entries(connection.con, "released") if entry.delivery_id in released]
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


def _create_table(connection: Backend, name: str, rows: pa.Table) -> None:
    """Past Ibis, whose `create_table` takes 30 ms: the tests make thousands of these."""
    connection.con.register("arriving", rows)
    connection.con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM arriving')
    connection.con.unregister("arriving")


def _create_view(connection: Backend, source: Source, files: list[Path], linked: bool) -> None:
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


def _create_unidentified(connection: Backend, source: Source, files: list[Path]) -> None:
    select = _nothing_typed(unidentified_schema(source))
    if files:
        select += f" UNION ALL BY NAME SELECT * FROM {_parquet(files)}"
    connection.con.execute(f'CREATE TEMP VIEW "unidentified_{source.name}" AS {select}')


def _linked(source: Source) -> str:
    """Rows of the links in force with number and pseudonym put in.

    A row with two numbers that cannot be read is not among them. One that its department has since
    corrected says from when the released row stands in for it.
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
    replaced = ", ".join([*put, *own, "r.released_on AS replaced_on"])
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
    listed = ", ".join(f"'{_quoted(path)}'" for path in files)
    return f"read_parquet([{listed}], union_by_name = true)"


_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.decimal128(18, 2): "DECIMAL(18, 2)",
    pa.float64(): "DOUBLE",
    pa.int64(): "BIGINT",
}


def _quoted(path: str | Path) -> str:
    return str(path).replace("'", "''")

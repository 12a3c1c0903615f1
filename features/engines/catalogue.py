"""What a warehouse's catalogue holds, in DuckDB: deliveries, links, caseworkers' decisions, releases."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from features.errors import UserError
from features.identity.thresholds import VISIT
from features.intake.entry import Entry
from features.intake.released import Release, ReleasedRow

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
CREATE SEQUENCE IF NOT EXISTS decision_order;
CREATE TABLE IF NOT EXISTS decided_links (
    decision_order BIGINT DEFAULT nextval('decision_order'), written VARCHAR, name VARCHAR, person_id VARCHAR,
    decision VARCHAR, decided_by VARCHAR, decided_on DATE);
CREATE SEQUENCE IF NOT EXISTS release_order;
CREATE TABLE IF NOT EXISTS releases (
    release_order BIGINT DEFAULT nextval('release_order'), release_id VARCHAR, "table" VARCHAR,
    released_by VARCHAR, released_on DATE);
CREATE TABLE IF NOT EXISTS released_rows (
    delivery_id VARCHAR, row_number BIGINT, release_id VARCHAR, released_as VARCHAR);
"""

#: Decisions of a warehouse made before every one of them was kept: taken over once, in the order of days.
KEEP_OLD_DECISIONS = """
INSERT INTO decided_links (written, name, person_id, decision, decided_by, decided_on)
    SELECT written, name, person_id, decision, decided_by, decided_on FROM link_decisions ORDER BY ALL;
DROP TABLE link_decisions;
"""

#: When links are in force: sure ones from the day they were received, until somebody refuses them; doubtful
#: ones from the day somebody confirms them, until that is taken back. A decision holds from its own day on,
#: never before the one it follows, so that no past profile changes. `ended_on`: from when it is over.
LINKS_IN_FORCE = f"""
WITH said AS (
    SELECT rowid AS link, 0 AS step, received_on AS day, probability >= {VISIT} AS holds, false AS confirmed
    FROM links
    UNION ALL
    SELECT l.rowid, d.decision_order, d.decided_on, CASE d.decision WHEN 'confirmed' THEN true
        WHEN 'refused' THEN false ELSE l.probability >= {VISIT} END, d.decision = 'confirmed'
    FROM links l JOIN decided_links d
        ON d.person_id = l.person_id AND d.written = coalesce(l.written, '') AND d.name = coalesce(l.name, '')
), days AS (
    SELECT link, step, holds, confirmed, max(day) OVER (PARTITION BY link ORDER BY step) AS day FROM said
), last_of_day AS (
    SELECT * FROM days QUALIFY row_number() OVER (PARTITION BY link, day ORDER BY step DESC) = 1
), compared AS (
    SELECT *, lag(holds) OVER (PARTITION BY link ORDER BY day) AS held FROM last_of_day
), turns AS (
    SELECT *, lead(day) OVER (PARTITION BY link ORDER BY day) AS ended_on
    FROM compared WHERE holds IS DISTINCT FROM held
)
SELECT l.* EXCLUDE (probability, received_on),
    CASE WHEN t.confirmed THEN 1.0 ELSE l.probability END AS link_probability,
    t.day AS received_on, l.received_on AS arrived_on, t.ended_on
FROM turns t JOIN links l ON l.rowid = t.link WHERE t.holds
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
FROM links l LEFT JOIN (
    SELECT * FROM decided_links
    QUALIFY row_number() OVER (PARTITION BY written, name, person_id ORDER BY decision_order DESC) = 1) d
    ON d.person_id = l.person_id AND d.written = coalesce(l.written, '') AND d.name = coalesce(l.name, '')
WHERE d.decision IN ('confirmed', 'refused') OR (l.probability < {VISIT} AND NOT EXISTS (
    FROM released_rows r WHERE r.delivery_id = l.delivery_id AND r.row_number = l.row_number))
GROUP BY ALL ORDER BY "rows" DESC, probability DESC, written, name, person_id
"""


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
        if "link_decisions" in _tables(catalogue.connection):
            catalogue.connection.execute(f"BEGIN; {KEEP_OLD_DECISIONS} COMMIT;")
        catalogue._check_key(key)
        return catalogue

    def close(self) -> None:
        """Release the lock."""
        self.connection.close()

    def entries(self, status: str) -> list[Entry]:
        """Everything recorded under a status, oldest first."""
        return entries_of(self.connection, status)

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
        """Add a caseworker's decision on whose these rows are: `confirmed`, `refused`, or `undone`.

        Those before it stay on record and in force for the days before `on`.
        """
        self.connection.execute(
            "INSERT INTO decided_links (written, name, person_id, decision, decided_by, decided_on)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [written, name, person_id, decision, by, on],
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
        return entries_of(connection, status)
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


def read_catalogue(folder: Path) -> dict[str, pa.Table]:
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
    if not {"links", "decided_links", "releases", "released_rows"} <= _tables(connection):
        raise UserError(
            f"{folder} 是旧版仓库 / was made by an earlier version;"
            " run `python -m features intake --landing … --warehouse …` once to bring it up to date."
        )


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def entries_of(connection: duckdb.DuckDBPyConnection, status: str) -> list[Entry]:
    """Entries of one status in a connection that holds `deliveries`, oldest first."""
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

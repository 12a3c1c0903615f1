"""Opening the casework database (SQLite as one file, or PostgreSQL, by one URL) and migrating it."""

import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from features.errors import UserError
from serving.casework.columns import encode_json

MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
)


def open_database(url: str, *, create: bool = False) -> Engine:
    """An engine on the database; with `create`, a missing SQLite file is made.

    `UserError` where the URL is none, the file does not exist, or the server does not answer.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        _check_file(parsed, create)
    try:
        engine = create_engine(parsed, json_serializer=encode_json)
        if engine.dialect.name == "sqlite":
            _make_sqlite_strict(engine)
        with engine.connect():
            return engine
    except (ModuleNotFoundError, NoSuchModuleError):
        raise UserError(
            f"没有安装 {parsed.drivername} 的驱动 / the driver of {parsed.drivername} is not installed;"
            " use postgresql+psycopg:// and install the extra `postgres`."
        ) from None
    except DBAPIError:
        raise UserError(
            f"无法打开案件库 {parsed.render_as_string()} / cannot open this casework database;"
            " check the address, that the server runs, and that you may write there."
        ) from None


def check_address(url: str) -> None:
    """`UserError` where a casework database could not be opened or made here; makes nothing."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        open_database(url).dispose()
        return
    file = _file(parsed)
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if file.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise UserError(
            f"不能在 {file} 建立案件库 / no casework database can be made there; give a file in a folder you"
            " may write."
        )


def migrate(engine: Engine) -> str:
    """Bring the schema up to date; returns its revision."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest_revision()


def require_current(engine: Engine) -> None:
    """`UserError` where the schema is missing or not the one this software writes."""
    with reading(engine) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest_revision():
        state = (
            "没有案件表 / holds no casework tables" if found is None else "版本不同 / is of another version"
        )
        raise UserError(
            f"案件库 {engine.url.render_as_string()} {state};"
            " run `python -m serving batch …` to fill it, or `python -m serving migrate` to update it."
        )


def reading(engine: Engine) -> Connection:
    """A connection that only reads: it never waits for a writer, nor keeps one waiting."""
    return engine.connect().execution_options(reading=True)


def newest_revision() -> str:
    """Revision of the newest migration in this checkout."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UserError(
            "--database 不是数据库地址 / is not a database URL; write sqlite:///out/demo/casework.db or"
            " postgresql+psycopg://user@host/name."
        ) from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise UserError(
            f"不支持 {parsed.drivername} / {parsed.drivername} is not supported; use sqlite or postgresql."
        )
    return parsed


def _file(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise UserError(
            "案件库需要一个文件 / the casework database needs a file: sqlite:///path/casework.db."
        )
    return Path(url.database)


def _check_file(url: URL, create: bool) -> None:
    file = _file(url)
    if create:
        file.parent.mkdir(parents=True, exist_ok=True)
    elif not file.is_file():
        raise UserError(
            f"没有案件库 {file} / there is no casework database; run `python -m serving batch` first."
        )


def _make_sqlite_strict(engine: Engine) -> None:
    """SQLite as a server of record: durable, with foreign keys, a writer known from the first statement."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

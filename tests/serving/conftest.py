"""One practice city for all tests of serving, and each database the product supports."""

from collections.abc import Iterator

import pytest
import sqlalchemy

from serving.batch import make_batch
from serving.casework.database import migrate, open_database
from tests.serving.postgres import postgres_server
from tests.serving.practice import AS_OF, KEY, whole, write_bundles, write_city


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    """A folder with profiles, judgements, findings and bundles."""
    folder = write_city(tmp_path_factory.mktemp("city"))
    write_bundles(folder / "bundles")
    return folder


@pytest.fixture(scope="session")
def batch(city, tmp_path_factory):
    """The batch of the city, in memory; tests must not change it."""
    work = tmp_path_factory.mktemp("work")
    return whole(make_batch(city, city / "bundles", AS_OF, pseudonym_key=KEY, seed=7, work=work))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The socket of a running PostgreSQL, for the session."""
    with postgres_server() as socket:
        yield socket


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request, tmp_path) -> str:
    """The URL of an empty database: SQLite in a new file, PostgreSQL in a new database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'casework.db'}"
    socket = request.getfixturevalue("postgres")
    name = f"casework_{abs(hash(request.node.name)) % 10**9}"
    admin = sqlalchemy.create_engine(
        f"postgresql+psycopg://dibao@/postgres?host={socket}", isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return f"postgresql://dibao@/{name}?host={socket}"


@pytest.fixture
def engine(database_url):
    """An open, migrated database of either kind."""
    opened = open_database(database_url, create=True)
    migrate(opened)
    yield opened
    opened.dispose()

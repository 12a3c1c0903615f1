from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from features.errors import UserError
from serving.casework import database
from serving.casework.actions import record_view
from serving.casework.columns import UtcDateTime, fen, yuan
from serving.casework.database import migrate, open_database, reading, require_current
from serving.casework.events import EVENTS, FIRST, append_event, first_broken_event, read_chain
from serving.casework.tables import Assessment, Event, Household, Run, Table


def test_the_migrations_make_exactly_the_declared_tables(engine):
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_migrating_twice_changes_nothing(engine):
    before = migrate(engine)
    assert migrate(engine) == before
    require_current(engine)


def test_a_database_of_the_first_version_keeps_its_runs(engine):
    run = {"as_of": date(2025, 12, 31), "recorded_at": datetime(2026, 1, 1, tzinfo=UTC), "seed": 1}
    run |= {"run_id": 1, "draw_check": "0", "inputs_digest": "0", "inputs": {}, "models": {}}
    household = {"run_id": 1, "household_id": "H" + "0" * 15, "universe": "on_file", "person_count": 3}
    question = {"question": "exit_due", "status": "no_prediction", "why": "not_authorised"}
    with engine.begin() as connection:
        connection.execute(insert(Run).values(**run, dictionary={}, kept={}))
        connection.execute(insert(Household).values(**household, street_code="990102001", vulnerable=False))
        connection.execute(insert(Assessment).values(run_id=1, household_id="H" + "0" * 15, **question))
    config = database._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    with pytest.raises(UserError, match="is of another version"):
        require_current(engine)
    migrate(engine)
    with reading(engine) as connection:
        found = connection.execute(select(Household.person_count, Household.co_living)).one()
        assert connection.execute(select(func.count()).select_from(Assessment)).scalar() == 1
    assert (found.person_count, found.co_living) == (3, None)


def test_an_empty_database_is_refused_with_its_remedy(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'new.db'}", create=True)
    with pytest.raises(UserError, match=r"holds no casework tables.*python -m serving"):
        require_current(engine)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not a database URL"),
        ("mysql://x/y", "mysql is not supported"),
        ("sqlite:///nowhere/casework.db", "there is no casework database"),
        ("sqlite://", "needs a file"),
        ("postgresql://dibao:secret@127.0.0.1:1/none", "cannot open this casework database"),
    ],
)
def test_a_wrong_address_is_told_in_one_sentence_without_its_password(url, words):
    with pytest.raises(UserError, match=words) as mistake:
        open_database(url)
    assert "secret" not in str(mistake.value)


def test_sqlite_is_durable_and_holds_foreign_keys(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'casework.db'}", create=True)
    with reading(engine) as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_household_without_its_run_is_refused(engine):
    household = {"run_id": 99, "household_id": "H" + "0" * 15, "universe": "on_file"}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(Household).values(**household, street_code="990102001", vulnerable=False))


def test_a_moment_needs_its_zone_and_comes_back_as_utc(engine):
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=8)))
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(at.replace(tzinfo=None), engine.dialect)
    row = {"by": "test", "action": "x", "subject": "y", "detail": {}, "previous_hash": "0", "hash": "1"}
    with engine.begin() as connection:
        connection.execute(insert(Event).values(at=at, **row))
        stored = connection.execute(Event.__table__.select()).one().at
    assert stored == at
    assert stored.utcoffset() == timedelta(0)
    assert stored.tzinfo == UTC


@pytest.mark.parametrize(
    ("amount", "whole"), [(Decimal("1210.10"), 121010), (0.29, 29), (None, None), (float("nan"), None)]
)
def test_money_is_whole_fen(amount, whole):
    assert fen(amount) == whole


def test_fen_come_back_as_exact_yuan():
    assert yuan(121010) == Decimal("1210.10")
    assert yuan(None) is None


def test_the_log_is_a_chain_that_shows_a_changed_event(engine):
    for number in range(3):
        record_view(
            engine, by="test", action="household_viewed", subject=f"H{number}", detail={"through": "test"}
        )
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(Event)).scalar() == 3
        assert first_broken_event(connection) is None
    with engine.begin() as connection:
        connection.execute(update(Event).where(Event.subject == "H1").values(by="somebody else"))
    with reading(engine) as connection:
        assert first_broken_event(connection) == 2


def test_a_dropped_event_breaks_the_chain(engine):
    for number in range(3):
        record_view(engine, by="test", action="list_viewed", subject=str(number), detail={})
    with engine.begin() as connection:
        connection.execute(Event.__table__.delete().where(Event.subject == "1"))
    with reading(engine) as connection:
        assert first_broken_event(connection) == 3


def test_only_a_hash_noted_earlier_shows_that_the_newest_events_were_dropped(engine):
    for number in range(3):
        record_view(engine, by="test", action="list_viewed", subject=str(number), detail={})
    with reading(engine) as connection:
        noted = read_chain(connection)
    assert (noted.events, noted.holds) == (3, True)
    record_view(engine, by="test", action="list_viewed", subject="3", detail={})
    with reading(engine) as connection:
        assert read_chain(connection, noted.last_hash).holds
    with engine.begin() as connection:
        connection.execute(Event.__table__.delete().where(Event.subject.in_(("2", "3"))))
    with reading(engine) as connection:
        left = read_chain(connection, noted.last_hash)
    assert (left.events, left.first_broken) == (2, None)
    assert not left.holds_noted
    assert not left.holds


def test_a_log_without_events_holds_and_ends_where_it_begins(engine):
    with reading(engine) as connection:
        chain = read_chain(connection)
    assert (chain.events, chain.last_hash, chain.holds) == (0, FIRST, True)


def test_an_undeclared_event_is_refused(engine):
    with pytest.raises(KeyError), engine.begin() as connection:
        append_event(connection, by="test", action="looked", subject="x", detail={})
    assert all(sentence.endswith(".") for sentence in EVENTS.values())

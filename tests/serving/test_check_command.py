"""What `serving check` tells of the log; whether answers agree is asked in `tests/functional`."""

import json

import pytest
from typer.testing import CliRunner

from features.errors import UserError
from serving import agreement
from serving.__main__ import app
from serving.agreement import Agreement
from serving.casework.actions import record_view
from serving.casework.database import migrate, open_database
from serving.casework.tables import Event


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Address and engine of a database with three events; every answer agrees."""
    monkeypatch.setattr(agreement, "check_agreement", lambda *_, **__: Agreement(1, 1, 0.0, True))
    url = f"sqlite:///{tmp_path / 'casework.db'}"
    engine = open_database(url, create=True)
    migrate(engine)
    for number in range(3):
        record_view(engine, by="test", action="list_viewed", subject=str(number), detail={})
    yield url, engine
    engine.dispose()


def check(url, *options):
    ended = CliRunner().invoke(app, ["check", "--database", url, "--json", *options])
    return ended, json.loads(ended.stdout.splitlines()[-1]) if ended.stdout else None


def test_it_tells_the_number_of_events_and_the_last_hash_to_be_written_down(log):
    ended, told = check(log[0])
    assert ended.exit_code == 0
    assert (told["events"], told["first_broken_event"], told["holds_last_hash"]) == (3, None, None)
    assert told["last_hash"] in ended.stderr


def test_a_dropped_tail_ends_it_with_one_where_the_last_hash_was_noted(log):
    url, engine = log
    noted = check(url)[1]["last_hash"]
    assert check(url, "--last-hash", noted)[1]["holds_last_hash"] is True
    with engine.begin() as connection:
        connection.execute(Event.__table__.delete().where(Event.subject == "2"))
    assert check(url)[0].exit_code == 0
    ended, told = check(url, "--last-hash", noted)
    assert (ended.exit_code, told["holds_last_hash"]) == (1, False)
    assert "newest events were dropped" in ended.stderr


def test_what_is_no_hash_is_told(log):
    ended, _ = check(log[0], "--last-hash", "abc")
    assert isinstance(ended.exception, UserError)
    assert "--last-hash" in str(ended.exception)

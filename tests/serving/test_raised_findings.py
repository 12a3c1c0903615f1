"""Findings over several runs, in each database: raised once, noted again, closed, settled, never lost."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from features.errors import UserError
from serving.__main__ import app
from serving.batch import record_batch
from serving.casework import actions
from serving.casework.actions import settle_finding
from serving.casework.database import migrate, open_database, reading
from serving.casework.events import first_broken_event
from serving.casework.reading import stored_household
from serving.casework.tables import Closed, Event, RaisedFinding
from serving.console.views import standing_line
from tests.serving.practice import AS_OF

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)
RULE = "vehicle_over_limit"


def lives(engine):
    with reading(engine) as connection:
        rows = connection.execute(
            select(RaisedFinding.__table__).order_by(RaisedFinding.raised_id)
        ).mappings()
        return [dict(row) for row in rows]


def last_detail(engine):
    with reading(engine) as connection:
        return connection.execute(select(Event.detail).order_by(Event.event_id.desc())).scalars().first()


def month(batch, as_of, findings=None):
    """The same batch a month later, with other findings where given."""
    return replace(batch, as_of=as_of, findings=batch.findings if findings is None else findings)


@pytest.fixture
def small(batch):
    """A batch with its few findings of one question and those households alone: quick to record."""
    found = [row for row in batch.findings if row["question"] == "exit_due"][:12]
    homes = {row["household_id"] for row in found}
    sources = {"vehicles": {"state": "found", "event_on": None, "known_on": None, "confidence": 1.0}}
    households = [{**row, "sources": sources} for row in batch.households if row["household_id"] in homes]
    items = [row for row in batch.items if row["household_id"] in homes and row["kind"] == "exit_due"]
    return replace(batch, findings=found, households=households, items=items, assessments=[], judgements=[])


def test_a_second_month_notes_what_it_sees_again_and_raises_nothing_twice(small, engine):
    record_batch(engine, small)
    first = lives(engine)
    assert len(first) == len(small.findings)
    assert last_detail(engine)["findings"]["opened"] == len(first)
    second = record_batch(engine, month(small, JANUARY))
    again = lives(engine)
    assert [row["raised_id"] for row in again] == [row["raised_id"] for row in first]
    assert {(row["times_seen"], row["opened_on"], row["seen_on"], row["seen_run"]) for row in again} == {
        (2, AS_OF, JANUARY, second)
    }
    assert last_detail(engine)["findings"] == {
        "opened": 0, "reopened": 0, "seen_again": len(first), "closed": 0, "settled": 0,
    }  # fmt: skip


def test_the_same_month_again_counts_as_one_sight(small, engine):
    record_batch(engine, small)
    record_batch(engine, small)
    assert {row["times_seen"] for row in lives(engine)} == {1}


def test_facts_that_are_gone_close_and_facts_that_return_begin_another_life(small, engine):
    record_batch(engine, small)
    gone, stays = small.findings[0], small.findings[1:]
    record_batch(engine, month(small, JANUARY, stays))
    closed = [row for row in lives(engine) if row["closed_by"]]
    assert [(row["household_id"], row["closed_by"], row["closed_on"]) for row in closed] == [
        (gone["household_id"], "facts_gone", JANUARY)
    ]
    record_batch(engine, month(small, FEBRUARY))
    newest = lives(engine)[-1]
    assert (newest["household_id"], newest["follows"]) == (gone["household_id"], closed[0]["raised_id"])
    assert newest["closed_on"] is None


def test_a_table_that_fell_silent_closes_nothing(small, engine):
    record_batch(engine, small)
    silent = {"vehicles": {"state": "not_returned"}}
    households = [{**row, "sources": silent} for row in small.households]
    record_batch(engine, replace(month(small, JANUARY, []), households=households))
    assert {row["closed_by"] for row in lives(engine)} == {None}


def test_a_household_that_left_the_file_closes_as_such(small, engine):
    record_batch(engine, small)
    gone = small.findings[0]["household_id"]
    rest = replace(
        month(small, JANUARY, [row for row in small.findings if row["household_id"] != gone]),
        households=[row for row in small.households if row["household_id"] != gone],
        items=[row for row in small.items if row["household_id"] != gone],
    )
    record_batch(engine, rest)
    assert Counter(row["closed_by"] for row in lives(engine))["left_file"] == 1


def test_what_somebody_verified_stays_closed_and_leaves_the_list_until_a_new_fact(small, engine):
    facts = [row for row in small.findings if row["verdict"] == "true"]
    listed = {item["household_id"] for item in small.items if any(c.get("rule") for c in item["checks"])}
    found = next(row for row in facts if row["household_id"] in listed)
    home = found["household_id"]
    run = record_batch(engine, small)
    assert lines(engine, run, home) == [RULE]
    numbers = settle_finding(engine, by="test", household_id=home, rule=RULE, how=Closed.VERIFIED, on=AS_OF)
    assert len(numbers) == 1
    run = record_batch(engine, month(small, JANUARY))
    mine = [row for row in lives(engine) if row["household_id"] == home]
    assert [row["closed_by"] for row in mine] == ["verified"]
    assert last_detail(engine)["findings"]["settled"] == 1
    assert lines(engine, run, home) == []
    newer = [{**row, "event_on": JANUARY} if row is found else row for row in small.findings]
    run = record_batch(engine, month(small, FEBRUARY, newer))
    mine = [row for row in lives(engine) if row["household_id"] == home]
    assert [(row["closed_by"], row["follows"]) for row in mine] == [("verified", None), (None, numbers[0])]
    assert lines(engine, run, home) == [RULE]


def lines(engine, run, home):
    """Rules told on the household's list items of a run."""
    with reading(engine) as connection:
        table = actions.ListItem.__table__
        rows = connection.execute(
            select(table.c.checks).where(table.c.run_id == run, table.c.household_id == home)
        ).scalars()
        return [line["rule"] for checks in rows for line in checks if line.get("rule")]


def test_settling_is_one_transaction_with_its_event(small, engine):
    record_batch(engine, small)
    home = small.findings[0]["household_id"]
    settle_finding(engine, by="officer", household_id=home, rule=RULE, how=Closed.WITHDRAWN, on=AS_OF)
    with reading(engine) as connection:
        event = connection.execute(select(Event.__table__).order_by(Event.event_id.desc())).first()
        assert (event.action, event.by, event.subject) == ("finding_settled", "officer", home)
        assert (event.detail["how"], event.detail["rule"]) == ("withdrawn", RULE)
        assert first_broken_event(connection) is None


def test_a_failing_event_leaves_the_finding_open(small, engine, monkeypatch):
    record_batch(engine, small)
    home = small.findings[0]["household_id"]

    def fails(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(actions, "append_event", fails)
    with pytest.raises(OSError, match="disk full"):
        settle_finding(engine, by="test", household_id=home, rule=RULE, how=Closed.VERIFIED, on=AS_OF)
    assert all(row["closed_by"] is None for row in lives(engine))


@pytest.mark.parametrize(
    ("rule", "how", "on"),
    [
        ("no_such_rule", Closed.VERIFIED, AS_OF),
        (RULE, Closed.FACTS_GONE, AS_OF),
        (RULE, Closed.VERIFIED, date(2020, 1, 1)),
    ],
)
def test_what_is_not_open_or_not_for_people_to_close_is_refused(small, engine, rule, how, on):
    record_batch(engine, small)
    home = small.findings[0]["household_id"]
    with pytest.raises(UserError, match="no open finding"):
        settle_finding(engine, by="test", household_id=home, rule=rule, how=how, on=on)


def test_a_run_of_a_past_month_changes_no_life(small, engine):
    record_batch(engine, month(small, JANUARY))
    before = lives(engine)
    record_batch(engine, month(small, AS_OF, []))
    assert lives(engine) == before


def test_the_database_itself_refuses_a_second_open_life(small, engine):
    record_batch(engine, small)
    row = {name: value for name, value in lives(engine)[0].items() if name != "raised_id"}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(RaisedFinding.__table__.insert().values(**row))


def test_a_household_tells_since_when_its_findings_stand(small, engine):
    record_batch(engine, small)
    run = record_batch(engine, month(small, JANUARY))
    home = small.findings[0]["household_id"]
    with reading(engine) as connection:
        found = stored_household(connection, run, home)
        total = connection.execute(select(func.count()).select_from(RaisedFinding)).scalar()
    told = next(row for row in found.findings if row["rule"] == RULE)
    assert (told["opened_on"], told["times_seen"], told["closed_by"]) == (AS_OF, 2, None)
    assert total == len(small.findings)


def test_the_page_tells_since_when_and_who_settled_it():
    finding = {"opened_on": AS_OF, "times_seen": 3, "closed_on": None, "closed_by": None}
    assert standing_line(finding, "zh") == "自 2025-12-31 起，已见 3 次"
    settled = {**finding, "closed_on": JANUARY, "closed_by": "verified"}
    assert "2026-01-31" in standing_line(settled, "en")
    assert standing_line({**settled, "closed_by": "facts_gone"}, "zh") is None
    assert standing_line(dict.fromkeys(finding), "zh") is None


def test_the_command_settles_and_says_what_it_will_not(small, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'casework.db'}", create=True)
    migrate(engine)
    record_batch(engine, small)
    home = small.findings[0]["household_id"]
    common = ["settle", "--household", home, "--rule", RULE, "--on", str(AS_OF), "--by", "officer"]
    database = ["--database", engine.url.render_as_string(hide_password=False), "--json"]
    done = CliRunner().invoke(app, [*common, "--how", "verified", *database])
    assert json.loads(done.stdout.splitlines()[-1])["how"] == "verified"
    refused = CliRunner().invoke(app, [*common, "--how", "forgotten", *database])
    assert isinstance(refused.exception, UserError)
    assert "verified, withdrawn" in str(refused.exception)
    assert home not in str(refused.exception)

"""The log of what was done and looked at: a chain that shows a changed event, or one dropped before others.

An event's hash is SHA-256 over the hash before it and its own content. By itself the chain does not show that
its newest events were dropped, nor that whoever owns the database wrote all of it anew. `serving check` tells
the last hash: on paper, or with another office, once a day, and held against the log later, it shows both.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from serving.casework.tables import Event

FIRST = "0" * 64
#: PostgreSQL's advisory lock that lets one writer at a time extend the chain; any number will do.
CHAIN_LOCK = 20_210_701

#: Every event there is, with a sentence.
EVENTS = {
    "run_recorded": "A batch was recorded with its lists.",
    "household_viewed": "Somebody opened the page, or asked the interface, of one household.",
    "list_viewed": "Somebody opened a street's list.",
    "finding_settled": "Somebody settled a finding: verified it, or withdrew it as an error.",
    "lists_exported": "Lists were written to spreadsheets.",
    "plan_exported": "A month's plan was written to a spreadsheet, and the log of its draw beside it.",
}


@dataclass(frozen=True)
class Chain:
    """The log as it was read. first_broken: number of the first event that does not fit; None where all fit.

    holds_noted: whether the hash noted earlier is among the events; what came before it then is what it was.
    """

    events: int
    last_hash: str
    first_broken: int | None
    holds_noted: bool

    @property
    def holds(self) -> bool:
        """Whether nothing shows that the log was tampered with."""
        return self.first_broken is None and self.holds_noted


def append_event(
    connection: Connection, *, by: str, action: str, subject: str, detail: dict[str, Any]
) -> str:
    """Add one event inside the caller's transaction; returns its hash. KeyError for an undeclared action."""
    EVENTS[action]
    _lock(connection)
    newest = select(Event.hash).order_by(Event.event_id.desc()).limit(1)
    previous = connection.execute(newest).scalar() or FIRST
    at = datetime.now(UTC)
    sealed = seal(previous, at=at, by=by, action=action, subject=subject, detail=detail)
    connection.execute(
        insert(Event).values(
            at=at, by=by, action=action, subject=subject, detail=detail, previous_hash=previous, hash=sealed
        )
    )
    return sealed


def seal(previous: str, *, at: datetime, by: str, action: str, subject: str, detail: dict[str, Any]) -> str:
    """Hash of one event with the hash before it."""
    content = [previous, at.astimezone(UTC).isoformat(), by, action, subject, detail]
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def read_chain(connection: Connection, noted: str = FIRST) -> Chain:
    """Follow the log from its beginning. noted: a last hash that was told earlier."""
    previous, events, broken, found = FIRST, 0, None, noted == FIRST
    for row in connection.execute(select(Event.__table__).order_by(Event.event_id)):
        expected = seal(
            previous, at=row.at, by=row.by, action=row.action, subject=row.subject, detail=row.detail
        )
        if broken is None and (row.previous_hash != previous or row.hash != expected):
            broken = int(row.event_id)
        previous, events, found = row.hash, events + 1, found or row.hash == noted
    return Chain(events, previous, broken, found)


def first_broken_event(connection: Connection) -> int | None:
    """Number of the first event that does not fit the chain; None where all of it holds."""
    return read_chain(connection).first_broken


def _lock(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE already lets in one writer at a time; PostgreSQL is told to."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})

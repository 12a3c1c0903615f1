"""The log of what was done and looked at: a chain in which no event can be changed or dropped unseen.

An event's hash is SHA-256 over the hash before it and its own content. Whoever owns the database file can
still rewrite the whole chain: the last hash belongs on paper, or with another office, once a day.
"""

import hashlib
import json
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
}


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


def first_broken_event(connection: Connection) -> int | None:
    """Number of the first event that does not fit the chain; None where all of it holds."""
    previous = FIRST
    for row in connection.execute(select(Event.__table__).order_by(Event.event_id)):
        expected = seal(
            previous, at=row.at, by=row.by, action=row.action, subject=row.subject, detail=row.detail
        )
        if row.previous_hash != previous or row.hash != expected:
            return int(row.event_id)
        previous = row.hash
    return None


def _lock(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE already lets in one writer at a time; PostgreSQL is told to."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})

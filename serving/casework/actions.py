"""Every write to the casework database: a function that changes and records its event, in one transaction."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from features.errors import UserError
from serving.casework.bulk import insert_rows, wide_cache
from serving.casework.events import append_event
from serving.casework.records import BatchRecord, Row, Stream
from serving.casework.standing import (
    COMPARED,
    Changes,
    Key,
    Noted,
    asked_by,
    monthly_rules,
    reconcile,
)
from serving.casework.tables import (
    SETTLED,
    Assessment,
    Closed,
    Finding,
    Household,
    Judgement,
    ListItem,
    RaisedFinding,
    Run,
)

CHUNK = 5_000
Progress = Callable[[int], None]


def record_run(
    engine: Engine, batch: BatchRecord, *, by: str, progress: Progress = lambda _rows: None
) -> int:
    """Write a run whole or not at all, in place of the current one of its date, which stays readable.

    Returns the run's number. `progress` is told the rows written since the last call.
    """
    with engine.begin() as connection, wide_cache(connection):
        run_id = _insert_run(connection, batch)
        superseded = _supersede(connection, batch, run_id)
        held = _held_findings(connection, batch, run_id)
        noted = Noted({life["household_id"] for life in held or () if life["closed_by"] is None})
        households = Stream(len(batch.households), lambda: noted.among(batch.households))
        for written in insert_rows(connection, Household, households, run_id):
            progress(written)
        changes = _note_findings(connection, batch, run_id, held, noted)
        items = [without_settled(item, changes.settled) for item in batch.items]
        for table, rows in (
            (Assessment, batch.assessments),
            (Judgement, batch.judgements),
            (Finding, batch.findings),
            (ListItem, items),
        ):
            for written in insert_rows(connection, table, rows, run_id):
                progress(written)
        append_event(
            connection,
            by=by,
            action="run_recorded",
            subject=str(run_id),
            detail={
                "as_of": batch.as_of.isoformat(),
                "inputs": batch.inputs_digest,
                "lists": batch.list_sizes(),
                "superseded": superseded,
                "findings": changes.counts(),
                "answers": batch.answers,
            },
        )
    return run_id


def settle_finding(
    engine: Engine, *, by: str, household_id: str, rule: str, how: Closed, on: date
) -> list[int]:
    """Close the open findings of a rule about a household: verified, or withdrawn as an error.

    Returns their numbers. The same fact is not raised again; a new one is. `UserError` where none is open, or
    it was raised after `on`.
    """
    with engine.begin() as connection:
        mine = (RaisedFinding.household_id == household_id, RaisedFinding.rule == rule)
        is_open = select(RaisedFinding.raised_id, RaisedFinding.opened_on).where(
            *mine, RaisedFinding.closed_on.is_(None)
        )
        found = connection.execute(is_open.order_by(RaisedFinding.raised_id)).all()
        if not found or how not in SETTLED or any(row.opened_on > on for row in found):
            raise UserError(
                f"{on} 时该户没有未结的 {rule} 发现 / no open finding of {rule} about this household on {on};"
                " see its page for what is open, and since when."
            )
        numbers = [row.raised_id for row in found]
        connection.execute(
            update(RaisedFinding)
            .where(RaisedFinding.raised_id.in_(numbers))
            .values(closed_on=on, closed_by=how.value)
        )
        append_event(
            connection,
            by=by,
            action="finding_settled",
            subject=household_id,
            detail={"rule": rule, "how": how.value, "on": on.isoformat(), "findings": numbers},
        )
    return numbers


def record_view(engine: Engine, *, by: str, action: str, subject: str, detail: dict[str, Any]) -> None:
    """Record that somebody looked."""
    with engine.begin() as connection:
        append_event(connection, by=by, action=action, subject=subject, detail=detail)


def without_settled(item: Row, settled: set[Key]) -> Row:
    """A list item without the lines of facts that somebody settled already."""
    checks = [
        line
        for line in item["checks"]
        if (item["household_id"], line.get("rule"), item["kind"]) not in settled
    ]
    return {**item, "checks": checks}


def _held_findings(connection: Connection, batch: BatchRecord, run_id: int) -> list[Row] | None:
    """The latest life of every finding; None for a run of the past, which changes nothing."""
    newest = connection.execute(select(func.max(Run.as_of)).where(Run.run_id != run_id)).scalar()
    if newest is not None and batch.as_of < newest:
        return None
    latest = select(func.max(RaisedFinding.raised_id)).group_by(
        RaisedFinding.household_id, RaisedFinding.rule, RaisedFinding.question
    )
    query = select(RaisedFinding.__table__).where(RaisedFinding.raised_id.in_(latest))
    return [dict(row) for row in connection.execute(query).mappings()]


def _note_findings(
    connection: Connection, batch: BatchRecord, run_id: int, held: list[Row] | None, noted: Noted
) -> Changes:
    """Raise what is new, note what is seen again, close what is gone."""
    if held is None:
        return Changes()
    found = ({name: row[name] for name in COMPARED} for row in batch.findings)
    changes = reconcile(held, found, asked_by(noted.looked_at, batch.rules), monthly_rules(batch.rules))
    now = {"seen_on": batch.as_of, "seen_run": run_id}
    _change(
        connection,
        [
            {"id": life["raised_id"], **_as_seen(found, life, batch.as_of), **now}
            for life, found in changes.seen
        ],
    )
    _change(
        connection,
        [
            {"id": life["raised_id"], "closed_on": batch.as_of, "closed_by": how.value}
            for life, how in changes.closed
        ],
    )
    opened = [
        {
            **{name: found[name] for name in ("household_id", "rule", "question", "verdict", "amount_fen")},
            "universe": noted.universes[found["household_id"]],
            "fact_on": found["event_on"],
            "opened_on": batch.as_of,
            "opened_run": run_id,
            "times_seen": 1,
            "follows": follows,
            **now,
        }
        for found, follows in changes.opened
    ]
    for start in range(0, len(opened), CHUNK):
        connection.execute(insert(RaisedFinding), opened[start : start + CHUNK])
    return changes


def _as_seen(found: Row, life: Row, as_of: date) -> Row:
    """A finding as this run saw it; a run again of the same date is the same sight."""
    return {
        "verdict": found["verdict"],
        "amount_fen": found["amount_fen"],
        "fact_on": found["event_on"],
        "times_seen": life["times_seen"] + (as_of > life["seen_on"]),
    }


def _change(connection: Connection, rows: list[Row]) -> None:
    """Update lives by number, in chunks of one statement."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    statement = (
        update(RaisedFinding)
        .where(RaisedFinding.raised_id == bindparam("id"))
        .values({name: bindparam(name) for name in names})
    )
    for start in range(0, len(rows), CHUNK):
        connection.execute(statement, rows[start : start + CHUNK])


def _insert_run(connection: Connection, batch: BatchRecord) -> int:
    names = ("as_of", "seed", "draw_check", "inputs_digest", "inputs", "models", "dictionary", "kept")
    values = {name: getattr(batch, name) for name in names}
    added = insert(Run).values(recorded_at=datetime.now(UTC), **values).returning(Run.run_id)
    return int(connection.execute(added).scalar_one())


def _supersede(connection: Connection, batch: BatchRecord, run_id: int) -> list[int]:
    earlier = (Run.as_of == batch.as_of, Run.superseded_by.is_(None), Run.run_id != run_id)
    numbers = list(connection.execute(select(Run.run_id).where(*earlier)).scalars())
    connection.execute(update(Run).where(*earlier).values(superseded_by=run_id))
    return numbers

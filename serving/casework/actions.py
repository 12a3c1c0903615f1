"""Every write to the casework database: a function that changes and records its event, in one transaction."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from serving.casework.events import append_event
from serving.casework.records import BatchRecord, Row
from serving.casework.tables import Assessment, Finding, Household, Judgement, ListItem, Run, Table

CHUNK = 5_000
Progress = Callable[[int], None]


def record_run(
    engine: Engine, batch: BatchRecord, *, by: str, progress: Progress = lambda _rows: None
) -> int:
    """Write a run whole or not at all, in place of the current one of its date, which stays readable.

    Returns the run's number. `progress` is told the rows written since the last call.
    """
    with engine.begin() as connection:
        run_id = _insert_run(connection, batch)
        superseded = _supersede(connection, batch, run_id)
        for table, rows in (
            (Household, batch.households),
            (Assessment, batch.assessments),
            (Judgement, batch.judgements),
            (Finding, batch.findings),
            (ListItem, batch.items),
        ):
            for written in _insert_rows(connection, table, rows, run_id):
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
            },
        )
    return run_id


def record_view(engine: Engine, *, by: str, action: str, subject: str, detail: dict[str, Any]) -> None:
    """Record that somebody looked."""
    with engine.begin() as connection:
        append_event(connection, by=by, action=action, subject=subject, detail=detail)


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


def _insert_rows(connection: Connection, table: type[Table], rows: list[Row], run_id: int) -> Iterator[int]:
    remaining = iter(rows)
    while chunk := [{"run_id": run_id, **row} for row in islice(remaining, CHUNK)]:
        connection.execute(insert(table), chunk)
        yield len(chunk)

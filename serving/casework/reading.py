"""Everything the console, the interface and the export read: the standing run, its lists, one household."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Executable, Select, func, select

from serving.casework.records import Row
from serving.casework.standing import key_of
from serving.casework.tables import (
    Assessment,
    Finding,
    Household,
    Judgement,
    ListItem,
    RaisedFinding,
    Run,
)

#: What whoever visits may read of a list item; arm, rank, score and probabilities stay behind.
VISITOR_ITEM = (
    ListItem.kind,
    ListItem.household_id,
    ListItem.street_code,
    ListItem.batch,
    ListItem.visit_order,
    ListItem.checks,
    ListItem.speaks_for,
    ListItem.state,
)
#: What is told of the life of a finding.
LIFE = ("opened_on", "times_seen", "closed_on", "closed_by")
PLACE = (
    Household.number,
    Household.region_code,
    Household.category,
    Household.person_count,
    Household.persons_living,
    Household.co_living,
    Household.others_at_home,
)


@dataclass(frozen=True)
class StoredRun:
    """A run's heading."""

    run_id: int
    as_of: date
    models: dict[str, Any]
    dictionary: dict[str, Any]
    kept: dict[str, Any]


@dataclass(frozen=True)
class StoredHousehold:
    """All that a run holds of one household. `open_kinds`: lists it stands on that are not closed."""

    household: Row
    assessments: list[Row]
    judgement: Row | None
    findings: list[Row]
    open_kinds: tuple[str, ...]


def newest_run(connection: Connection, as_of: date | None = None) -> StoredRun | None:
    """The standing run of `as_of`, or of the latest date there is."""
    query = select(Run.run_id, Run.as_of, Run.models, Run.dictionary, Run.kept)
    query = query.where(Run.superseded_by.is_(None)).order_by(Run.as_of.desc(), Run.run_id.desc()).limit(1)
    if as_of:
        query = query.where(Run.as_of == as_of)
    row = connection.execute(query).first()
    return StoredRun(**row._mapping) if row else None


def streets(connection: Connection, run_id: int) -> list[Row]:
    """Streets with their number of items a kind of list: street_code, kind, items."""
    query = (
        select(ListItem.street_code, ListItem.kind, func.count().label("items"))
        .where(ListItem.run_id == run_id)
        .group_by(ListItem.street_code, ListItem.kind)
        .order_by(ListItem.street_code, ListItem.kind)
    )
    return _rows(connection, query)


def list_page(
    connection: Connection,
    run_id: int,
    kind: str,
    street: str | None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[int, list[Row]]:
    """Number of all items, and one page of them (None: all) by street and visit order."""
    where = [ListItem.run_id == run_id, ListItem.kind == kind]
    if street:
        where.append(ListItem.street_code == street)
    total = connection.execute(select(func.count()).select_from(ListItem).where(*where)).scalar_one()
    query = (
        select(*VISITOR_ITEM, *PLACE)
        .join(Household)
        .where(*where)
        .order_by(ListItem.street_code, ListItem.visit_order)
        .offset(offset)
        .limit(limit)
    )
    return int(total), _rows(connection, query)


def stored_household(connection: Connection, run_id: int, household_id: str) -> StoredHousehold | None:
    """One household as the run saw it; None where the run does not know it."""

    def of(table: Any) -> Select[Any]:
        return select(table.__table__).where(table.run_id == run_id, table.household_id == household_id)

    found = _rows(connection, of(Household))
    if not found:
        return None
    judgements = _rows(connection, of(Judgement))
    items = _rows(connection, of(ListItem).where(ListItem.state == "open").order_by(ListItem.kind))
    return StoredHousehold(
        household=found[0],
        assessments=_rows(connection, of(Assessment).order_by(Assessment.question)),
        judgement=judgements[0] if judgements else None,
        findings=_with_lives(connection, _rows(connection, of(Finding).order_by(Finding.finding_id))),
        open_kinds=tuple(item["kind"] for item in items),
    )


def explained_households(connection: Connection, run_id: int, question: str) -> list[str]:
    """Households whose profile and assessment of this question were kept, in order of their id."""
    query = (
        select(Assessment.household_id)
        .join(Household)
        .where(Assessment.run_id == run_id, Assessment.question == question)
        .where(Household.profile.is_not(None))
        .where((Assessment.status == "no_prediction") | Assessment.reasons.is_not(None))
        .order_by(Assessment.household_id)
    )
    return list(connection.execute(query).scalars())


def _with_lives(connection: Connection, findings: list[Row]) -> list[Row]:
    """Findings with opened_on, times_seen, closed_on and closed_by of their latest life; null where none."""
    homes = {row["household_id"] for row in findings}
    query = select(RaisedFinding.__table__).where(RaisedFinding.household_id.in_(homes))
    lives = {key_of(row): row for row in _rows(connection, query.order_by(RaisedFinding.raised_id))}
    nothing: Row = dict.fromkeys(LIFE)
    return [{**row, **{name: lives.get(key_of(row), nothing)[name] for name in LIFE}} for row in findings]


def _rows(connection: Connection, query: Executable) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]

"""A city of a few households for tests: what each case says, and a stranger, so that every table answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from features import parameters, profile
from features.engines import Warehouse, memory_warehouse
from features.household import Universe, standards
from features.known import Calendar, Sight, load_calendar
from features.plan import Plan, Step
from features.sources import SOURCES
from features.sources.core import Kind

AS_OF = date(2025, 12, 31)
ARRIVED = date(2025, 12, 20)
COMMUNITY = "990102001001"
HOUSEHOLD = {
    "category": "dibao",
    "urban_rural": "urban",
    "region_code": COMMUNITY,
    "granted_on": "2023-06-15",
    "authorised_on": "2023-06-01",
    "authorised_until": "2026-06-01",
    "review_class": "B",
    "income_period": "month",
}
#: Who is not in any household, and has something in every table: so that no table is "not returned".
STRANGER = "stranger"
RESIDENT_COLUMNS = {column.name for column in SOURCES["residents"].columns}
MEMBER_COLUMNS = {column.name for column in SOURCES["household_members"].columns}


@dataclass(frozen=True)
class Case:
    """One household: `members` is letter -> columns of residents and household_members."""

    name: str
    members: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, Iterable[Mapping[str, Any]]] = field(default_factory=dict)
    household: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    universe: str = "on_file"


def identity(case: str, letter: str) -> str:
    """A number of 18 characters that belongs to one letter of one case."""
    return f"{letter}@{case}".ljust(18, "_")


def tables_of(cases: Iterable[Case], quiet: Iterable[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table; tables in `quiet` hold nobody else's rows."""
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in SOURCES}
    for name, source in SOURCES.items():
        if name not in quiet:
            row = {c.name: _filler(c.kind, c.domain) for c in source.columns if c.required}
            row[source.event_on] = _filler(source.column(source.event_on).kind, None)
            tables[name].append(row)
    for case in cases:
        _add(case, tables)
    return tables


def _filler(kind: Kind, domain: Mapping[str, Any] | None) -> Any:
    if domain:
        return next(iter(domain))
    return {
        Kind.DATE: "2025-12-01",
        Kind.MONTH: "2025-12-01",
        Kind.YUAN: 1,
        Kind.NUMBER: 1.0,
        Kind.INTEGER: 2025,
        Kind.REGION: COMMUNITY,
    }.get(kind, STRANGER)


def _add(case: Case, tables: dict[str, list[dict[str, Any]]]) -> None:
    for letter, columns in case.members.items():
        own = {"id_no": letter, "name": letter, "hukou_household_no": case.name, **columns}
        places = {
            "hukou_region_code": COMMUNITY,
            "residence_region_code": COMMUNITY,
            "residence_address": f"home of {case.name}",
        }
        resident = {**places, **{k: v for k, v in own.items() if k in RESIDENT_COLUMNS}}
        member = {"joined_on": "2023-06-15", **{k: v for k, v in own.items() if k in MEMBER_COLUMNS}}
        if own.get("in_register", True):
            tables["residents"].append(_named(case, "residents", resident))
        if case.universe == "on_file" and own.get("on_file", True):
            tables["household_members"].append(_named(case, "household_members", member))
    if case.universe == "on_file":
        head = {"head_id_no": next(iter(case.members)), "address": f"home of {case.name}"}
        row = {**HOUSEHOLD, **head, **case.household}
        tables["household_register"].append(_named(case, "household_register", row))
    for name, rows in case.tables.items():
        tables[name] += [_named(case, name, dict(row)) for row in rows]


def _named(case: Case, name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Letters become numbers of the case; the household's own number is filled in."""
    for column in SOURCES[name].columns:
        if column.kind is Kind.ID_NO and row.get(column.name):
            row[column.name] = identity(case.name, row[column.name])
        if column.name in ("household_no", "hukou_household_no"):
            row.setdefault(column.name, case.name)
    return row


@dataclass
class City:
    """A described plan on a warehouse in memory; `profiles` runs it for a date."""

    warehouse: Warehouse
    sight: Sight

    def profiles(self, as_of: date = AS_OF) -> dict[str, dict[str, Any]]:
        """Household number -> its profile, null as None."""
        values = parameters.load()
        self.sight.plan.run({**self.sight.values(as_of), **standards(values, as_of)}, {})
        rows = self.sight.plan.table("profile").to_pyarrow().to_pylist()
        return {row["number"]: row for row in rows}


def city(
    tables: Mapping[str, Iterable[Mapping[str, Any]]], universe: str = "on_file", arrived: date = ARRIVED
) -> City:
    """Describe the profiles of a universe over these tables."""
    warehouse = memory_warehouse(tables, received_on=arrived)
    return described(warehouse, load_calendar(warehouse), universe)


def described(warehouse: Warehouse, calendar: Calendar, universe: str) -> City:
    """Profiles of a universe on a warehouse; the statements are the same for every warehouse."""
    sight = Sight(warehouse, calendar, Plan(warehouse.connection, universe, list(statements(universe))))
    return City(warehouse, sight)


@cache
def statements(universe: str) -> tuple[Step, ...]:
    """The plan's statements, described once a process: it takes seconds, running them a fraction of one."""
    warehouse = memory_warehouse({})
    sight = Sight(warehouse, load_calendar(warehouse), Plan(warehouse.connection, universe))
    profile.describe(sight, Universe(universe), parameters.load(), "practice")
    return tuple(sight.plan.steps)

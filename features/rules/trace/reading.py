"""Traces read from a plan that has run: three small queries beside what the judge kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import ibis

from features.parameters import Parameters
from features.plan import Plan
from features.rules.clocks import Reading
from features.rules.facts.rows import Tables
from features.rules.trace.lines import Row, Trace, trace_of
from features.rules.trace.steps import household_steps, income_steps, member_steps

#: Relations of persons, where the caller knows them: person_id -> as the file says.
Relations = Mapping[str, str | None]


def read_traces(
    plan: Plan,
    tables: Tables,
    as_of: Any,
    parameters: Parameters,
    on: date,
    household_id: str | None = None,
    relations: Relations | None = None,
    clocks: Iterable[Reading] = (),
    doubts: Mapping[str, int] | None = None,
) -> dict[str, Trace]:
    """Traces by household_id: of one household, or of all (None).

    plan: has run for `on` and kept what `features.rules.describe` keeps; tables: those it was given; as_of:
    the date as that plan's expression. The judge is not run again and sees the same city.
    """
    present = plan.table("law_present")
    homes = _rows(plan, household_steps(plan.table("law_answers")), household_id)
    listed = member_steps(plan.table("law_members"), plan.table("law_absent"))
    members = _by_household(_rows(plan, listed, household_id))
    incomes = _by_household(_rows(plan, income_steps(tables, present, as_of), household_id))
    named = relations or {}
    return {
        home["household_id"]: trace_of(
            home,
            [{**row, "relation": named.get(row["person_id"])} for row in members[home["household_id"]]],
            incomes[home["household_id"]],
            parameters,
            on,
            clocks,
            doubts,
        )
        for home in homes
    }


def _rows(plan: Plan, table: ibis.Table, household_id: str | None) -> list[dict[str, Any]]:
    if household_id is not None:
        table = table.filter(table.household_id == household_id)
    rows: list[dict[str, Any]] = plan.connection.to_pyarrow(table).to_pylist()
    return rows


def _by_household(rows: list[dict[str, Any]]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["household_id"]].append(row)
    return grouped

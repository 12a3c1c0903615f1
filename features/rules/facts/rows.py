"""Rows of a source joined to the people who count, with dates and months made comparable."""

from collections.abc import Mapping
from typing import Any

import ibis

from features.sources import SOURCES
from features.sources.core import Plane
from features.windows import holds_through, month_number

#: Source name -> rows known on the date; "members" -> who belongs to which household.
Tables = Mapping[str, ibis.Table]

#: A source whose latest month is older than this says nothing about today's income.
STALE_MONTHS = 6

#: A month counts as delivered with this fraction (one in five) of the fullest month's rows.
FULL_MONTH_OF = 5

#: Months of a monthly source that the rules look back on.
HISTORY_MONTHS = 12


def joined(tables: Tables, source: str, people: ibis.Table, person: str = "person_id") -> ibis.Table:
    """Rows of a source that speak of these people, with the people's columns beside them.

    Of plane A, only where the family's authorisation holds on the date.
    """
    rows = tables[source]
    if SOURCES[source].plane is Plane.A:
        people = people.filter(people.authorised)
    return rows.inner_join(people, rows[person] == people.person_id, rname="member_{name}")


def recent(rows: ibis.Table, as_of: Any) -> ibis.Table:
    """Monthly rows of the last year with `back`: 0 in the latest month these rows reach, then 1, 2 ...

    Departments deliver with different lags, so each is read from its own latest month on: the latest that
    holds a fair share of the rows, because a few early ones must not move the window of a whole city.
    Rows that end more than `STALE_MONTHS` ago say nothing about today and are left out.
    """
    today = month_number(as_of)
    kept = rows.mutate(month_no=month_number(rows.month)).filter(rows.month <= as_of)
    kept = kept.filter(kept.month_no >= today - HISTORY_MONTHS)
    # A handful of months are counted and looked up: windows over all rows would sort and copy them.
    months = kept.group_by("month_no").agg(rows=kept.count())
    full = months.filter(months.rows * FULL_MONTH_OF >= months.rows.max().as_scalar())
    kept = kept.mutate(latest=full.month_no.max().as_scalar())
    kept = kept.filter((kept.latest >= today - STALE_MONTHS) & (kept.month_no <= kept.latest))
    return kept.mutate(back=kept.latest - kept.month_no)


def employed(tables: Tables, people: ibis.Table) -> ibis.Table:
    """Contributions an employer pays: those people pay for themselves are no evidence of wages."""
    rows = joined(tables, "contributions", people)
    return rows.filter(rows.employer_uscc.notnull() | rows.employer_name.notnull())


def open_on(rows: ibis.Table, as_of: Any) -> Any:
    """Whether a state holds on the date that runs `from` a day `to` its last day."""
    return (rows["from"] <= as_of) & holds_through(rows["to"], as_of)


def latest(value: Any, when: Any) -> Any:
    """Aggregate: the value of the latest date; where one date tells two, the greater, on every run."""
    return value.argmax(ibis.struct({"when": when, "value": value}))

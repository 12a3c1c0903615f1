"""How a measure of quality is declared: `@measure` makes a function a line of table, page and docs.

A measure counts units (households, people, rows, tables): of so many, so many have the fault. Its function
gets a `Ground` and returns either units as an expression (see `units`) or, where only the catalogue of
deliveries is read, finished `Cell`s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import ibis

from features.quality.ground import Ground


class Words(NamedTuple):
    """What is read on screen, Chinese first."""

    zh: str
    en: str


class Group(StrEnum):
    """What kind of fault a measure speaks of, in the order of the report."""

    ARRIVAL = "arrival"
    CONTACT = "contact"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    IDENTITY = "identity"
    OVERLAP = "overlap"
    STANDARD = "standard"


GROUPS: dict[Group, Words] = {
    Group.ARRIVAL: Words("是否到齐、及时", "coverage, freshness, delay"),
    Group.CONTACT: Words("联系方式与地址", "contacts and addresses"),
    Group.DUPLICATE: Words("重复", "duplicates"),
    Group.CONFLICT: Words("部门之间不一致", "conflicts between departments"),
    Group.IDENTITY: Words("身份", "identity"),
    Group.OVERLAP: Words("登记册重叠", "overlap of registers"),
    Group.STANDARD: Words("统计口径", "standards"),
}


class Timing(StrEnum):
    """STATE: units as of one date, counted anew for each month end. FLOW: what came, by month, summed."""

    STATE = "state"
    FLOW = "flow"


class Cell(NamedTuple):
    """Finished counts of a department; `everyone`: the fault touches every household on file."""

    department: str
    month: date
    hits: int
    of: int
    everyone: bool = False


@dataclass(frozen=True)
class Measure:
    """One measure.

    means: what is wrong. fault and among: what is counted, and out of what. mender: whose task it is. why:
    what follows where it is left. remedy: what to do. reads: the tables it rests on.
    headline: a column of the table by department. ranked: stands in the list of what to mend first; not so
    what is part of another measure, or no fault by itself. complete: every unit is known by name (tables,
    months), so a few are told as "1/3" and need no percentage.
    """

    code: str
    group: Group
    timing: Timing
    name: Words
    means: Words
    fault: Words
    among: Words
    mender: Words
    why: Words
    remedy: Words
    reads: tuple[str, ...]
    headline: bool
    ranked: bool
    complete: bool
    count: Callable[[Ground], ibis.Table | Sequence[Cell]]


REGISTRY: dict[str, Measure] = {}

Count = Callable[[Ground], Any]

#: Measures of many tables: what they read is every declared table.
EVERY_TABLE = ("*",)


def measure(
    *,
    group: Group,
    timing: Timing,
    name: tuple[str, str],
    means: tuple[str, str],
    fault: tuple[str, str],
    among: tuple[str, str],
    mender: tuple[str, str],
    why: tuple[str, str],
    remedy: tuple[str, str],
    reads: tuple[str, ...],
    headline: bool = False,
    ranked: bool = True,
    complete: bool = False,
) -> Callable[[Count], Count]:
    """Declare the function as the measure of its own name. ValueError where the name is taken."""

    def register(function: Count) -> Count:
        code = function.__name__
        if code in REGISTRY:
            raise ValueError(f"measure {code} is declared twice")
        REGISTRY[code] = Measure(
            code=code,
            group=group,
            timing=timing,
            name=Words(*name),
            means=Words(*means),
            fault=Words(*fault),
            among=Words(*among),
            mender=Words(*mender),
            why=Words(*why),
            remedy=Words(*remedy),
            reads=reads,
            headline=headline,
            ranked=ranked,
            complete=complete,
            count=function,
        )
        return function

    return register


def units(
    rows: ibis.Table,
    *,
    department: Any,
    hit: Any,
    street: Any = None,
    household: Any = None,
    month: Any = None,
) -> ibis.Table:
    """One unit a row: department, street_code, household, month, hits (0 or 1) and `of` (1).

    `department` is a name or an expression. A fault that is unknown (null) is no unit.
    """
    flag = hit.cast("int64")
    columns = {
        "department": ibis.literal(department) if isinstance(department, str) else department,
        "street_code": ibis.null("string") if street is None else street,
        "household": ibis.null("string") if household is None else household,
        "month": ibis.null("date") if month is None else month.cast("date"),
        "hits": flag,
        "of": ibis.literal(1, "int64"),
    }
    # Of the cast, not of the condition: `NOT a IS NOT NULL` would be read as `NOT (a IS NOT NULL)`.
    return rows.filter(flag.notnull()).select(**columns)


def counted(rows: ibis.Table) -> ibis.Table:
    """Units summed, with the household kept only where a unit has the fault: millions of rows become few."""
    told = rows.mutate(household=(rows.hits > 0).ifelse(rows.household, ibis.null("string")))
    return told.group_by(["department", "street_code", "household", "month"]).aggregate(
        hits=told.hits.sum(), of=told.of.sum()
    )

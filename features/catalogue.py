"""Features, declared once: `@feature` makes a function a column, a reason key, a doc anchor and a test name.

A feature function is pure: it receives rows and returns an Ibis expression. Two forms exist.

- `@feature(source="contributions", ...)`: the function receives that source's rows known on `as_of`, already
  joined to the household's members, and returns an *aggregate* expression over one household's rows.
- `@feature(source=None, of=(...), ...)`: the function receives the table of the features named in `of`
  and returns a *row* expression of them.

The lawful plane is never written down by hand: it is derived from the columns the feature reads.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from features.sources import SOURCES
from features.sources.core import Plane

#: From freest to most restricted; a feature is as restricted as its most restricted column.
RESTRICTION = (Plane.B, Plane.OWN, Plane.A, Plane.X)

#: The sides of a household; one file each in `features/dimensions/`.
SIDES = (
    "income",
    "property",
    "business",
    "employment",
    "composition",
    "health",
    "education",
    "housing",
    "benefits",
    "change",
)


@dataclass(frozen=True)
class Feature:
    """One column of a profile.

    name: `<side>_<what>_<unit>[_<window>]`; side: its file in `features/dimensions/`.
    zh, en: what a caseworker reads. unit: yuan, months, share, count, years, flag, days.
    reads: `table.column` names, direct and through `of`; sources: their tables, the main one first.
    topic: what a caseworker would call one thing; reasons are grouped by it.
    need: disability, illness, age and dependants: may help, never raise a risk.
    declared: rests on what the family declared; never a feature of the default hidden_income model.
    raises: monotone direction for exit_due and hidden_income (+1: more of it never lowers the score).
    """

    name: str
    side: str
    zh: str
    en: str
    unit: str
    topic: str
    reads: tuple[str, ...]
    of: tuple[str, ...]
    source: str | None
    need: bool
    declared: bool
    raises: int
    expression: Callable[[Any], Any]

    @property
    def sources(self) -> tuple[str, ...]:
        """Tables the feature rests on, the main one first."""
        return tuple(dict.fromkeys(read.split(".")[0] for read in self.reads))

    @property
    def plane(self) -> Plane:
        """The most restricted plane among the columns read."""
        planes = [SOURCES[table].plane_of(column) for table, column in (r.split(".") for r in self.reads)]
        return max(planes, key=RESTRICTION.index)

    @property
    def department(self) -> str:
        """Department of the main source."""
        return SOURCES[self.sources[0]].department


CATALOGUE: dict[str, Feature] = {}


def feature(
    *,
    zh: str,
    en: str,
    unit: str,
    topic: str,
    source: str | None = None,
    reads: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    need: bool = False,
    declared: bool = False,
    raises: int = 0,
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Declare the function as a feature of the side its file is named after.

    `reads` names the columns of `source` that the expression uses (`reads=("base_yuan", "month")`); a
    feature `of` others inherits theirs. ValueError names the feature and the column that no source declares.
    """

    def register(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        name = function.__name__
        module = inspect.getmodule(function)
        side = module.__name__.rsplit(".", 1)[-1] if module else ""
        if side in SIDES and not name.startswith(f"{side}_"):
            raise ValueError(f"feature {name} in {side}.py must be named {side}_…")
        if name in CATALOGUE:
            raise ValueError(f"feature {name} is declared twice")
        direct = tuple(f"{source}.{column}" for column in reads) if source else ()
        for read in direct:
            table, column = read.split(".")
            SOURCES[table].column(column)
        inherited = tuple(read for base in of for read in CATALOGUE[base].reads)
        CATALOGUE[name] = Feature(
            name=name,
            side=side,
            zh=zh,
            en=en,
            unit=unit,
            topic=topic,
            reads=tuple(dict.fromkeys(direct + inherited)),
            of=of,
            source=source,
            need=need or any(CATALOGUE[base].need for base in of),
            declared=declared or any(CATALOGUE[base].declared for base in of),
            raises=raises,
            expression=function,
        )
        return function

    return register

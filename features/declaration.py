"""Features, declared once: `@feature` makes a function a column, a reason key, a doc anchor and a test name.

A feature function is pure: it receives rows and returns an Ibis expression. Two forms exist.

- `@feature(source="contributions", ...)`: the function receives that source's rows known on `as_of`, already
  joined to the household's members, and returns an *aggregate* expression over one household's rows. Beside
  the declared columns a row has `months_ago` and `days_ago` of its event, `age` and `sex` of the member,
  `household_id`, `person_id`, `as_of`, and what `features.rows` prepares for that source.
- `@feature(of=(...), ...)`: the function receives the table of the features named in `of` and returns a
  *row* expression of them. It may also use the public columns named in `PUBLIC`.

The lawful plane is never written down by hand: it is derived from the columns the feature reads.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from features.sources import SOURCES
from features.sources.core import Plane
from features.topics import TOPICS

#: From freest to most restricted; a feature is as restricted as its most restricted column.
RESTRICTION = (Plane.B, Plane.OWN, Plane.A, Plane.X)

#: The sides of a household; one file each in `features/dimensions/`. A feature `of` others may name
#: features of its own side and of the sides before it.
SIDES = (
    "composition",
    "income",
    "property",
    "business",
    "health",
    "education",
    "employment",
    "housing",
    "benefits",
    "change",
)

#: Columns of the household that are about its place, not about its people; free to every feature.
PUBLIC = ("standard_yuan", "urban_rural")

UNITS = ("yuan", "months", "share", "ratio", "count", "years", "flag", "days", "m2", "mu", "kwh")


@dataclass(frozen=True)
class Feature:
    """One column of a profile.

    name: `<side>_<what>_<unit>[_<window>]`; side: its file in `features/dimensions/`.
    zh, en: what a caseworker reads. unit: one of `UNITS`.
    reads: `table.column` names, direct and through `of`; sources: their tables, the main one first.
    topic: what a caseworker would call one thing (`features.topics`); reasons are grouped by it.
    need: disability, illness, age and dependants: may help, never raise a risk.
    declared: rests on what the family declared; never a feature of the default hidden_income model.
    raises: monotone direction for exit_due and hidden_income (+1: more of it never lowers the score).
    empty: the value where the source was asked and nothing was found (None: no value, as for an age).
    floor: a plane the feature cannot be freer than, where only some rows of its source are free.
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
    empty: float | None = 0.0
    floor: Plane = Plane.B

    @property
    def sources(self) -> tuple[str, ...]:
        """Tables the feature rests on, the main one first."""
        return tuple(dict.fromkeys(read.split(".")[0] for read in self.reads))

    @property
    def plane(self) -> Plane:
        """The most restricted plane among the columns read."""
        planes = [SOURCES[table].plane_of(column) for table, column in (r.split(".") for r in self.reads)]
        return max([*planes, self.floor], key=RESTRICTION.index)

    @property
    def department(self) -> str:
        """Department of the main source."""
        return SOURCES[self.sources[0]].department


REGISTRY: dict[str, Feature] = {}


def feature(
    *,
    zh: str,
    en: str,
    unit: str,
    topic: str,
    source: str | None = None,
    reads: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
    need: bool | None = None,
    declared: bool = False,
    raises: int = 0,
    empty: float | None = 0.0,
) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Declare the function as a feature of the side its file is named after.

    `reads` names the columns of `source` that the expression uses (`reads=("base_yuan", "month")`); a
    feature `of` others inherits theirs, and `need` and `declared` unless `need` is given. `kinds` names the
    values counted of a source of which only some rows are shared by statute. ValueError names the feature
    and what is wrong with its declaration; KeyError the column that no source declares.
    """

    def register(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        name = function.__name__
        side = _side(function)
        _check(name, side, unit, topic, source, reads, of)
        bases = [REGISTRY[base] for base in of]
        direct = tuple(f"{source}.{column}" for column in reads)
        inherited = tuple(read for base in bases for read in base.reads)
        if need is False and not raises and any(base.need for base in bases):
            raise ValueError(f"feature {name} rests on marks of need: it needs a direction, or is one itself")
        floors = [base.floor for base in bases] + ([_floor(source, kinds)] if source else [])
        REGISTRY[name] = Feature(
            name=name,
            side=side,
            zh=zh,
            en=en,
            unit=unit,
            topic=topic,
            reads=tuple(dict.fromkeys(direct + inherited)),
            of=of,
            source=source,
            need=any(base.need for base in bases) if need is None else need,
            declared=declared or any(base.declared for base in bases),
            raises=raises,
            expression=function,
            empty=empty,
            floor=max(floors, key=RESTRICTION.index),
        )
        return function

    return register


def _side(function: Callable[[Any], Any]) -> str:
    module = inspect.getmodule(function)
    return module.__name__.rsplit(".", 1)[-1] if module else ""


def _floor(source: str, kinds: tuple[str, ...]) -> Plane:
    """Where only some rows may serve discovery, a feature that counts others belongs to civil affairs."""
    rows = SOURCES[source].discovery_rows
    lawful = rows is None or (bool(kinds) and set(kinds) <= set(rows[1]))
    return Plane.B if lawful else Plane.OWN


def _check(
    name: str,
    side: str,
    unit: str,
    topic: str,
    source: str | None,
    reads: tuple[str, ...],
    of: tuple[str, ...],
) -> None:
    if side in SIDES and not name.startswith(f"{side}_"):
        raise ValueError(f"feature {name} in {side}.py must be named {side}_…")
    if name in REGISTRY:
        raise ValueError(f"feature {name} is declared twice")
    if unit not in UNITS:
        raise ValueError(f"feature {name}: unit {unit!r} is not one of {', '.join(UNITS)}")
    if topic not in TOPICS:
        raise ValueError(f"feature {name}: topic {topic!r} is not in features/topics.py")
    if (source is None) == (not of):
        raise ValueError(f"feature {name} needs either a source or the features it is made of")
    if source and not reads:
        raise ValueError(f"feature {name} must name the columns of {source} that it reads")
    for column in reads:
        SOURCES[str(source)].column(column)
    for base in of:
        if base not in REGISTRY:
            raise ValueError(f"feature {name} is made of {base}, which is not declared before it")

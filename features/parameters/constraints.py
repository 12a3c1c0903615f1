"""What national law asks of local values: constraints.yaml, applied by `features.parameters.lint`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from features.parameters.declared import DECLARED, Scope
from features.parameters.exact_yaml import parse
from features.parameters.values import RegionParameters, Value

FILE = Path(__file__).parent / "constraints.yaml"


class Severity(StrEnum):
    """ERROR contradicts the law; WARNING is lawful only on a ground that somebody should be able to name."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Constraint:
    """One demand: `parameter` must stand to `limit` as `must` says, from `since` to `until`."""

    parameter: str
    must: str
    limit: Any
    since: date
    severity: Severity
    article: str
    zh: str
    en: str
    until: date | None = None
    where: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """KeyError or ValueError where it speaks of what nobody declared."""
        for name in (self.parameter, *self.where):
            if DECLARED[name].scope is not Scope.LOCAL:
                raise ValueError(f"{name} is not a local parameter")
        if self.must not in DEMANDS:
            raise ValueError(f"{self.must} is none of {', '.join(DEMANDS)}")
        if isinstance(self.limit, str) and DECLARED[self.limit].scope is not Scope.NATIONAL:
            raise ValueError(f"{self.limit} is not a national parameter")

    def limit_on(self, national: RegionParameters, on: date) -> Value | None:
        """What the law says on a date; None where the national value was not in force yet."""
        if not isinstance(self.limit, str):
            return tuple(self.limit) if isinstance(self.limit, list) else self.limit
        dated = national.parameters[self.limit].at("urban", on)
        return None if dated is None else dated.value

    def broken(self, value: Value, limit: Value) -> tuple[str, str] | None:
        """The sentences (zh, en) where a value breaks the demand; None where it is kept."""
        fault = DEMANDS[self.must](value, limit)
        if fault is None:
            return None
        choices = DECLARED[self.parameter].choices
        codes = fault if isinstance(fault, tuple) else ()
        named = "、".join(f"{choices[code][0]} {code}" if code in choices else code for code in codes)
        said = shown(limit)
        return (
            self.zh.format(value=named or shown(fault), limit=said),
            self.en.format(value=", ".join(codes) or shown(fault), limit=said),
        )


def _number(broken: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Value | None]:
    return lambda value, limit: value if broken(value, limit) else None


def _codes(broken: Callable[[set[str], set[str]], set[str]]) -> Callable[[Any, Any], Value | None]:
    return lambda value, limit: tuple(sorted(broken(set(value), set(limit)))) or None


#: What a demand finds at fault: the value, or those of its codes.
DEMANDS: dict[str, Callable[[Any, Any], Value | None]] = {
    "at_most": _number(lambda value, limit: value > limit),
    "at_least": _number(lambda value, limit: value < limit),
    "equal": _number(lambda value, limit: value != limit),
    "include": _codes(lambda value, limit: limit - value),
    "exclude": _codes(lambda value, limit: value & limit),
    "only": _codes(lambda value, limit: value - limit),
}


@cache
def load_constraints() -> tuple[Constraint, ...]:
    """Every demand of constraints.yaml, in its order."""
    listed, _ = parse(FILE)
    return tuple(Constraint(**{**raw, "severity": Severity(raw["severity"])}) for raw in listed)


def shown(value: Value) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "、".join(value) or "（无 none）"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)

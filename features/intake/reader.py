"""What a reader of one kind of column is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis

from features.intake import tidying
from features.sources.core import Column


@dataclass(frozen=True)
class Cell:
    """What `general` and `fault` see of a column: its text in one spelling, and the reader's own parts."""

    column: Column
    plain: Any
    parts: tuple[Any, ...] = ()


#: A number that went through a spreadsheet's number format.
SCIENTIFIC = r"^[+-]?[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"


@dataclass(frozen=True)
class Reader:
    """How one kind is read. `nothing` are the words that mean "no value" for it."""

    fast: Callable[[Any, Column], Any]
    plain: Callable[[Any], Any]
    general: Callable[[Cell], Any]
    fault: Callable[[Cell], Any]
    tidy: Callable[[Any], Any] = tidying.narrowed
    nothing: tuple[str, ...] = tidying.NOTHING
    parts: tuple[Callable[[Cell], Any], ...] = ()  # each sees the parts before it


def when(condition: Any, value: Any) -> Any:
    return ibis.ifelse(condition, value, ibis.null(value.type()))


def always(code: str) -> Callable[[Cell], Any]:
    return lambda cell: ibis.literal(code)

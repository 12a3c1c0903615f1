"""What a batch hands to the casework database: plain rows by table, and the run they belong to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

Row = dict[str, Any]


class Rows(Protocol):
    """Rows that can be counted, and gone through more than once: a list, or a `Stream`."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True)
class Stream:
    """Rows that are made anew each time they are gone through, so that a city's need not be held."""

    count: int
    begin: Callable[[], Iterator[Row]]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Row]:
        return self.begin()


@dataclass
class BatchRecord:
    """One run with its rows; every row lacks `run_id`, which the database gives. rules: code -> source.

    A value of a JSON column may be written already (`serving.casework.columns.Json`). answers: how many were
    asked for and how many of them were computed anew; work: the folder in which they are kept.
    """

    as_of: date
    seed: int
    draw_check: str
    inputs_digest: str
    inputs: dict[str, Any]
    models: dict[str, Any]
    dictionary: dict[str, Any]
    kept: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)
    work: Path | None = None
    rules: dict[str, str] = field(default_factory=dict)
    households: Rows = field(default_factory=list)
    assessments: Rows = field(default_factory=list)
    judgements: Rows = field(default_factory=list)
    findings: Rows = field(default_factory=list)
    items: list[Row] = field(default_factory=list)

    def list_sizes(self) -> dict[str, int]:
        """Rows a kind of list."""
        sizes: dict[str, int] = {}
        for item in self.items:
            sizes[item["kind"]] = sizes.get(item["kind"], 0) + 1
        return sizes

"""Two engines' files held together: the same rows, words and dates exactly, numbers to 1e-9."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from serving.assessment import Assessment
from serving.work import ANSWER

TOLERANCE = 1e-9


@dataclass
class Difference:
    """What was compared: rows, values, and where they differ.

    largest: difference of two numbers, over the larger of one and the number itself. columns: those with a
    value that differs by more than the tolerance, or at all where it is no number; with how many.
    """

    rows: int = 0
    values: int = 0
    largest: float = 0.0
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.columns and self.largest <= TOLERANCE

    def note(self, column: str, wrong: int, largest: float, values: int) -> None:
        """Count one column's values."""
        self.values += values
        self.largest = max(self.largest, largest)
        if wrong:
            self.columns[column] = self.columns.get(column, 0) + wrong

    def record(self) -> dict[str, Any]:
        """As it stands in a benchmark's JSON."""
        return {
            "equal": self.equal,
            "rows": self.rows,
            "values": self.values,
            "largest_difference": self.largest,
            "columns_that_differ": self.columns,
        }


def compare(one: pa.Table, other: pa.Table, key: list[str]) -> Difference:
    """Compare two tables by key; a row or column that only one has is a difference."""
    found = Difference(rows=one.num_rows)
    if one.column_names != other.column_names or one.num_rows != other.num_rows:
        found.columns["(rows and columns)"] = abs(one.num_rows - other.num_rows) or 1
        return found
    order = [(name, "ascending") for name in key]
    one, other = one.sort_by(order), other.sort_by(order)
    for name in one.column_names:
        _column(found, name, one[name], other[name])
    return found


def _column(found: Difference, name: str, one: pa.ChunkedArray, other: pa.ChunkedArray) -> None:
    if pa.types.is_floating(one.type) or pa.types.is_decimal(one.type):
        a, b = (pc.cast(column, pa.float64(), safe=False).to_numpy() for column in (one, other))
        apart = np.abs(a - b) / np.maximum(1.0, np.abs(a))
        alike = (a == b) | (np.isnan(a) & np.isnan(b))
        apart = np.where(alike, 0.0, np.where(np.isnan(apart), np.inf, apart))
        largest = float(apart.max(initial=0.0))
        found.note(name, int((apart > TOLERANCE).sum()), largest if np.isfinite(largest) else 0.0, len(a))
        return
    wrong = sum(a != b for a, b in zip(one.to_pylist(), other.to_pylist(), strict=True))
    found.note(name, wrong, 0.0, len(one))


def as_written(answers: Mapping[str, Assessment]) -> dict[str, dict[str, Any]]:
    """Answers by household with what a file of scores has of them."""
    return {key: {name: getattr(one, name) for name in ANSWER.names} for key, one in answers.items()}


def compare_answers(
    one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> Difference:
    """Compare answers by household: words exactly, numbers (of reasons too) to the tolerance."""
    found = Difference(rows=len(one))
    if set(one) != set(other):
        found.columns["(households)"] = len(set(one) ^ set(other))
        return found
    for household_id, answer in one.items():
        _value(found, "", answer, other[household_id])
    return found


def _value(found: Difference, name: str, one: Any, other: Any) -> None:
    if isinstance(one, Mapping) and isinstance(other, Mapping) and set(one) == set(other):
        for part in one:
            _value(found, f"{name}.{part}".lstrip("."), one[part], other[part])
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for a, b in zip(one, other, strict=True):
            _value(found, name, a, b)
    elif isinstance(one, float) and isinstance(other, float):
        apart = abs(one - other) / max(1.0, abs(one))
        found.note(name, int(apart > TOLERANCE), apart, 1)
    else:
        found.note(name, int(one != other), 0.0, 1)


def read_answers(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """Answers as `python -m serving scores` writes them, by household."""
    return {
        row.pop("household_id"): {
            name: json.loads(value) if value and name in ("of_100", "reasons", "speaks_for") else value
            for name, value in row.items()
        }
        for row in rows.to_pylist()
    }

"""Tables described once and computed for many dates: the expressions are compiled once, only values change.

Building and compiling the profile's expressions costs several times what running them does. So whatever
differs from date to date (`as_of`, the latest delivery of each table, the standard in force) is a session
variable of the engine, and a plan is a list of statements in the order they need each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.operations import InMemoryTable

from features.engines.connection import Connection, Value

#: `TABLE` or `VIEW`, its name, the statement it stands for, and the types that Ibis declares of it.
Step = tuple[str, str, str, ibis.Schema]


@ibis.udf.scalar.builtin(name="getvariable")
def _day(variable: str) -> date:  # type: ignore[empty-body]
    """A date held by the engine's session."""


@ibis.udf.scalar.builtin(name="getvariable")
def _number(variable: str) -> float:  # type: ignore[empty-body]
    """A number held by the engine's session."""


@ibis.udf.scalar.builtin(name="getvariable")
def _flag(variable: str) -> bool:  # type: ignore[empty-body]
    """A truth value held by the engine's session."""


def day(name: str) -> Any:
    """The date variable of that name, as an expression."""
    return _day(name)


def number(name: str) -> Any:
    """The number variable of that name, as an expression."""
    return _number(name)


def flag(name: str) -> Any:
    """The truth variable of that name, as an expression."""
    return _flag(name)


@dataclass
class Plan:
    """Temporary tables and views in the order they need each other; `prefix` keeps two plans apart."""

    connection: Connection
    prefix: str
    steps: list[Step] = field(default_factory=list)

    def keep(self, name: str, expression: ibis.Table) -> ibis.Table:
        """Add a table computed on every run; what is returned stands for it in later expressions."""
        return self._add("TABLE", name, expression)

    def view(self, name: str, expression: ibis.Table) -> ibis.Table:
        """Add a name for an expression read once: smaller statements at no cost of storing it."""
        return self._add("VIEW", name, expression)

    def given(self, name: str, schema: ibis.Schema) -> ibis.Table:
        """A table whose rows are handed to `run`, as the expressions see it."""
        return ibis.table(schema, name=self._stored(name))

    def run(self, variables: Mapping[str, Value], given: Mapping[str, pa.Table]) -> None:
        """Compute every table of the plan for these values, replacing those of the date before."""
        for name, rows in given.items():
            self.connection.give(self._stored(name), rows)
        self.connection.set_values(variables)
        for kind, name, select, schema in self.steps:
            if kind == "TABLE":
                self.connection.compute(name, select, schema)
            else:
                self.connection.name_view(name, select)

    def table(self, name: str) -> ibis.Table:
        """A computed table of the plan."""
        return self.connection.table(self._stored(name))

    def batches(self, name: str, rows: int) -> pa.RecordBatchReader:
        """A computed table of the plan, read in batches of about so many rows."""
        return self.connection.batches(self._stored(name), rows)

    def forget(self) -> None:
        """Give back the memory of the computed tables."""
        for kind, name, *_ in reversed(self.steps):
            self.connection.forget(name, kind)

    def _add(self, kind: str, name: str, expression: ibis.Table) -> ibis.Table:
        for held in expression.op().find(InMemoryTable):
            self.connection.give(held.name, held.data.to_pyarrow(held.schema))
        stored, schema = self._stored(name), expression.schema()
        self.steps.append((kind, stored, self.connection.compile(expression), schema))
        return ibis.table(schema, name=stored)

    def _stored(self, name: str) -> str:
        return f"{self.prefix}_{name}"

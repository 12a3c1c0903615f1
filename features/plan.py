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
from ibis.backends.sql import SQLBackend
from ibis.expr.operations import InMemoryTable

Value = date | float | bool | None


@ibis.udf.scalar.builtin(name="getvariable")
def _day(variable: str) -> "date":  # type: ignore[empty-body]
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

    connection: SQLBackend
    prefix: str
    steps: list[tuple[str, str]] = field(default_factory=list)

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
            self.connection.create_table(self._stored(name), rows, temp=True, overwrite=True)
        for name, value in variables.items():
            self.connection.raw_sql(f"SET VARIABLE {name} = {_literal(value)}")
        for kind, sql in self.steps:
            self.connection.raw_sql(f"CREATE OR REPLACE TEMP {kind} {sql}")

    def table(self, name: str) -> ibis.Table:
        """A computed table of the plan."""
        return self.connection.table(self._stored(name))

    def batches(self, name: str, rows: int) -> pa.RecordBatchReader:
        """A computed table of the plan, read in batches of about so many rows."""
        table = self.table(name)
        # Not ibis's own to_pyarrow_batches, which calls what DuckDB 2 no longer has on its connection.
        reader = self.connection.con.sql(self.connection.compile(table)).to_arrow_reader(rows)
        return reader.cast(table.schema().to_pyarrow())

    def forget(self) -> None:
        """Give back the memory of the computed tables."""
        for kind, sql in reversed(self.steps):
            self.connection.raw_sql(f"DROP {kind} IF EXISTS {sql.split(' AS ', 1)[0]}")

    def _add(self, kind: str, name: str, expression: ibis.Table) -> ibis.Table:
        for held in expression.op().find(InMemoryTable):
            rows = held.data.to_pyarrow(held.schema)
            self.connection.create_table(held.name, rows, temp=True, overwrite=True)
        self.steps.append((kind, f'"{self._stored(name)}" AS {self.connection.compile(expression)}'))
        return ibis.table(expression.schema(), name=self._stored(name))

    def _stored(self, name: str) -> str:
        return f"{self.prefix}_{name}"


def _literal(value: Value) -> str:
    if value is None:
        return "CAST(NULL AS DATE)"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else f"CAST({value!r} AS DOUBLE)"

"""What a plan asks of an engine: to compile an expression, to hold its rows under a name, to read them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import ibis
import pyarrow as pa

Value = date | float | bool | None


class Connection(Protocol):
    """An Ibis connection that can hold tables for the length of a run.

    Statements may read variables as `getvariable('<name>')`; their values are those set last.
    """

    def compile(self, expr: Any, /) -> str:
        """The statement this engine runs for an expression."""
        ...

    def to_pyarrow(self, expr: Any, /) -> Any:
        """The result of an expression: a table, or a scalar."""
        ...

    def table(self, name: str, /) -> ibis.Table:
        """A table or view by its name."""
        ...

    def give(self, name: str, rows: pa.Table) -> None:
        """Hold these rows as a table, replacing one of the same name."""
        ...

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Set the variables that the next statements read."""
        ...

    def compute(self, name: str, select: str, schema: ibis.Schema) -> None:
        """Run a statement and hold its rows as a table, replacing one of the same name.

        schema: what Ibis declares; an engine that types numbers by their size holds whole numbers and
        doubles as declared.
        """
        ...

    def name_view(self, name: str, select: str) -> None:
        """Give a statement a name, replacing a view of the same name; nothing runs."""
        ...

    def batches(self, name: str, rows: int) -> pa.RecordBatchReader:
        """The rows of a computed table in the order they were computed in, about so many a batch."""
        ...

    def forget(self, name: str, kind: str) -> None:
        """Give back a table or view (`kind` TABLE or VIEW); nothing where there is none."""
        ...

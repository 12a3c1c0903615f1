"""Intake's own statements: text tables become typed Parquet files, one a delivery."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa


def write_converted(
    raw: pa.Table,
    sql: str,
    targets: Mapping[str, Path],
    unidentified: Mapping[str, Path],
    identities: set[str],
) -> pa.Table:
    """Run `sql` over the text table `raw`; write good rows to Parquet by delivery and return the others.

    `sql` yields the stored columns, `problem` (null for a good row) and `written`; `targets` names a
    temporary file for each `delivery_id`, which the caller renames, and `unidentified` one for the rows whose
    only problem is a number in one of `identities`, made only where there is such a row. Returned:
    delivery_id, row_number, problem.
    """
    connection = duckdb.connect(config={"threads": 1})
    try:
        connection.register("raw", raw)
        connection.execute(f"CREATE TEMP TABLE converted AS {sql}")
        # Otherwise a column is optional or required in a file by whether any file of the group lacks a value.
        connection.execute("SET disabled_optimizers = 'statistics_propagation'")
        for delivery_id, target in targets.items():
            connection.execute(
                "COPY (SELECT * EXCLUDE (problem, written) FROM converted WHERE problem IS NULL"
                f" AND delivery_id = '{quoted(delivery_id)}' ORDER BY row_number) TO '{quoted(target)}'"
                " (FORMAT parquet, COMPRESSION zstd)"
            )
        problems = connection.sql(
            "SELECT delivery_id, row_number, problem FROM converted WHERE problem IS NOT NULL"
            " ORDER BY delivery_id, row_number"
        ).to_arrow_table()
        unreadable = "split_part(problem, '|', 1)"
        listed = ", ".join(f"'{name}'" for name in sorted(identities)) or "''"
        lacking = f"problem IS NOT NULL AND {unreadable} IN ({listed})"
        found = connection.sql(f"SELECT DISTINCT delivery_id FROM converted WHERE {lacking}").fetchall()
        for (delivery_id,) in found:
            connection.execute(
                f"COPY (SELECT * EXCLUDE (problem, written), {unreadable} AS unreadable_column, written"
                f" FROM converted WHERE {lacking} AND delivery_id = '{quoted(delivery_id)}'"
                f" ORDER BY row_number) TO '{quoted(unidentified[delivery_id])}'"
                " (FORMAT parquet, COMPRESSION zstd)"
            )
        return problems
    finally:
        connection.close()


def to_sql(expression: ibis.Table) -> str:
    """The statement this engine runs for an expression.

    Layers stay layers: fused, an expression that names another ten times repeats it ten times.
    """
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
    finally:
        ibis.options.sql.fuse_selects = fused


def quoted(path: str | Path) -> str:
    """A path, or another text, as it stands between single quotes."""
    return str(path).replace("'", "''")

"""The only folder that knows which engine runs the expressions: DuckDB on one machine, Spark beyond it.

A warehouse is a folder: `catalogue.duckdb` says which deliveries exist,
`tables/<table>/<delivery_id>.parquet` holds their typed rows, `quarantine/<delivery_id>.parquet` the rows
set aside, `unidentified/<table>/<delivery_id>.parquet` those of them that lack nothing but a person's number.
A Parquet file is visible only if the catalogue has it, so an interrupted run shows nothing
half-written. Both engines read the same folder.

    connection  what a plan asks of an engine       catalogue  deliveries, links, decisions, releases
    warehouse   the tables as their readers see them  convert  intake's typed Parquet files
    duck        a warehouse opened on DuckDB         spark     the same on Spark, loaded only when asked for
"""

from features.engines.catalogue import (
    CATALOGUE_FILE,
    Catalogue,
    read_entries,
    read_releases,
    require_warehouse,
)
from features.engines.convert import to_sql, write_converted
from features.engines.duck import connect, memory_warehouse, open_warehouse
from features.engines.warehouse import Warehouse

__all__ = [
    "CATALOGUE_FILE",
    "Catalogue",
    "Warehouse",
    "connect",
    "memory_warehouse",
    "open_warehouse",
    "read_entries",
    "read_releases",
    "require_warehouse",
    "to_sql",
    "write_converted",
]

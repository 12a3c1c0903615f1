"""Judge the households of a folder of stored tables by every rule: the product's side of `make bench-rules`.

A process of its own, as a nightly run is: it opens the tables, judges, writes judgements and findings, and
prints its seconds and peak memory.
"""

import json
import resource
import sys
import time
from pathlib import Path

import ibis

from benchmarks.rules_city import AS_OF
from features import parameters
from features.engines import connect
from features.parameters import in_force, schema
from features.plan import Plan, day
from features.rules.core import Universe
from features.rules.facts.assemble import READS
from features.rules.judgement import describe

RESULTS = ("judgements", "findings")


def judge(city: Path, out: Path) -> float:
    """Write OUT/judgements.parquet and OUT/findings.parquet; seconds from the tables to the files."""
    began = time.perf_counter()
    connection = connect()
    for name in ("profile", "members", *READS[Universe.ON_FILE]):
        connection.con.execute(f"CREATE VIEW \"{name}\" AS FROM read_parquet('{city / name}.parquet')")
    plan = Plan(connection, "law")
    tables = {name: connection.table(name) for name in ("members", *READS[Universe.ON_FILE])}
    profile = connection.table("profile")
    judged = describe(profile, tables, day("as_of"), plan.given("values", schema()), keep=plan.keep)
    for name in RESULTS:
        plan.keep(name, getattr(judged, name))
    values = in_force(parameters.load(), AS_OF).to_pyarrow()
    plan.run({"as_of": AS_OF}, {"values": values})
    for name in RESULTS:
        written = ibis.to_sql(plan.table(name))
        connection.con.execute(
            f"COPY ({written}) TO '{out / name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    return time.perf_counter() - began


if __name__ == "__main__":
    seconds = judge(Path(sys.argv[1]), Path(sys.argv[2]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": round(peak)}))

"""Judge the households of a folder of stored tables: the product's side of `make bench-rules`.

    python -m benchmarks.judge_city CITY OUT all|few

A process of its own, as a nightly run is: it opens the tables, judges, writes what was asked for, and prints
its seconds and peak memory. `all`: every rule and status, OUT/judgements.parquet and OUT/findings.parquet.
`few`: only what the peer computes (income, eligibility, amount), OUT/few.parquet: the same expressions, of
which the engine leaves out what nobody asked for.
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
from features.engines.connection import Connection
from features.parameters import in_force, schema
from features.plan import Plan, day
from features.rules.core import Universe
from features.rules.eligibility import with_answer, with_income
from features.rules.facts.assemble import READS, assemble
from features.rules.judgement import amounts, describe

RESULTS = ("judgements", "findings")
#: Read by many facts, so computed once; everything else may be a name for its expression.
SHARED = ("law_households", "law_members", "law_absent", "law_present")


def judge(city: Path, out: Path, asked: str) -> float:
    """Write what was asked for; seconds from the tables to the files."""
    began = time.perf_counter()
    connection, describer = connect(), {"all": _every_rule, "few": _few}[asked]
    for name in ("profile", "members", *READS[Universe.ON_FILE]):
        connection.con.execute(f"CREATE VIEW \"{name}\" AS FROM read_parquet('{city / name}.parquet')")
    plan = Plan(connection, "law")
    written = describer(plan, connection)
    values = in_force(parameters.load(), AS_OF).to_pyarrow()
    plan.run({"as_of": AS_OF}, {"values": values})
    for name in written:
        rows = ibis.to_sql(plan.table(name))
        connection.con.execute(f"COPY ({rows}) TO '{out / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    return time.perf_counter() - began


def _every_rule(plan: Plan, connection: Connection) -> tuple[str, ...]:
    values = plan.given("values", schema())
    profile, tables = connection.table("profile"), _tables(connection)
    judged = describe(profile, tables, day("as_of"), values, keep=plan.keep)
    for name in RESULTS:
        plan.keep(name, getattr(judged, name))
    return RESULTS


def _few(plan: Plan, connection: Connection) -> tuple[str, ...]:
    def keep(name: str, table: ibis.Table) -> ibis.Table:
        return plan.keep(name, table) if name in SHARED else plan.view(name, table)

    values = plan.given("values", schema())
    profile, tables = connection.table("profile"), _tables(connection)
    facts = assemble(profile, tables, day("as_of"), values, Universe.ON_FILE, keep)
    answers = with_answer(with_income(facts))
    plan.keep("few", answers.select("household_id", "eligibility", **amounts(answers)))
    return ("few",)


def _tables(connection: Connection) -> dict[str, ibis.Table]:
    return {name: connection.table(name) for name in ("members", *READS[Universe.ON_FILE])}


if __name__ == "__main__":
    seconds = judge(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": round(peak)}))

"""Profile a universe of a warehouse in the compared columns: the product's side of the benchmark.

A process of its own, as a nightly run is: it opens the warehouse, describes homes, people and the sources in
`COMPARED` that the universe may read with the product's own functions, runs the plan for the values it is
given (the calendar's and the standards', which the peer is given too) and writes one Parquet file. Left out
of what a profile has: the other sources, the chance of living together, the brake, judgements.

    python -m benchmarks.profile_city WAREHOUSE GIVEN OUT UNIVERSE [MEMORY_GB] [EXPLAINED]

With EXPLAINED it runs step by step and writes there how the engine carried out the dearest statements.
"""

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

from features import evidence, household, parameters
from features.declaration import Feature
from features.engines import open_warehouse
from features.household import Universe
from features.known import Calendar, Sight
from features.parameters import Parameters
from features.plan import Plan, Step, Value
from features.profile import features_of, name_tables, sources_of
from features.profile_files import write_whole
from features.profile_series import MEMORY_GB, ROW_GROUP
from features.rows import doubtful, matched_by_name, named, restricted, rows, spellings, sure
from features.sources import SOURCES

KEY = "practice"
#: The registers of people and power, and what departments know of members in most rows.
COMPARED = (
    "residents",
    "withholding",
    "pensions",
    "contributions",
    "balances",
    "vehicles",
    "real_estate",
    "settlements",
    "enrolments",
    "certificates",
    "usage",
)
HEAD = ("household_id", "in_programme", "authorised", "standard_yuan", "urban_rural", "persons_matched")
#: Statements that are explained, and operators that are named.
DEAREST = 3


def compared_sources(universe: Universe) -> list[str]:
    """Those of `COMPARED` whose records the universe may read."""
    read = sources_of(universe)
    return [name for name in COMPARED if name in read]


def compared_features(universe: Universe) -> list[Feature]:
    """Every feature of the compared sources, then those made of these alone, in the order they need."""
    every = features_of(universe)
    chosen = {feature.name: feature for feature in every if feature.source in COMPARED}
    while ready := [f for f in every if f.of and f.name not in chosen and set(f.of) <= set(chosen)]:
        chosen |= {feature.name: feature for feature in ready}
    return list(chosen.values())


def describe(sight: Sight, universe: Universe, given: Parameters, key: str) -> None:
    """Write the compared columns into the sight's plan, as table `profile`; see `features.profile`."""
    chosen, sources = compared_features(universe), compared_sources(universe)
    registered = sight.keep("registered", household.residents(sight))
    homes = sight.keep("homes", household.households(sight, universe, given, key, registered))
    former = sight.keep("former_names", household.former_names(sight, universe, homes, registered))
    people = sight.keep("people", household.persons(sight, universe, homes, registered, former))
    members = people.filter(people.is_member)
    counts = members.group_by("household_id").aggregate(persons_matched=members.person_id.nunique())
    joined = homes.left_join(counts, "household_id", rname="counted_{name}")
    base = sight.keep("base", joined.mutate(persons_matched=joined.persons_matched.fill_null(0)))
    known = {
        name: restricted(sight, name, universe, homes, people) for name in sources if name != "residents"
    }
    matched = {n: sight.keep(f"{n}_known", rows) for n, rows in known.items() if named(SOURCES[n])}
    spelt = sight.keep("spellings", spellings(matched, name_tables(sight, people, former)))
    known |= matched
    answered = [base.select(*HEAD)]
    for name in sources:
        own = [feature for feature in chosen if feature.source == name]
        if name == "residents":
            table = sight.view(name, registered.semi_join(people, "person_id"))
        else:
            table = sight.keep(name, matched_by_name(known[name], SOURCES[name], spelt))
        if name in matched:
            matched[name] = table
            table = sight.view(f"{name}_sure", sure(table))
        found = evidence.summary(rows(sight, name, table, homes, people), own)
        found = sight.view(f"{name}_found", found)
        answered.append(sight.keep(f"{name}_answers", evidence.answers(base, name, found, own, sight)))
    unsure = doubtful(matched, people.inner_join(homes.select("household_id", "authorised"), "household_id"))
    answered.append(evidence.doubts(base, sources, sight.keep("doubtful", unsure)))
    wide = sight.view("wide", reduce(lambda one, other: one.inner_join(other, "household_id"), answered))
    for feature in chosen:
        if feature.of:
            wide = wide.mutate(**{feature.name: feature.expression(wide).cast("float64")})
    parts = [f"{name}_{part}" for name in sources for part in evidence.PARTS]
    columns = (*HEAD, *(feature.name for feature in chosen), *parts)
    sight.keep("profile", wide.select(*columns).order_by("household_id"))


def variables(given: Mapping[str, Any]) -> dict[str, Value]:
    """The plan's variables from JSON: ISO text is a date, the rest as it is."""
    return {name: date.fromisoformat(v) if isinstance(v, str) else v for name, v in given.items()}


def explain(sight: Sight, values: Mapping[str, Value], path: Path) -> dict[str, Any]:
    """Run the plan step by step, write EXPLAIN ANALYZE of its dearest statements; what was dearest.

    Returned: `statements` (name -> seconds) and `operators` (statement, operator, seconds of all threads,
    rows), the dearest first, `DEAREST` of each.
    """
    connection, plan, took = sight.warehouse.connection, sight.plan, {}
    connection.set_values(values)
    for step in plan.steps:
        began = time.perf_counter()
        Plan(connection, plan.prefix, [step]).run({}, {})
        took[step] = time.perf_counter() - began
    dearest: list[Step] = sorted(took, key=lambda step: -took[step])[:DEAREST]
    told, operators = [], []
    for step in dearest:
        _, name, select, _ = step
        [(_, text)] = connection.con.execute(f"EXPLAIN ANALYZE {select}").fetchall()
        [(_, tree)] = connection.con.execute(f"EXPLAIN (ANALYZE, FORMAT json) {select}").fetchall()
        told.append(f"{name}: {took[step]:.3f} s\n\n{select}\n\n{text}\n")
        operators += [{"statement": name, **one} for one in _operators(json.loads(tree)["operator"])]
    path.write_text("\n".join(told), encoding="utf-8")
    operators.sort(key=lambda one: -one["seconds"])
    return {
        "statements": {step[1]: round(took[step], 3) for step in dearest},
        "operators": operators[:DEAREST],
    }


def _operators(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every operator of a plan told as JSON; a CTE only repeats the seconds of what it holds."""
    for node in nodes:
        if node["type"] != "CTE":
            yield {
                "operator": node["type"],
                "seconds": round(node["timing"], 3),
                "rows": node["intermediate_rows"],
            }
        yield from _operators(node.get("children", []))


def write_profiles(
    warehouse: Path,
    given: Path,
    out: Path,
    universe: Universe,
    memory_gb: float = MEMORY_GB,
    explained: Path | None = None,
) -> dict[str, Any]:
    """Write OUT; told: households, seconds by part, and what was dearest where `explained` is a file."""
    began = time.perf_counter()
    values = variables(json.loads(given.read_text("utf-8"))["values"])
    opened = open_warehouse(warehouse, memory_gb=memory_gb)
    marks = {"open": time.perf_counter()}
    sight = Sight(opened, Calendar({}, {}), Plan(opened.connection, "compared"))
    describe(sight, universe, parameters.load(), KEY)
    marks["describe"], dearest = time.perf_counter(), {}
    if explained:
        dearest = explain(sight, values, explained)
    else:
        sight.plan.run(values, {})
    count = write_whole(sight.plan.batches("profile", ROW_GROUP), out, row_group=ROW_GROUP)
    marks["run"] = time.perf_counter()
    starts = [began, *marks.values()]
    parts = {name: round(end - start, 2) for (name, end), start in zip(marks.items(), starts, strict=False)}
    return {"households": count, "parts_s": parts, **dearest}


def main() -> None:
    """The command line above; one line of JSON, as `write_profiles` tells it."""
    asked = argparse.ArgumentParser()
    for name in ("warehouse", "given", "out"):
        asked.add_argument(name, type=Path)
    asked.add_argument("universe", type=Universe)
    asked.add_argument("memory_gb", type=float, nargs="?", default=MEMORY_GB)
    asked.add_argument("explained", type=Path, nargs="?")
    asked.add_argument("--json", action="store_true", help="It always does.")
    options = asked.parse_args()
    paths = (options.warehouse, options.given, options.out)
    print(json.dumps(write_profiles(*paths, options.universe, options.memory_gb, options.explained)))


if __name__ == "__main__":
    main()

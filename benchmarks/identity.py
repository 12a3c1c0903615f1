"""How often a record is laid to the right person: pairwise precision and recall, by kind of damage.

A pair is a department's row, one of its identity numbers, and a person. A true pair is a row that speaks of
a person of this district, whatever number stands on it: all rows that were taken, and those that were set
aside only for their number. Rows set aside for another cell (a date, an amount) are in no warehouse and in
neither figure. `exact` lays every row to the person whose number it carries; `linked` is what profiles use:
the rows whose name does not disagree, and those linked without a number at the threshold for a visit.

    python benchmarks/identity.py --households 6000
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.engines import Warehouse, open_warehouse
from features.identity.thresholds import VISIT
from features.linking import link_rows
from features.rows import Names, matched_by_name, named, spellings
from features.sources import SOURCES
from features.sources.core import Kind, Source

DEGREES = ("none", "default", "heavy")


def measure(world: Path, warehouse: Path, key: str) -> dict[str, Any]:
    """Precision and recall of exact matching and of linking, over all rows and by kind of damage.

    world: made by `python -m synthetic_data generate`; warehouse: its landing folder taken in with `key`. The
    links are found anew. Counts stand beside every figure.
    """
    links = link_rows(warehouse, key)
    opened = open_warehouse(warehouse)
    connection = opened.connection
    connection.create_table("identity_truth", _truth(world, opened), temp=True)
    names = _names(opened)
    parts = [pair for source in SOURCES.values() for pair in _pairs(opened, source, names)]
    pairs = ibis.union(*parts)
    counted = (
        pairs.group_by("damage")
        .aggregate(
            true_pairs=pairs.true_id.notnull().sum(),
            exact=pairs.exact_id.notnull().sum(),
            exact_right=(pairs.exact_id == pairs.true_id).fill_null(False).sum(),
            linked=pairs.linked_id.notnull().sum(),
            linked_right=(pairs.linked_id == pairs.true_id).fill_null(False).sum(),
        )
        .order_by("damage")
        .to_pyarrow()
        .to_pylist()
    )
    total = {name: sum(row[name] for row in counted) for name in counted[0] if name != "damage"}
    return {
        **_figures(total),
        "by_damage": {row.pop("damage"): _figures(row) for row in counted},
        "links": links,
    }


def _figures(count: dict[str, int]) -> dict[str, Any]:
    def share(part: int, whole: int) -> float | None:
        return round(part / whole, 6) if whole else None

    return {
        "precision": share(count["linked_right"], count["linked"]),
        "recall": share(count["linked_right"], count["true_pairs"]),
        "exact_precision": share(count["exact_right"], count["exact"]),
        "exact_recall": share(count["exact_right"], count["true_pairs"]),
        **count,
    }


def _truth(world: Path, warehouse: Warehouse) -> pa.Table:
    """table, delivery_id, row_number, column -> true number ('' a stranger's) and kind of damage."""
    truth = pq.read_table(world / "truth" / "identity.parquet")
    taken = warehouse.deliveries().select("delivery_id", "file", "status").to_pyarrow()
    taken = taken.filter(pc.equal(taken["status"], "taken")).drop_columns(["status"])
    joined = truth.join(taken, "file", join_type="inner").drop_columns(["file"])
    renamed = {"table": "true_table", "delivery_id": "true_delivery", "row_number": "true_row"}
    return joined.rename_columns(renamed | {"column": "true_column", "id_no": "told_id"})


def _pairs(warehouse: Warehouse, source: Source, names: Names) -> Iterator[ibis.Table]:
    """One row a pair: damage, true_id, exact_id, linked_id; null where there is none."""
    truth = warehouse.connection.table("identity_truth")
    for column in source.columns:
        if column.kind is not Kind.ID_NO:
            continue
        rows = warehouse.table(source.name)
        own = rows.filter(rows[column.name].notnull(), rows.link_probability.isnull())
        own = _compared(own, source, names)
        person = column.name
        exact = own.select(
            "delivery_id", "row_number", exact_id=person, linked_id=own.sure.ifelse(own[person], None)
        )
        apart = warehouse.unidentified(source.name)
        apart = apart.filter(apart.unreadable_column == column.name)
        nothing = ibis.null("string")
        links = rows.filter(rows.link_probability.notnull()).select(
            link_delivery="delivery_id", link_row="row_number", linked_id=person
        )
        found = apart.left_join(
            links, [apart.delivery_id == links.link_delivery, apart.row_number == links.link_row]
        )
        every = ibis.union(
            exact, found.select("delivery_id", "row_number", exact_id=nothing, linked_id=found.linked_id)
        )
        told = truth.filter(truth.true_table == source.name, truth.true_column == column.name)
        joined = every.left_join(
            told, [every.delivery_id == told.true_delivery, every.row_number == told.true_row]
        )
        true = ibis.ifelse(joined.told_id.isnull(), joined.exact_id, joined.told_id.nullif(""))
        yield joined.select(
            "exact_id", "linked_id", damage=joined.damage.fill_null("no damage"), true_id=true
        )


def _compared(rows: ibis.Table, source: Source, names: Names) -> ibis.Table:
    """Add `sure`: whether profiles would use the row."""
    if not named(source):
        return rows.mutate(sure=ibis.literal(True))
    matched = matched_by_name(rows, source, spellings({source.name: rows}, names))
    return matched.mutate(sure=matched.match >= VISIT)


def _names(warehouse: Warehouse) -> Names:
    """Every name the register ever knew each person by: the last, and those before."""
    register = warehouse.table("residents")
    register = register.filter(register.person_id.notnull())
    last = register.group_by("person_id").aggregate(register_name=register.name.argmax(register.received_on))
    now = warehouse.connection.create_table("bench_names", last, temp=True)
    both = warehouse.register_names().inner_join(now, "person_id")
    former = both.filter(both.name != both.register_name).select("person_id", former_name="name")
    return now, former.distinct()


def main() -> None:
    """Make a world of each degree of damage, take it in, measure, print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("out/bench/identity"))
    given = parser.parse_args()
    results = {}
    for degree in DEGREES:
        folder = given.out / degree
        shutil.rmtree(folder, ignore_errors=True)
        _run("synthetic_data", "generate", "--households", given.households, "--seed", given.seed,
             "--mess", degree, "--out", folder / "world")  # fmt: skip
        _run(
            "features",
            "intake",
            "--landing",
            folder / "world" / "landing",
            "--warehouse",
            folder / "warehouse",
        )
        results[degree] = measure(folder / "world", folder / "warehouse", "practice")
    print(json.dumps(results, ensure_ascii=False, indent=1))


def _run(*command: object) -> None:
    subprocess.run([sys.executable, "-m", *map(str, command)], check=True, env=None)


if __name__ == "__main__":
    main()

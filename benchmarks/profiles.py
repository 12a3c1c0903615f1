"""Profiles beside plain pandas: what `make bench-profiles` runs; everything lands in OUT/profiles.json.

Both universes of a practice city, on one date, as a night profiles them: the households on file in every
feature of the eleven sources in `profile_city.COMPARED`, those of the whole resident register in every
feature of the four of these that are shared by statute, and every feature made of these alone, with each
source's evidence (state, dates, confidence, doubtful records). Both sides start from the stored tables of one
warehouse; both compose households and members, resolve corrections, compare names, join and aggregate. Both
are told beforehand what the catalogue says: which files stand, when each table arrived and from when its
months are counted back, the standards in force. The peer is also given the few rows that were linked without
a number, which the product finds when it opens the warehouse. Neither computes the chance of living together,
the brake or judgements. Each run is a process of its own, from its start to its file: the product opens the
warehouse and describes its plan in that time. Every column of every household must be equal.

The product's dearest statements, as the engine carried them out, are written to
OUT/profiles_plan_UNIVERSE.txt, and it runs once more with half the memory that it took.
"""

import os
import shutil
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pyarrow.parquet as pq
import typer

from benchmarks.night import AS_OF, MONTHS
from benchmarks.practice_city import Size, make_city
from benchmarks.profile_city import COMPARED, HEAD, KEY, compared_features
from benchmarks.results import machine, run_main, tell_gates, write_json
from benchmarks.spark_compare import Difference, compare
from benchmarks.stages import Stage, StageError, console, run_stage
from features import parameters
from features.engines import open_warehouse
from features.engines.duck import read_standing
from features.household import Universe, standards
from features.identity.exact import variants
from features.known import Sight, load_calendar
from features.plan import Plan
from features.profile_series import MEMORY_GB

RUNS = 3
#: How many times as long pandas must take.
BAR = 2
#: Tables that the peer composes households from.
REGISTERS = ("household_register", "household_members")


def main(
    households: Annotated[int, typer.Option(help="Hukou households of the city.")] = 600_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same city.")] = 7,
    out: Annotated[Path, typer.Option(help="Folder of profiles.json and of the cities.")] = Path("out/bench"),
) -> None:
    """Time the same profiles in the product and in pandas, explain the plan, run it in half the memory."""
    out = out.resolve()
    city = out / "cities" / f"night_{households}_{seed}"
    make_city(city, Size(households, MONTHS, seed, (AS_OF, AS_OF), (AS_OF,), os.cpu_count() or 1))
    work = out / "profiles_peer"
    shutil.rmtree(work, ignore_errors=True)
    given = write_given(city / "warehouse", work, AS_OF)
    found = {
        universe: beside_pandas(Side(city / "warehouse", given, work, universe)) for universe in Universe
    }
    result: dict[str, Any] = {"households": households, **together(found)}
    result["machine"] = machine("duckdb", "ibis-framework", "pandas", "pyarrow", "numpy")
    result["gates"] = gates(result)
    shutil.rmtree(work)
    write_json(out / "profiles.json", result)
    console.print(f"{out / 'profiles.json'}")
    tell_gates(result["gates"])


def write_given(warehouse: Path, folder: Path, as_of: date) -> Path:
    """Write FOLDER/given.json, what both sides are told, and the peer's rows linked without a number.

    files: table -> paths of the Parquet files that stand, linked rows among them. values: the plan's
    variables of the date. variants: characters with a simplified form, and those forms.
    """
    folder.mkdir(parents=True, exist_ok=True)
    standing = read_standing(warehouse)
    files = {name: list(standing.visible.tables[name]) for name in (*REGISTERS, *COMPARED)}
    for name, rows in standing.linked.items():
        if name in files and rows.num_rows:
            files[name].append(folder / f"linked_{name}.parquet")
            pq.write_table(rows, files[name][-1])
    opened = open_warehouse(warehouse)
    sight = Sight(opened, load_calendar(opened), Plan(opened.connection, "given"))
    values = sight.values(as_of) | standards(parameters.load(), as_of)
    told = {"files": files, "values": values, "variants": variants(), "key": KEY}
    write_json(folder / "given.json", told)
    return folder / "given.json"


@dataclass(frozen=True)
class Side:
    """One universe of a warehouse, what both sides are told of it, and a folder to work in."""

    warehouse: Path
    given: Path
    work: Path
    universe: Universe

    def ours(self, name: str, *more: str) -> tuple[Stage, dict[str, Any]]:
        """The product's run to WORK/`name`; more: memory in GB, file to explain into."""
        paths = (str(self.warehouse), str(self.given), str(self.work / name))
        return run_stage(f"profiles {self.universe}", "benchmarks.profile_city", *paths, self.universe, *more)

    def theirs(self, name: str) -> tuple[Stage, dict[str, Any]]:
        """The peer's run to WORK/`name`."""
        paths = (str(self.given), str(self.work / name))
        return run_stage(f"pandas {self.universe}", "benchmarks.peer_pandas_profiles", *paths, self.universe)


def beside_pandas(side: Side) -> dict[str, Any]:
    """Runs of one universe in turns: medians, their ratio, peaks, and whether every value is equal."""
    product, pandas = [], []
    for _ in range(RUNS):
        product.append(side.ours("ours.parquet"))
        pandas.append(side.theirs("pandas.parquet"))
    seconds, peer_seconds = (
        statistics.median(stage.seconds for stage, _ in runs) for runs in (product, pandas)
    )
    found = compare_files(side.work / "ours.parquet", side.work / "pandas.parquet")
    peak = max(stage.peak_mb for stage, _ in product)
    return {
        "households": product[-1][1]["households"],
        "ratio": round(peer_seconds / seconds, 2),
        "features": len(compared_features(side.universe)),
        "columns": len(pq.read_schema(side.work / "ours.parquet").names),
        "ours_s": [stage.seconds for stage, _ in product],
        "ours_parts_s": product[-1][1]["parts_s"],
        "pandas_s": [stage.seconds for stage, _ in pandas],
        "pandas_parts_s": pandas[-1][1],
        "peak_mb": peak,
        "pandas_peak_mb": max(stage.peak_mb for stage, _ in pandas),
        "compared": found.record(),
        "limited": limited(side, peak),
        "plan": explained(side),
    }


def together(found: Mapping[Universe, dict[str, Any]]) -> dict[str, Any]:
    """Both universes, as a night needs them: pandas' medians over ours, and each universe by itself."""
    seconds, peer_seconds = (
        sum(statistics.median(one[who]) for one in found.values()) for who in ("ours_s", "pandas_s")
    )
    return {
        "profiles_pandas_ratio": round(peer_seconds / seconds, 2),
        "universes": {universe.value: one for universe, one in found.items()},
    }


def compare_files(one: Path, other: Path) -> Difference:
    """Both files by household, the peer's columns in our order; tells of each column that differs."""
    mine, peer = pq.read_table(one), pq.read_table(other)
    names = [name for name in mine.column_names if name in peer.column_names]
    found = compare(mine, peer.select([*names, *(n for n in peer.column_names if n not in names)]), [HEAD[0]])
    for column, count in found.columns.items():
        console.print(f"[bold red]{column} differs for {count} households")
    return found


def limited(side: Side, peak_mb: float) -> dict[str, Any]:
    """The product's run where the engine may hold half of that peak: seconds, peak, whether equal."""
    memory_gb = round(peak_mb / 2 / 1000, 2)
    try:
        stage, _ = side.ours("limited.parquet", str(memory_gb))
    except StageError:
        return {"memory_limit_gb": memory_gb, "equal": False}
    equal = compare_files(side.work / "ours.parquet", side.work / "limited.parquet").equal
    return {
        "memory_limit_gb": memory_gb,
        "seconds": stage.seconds,
        "peak_mb": stage.peak_mb,
        "equal": equal,
    }


def explained(side: Side) -> dict[str, Any]:
    """What was dearest in the product's plan; the engine's own words are written beside profiles.json."""
    path = side.work.parent / f"profiles_plan_{side.universe}.txt"
    _, told = side.ours("explained.parquet", str(MEMORY_GB), str(path))
    return {name: told[name] for name in ("statements", "operators")}


def gates(result: dict[str, Any]) -> dict[str, bool]:
    """What must hold."""
    sides = result["universes"].values()
    return {
        "pandas gives the same answer": all(one["compared"]["equal"] for one in sides),
        f"pandas takes {BAR} times as long": result["profiles_pandas_ratio"] >= BAR,
        "half the memory gives the same answer": all(one["limited"]["equal"] for one in sides),
    }


if __name__ == "__main__":
    run_main(main)

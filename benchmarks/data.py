"""A city's data made, taken in and looked at: what `make bench-data` runs; everything lands in OUT/data.json.

Each stage is the command a user would type, with its seconds and the peak memory of all its processes. Beside
it: plain pandas doing the same intake to the same result, every form in which data arrives, identity measured
on the practice world's truth, and an intake killed at random moments.
"""

import json
import shutil
import statistics
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from benchmarks.forms import run_forms
from benchmarks.identity import measure
from benchmarks.kills import run_kills
from benchmarks.results import machine, run_main, tell_gates, write_json
from benchmarks.stages import ROOT, Stage, console, run_stage
from features.engines import open_warehouse
from features.sources import SOURCES

KEY = "practice"
AS_OF = date(2025, 12, 31)
MONTHS = 24
#: Degrees of damage on which identity is measured, and the size of the worlds for it.
DEGREES = ("none", "default", "heavy")
SMALL = 6_000
PEER_RUNS = 3
KILLS = 10
LARGEST_PEAK_MB = 6 * 1024
PRECISION, RECALL = 0.999, 0.97


def main(
    households: Annotated[int, typer.Option(help="Hukou households of the city.")] = 600_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same city.")] = 7,
    out: Annotated[
        Path, typer.Option(help="Folder of everything this makes; what it made before goes.")
    ] = Path("out/bench"),
    keep: Annotated[bool, typer.Option(help="Keep the city (several gigabytes).")] = False,
) -> None:
    """Make a city, take it in, profile it for a date; measure identity, forms, kills, the pandas peer."""
    out = out.resolve()
    for name in ("city", "identity", "peer", "forms", "kills"):
        shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    result = city(out / "city", households, seed)
    if not keep:
        shutil.rmtree(out / "city")
    result["identity"] = identity(out / "identity", seed)
    result["pandas_ratio"], result["pandas"] = pandas_peer(out / "identity" / "none" / "world", out / "peer")
    shutil.rmtree(out / "identity")
    console.rule("[bold]forms")
    result["forms"] = run_forms(out / "forms")
    console.rule("[bold]kills")
    killed = run_kills(out / "kills", KILLS, seed)
    result |= {"kills": killed["kills"], "states_lost": killed["states_lost"], "killed": killed}
    result["machine"] = machine()
    result["gates"] = gates(result)
    write_json(out / "data.json", result)
    console.print(f"{out / 'data.json'}")
    tell_gates(result["gates"])


def city(folder: Path, households: int, seed: int) -> dict[str, Any]:
    """Generate, take in, link and profile; figures a second and peaks."""
    world, warehouse = folder / "world", folder / "warehouse"
    stages: dict[str, Stage] = {}
    stages["generate"], told = run_stage(
        "generate", "synthetic_data", "generate", "--households", str(households), "--months", str(MONTHS),
        "--seed", str(seed), "--out", str(world),
    )  # fmt: skip
    stages["intake"], taken = run_stage(
        "intake", "features", "intake", "--landing", str(world / "landing"), "--warehouse", str(warehouse)
    )
    stages["link"], _ = run_stage("link", "features", "link", "--warehouse", str(warehouse))
    stages["profiles"], profiled = run_stage(
        "profiles", "features", "profile", "--warehouse", str(warehouse), "--out", str(folder),
        "--universe", "both", "--as-of", str(AS_OF),
    )  # fmt: skip
    rows = told["rows_total"]
    profiles = sum(profiled["households"].values())
    return {
        "households": households,
        "persons": persons(warehouse),
        "rows": rows,
        "rows_taken": sum(taken["rows_taken"].values()),
        "rows_quarantined": sum(taken["rows_quarantined"].values()),
        "generate_rows_per_s": round(rows / stages["generate"].seconds),
        "intake_rows_per_s": round(rows / stages["intake"].seconds),
        "profile_households_per_s": round(profiles / stages["profiles"].seconds),
        "profiles": profiled["households"],
        "peak_mb": max(stage.peak_mb for stage in stages.values()),
        "stages": [asdict(stage) for stage in stages.values()],
    }


def persons(warehouse: Path) -> int:
    """Persons in the last resident register."""
    residents = open_warehouse(warehouse).table("residents")
    last = residents.filter(residents.received_on == residents.received_on.max())
    return int(last.count().to_pyarrow().as_py())


def identity(folder: Path, seed: int) -> dict[str, Any]:
    """Precision and recall on smaller worlds of every degree of damage; those of the default stand out."""
    found = {}
    for degree in DEGREES:
        world, warehouse = folder / degree / "world", folder / degree / "warehouse"
        generate = ("synthetic_data", "generate", "--households", str(SMALL), "--months", str(MONTHS))
        made = ("--seed", str(seed), "--mess", degree, "--out", str(world))
        run_stage(f"world, {degree} damage", *generate, *made)
        files = ("--landing", str(world / "landing"), "--warehouse", str(warehouse))
        run_stage("intake", "features", "intake", *files)
        found[degree] = measure(world, warehouse, KEY)
    default = found["default"]
    return {"precision": default["precision"], "recall": default["recall"], "by_mess": found}


def pandas_peer(world: Path, folder: Path) -> tuple[float, dict[str, Any]]:
    """Seconds of plain pandas over ours for the same files, interleaved, medians; results must be equal.

    The files are clean: a script that read every shape in which files come would be this product again.
    """
    ours, theirs = [], []
    landing = str(world / "landing")
    for run in range(PEER_RUNS):
        warehouse, pandas = folder / f"ours{run}", folder / f"pandas{run}"
        stage, _ = run_stage(
            "intake", "features", "intake", "--landing", landing, "--warehouse", str(warehouse)
        )
        ours.append(stage.seconds)
        done = subprocess.run(
            [sys.executable, str(ROOT / "benchmarks" / "peer_pandas_intake.py"), landing, str(pandas), KEY],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        theirs.append(json.loads(done.stdout.splitlines()[-1])["seconds"])
    compared = same_rows(folder / "ours0", folder / "pandas0")
    shutil.rmtree(folder)
    medians = statistics.median(theirs), statistics.median(ours)
    return round(medians[0] / medians[1], 2), {"pandas_s": theirs, "ours_s": ours, "rows_compared": compared}


def same_rows(warehouse: Path, pandas: Path) -> int:
    """Compare every table's good rows; returns how many. AssertionError names the table that differs."""
    opened, compared = open_warehouse(warehouse), 0
    for source in SOURCES.values():
        columns = ["received_on", *(column.name for column in source.columns)]
        columns += [column.person_column for column in source.columns if column.person_column]
        ours = _comparable(opened.table(source.name).select(*columns).to_pandas())
        theirs = _comparable(pd.read_parquet(pandas / source.name)[columns])
        if not ours.equals(theirs):
            raise AssertionError(f"{source.name}: pandas and intake differ ({len(theirs)}, {len(ours)} rows)")
        compared += len(ours)
    return compared


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    texts = pd.DataFrame({name: _texts(rows[name]) for name in rows.columns})
    return texts.sort_values(list(texts.columns)).reset_index(drop=True)


def _texts(values: pd.Series) -> pd.Series:
    """Every value as text: dates alike, numbers to the hundredth of a hundredth."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").fillna("")
    if pd.api.types.is_numeric_dtype(values):
        return values.astype(float).map("{:.4f}".format)
    first = values.dropna()
    if len(first) and not isinstance(first.iloc[0], str):
        if hasattr(first.iloc[0], "isoformat"):
            return values.map(lambda value: value.isoformat() if pd.notna(value) else "").astype(object)
        return values.astype(float).map("{:.4f}".format)
    return values.fillna("").astype(object)


def gates(result: dict[str, Any]) -> dict[str, bool]:
    """What must hold."""
    return {
        "peak memory under 6 GB": result["peak_mb"] < LARGEST_PEAK_MB,
        "no row lost": result["rows"] == result["rows_taken"] + result["rows_quarantined"],
        "identity precision": result["identity"]["precision"] >= PRECISION,
        "identity recall": result["identity"]["recall"] >= RECALL,
        "every kill was one, no state lost": result["kills"] > 0 and not result["states_lost"],
        "every form as expected": all(form["holds"] for form in result["forms"]),
    }


if __name__ == "__main__":
    run_main(main)

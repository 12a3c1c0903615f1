"""A city's night: from the departments' files to lists with reasons; everything lands in OUT/night.json.

Each stage is the command a user would type, with its seconds and the peak memory of all its processes. What
was generated, taken in and profiled is kept by its stamp and used again. Beside it: the batch of a changed
night and of a changed month on what the last one answered, held against the full run; the growth of seconds
a household; and plain pandas with shap doing the same work to the same answer.
"""

import os
import shutil
import statistics
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.night_answers import largest_difference, largest_topic_difference, same_runs
from benchmarks.practice_city import Size, make_city
from benchmarks.results import machine, run_main, tell_gates, write_json
from benchmarks.stages import Stage, console, run_stage
from features.engines import read_entries
from features.errors import UserError
from models.bundle import Bundle
from models.questions import SPECS
from models.scoring import score
from serving.answered import reader_of_many
from serving.inputs import load_bundles

AS_OF = date(2025, 12, 31)
MONTHS = 24
#: What the last batch spoke of, where little has changed since and where a month of deliveries has come.
BEFORE = {"night": AS_OF - timedelta(days=1), "month": date(2025, 11, 30)}
#: Steps of a city that read files; the others make the profiles of one date in both universes.
FILES = ("intake", "link")
PROFILES = ("profiles on file", f"register {AS_OF}")
PEER_RUNS = 3
TOLERANCE = 1e-9
#: What topics add is kept in single precision.
SINGLE = 1e-6
#: Bars: seconds and memory of a city, of its night, growth of seconds a household, and the peer.
CITY_SECONDS, NIGHT_SECONDS, CITY_MB, GROWTH, RATIO = 900, 240, 8 * 1024, 1.1, 10


def main(
    households: Annotated[int, typer.Option(help="Hukou households of the city.")] = 600_000,
    bundles: Annotated[
        Path, typer.Option(help="Trained bundles; those of a finished demo fit any city.")
    ] = Path("out/demo/bundles"),
    out: Annotated[Path, typer.Option(help="Folder of night.json and of the cities.")] = Path("out/bench"),
    sizes: Annotated[
        str, typer.Option(help="Sizes for the growth, smallest first, such as 60000,200000,600000.")
    ] = "",
    peer: Annotated[
        int, typer.Option(help="Households of the city that pandas and shap do; 0 = none.")
    ] = 60_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same city.")] = 7,
) -> None:
    """Time a night from files to lists, the incremental one, its growth, and pandas with shap beside it."""
    out, bundles = out.resolve(), bundles.resolve()
    absent = [question for question in SPECS if not (bundles / question).is_dir()]
    if absent:
        raise UserError(
            f"{bundles} 没有 {', '.join(absent)} 的模型 / holds no bundle of {', '.join(absent)};"
            " run `make demo` first, or give --bundles."
        )
    compile_once(load_bundles(bundles))
    wanted = sorted({households, *_sizes(sizes)})
    cities = {size: night(out / "cities" / f"night_{size}_{seed}", size, seed, bundles) for size in wanted}
    folder = out / "cities" / f"night_{households}_{seed}"
    result: dict[str, Any] = {
        "city": cities[households],
        "nightly_seconds": cities[households]["nightly_seconds"],
    }
    result["incremental"] = {name: changed(folder, before, bundles) for name, before in BEFORE.items()}
    result["sizes"] = {str(size): by_stage(city) for size, city in cities.items()}
    if len(wanted) > 1:
        result["growth"] = growth(cities[wanted[0]], cities[wanted[-1]])
    if peer:
        city = out / "cities" / f"night_{peer}_{seed}"
        if peer not in cities:
            night(city, peer, seed, bundles)
        result["pandas_shap"] = beside_pandas(city, bundles)
        result["pandas_shap_ratio"] = result["pandas_shap"]["ratio"]
    result["models"] = {name: told_model(bundle) for name, bundle in load_bundles(bundles).items()}
    result["machine"] = machine("lightgbm", "numba", "pandas", "shap", "duckdb")
    result["gates"] = gates(result)
    write_json(out / "night.json", result)
    console.print(f"{out / 'night.json'}")
    tell_gates(result["gates"])


def compile_once(bundles: dict[str, Bundle]) -> None:
    """Have the fast contributions compiled: that is once an installation, not once a city."""
    for bundle in bundles.values():
        score(bundle, np.zeros((1, len(bundle.features))), reader=reader_of_many())


def told_model(bundle: Bundle) -> dict[str, Any]:
    """What a night's time hangs on: kind, columns, boosters and their trees in all."""
    boosters = [booster for component in bundle.components for booster in component.boosters]
    trees = sum(booster.num_trees() for booster in boosters)
    return {
        "kind": bundle.kind,
        "columns": len(bundle.features),
        "boosters": len(boosters),
        "trees": trees,
        "trained_as_of": bundle.trained_as_of,
    }


def night(folder: Path, households: int, seed: int, bundles: Path) -> dict[str, Any]:
    """Bring the city up to date, run the batch on it from nothing; seconds and peak by stage."""
    size = Size(households, MONTHS, seed, (AS_OF, AS_OF), (AS_OF,), os.cpu_count() or 1)
    made = {stage["name"]: stage for stage in make_city(folder, size)}
    batch, told = run_batch(folder, folder / "full", bundles, AS_OF)
    stages = {name: made[name] for name in (*FILES, *PROFILES)} | {"batch": asdict(batch)}
    entries = read_entries(folder / "warehouse", "taken")
    nightly = [stages[name]["seconds"] for name in (*PROFILES, "batch")]
    return {
        "households": households,
        "households_in_the_run": told["households"],
        "rows": sum(entry.rows_taken + entry.rows_quarantined for entry in entries),
        "seconds": round(sum(stage["seconds"] for stage in stages.values()), 1),
        "nightly_seconds": round(sum(nightly), 1),
        "peak_mb": max(stage["peak_mb"] for stage in stages.values()),
        "lists": told["lists"],
        "stages": [{**stage, "name": name} for name, stage in stages.items()],
    }


def run_batch(
    folder: Path, out: Path, bundles: Path, as_of: date, *, afresh: bool = True
) -> tuple[Stage, dict[str, Any]]:
    """The batch of a date, its lists printed; `afresh`: on an empty work folder and database."""
    if afresh:
        shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    return run_stage(
        f"batch {as_of}", "serving", "batch", "--profiles", str(folder), "--bundles", str(bundles),
        "--as-of", str(as_of), "--out", str(out), "--database", f"sqlite:///{out / 'casework.db'}",
    )  # fmt: skip


def changed(folder: Path, before: date, bundles: Path) -> dict[str, Any]:
    """The batch on what an earlier one answered: share computed anew, seconds, the full answer or not."""
    run_stage(
        f"profiles {before}", "features", "profile", "--warehouse", str(folder / "warehouse"),
        "--out", str(folder), "--universe", "both", "--as-of", str(before),
    )  # fmt: skip
    out = folder / "changed"
    run_batch(folder, out, bundles, before)
    stage, told = run_batch(folder, out, bundles, AS_OF, afresh=False)
    equal = same_runs(folder / "full" / "casework.db", out / "casework.db", AS_OF)
    shutil.rmtree(out)
    return {
        "since": before,
        "share_recomputed": told["share_recomputed"],
        "recomputed": told["recomputed"],
        "asked": told["asked"],
        "seconds": stage.seconds,
        "peak_mb": stage.peak_mb,
        "equal": equal,
    }


def by_stage(city: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Seconds, peak MiB and microseconds a household, by stage and in all."""
    told = [(stage["name"], stage["seconds"], stage["peak_mb"]) for stage in city["stages"]]
    return {
        name: {"seconds": seconds, "peak_mb": peak, "us": round(1e6 * seconds / city["households"], 1)}
        for name, seconds, peak in (*told, ("all", city["seconds"], city["peak_mb"]))
    }


def growth(smallest: dict[str, Any], largest: dict[str, Any]) -> float:
    """Seconds a household of the largest city over those of the smallest."""
    few, many = (city["seconds"] / city["households"] for city in (smallest, largest))
    return round(many / few, 3)


def beside_pandas(folder: Path, bundles: Path) -> dict[str, Any]:
    """The batch and plain pandas + shap on the same profiles, in turns: medians and their ratio."""
    ours, theirs = [], []
    pandas = folder / "pandas"
    for _ in range(PEER_RUNS):
        ours.append(run_batch(folder, folder / "full", bundles, AS_OF)[0].seconds)
        shutil.rmtree(pandas, ignore_errors=True)
        theirs.append(
            run_stage(
                "pandas + shap",
                "benchmarks.peer_pandas_night",
                str(folder),
                str(bundles),
                str(AS_OF),
                str(pandas),
            )
        )
    difference, compared = largest_difference(folder / "full" / "casework.db", pandas)
    topics, explained = largest_topic_difference(folder / "full" / "work", pandas)
    seconds = statistics.median(stage.seconds for stage, _ in theirs)
    return {
        "ratio": round(seconds / statistics.median(ours), 2),
        "ours_s": ours,
        "pandas_s": [stage.seconds for stage, _ in theirs],
        "pandas_parts_s": theirs[-1][1],
        "pandas_peak_mb": max(stage.peak_mb for stage, _ in theirs),
        "answers_compared": compared,
        "largest_difference": difference,
        "explained": explained,
        "largest_topic_difference": topics,
        "equal": difference <= TOLERANCE and topics <= SINGLE,
    }


def gates(result: dict[str, Any]) -> dict[str, bool]:
    """What must hold; bars of time are of the city of 600,000 households on two cores."""
    city = result["city"]
    held = {
        "files to lists in 15 minutes": city["seconds"] < CITY_SECONDS,
        "profiles to lists in 4 minutes": city["nightly_seconds"] < NIGHT_SECONDS,
        "peak memory under 8 GB": city["peak_mb"] < CITY_MB,
    }
    held |= {
        f"the changed {name}'s answer is the full run's": one["equal"]
        for name, one in result["incremental"].items()
    }
    if "growth" in result:
        held["seconds a household grow by less than a tenth"] = result["growth"] <= GROWTH
    if "pandas_shap" in result:
        held["pandas and shap give the same answer"] = result["pandas_shap"]["equal"]
        held["pandas and shap take ten times as long"] = result["pandas_shap_ratio"] >= RATIO
    return held


def _sizes(text: str) -> list[int]:
    try:
        return [int(size) for size in text.split(",") if size]
    except ValueError:
        raise UserError(f"--sizes {text} 无效 / needs whole numbers such as 60000,200000,600000.") from None


if __name__ == "__main__":
    run_main(main)

"""Spark beside DuckDB on the same city: `python -m benchmarks.spark_city`; OUT/spark.json.

A practice city is made or kept, profiled by DuckDB, and scored as the batch does. Then both are done by Spark
on one core and on two, each a command of its own, and every profile, judgement, finding, score and reason is
compared. A second city of a tenth of the households tells what does not grow with them; from both follows
what a province and the nation would take (`benchmarks.spark_cost`). Ends with 1 where an answer differs.
"""

import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.practice_city import Size, make_city
from benchmarks.results import machine, run_main, write_json
from benchmarks.spark_compare import TOLERANCE, Difference, as_written, compare, compare_answers, read_answers
from benchmarks.spark_cost import Measured, cost, rates
from benchmarks.spark_events import SETTINGS, Work, read_work
from benchmarks.spark_models import write_models
from benchmarks.stages import Stage, console, run_stage
from features.household import Universe
from features.profile_files import PARTS, read_columns
from models.bundle import Bundle
from serving.drawing import cohort
from serving.inputs import Profiles, load_bundles
from serving.scores import PART, answer_places

MONTHS, AS_OF = 24, date(2025, 12, 31)
CORES = (1, 2)
TENTH = 10
KEYS = {
    "profiles": ["household_id"],
    "judgements": ["household_id"],
    "findings": ["household_id", "rule"],
}


@dataclass(frozen=True)
class Run:
    """Spark's two commands on one city with so many cores."""

    cores: int
    profiles: Stage
    scores: Stage
    profile_work: Work
    score_work: Work

    def record(self) -> dict[str, Any]:
        """As it stands in the JSON."""
        return asdict(self)


def main(
    households: Annotated[int, typer.Option(min=100, help="Households of the city.")] = 60_000,
    seed: Annotated[int, typer.Option(help="Seed of the city.")] = 7,
    out: Annotated[Path, typer.Option(help="Folder of spark.json; cities are kept below it.")] = Path(
        "out/bench"
    ),
    bundles: Annotated[
        Path | None, typer.Option(help="Trained bundles; otherwise models of that shape are fitted.")
    ] = None,
    cost_model: Annotated[
        bool, typer.Option(help="Measure a city of a tenth too, and tell what a province would take.")
    ] = True,
) -> None:
    """Make the city, run both engines, compare, and write OUT/spark.json."""
    home = out.resolve() / "spark"
    city, stages = made(home, households, seed)
    models = bundles or home / "bundles"
    if bundles is None:
        write_models(city, AS_OF, models)
    runs = [run_spark(city, models, cores) for cores in CORES]
    found = differences(city, models, CORES[-1])
    told: dict[str, Any] = {
        "spark_equal": all(one.equal for one in found.values())
        and all(one.rows for name, one in found.items() if not name.startswith("findings")),
        "tolerance": TOLERANCE,
        "largest_difference": max(one.largest for one in found.values()),
        "compared": {name: one.record() for name, one in found.items()},
        "households": households,
        "duckdb": {stage["name"]: stage["seconds"] for stage in stages},
        "spark": [run.record() for run in runs],
        "speedup_of_two_cores": {
            "profiles": round(runs[0].profiles.seconds / runs[1].profiles.seconds, 2),
            "scores": round(runs[0].scores.seconds / runs[1].scores.seconds, 2),
        },
        "machine": machine("pyspark", "duckdb", "ibis-framework", "numba"),
    }
    if cost_model:
        told["cost"] = priced(home, households, seed, models, runs[-1])
    write_json(out / "spark.json", told)
    console.print(f"spark_equal {told['spark_equal']}, largest difference {told['largest_difference']:.3g}")
    if not told["spark_equal"]:
        raise typer.Exit(1)


def made(home: Path, households: int, seed: int) -> tuple[Path, list[dict[str, Any]]]:
    """A city of one month end, profiled by DuckDB in both universes."""
    city = home / str(households)
    size = Size(households, MONTHS, seed, (AS_OF, AS_OF), (AS_OF,), os.cpu_count() or 1)
    return city, make_city(city, size)


def run_spark(city: Path, models: Path, cores: int) -> Run:
    """Profile and score on so many cores, each a command that starts Spark anew."""
    written, logs = spark_folder(city, cores), city / f"events-{cores}"
    for folder in (written, logs):
        shutil.rmtree(folder, ignore_errors=True)
    master, done = ("--master", f"local[{cores}]"), {}
    # fmt: off
    commands = {
        "profiles": ("features", "profile", "--engine", "spark", "--warehouse", str(city / "warehouse"),
                     "--out", str(written), "--universe", "both", "--as-of", str(AS_OF), *master),
        # DuckDB's profiles, so that a difference between scores is one of scoring.
        "scores": ("serving", "scores", "--profiles", str(city), "--bundles", str(models),
                   "--as-of", str(AS_OF), "--out", str(written), *master),
    }
    # fmt: on
    for name, command in commands.items():
        log = logs / name
        log.mkdir(parents=True)
        settings = [f"--setting={one}" for one in (*SETTINGS, f"spark.eventLog.dir=file://{log}")]
        stage, _ = run_stage(f"spark {name}, {cores} core{'s' if cores > 1 else ''}", *command, *settings)
        done[name] = (stage, read_work(log))
    (profiles, profile_work), (scores, score_work) = done["profiles"], done["scores"]
    return Run(cores, profiles, scores, profile_work, score_work)


def spark_folder(city: Path, cores: int) -> Path:
    """Where Spark's files of a city lie."""
    return city / f"spark-{cores}"


def differences(city: Path, models: Path, cores: int) -> dict[str, Difference]:
    """Every file of both engines held together, and Spark's scores beside the ordinary ones."""
    found = {}
    for universe in map(str, Universe):
        for part in PARTS:
            ours, theirs = (
                read_columns(folder, part, universe, AS_OF) for folder in (city, spark_folder(city, cores))
            )
            found[f"{part} {universe}"] = compare(ours, theirs, KEYS[part])
    for question, bundle in load_bundles(models).items():
        scored = read_answers(read_columns(spark_folder(city, cores), PART, question, AS_OF))
        found[f"scores {question}"] = compare_answers(ordinary(city, bundle), scored)
    return found


def ordinary(city: Path, bundle: Bundle) -> dict[str, dict[str, Any]]:
    """The answers as the monthly batch gives them, in this process."""
    profiles = Profiles(bundle.universe, read_columns(city, "profiles", bundle.universe, AS_OF))
    places = cohort(profiles, bundle.categories)
    return as_written(answer_places(bundle, profiles, places, os.cpu_count() or 1))


def priced(home: Path, households: int, seed: int, models: Path, large: Run) -> dict[str, Any]:
    """Measure a tenth of the city and tell, a command, what larger places would take."""
    few = max(households // TENTH, 100)
    small = run_spark(made(home, few, seed)[0], models, large.cores)
    pairs = {
        "profiles": (small.profiles, small.profile_work, large.profiles, large.profile_work),
        "scores": (small.scores, small.score_work, large.scores, large.score_work),
    }
    return {
        name: cost(
            rates(
                Measured(few, less.seconds, small.cores, less_work),
                Measured(households, more.seconds, large.cores, more_work),
            )
        )
        for name, (less, less_work, more, more_work) in pairs.items()
    }


if __name__ == "__main__":
    run_main(main)

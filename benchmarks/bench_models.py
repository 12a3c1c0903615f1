"""The models judged as a reviewer would: what `make bench-models` runs; OUT/models.json holds every figure.

Cities large enough for 30,000 verifications, and for 2,000 random contacts, are made (or kept from an earlier
run), the three questions are trained on what was recorded, and judged on later months by a full audit that
training never saw: beside the mark, rules, logistic regression and random visits, at the streets' capacity.
"""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.demo import FIRST_PROFILE_AFTER, MONTHS, month_end
from benchmarks.models_bars import against_bars
from benchmarks.models_checks import at_top, naive, recalibrated, recall_beside, since_check
from benchmarks.models_city import City, Floats, by_labels, marked, shares
from benchmarks.models_coverage import coverage
from benchmarks.models_page import page
from benchmarks.models_peers import beside_peers
from benchmarks.practice_city import Size, make_city
from benchmarks.results import machine, run_main, tell_gates, write_json
from benchmarks.stages import console
from features.catalogue import CATALOGUE
from features.engines import open_warehouse
from features.profile_files import profiled_dates
from models.bundle import write_bundle
from models.groups import MARKS, memberships
from models.questions import SPECS
from models.scoring import probability, score
from training.judged import Judged, read_census
from training.profiles import ProfileStore
from training.question import train

TEST_MONTHS = 3
#: So many verifications are drawn for each further line of the learning curve.
COUNTS = (5_000, 10_000)
#: True labels that teach the mark, at most.
MARK_LABELS = 1_000_000
COVERAGE_VISITS = 1_200
#: Files of the commands that `make bench-models` runs before this one, and what of them is told here.
BESIDE = {
    "planner.json": ("planner_reduction", "paid_rightly"),
    "cycles.json": ("planted_recall", "planted_found", "random_share"),
}
REAL = "real_data.json"
TOLD_OF_REAL = (
    "auc", "auc_low", "auc_high", "reference_auc", "reference_low", "meets_reference", "leaks_caught",
    "missing",
)  # fmt: skip


def main(
    households: Annotated[
        int, typer.Option(help="Hukou households of a city that the questions on file are asked in.")
    ] = 600_000,
    discovery_households: Annotated[
        int, typer.Option(help="... and discovery: all its register is profiled, month by month.")
    ] = 160_000,
    seed: Annotated[list[int] | None, typer.Option(help="Seeds of the cities; may be repeated.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of models.json and of what is kept.")] = Path("out/bench"),
    city: Annotated[
        Path | None, typer.Option(help="A city already made and profiled, instead of making one.")
    ] = None,
    question: Annotated[list[str] | None, typer.Option(help="Only this question; may be repeated.")] = None,
    peer_seconds: Annotated[
        float, typer.Option(help="Seconds each peer is tuned for; 0 leaves them out.")
    ] = 120,
    curve: Annotated[bool, typer.Option(help="Judge smaller numbers of labels too.")] = True,
    docs: Annotated[Path | None, typer.Option(help="Page to write the figures to.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores.")] = os.cpu_count() or 1,
) -> None:
    """Train and judge on each city; what an earlier run has judged is kept unless its folder is removed."""
    kept = out.resolve() / "models"
    chosen = tuple(question or SPECS)
    found: dict[str, list[dict[str, Any]]] = {one: [] for one in chosen}
    for number in seed or [1007, 2007, 3007]:
        for one in chosen:
            discovery = SPECS[one](CATALOGUE).universe == "register"
            many = discovery_households if discovery else households
            folder = city.resolve() if city else kept / f"city_{many}_{number}"
            path, bundle = kept / f"{one}_{number}.json", kept / f"bundles_{number}" / one
            told = read_kept(path)
            if missing(told, curve, peer_seconds):
                if city is None:
                    make_city(folder, size(many, number, threads, register=discovery))
                made = opened(folder, one, number, threads)
                told = judged_question(made, path, bundle, peer_seconds, curve)
            found[one].append(told)
    result = summary(found) | told_beside(out.resolve())
    result |= {"households": households, "discovery_households": discovery_households, "machine": machine()}
    write_json(out.resolve() / "models.json", result)
    if docs is not None:
        docs.write_text(page(result), encoding="utf-8")
    tell_gates(result["gates"])


def size(households: int, seed: int, workers: int, *, register: bool) -> Size:
    """A city with profiles of every month end, of the resident register too where that is asked."""
    every = tuple(month_end(month) for month in range(FIRST_PROFILE_AFTER, MONTHS + 1))
    return Size(households, MONTHS, seed, (every[0], every[-1]), every if register else (), workers)


def judged_question(made: City, path: Path, bundle: Path, peer_seconds: float, curve: bool) -> dict[str, Any]:
    """Everything told of one question on one city, written to `path` step by step: a run that ended goes on.

    The trained bundle is left at `bundle`, the judged rows' scores beside `path`.
    """
    console.rule(f"[bold]{made.spec.question}, seed {made.seed}")
    began, scores, told = time.perf_counter(), path.with_suffix(".npz"), read_kept(path)
    if told and scores.is_file():
        raw, mark = (np.load(scores)[name] for name in ("raw", "mark"))
    else:
        told, raw, mark = trained_and_judged(made, bundle)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(scores, raw=raw, mark=mark)
        write_json(path, told)
    spent = told.get("seconds", 0)
    left = missing(told, curve, peer_seconds)
    if "by_labels" in left:
        told["by_labels"] = by_labels(made, made.judged(), mark, COUNTS)
        write_json(path, told)
    if "peers" in left:
        told["peers"] = beside_peers(
            made.folder / "peers", made, made.learnt(), made.judged(), raw, seconds=peer_seconds
        )
    told["seconds"] = round(spent + time.perf_counter() - began, 1)
    write_json(path, told)
    return told


def read_kept(path: Path) -> dict[str, Any]:
    """What an earlier run told of a question on a city; nothing where there was none."""
    told: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return told


def missing(told: Mapping[str, Any], curve: bool, peer_seconds: float) -> list[str]:
    """The parts that are asked for and not told yet."""
    asked = {"share_of_oracle": True, "by_labels": curve, "peers": peer_seconds > 0}
    return [part for part, wanted in asked.items() if wanted and part not in told]


def trained_and_judged(made: City, bundle: Path) -> tuple[dict[str, Any], Floats, Floats]:
    """What training and the full audit of later months told; raw scores and the mark of the judged rows."""
    began = time.perf_counter()
    trained = train(
        made.spec, made.store, open_warehouse(made.folder / "warehouse"), made.census, made.as_of,
        test_months=made.test_months, seed=made.seed, threads=made.threads, data_version="bench",
        tell=lambda step: console.print(f"  {step}"),
    )  # fmt: skip
    took = time.perf_counter() - began
    write_bundle(trained.bundle, bundle)
    judged = made.judged()
    raw = score(trained.bundle, judged.cohort.rows, num_threads=made.threads, contributions=False).raw
    said = probability(trained.bundle, raw)
    marks = marked(made, judged, labels=MARK_LABELS)
    mark, rules = marks["mark"], judged.cohort.facts["rule_score"].to_numpy(dtype=float)
    told: dict[str, Any] = {
        "question": made.spec.question,
        "seed": made.seed,
        "training_seconds": round(took, 1),
        "evaluation": trained.evaluation,
        "labels": trained.evaluation["conclusions"],
        "months": [str(day) for day in made.plan.judged],
        **shares(judged, {**marks, "champion": raw, "rules": rules}, "champion"),
        "coverage": coverage(judged, said, COVERAGE_VISITS, seed=made.seed),
    }
    told["checks"] = checks(made, judged, raw, said, mark)
    console.print({key: told[key] for key in ("labels", "share_of_oracle", "coverage", "checks")})
    return told, raw, mark


def opened(folder: Path, question: str, seed: int, threads: int) -> City:
    """The city at `folder` as a question sees it."""
    spec = SPECS[question](CATALOGUE)
    census = read_census(folder / "world" / "truth", spec.universe)
    assert census is not None, "a practice city has its truth"
    as_of = profiled_dates(folder, spec.universe)[-1]
    return City(folder, spec, ProfileStore(folder), census, as_of, TEST_MONTHS, seed, threads)


def checks(made: City, judged: Judged, raw: Floats, said: Floats, mark: Floats) -> dict[str, Any]:
    """Level, slices and the naive evaluation; see benchmarks/models_checks.py."""
    label = judged.cohort.label
    groups = memberships({mark: made.column(judged, mark) for mark in MARKS})
    told: dict[str, Any] = {
        "naive": naive(judged, raw, made.recorded(judged)),
        "recalibrated": recalibrated(judged, raw, seed=made.seed),
        "precision_at_5_percent_over_mark": round(at_top(label, raw) / at_top(label, mark), 4),
        "recall": recall_beside(judged, raw, mark, groups),
    }
    if made.spec.universe == "on_file":
        told["since_check"] = since_check(
            judged, said, made.column(judged, "change_months_since_verification")
        )
    return told


def told_beside(out: Path) -> dict[str, Any]:
    """What the planner, the planted way of hiding and the real sets told when they were run, if they were."""
    found = {name: json.loads(path.read_text("utf-8")) for name in BESIDE if (path := out / name).is_file()}
    told = {key: one[key] for name, one in found.items() for key in BESIDE[name]}
    if (out / REAL).is_file():
        rows = json.loads((out / REAL).read_text("utf-8"))
        told["real"] = {
            one: {key: row[key] for key in TOLD_OF_REAL if key in row} for one, row in rows.items()
        }
    return told


def summary(found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The table by question, its gates, and what every city told."""
    table, gates = {}, dict[str, bool | None]()
    for question, cities in found.items():
        table[question], held = against_bars(question, cities)
        gates |= held
    return {**table, "gates": gates, "cities": found}


if __name__ == "__main__":
    run_main(main)

"""The models judged as a reviewer would: what `make bench-models` runs; OUT/models.json holds every figure.

Cities large enough for 30,000 verifications, and for 2,000 random contacts, are made (or kept from an earlier
run), the three questions are trained on what was recorded, and judged on later months by a full audit that
training never saw: beside the mark, rules, logistic regression and random visits, at the streets' capacity.
"""

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.demo import FIRST_PROFILE_AFTER, MONTHS, month_end
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
#: What is asked of each question: share of the mark, precision over rules, lower bound of the lift.
BARS = {
    "hidden_income": (0.92, 1.5, 2.0),
    "exit_due": (0.92, 2.0, 4.0),
    "unapplied_eligible": (0.88, 1.8, 3.0),
}
CALIBRATION, COVERED = 0.02, (0.92, 0.98)
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
            path = kept / f"{one}_{number}.json"
            if not path.is_file():
                if city is None:
                    make_city(folder, size(many, number, threads, register=discovery))
                bundle = kept / f"bundles_{number}" / one
                write_json(path, judged_question(folder, bundle, one, number, peer_seconds, curve, threads))
            found[one].append(json.loads(path.read_text()))
    result = summary(found) | told_beside(out.resolve())
    result |= {"households": households, "discovery_households": discovery_households, "machine": machine()}
    write_json(out.resolve() / "models.json", result)
    if docs is not None:
        docs.write_text(page(result, told_bars()), encoding="utf-8")
    tell_gates(result["gates"])


def size(households: int, seed: int, workers: int, *, register: bool) -> Size:
    """A city with profiles of every month end, of the resident register too where that is asked."""
    every = tuple(month_end(month) for month in range(FIRST_PROFILE_AFTER, MONTHS + 1))
    return Size(households, MONTHS, seed, (every[0], every[-1]), every if register else (), workers)


def judged_question(
    folder: Path, bundle: Path, question: str, seed: int, peer_seconds: float, curve: bool, threads: int
) -> dict[str, Any]:
    """Everything told of one question on one city; the trained bundle is left at `bundle`."""
    console.rule(f"[bold]{question}, seed {seed}")
    began = time.perf_counter()
    spec = SPECS[question](CATALOGUE)
    census = read_census(folder / "world" / "truth", spec.universe)
    assert census is not None, "a practice city has its truth"
    store, as_of = ProfileStore(folder), profiled_dates(folder, spec.universe)[-1]
    made = City(folder, spec, store, census, as_of, TEST_MONTHS, seed, threads)
    trained = train(
        spec, store, open_warehouse(folder / "warehouse"), census, as_of,
        test_months=TEST_MONTHS, seed=seed, threads=threads, data_version="bench",
        tell=lambda step: console.print(f"  {step}"),
    )  # fmt: skip
    took = time.perf_counter() - began
    write_bundle(trained.bundle, bundle)
    judged = made.judged()
    raw = score(trained.bundle, judged.cohort.rows, num_threads=threads, contributions=False).raw
    said = probability(trained.bundle, raw)
    marks = marked(made, judged, labels=MARK_LABELS)
    mark, rules = marks["mark"], judged.cohort.facts["rule_score"].to_numpy(dtype=float)
    scores = {**marks, "champion": raw, "rules": rules}
    told: dict[str, Any] = {
        "question": question,
        "seed": seed,
        "training_seconds": round(took, 1),
        "evaluation": trained.evaluation,
        "labels": trained.evaluation["conclusions"],
        "months": [str(day) for day in made.plan.judged],
        **shares(judged, scores, "champion"),
        "coverage": coverage(judged, said, COVERAGE_VISITS, seed=seed),
    }
    told["checks"] = checks(made, judged, raw, said, mark)
    console.print({key: told[key] for key in ("labels", "share_of_oracle", "coverage", "checks")})
    if curve:
        told["by_labels"] = by_labels(made, judged, mark, COUNTS)
    if peer_seconds:
        told["peers"] = beside_peers(folder / "peers", made, made.learnt(), judged, raw, seconds=peer_seconds)
    return told | {"seconds": round(time.perf_counter() - began, 1)}


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
        share, over_rules, lift = BARS[question]
        line = {
            "share_of_oracle": _middle(one["share_of_oracle"]["value"] for one in cities),
            "precision_over_rules": _middle(one["evaluation"]["lift_over_rules"]["value"] for one in cities),
            "lift_low": _middle(one["evaluation"]["lift_over_random"]["low"] for one in cities),
            "calibration_error": _middle(one["evaluation"]["ece"] for one in cities),
            "coverage": _middle(one["coverage"]["difference"]["coverage"] for one in cities),
        }
        table[question] = line
        held = {
            f"share of the mark at least {share}": _within(line["share_of_oracle"], least=share),
            f"precision over the rules' at least {over_rules}": _within(
                line["precision_over_rules"], least=over_rules
            ),
            f"lower bound of the lift at least {lift}": _within(line["lift_low"], least=lift),
            f"calibration error at most {CALIBRATION}": _within(line["calibration_error"], most=CALIBRATION),
            "intervals of prevalence cover the truth": _within(line["coverage"], *COVERED),
        }
        gates |= {f"{question}: {gate}": holds for gate, holds in held.items()}
    return {**table, "gates": gates, "cities": found}


def told_bars() -> dict[str, dict[str, str]]:
    """Each bar as the page writes it."""
    covered = f"{COVERED[0]}–{COVERED[1]}"
    return {
        question: {
            "share_of_oracle": f"≥ {share}",
            "precision_over_rules": f"≥ {over}",
            "lift_low": f"≥ {lift}",
            "calibration_error": f"≤ {CALIBRATION}",
            "coverage": covered,
        }
        for question, (share, over, lift) in BARS.items()
    }


def _middle(values: Iterable[float | None]) -> float | None:
    """The median over the cities whose evidence tells; None where none's does."""
    told = [value for value in values if value is not None]
    return round(float(np.median(told)), 4) if told else None


def _within(figure: float | None, least: float = -np.inf, most: float = np.inf) -> bool | None:
    """Whether a figure keeps its bars; None where the evidence does not tell."""
    return None if figure is None else bool(least <= figure <= most)


if __name__ == "__main__":
    run_main(main)

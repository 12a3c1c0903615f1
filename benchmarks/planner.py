"""Whether planning by current probability leaves fewer wrong payments than fixed cycles, at equal visits.

On a practice city in which staff stop visiting, each way of planning is laid over what would have been: the
month's plan (`models.planning`) with the exit_due model of that date, fixed A/B/C cycles, and uniform checks.
All make the same number of visits in every street and month and meet the same visits' outcomes.

    python -m benchmarks.planner --households 60000 --out out/bench
"""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.table import Table

from benchmarks import overlay
from benchmarks.overlay import Run
from benchmarks.plans import Panel, Planner
from benchmarks.quiet_city import Quiet, make_quiet_city
from benchmarks.quiet_learning import Knowing, Learning, Start, start
from benchmarks.recipients import read_recipients
from benchmarks.results import run_main, write_json
from benchmarks.stages import console
from features.catalogue import CATALOGUE
from models import exit_due
from synthetic_data.verification import VISITS_A_YEAR

#: Visits a month and recipient that staff of the practice world make.
PRACTICE = VISITS_A_YEAR / 12


def planner(
    world_folder: Path,
    *,
    rates: Sequence[float] = (PRACTICE,),
    seed: int = 7,
    threads: int = 1,
    retrain: int = 3,
) -> dict[str, Any]:
    """Every policy at each of `rates` (visits a recipient and month) on a city made by `make_quiet_city`.

    Of the first rate: planner_reduction {value, low, high} of wrongly paid household-months against fixed
    cycles, …_uniform against uniform checks, and paid_rightly {planner, fixed, uniform: {value, low, high}}.
    """
    quiet = Quiet.read(world_folder)
    spec = exit_due.spec(CATALOGUE)
    recipients, learnt = read_recipients(quiet, spec, seed), start(quiet, spec, seed, threads)
    found: dict[str, Any] = {"rates": {}}
    for rate in rates:
        panel = Panel(recipients, rate)
        told = compare(panel, learnt, retrain, seed)
        found["rates"][f"{rate:.3f}"] = told
        show(rate, told)
    first = found["rates"][f"{rates[0]:.3f}"]
    found |= {
        name: first[name] for name in ("planner_reduction", "planner_reduction_uniform", "paid_rightly")
    }
    return found | {
        "households": panel.households,
        "recipients_a_month": round(float(np.mean([len(m.street) for m in recipients]))),
        "planned_months": len(recipients),
        "quiet_from": quiet.quiet_from,
        "seed": seed,
    }


def compare(panel: Panel, learnt: Start, retrain: int, seed: int) -> dict[str, Any]:
    """All policies at one number of visits."""
    hazard = Learning(learnt, retrain)
    plan = Planner(panel, hazard)
    policies: dict[str, overlay.Policy] = {
        "planner": plan,
        "planner_legal_floors": Planner(panel, Learning(learnt, 0), ("legal_due",)),
        "planner_no_floors": Planner(panel, Learning(learnt, 0), ()),
        "planner_knowing": Planner(panel, Knowing()),
        "planner_knowing_no_floors": Planner(panel, Knowing(), ()),
        "fixed": panel.cycles,
        "stretched": panel.stretched,
        "uniform": panel.uniform,
        "none": panel.nobody,
    }
    runs: dict[str, Run] = {}
    for name, policy in policies.items():
        runs[name] = panel.run(policy)
        console.print(f"{panel.rate:.3f} {name}: {runs[name].told()}")
    told: dict[str, Any] = {"policies": {name: run.told() for name, run in runs.items()}}
    for against in ("fixed", "uniform"):
        name = "planner_reduction" + ("" if against == "fixed" else f"_{against}")
        told[name] = _interval(overlay.reduction(runs["planner"].wrong, runs[against].wrong, seed=seed))
    told["paid_rightly"] = {
        name: _interval(overlay.share(runs[name].right, runs[name].paid, seed=seed))
        for name in ("planner", "fixed", "uniform")
    }
    told |= {"arms": plan.arms, "short": plan.short, "model": hazard.told()}
    return told


def _interval(ends: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("value", "low", "high"), (round(end, 4) for end in ends), strict=True))


def show(rate: float, told: dict[str, Any]) -> None:
    """A line a policy."""
    table = Table(title=f"{rate:.3f} visits a recipient and month")
    for name in ("policy", "wrong ‰", "underpaid ‰", "months a case", "paid rightly", "visits"):
        table.add_column(name, justify="left" if name == "policy" else "right")
    for name, run in told["policies"].items():
        table.add_row(
            name,
            f"{run['wrong_per_1000']:.1f}",
            f"{run['underpaid_per_1000']:.1f}",
            f"{run['delay_months']:.2f}",
            f"{run['paid_rightly']:.3f}",
            f"{run['visits']:,.0f}",
        )
    console.print(table)
    less = told["planner_reduction"]
    console.print(
        f"fewer wrong months than fixed: {less['value']:.0%} ({less['low']:.0%}–{less['high']:.0%})"
    )


def main(
    households: Annotated[int, typer.Option(help="Hukou households of the city.")] = 60_000,
    seed: Annotated[int, typer.Option(help="Seed of the city and of the draws.")] = 7,
    months: Annotated[int, typer.Option(help="Months of the world.")] = 30,
    quiet_from: Annotated[int, typer.Option(help="Month from which staff stop visiting.")] = 19,
    rate: Annotated[
        list[float] | None, typer.Option(help="Visits a recipient and month; may be repeated, first counts.")
    ] = None,
    called_share: Annotated[
        float,
        typer.Option(help="As `generate` has it: of families over the line on record, those asked a month."),
    ] = 0.3,
    retrain: Annotated[int, typer.Option(help="Train anew after so many months; 0 never.")] = 3,
    out: Annotated[Path, typer.Option(help="Folder of planner.json; the city is made below it.")] = Path(
        "out/bench"
    ),
    reuse: Annotated[bool, typer.Option(help="The city is there: make nothing.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes and threads.")] = os.cpu_count() or 1,
) -> None:
    """Make a quiet city and lay every way of planning over it."""
    started, out = time.perf_counter(), out.resolve()
    quiet = Quiet(out / "quiet", months, quiet_from)
    if not reuse:
        make_quiet_city(quiet, households, seed, workers, "--called-share", str(called_share))
    found = planner(
        quiet.folder,
        rates=rate or (PRACTICE,),
        seed=seed,
        threads=workers,
        retrain=retrain,
    )
    found["seconds"] = round(time.perf_counter() - started, 1)
    write_json(out / "planner.json", found)
    console.print(json.dumps({name: found[name] for name in ("planner_reduction", "paid_rightly")}))


if __name__ == "__main__":
    run_main(main)

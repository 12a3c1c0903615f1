"""How far a model is from the possible on the practice world: what `make mark` runs; OUT/mark.json tells.

What twelve departments' rows leave open of a household cannot be integrated exactly in this world. So:

- the mark: a learner that nothing restrains, fitted on true labels of a city of another seed. An upper mark
  and no oracle: by whatever it does not find, a share of the mark is too high.
- the posterior: for a coarse reading of the same files it can be had, up to its standard error. The learner
  is checked with it: shown the coarse reading alone it must reach it, shown everything not be below it.

Both are tested on a world they never saw: mean against the prevalence, each decile within three errors.
"""

import json
import os
import resource
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from benchmarks.demo import FIRST_PROFILE_AFTER, MONTHS, TEST_MONTHS, month_end
from benchmarks.mark_judged import judge
from benchmarks.mark_learnt import learn, read_learnt, write_learnt
from benchmarks.practice_city import Size, make_city
from benchmarks.results import run_main, tell_gates, write_json
from benchmarks.stages import ROOT, console
from features.catalogue import CATALOGUE
from features.code_digest import code_digest
from features.errors import UserError
from models.questions import SPECS
from models.spec import ModelSpec
from training.judged import read_census
from training.profiles import ProfileStore

#: Month ends of which a city has profiles.
EVERY = MONTHS - FIRST_PROFILE_AFTER + 1
#: Month ends of the register to learn from, at most, and how many months they lie apart.
REGISTER_DATES, REGISTER_APART = 6, 3
#: Below OUT/mark: the city, and what a fitted mark says of itself.
CITY, FITTED = "city", "about.json"


def main(
    households: Annotated[int, typer.Option(help="Hukou households of the city learnt from.")] = 300_000,
    seed: Annotated[int, typer.Option(help="Seed of that city; another than the judged world's.")] = 1007,
    judged: Annotated[Path, typer.Option(help="A demo's folder: the world to mark.")] = Path("out/demo"),
    out: Annotated[Path, typer.Option(help="Folder of mark.json and mark.parquet.")] = Path("out/bench"),
    labels: Annotated[int, typer.Option(help="About so many true labels a question, at most.")] = 1_000_000,
    months: Annotated[
        int, typer.Option(min=1, max=EVERY, help="Month ends of the households on file to learn from.")
    ] = EVERY,
    keep: Annotated[bool, typer.Option(help="Keep the city (gigabytes), to learn from it again.")] = False,
    reuse: Annotated[bool, typer.Option(help="Fit nothing; mark with what an earlier run fitted.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes and threads.")] = os.cpu_count() or 1,
) -> None:
    """Learn from a city's true labels how well this world's households could be ordered, and mark a world."""
    folder, judged = out.resolve() / "mark", judged.resolve()
    require_world(judged)
    folder.mkdir(parents=True, exist_ok=True)
    if not reuse:
        learn_all(folder, households, seed, dates(households, labels, months), labels, workers)
        if not keep:
            shutil.rmtree(folder / CITY)
    found, marked = {}, []
    for question, (spec, store, census) in asked(judged).items():
        console.rule(f"[bold]{question}, judged")
        later = store.month_ends(spec.universe, month_end(MONTHS))[-TEST_MONTHS:]
        bundles = judged / "bundles" / question
        told, rows = judge(
            read_learnt(folder / question), store, spec, census, later, bundles, threads=workers
        )
        found[question] = told
        marked.append(rows.assign(question=question))
        show(question, told)
    write_marks(out.resolve() / "mark.parquet", marked)
    result = summary(found, judged)
    write_json(out.resolve() / "mark.json", result)
    if not result["fitted_by_this_code"]:
        console.print("[yellow]fitted on a world that other code made; without --reuse it is fitted anew")
    console.print(f"{out / 'mark.json'}    {out / 'mark.parquet'}")
    tell_gates(result["gates"])


def require_world(folder: Path) -> None:
    """`UserError` where the folder is no practice world that was taken in and profiled."""
    absent = [name for name in ("profiles", "judgements", "world/truth") if not (folder / name).is_dir()]
    if absent:
        raise UserError(
            f"{folder} 缺少 {', '.join(absent)} / lacks what a practice world has; run `make demo`, or name"
            " another with --judged."
        )


def asked(world: Path) -> dict[str, tuple[ModelSpec, ProfileStore, pd.DataFrame]]:
    """Each question with its spec, the world's profiles and its full audit."""
    specs = {question: spec(CATALOGUE) for question, spec in SPECS.items()}
    census = {
        universe: read_census(world / "world" / "truth", universe) for universe in ("on_file", "register")
    }
    return {q: (spec, ProfileStore(world), census[spec.universe]) for q, spec in specs.items()}


def learn_all(
    folder: Path, households: int, seed: int, months: dict[str, tuple[date, ...]], labels: int, workers: int
) -> None:
    """Bring the city up to date and fit every question on it; what was fitted on this very city is kept."""
    on_file = months["on_file"][0], months["on_file"][-1]
    size = Size(households, MONTHS, seed, on_file, months["register"], workers)
    stages = make_city(folder / CITY, size)
    city = {"city_households": households, "city_seed": seed, "most_labels": labels, "code": this_code()}
    city["on_file_months"] = len(months["on_file"])
    city["learner"] = code_digest(ROOT, ("benchmarks", "models"))[:16]
    for question, (spec, store, census) in asked(folder / CITY).items():
        if fitted(folder / question / FITTED, city):
            console.print(f"{question}: fitted by an earlier run")
            continue
        console.rule(f"[bold]{question}, learnt")
        every = months[spec.universe]
        level = [month for month in every if month in dates_judged()]
        learnt = learn(
            store, spec, census, every, labels=labels, seed=seed, threads=workers, level=level or None
        )
        about = city | learnt.about | {"stages": stages}
        write_learnt(folder / question, learnt, about)


def dates_judged() -> tuple[date, ...]:
    """The month ends that a demo is judged on: the level of a mark is theirs."""
    return tuple(month_end(month) for month in range(MONTHS - TEST_MONTHS + 1, MONTHS + 1))


def dates(households: int, labels: int, months: int) -> dict[str, tuple[date, ...]]:
    """Month ends to learn from: the last `months` of households on file; of the register as labels need."""
    every = tuple(month_end(month) for month in range(FIRST_PROFILE_AFTER, MONTHS + 1))
    wanted = int(np.clip(np.ceil(labels / households), 1, REGISTER_DATES))
    return {"on_file": every[-months:], "register": every[::-REGISTER_APART][:wanted][::-1]}


def this_code() -> str:
    """Digest of what makes a world and its profiles."""
    return code_digest(ROOT, ("synthetic_data", "features"))[:16]


def fitted(path: Path, city: dict[str, Any]) -> bool:
    """Whether an earlier run fitted a question on this very city."""
    return path.is_file() and city.items() <= json.loads(path.read_text()).items()


def summary(found: dict[str, Any], judged: Path) -> dict[str, Any]:
    """What mark.json holds."""
    return {
        "questions": found,
        "judged": str(judged),
        "fitted_by_this_code": all(told["code"] == this_code() for told in found.values()),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "gates": {
            f"{q}: {gate}": holds for q, told in found.items() for gate, holds in told["gates"].items()
        },
    }


def write_marks(path: Path, marked: list[pd.DataFrame]) -> None:
    """household_id, as_of, mark, mark_everything, truth, question: a line each household and month."""
    part = path.with_suffix(".part")
    pd.concat(marked, ignore_index=True).to_parquet(part, index=False)
    part.replace(path)


def show(question: str, told: dict[str, Any]) -> None:
    """A line a score, and the deciles."""
    judged = told["judged"]
    console.print(
        f"{question}: learnt from {told['labels']:,} labels of {told['households']:,} households"
        f" ({told['prevalence']:.2%}), judged on {judged['labels']:,} of {judged['households']:,}"
        f" ({judged['prevalence']:.2%})"
    )
    for name, precision in told["average_precision"].items():
        console.print(
            f"  {name:10} AP {precision['value']:.3f} ({precision['low']:.3f}–{precision['high']:.3f})"
            f"  AUC {told['auc'][name]['value']:.3f}  P@5% {told['precision_at_5_percent'][name]:.3f}"
            f"  {told['share_of_mark'][name]['value']:.2f} of the mark"
        )
    for name, kept in told["calibration"].items():
        z = " ".join("–" if tenth["z"] is None else f"{tenth['z']:+.1f}" for tenth in kept["deciles"])
        console.print(f"  {name:10} mean/prevalence {kept['mean_over_prevalence']}, z by decile: {z}")


if __name__ == "__main__":
    run_main(main)

"""The modelling core on real outcomes: any table, or four public sets beside what others reached on them.

    python benchmarks/real_data.py table FILE --label COLUMN=VALUE --group … --time … --allow …
    python benchmarks/real_data.py sets FOLDER
    python benchmarks/real_data.py page            # the figures into docs/real-data.md

Guards, splits, candidates, calibration and measures are the product's own; nothing here is part of it.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.real_page import write_page
from benchmarks.real_problem import Planted, Problem, RealSet, Reference, labels, read
from benchmarks.real_sets import MAKERS, SETS, WHERE
from benchmarks.real_table import guarded, run
from benchmarks.results import run_main, write_json
from benchmarks.stages import console
from features.errors import UserError

#: Digits that references are told with.
DIGITS = 3
#: The table on screen, and leaks of a set that it names.
WIDTH, NAMED = 130, 5

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command()
def table(
    file: Annotated[Path, typer.Argument(help="CSV (also .gz) or Parquet, one row a case.")],
    label: Annotated[
        str, typer.Option(help="COLUMN (of 1 and 0), COLUMN=VALUE[,VALUE], COLUMN<NUMBER or COLUMN>NUMBER.")
    ],
    allow: Annotated[
        list[str] | None, typer.Option(help="Fields a model may read, by comma; default: all others.")
    ] = None,
    deny: Annotated[list[str] | None, typer.Option(help="Fields it may not read, by comma.")] = None,
    group: Annotated[str | None, typer.Option(help="Column of what no split may divide.")] = None,
    time: Annotated[str | None, typer.Option(help="Column of time: the latest rows are judged.")] = None,
    judged_from: Annotated[
        float | None, typer.Option("--from", help="First time judged (2014, 200306); default: the last 30 %.")
    ] = None,
    known: Annotated[str | None, typer.Option(help="Column of the time each label became known.")] = None,
    nominal: Annotated[
        list[str] | None, typer.Option(help="Fields whose numbers are codes, by comma.")
    ] = None,
    folds: Annotated[int, typer.Option(min=2, help="Folds where there is no time.")] = 5,
    seed: Annotated[int, typer.Option()] = 0,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    out: Annotated[Path | None, typer.Option(help="JSON to write.")] = None,
) -> None:
    """Judge one table: guards, splits, champion, linear comparator, intervals."""
    whole = read(file)
    outcome, column = labels(whole, label)
    kept_apart = {column, group, time, known, *listed(deny)}
    fields = listed(allow) or [one for one in whole if one not in kept_apart]
    problem = Problem(
        file.name.split(".")[0],
        whole,
        outcome,
        tuple(one for one in fields if one not in listed(deny)),
        (column,),
        group,
        time,
        judged_from,
        known,
        frozenset(listed(nominal)),
        folds,
    )
    found = {problem.name: judged(RealSet(problem, None), seed, threads)}
    show(found)
    if out is not None:
        write_json(out, found)


@app.command()
def sets(
    folder: Annotated[Path | None, typer.Argument(help="Folder of the four sets.")] = None,
    seed: Annotated[int, typer.Option()] = 0,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Sets or their folders, by comma; others stay as OUT has them."),
    ] = None,
    out: Annotated[Path, typer.Option(help="JSON to write.")] = Path("out/bench/real_data.json"),
) -> None:
    """Judge the four public sets, and say in a sentence where to get each that is not there."""
    found = real_sets(folder, seed=seed, threads=threads, only=tuple(listed(only)))
    show({name: one for name, one in found.items() if "auc" in one})
    earlier = json.loads(out.read_text(encoding="utf-8")) if only and out.is_file() else {}
    write_json(out, earlier | found)


@app.command()
def page(
    told: Annotated[Path, typer.Argument(help="JSON that `sets` wrote.")] = Path("out/bench/real_data.json"),
    into: Annotated[Path, typer.Argument(help="Page with the two marks.")] = Path("docs/real-data.md"),
) -> None:
    """Write the figures of a run into the page."""
    if not told.is_file():
        raise UserError(f"没有文件 {told} / there is no file {told}; run `sets` first.")
    write_page(into, json.loads(told.read_text(encoding="utf-8")))


def real_sets(
    folder: Path | None, *, seed: int = 0, threads: int = 1, only: tuple[str, ...] = ()
) -> dict[str, Any]:
    """{set: auc, reference_auc, reference_low, meets_reference, leaks_caught, …}; or {set: missing}."""
    found: dict[str, Any] = {}
    for name, make in MAKERS.items():
        wanted = SETS[name] if not only or name in only else [one for one in SETS[name] if one in only]
        if wanted and (folder is None or not (folder / name).is_dir()):
            found[name] = {"missing": f"{name} is not there; get {WHERE[name]}, into the folder given."}
            console.print(found[name]["missing"])
        elif wanted and folder is not None:
            made = make(folder)
            for one in wanted:
                console.print(f"{one} …")
                found[one] = judged(made[one], seed, threads)
    return found


def judged(real: RealSet, seed: int, threads: int) -> dict[str, Any]:
    """Figures of one set beside its reference, and whether the guards find what leaks and nothing else."""
    made = run(real.problem, seed=seed, threads=threads)
    flat = {key: made[key] for key in ("rows", "judged", "columns", "base")}
    for figure in ("auc", "average_precision", "precision_at_5_percent"):
        flat |= _flat(figure, made[figure])
    flat |= _flat("linear_auc", made["linear"]["auc"])
    flat |= _flat("linear_average_precision", made["linear"]["average_precision"])
    kept = (
        "calibration_error",
        "mean_said",
        "champion",
        "shuffled_labels",
        "leaks",
        "seconds",
        "cpu_seconds",
    )
    flat |= {key: made[key] for key in kept}
    if real.reference is None:
        return flat
    planted = {name: caught(one, seed) for name, one in real.planted.items()}
    honest = not made["leaks"]
    return (
        flat
        | _beside(real.reference, flat)
        | {
            "honest_fields_pass": honest,
            "leaks_caught": all(one["caught"] for one in planted.values()) if planted else None,
            "planted": planted,
        }
    )


def _flat(name: str, interval: dict[str, Any]) -> dict[str, Any]:
    return {name: interval["value"], f"{name}_low": interval["low"], f"{name}_high": interval["high"]}


def _beside(reference: Reference, flat: dict[str, Any]) -> dict[str, Any]:
    """The reference's figures, and whether ours reaches it: its own interval where told, else its value."""
    floor = reference.auc if reference.low is None else reference.low
    return {
        "reference_auc": reference.auc,
        "reference_low": reference.low,
        "reference_high": reference.high,
        "reference_average_precision": reference.average_precision,
        "reference_precision_at_5_percent": reference.precision_at_5_percent,
        "reference_linear_auc": reference.linear_auc,
        "meets_reference": bool(round(flat["auc"], DIGITS) >= floor),
    }


def caught(planted: Planted, seed: int) -> dict[str, Any]:
    """Whether a guard of the kind expected named a column that leaks, and everything it named."""
    leaks = guarded(planted.problem, seed)
    right = [
        leak
        for leak in leaks
        if planted.expected & set(leak.columns) and (not planted.kinds or leak.kind in planted.kinds)
    ]
    return {
        "caught": bool(right),
        "columns": len(planted.problem.fields),
        "leaks": [one.row() for one in leaks],
    }


def listed(told: list[str] | None) -> list[str]:
    """Names by comma or by repeating the option."""
    return [name.strip() for one in told or [] for name in one.split(",") if name.strip()]


def show(found: dict[str, Any]) -> None:
    """The figures as a table, then whatever the guards named."""
    columns = ("", "base", "AUC", "reference", "AP", "P@5%", "linear", "calibration", "seconds")
    shown = Table(*columns, box=None)
    for name, one in found.items():
        figures = ("average_precision", "precision_at_5_percent", "linear_auc", "calibration_error")
        told = [f"{one[figure]:.3f}" for figure in figures]
        reference = _with_interval(one, "reference", "reference_auc") if "reference_auc" in one else ""
        auc = _with_interval(one, "auc", "auc")
        shown.add_row(name, f"{one['base']:.3f}", auc, reference, *told, f"{one['cpu_seconds']:.0f}")
    Console(width=WIDTH).print(shown)
    for name, one in found.items():
        console.print(f"{name}: {', '.join(one['champion'])}")
        for leak in one["leaks"]:
            console.print(f"[red]{name}[/red]: {leak['told']}")
        for variant, planted in one.get("planted", {}).items():
            verdict = "[green]caught[/green]" if planted["caught"] else "[red]not caught[/red]"
            named = "; ".join(" + ".join(leak["columns"]) for leak in planted["leaks"][:NAMED])
            console.print(f"{name}, {variant}: {verdict} ({named})")


def _with_interval(one: dict[str, Any], figure: str, value: str) -> str:
    low, high = one[f"{figure}_low"], one[f"{figure}_high"]
    return f"{one[value]:.3f}" + ("" if low is None else f" [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    run_main(app)

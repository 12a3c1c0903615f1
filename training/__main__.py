"""python -m training: makes the three risk models and judges them. `--help` teaches."""

import importlib
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from features.cli import console, finish, parse_date
from features.cli import run as run_app
from features.errors import UserError
from models.bundle import FILE, load_bundle
from models.questions import SPECS
from training import registry
from training.card import card
from training.review.page import write_page
from training.review.parts import NAMES
from training.review.run import Request as ReviewRequest
from training.review.run import run_review
from training.run import STEPS, Request, run

#: Columns of the table on screen.
FIGURES = (
    "auc",
    "average_precision",
    "precision_at_capacity",
    "rules_precision_at_capacity",
    "logistic_precision_at_capacity",
    "random_precision",
    "lift_over_random",
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="训练与检验三个排序模型 / trains and judges the three models that order visits. They never decide.",
)

Bundles = Annotated[Path, typer.Option(help="Folder of bundles, one a question, with evaluation.json.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object, last line.")]


@app.command("run")
def train(
    warehouse: Annotated[Path, typer.Option(help="Warehouse made by python -m features intake.")],
    profiles: Annotated[
        Path, typer.Option(help="Profiles of past month ends, by python -m features profile.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to write: <question>/, evaluation.json, cards/.")],
    as_of: Annotated[str, typer.Option(help="Last month end to judge on, YYYY-MM-DD.")],
    census: Annotated[
        Path | None,
        typer.Option(
            help="Practice worlds only: what a visit would find for everybody. Judges, never trains."
        ),
    ] = None,
    mlflow: Annotated[
        str | None,
        typer.Option(help="MLflow tracking URI, e.g. sqlite:///out/mlflow.db; left out: no record."),
    ] = None,
    test_months: Annotated[int, typer.Option(min=1, help="Months at the end that only judge.")] = 6,
    question: Annotated[
        list[str] | None, typer.Option(help="Only this question; may be repeated. Default: all three.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same data: same bundles to the last byte.")] = 7,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores to use.")] = min(
        2, os.cpu_count() or 1
    ),
    as_json: AsJson = False,
) -> None:
    """Train, choose, calibrate and judge; write bundles, evaluation and cards.

    Exit codes: 0 done, 1 our failure, 2 yours (one sentence says what and how to mend it).
    """
    day = parse_date(as_of)
    chosen = _questions(question)
    request = Request(warehouse, profiles, out, day, census, mlflow, test_months, seed, threads, chosen)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        bars = {one: progress.add_task(one, total=len(STEPS), start=False) for one in chosen}

        def tell(one: str, step: str) -> None:
            progress.start_task(bars[one])
            progress.update(bars[one], completed=STEPS.index(step) + (step == STEPS[-1]))
            progress.update(bars[one], description=f"{one}: {step}")

        evaluation = run(request, tell)
    console.print(_table(evaluation))
    finish(evaluation, as_json)


@app.command("card")
def write_card(
    bundles: Bundles, question: Annotated[str, typer.Option(help="Whose card.")], as_json: AsJson = False
) -> None:
    """Print a model's card, Chinese and English, from its bundle and evaluation.json."""
    _questions([question])
    path = bundles / "evaluation.json"
    if not path.is_file():
        raise UserError(f"没有 {path} / there is no {path}; run python -m training run first.")
    found = json.loads(path.read_text(encoding="utf-8"))
    if question not in found:
        raise UserError(f"{path} 没有 {question} / holds no {question}; run python -m training run first.")
    bundle = load_bundle(bundles / question)
    zh, en = card(bundle, found[question])
    if not as_json:
        typer.echo(f"{zh}\n{en}")
    finish({"question": question, "version": bundle.version, "zh": zh, "en": en}, as_json)


@app.command("review")
def review(
    bundles: Bundles,
    warehouse: Annotated[Path, typer.Option(help="Warehouse the bundles were trained on.")],
    profiles: Annotated[Path, typer.Option(help="Profiles, by python -m features profile.")],
    census: Annotated[Path | None, typer.Option(help="Practice worlds only: the truth folder.")] = None,
    mark: Annotated[
        Path | None, typer.Option(help="mark.parquet of `make mark`: what an ideal scorer would say.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Outcomes delivered by then judge; default: the last judged month.")
    ] = None,
    question: Annotated[list[str] | None, typer.Option(help="Only this question; may be repeated.")] = None,
    part: Annotated[
        list[str] | None, typer.Option(help=f"Only this part; may be repeated: {', '.join(NAMES)}.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Compute parts that are there already.")] = False,
    figures: Annotated[bool, typer.Option(help="Draw the figures (extra `explain`).")] = True,
    seed: Annotated[int, typer.Option(help="Same seed, same data: same figures.")] = 7,
    threads: Annotated[int, typer.Option(min=1, help="Processor cores to use.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Compute what a reviewer signs, part by part, and write BUNDLES/review/index.html; can be resumed.

    Fairness of model, rules and staff, slices, calibration, lift, worth of each department's data, outages,
    stability of reasons, twins, probes, learning curve. Parts of the same bundle are kept.
    """
    chosen, wanted = _reviewed(bundles, question), tuple(part or NAMES)
    unknown = [one for one in wanted if one not in NAMES]
    if unknown:
        raise UserError(f"没有部分 {unknown[0]} / no part {unknown[0]}; there are {', '.join(NAMES)}.")
    day = parse_date(as_of) if as_of else None
    request = ReviewRequest(
        bundles, warehouse, profiles, census, mark, day, chosen, wanted, again, seed, threads
    )
    with Progress(
        TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
    ) as progress:
        bar = progress.add_task("review", total=None)
        found = run_review(request, lambda name, step: progress.update(bar, description=f"{name}: {step}"))
    path = write_page(bundles, chosen, figures=figures)
    console.print(f"{path}")
    finish({"page": str(path), "parts": {one: sorted(parts) for one, parts in found.items()}}, as_json)


@app.command("promote")
def promote(
    bundle: Annotated[Path, typer.Option(help="Folder of the bundle to make champion.")],
    mlflow: Annotated[str, typer.Option(help="MLflow tracking URI it was recorded in.")],
    by: Annotated[list[str], typer.Option(help="Who signs; give it twice, two different persons.")],
    as_json: AsJson = False,
) -> None:
    """Make a recorded bundle the champion, with two signatures."""
    if len(by) != 2:
        raise UserError("提升需要两人签字 / promotion needs exactly two signatures: --by A --by B.")
    chosen = load_bundle(bundle)
    version = registry.promote(mlflow, chosen.question, chosen.version, (by[0], by[1]))
    console.print(f"{chosen.question} {chosen.version}: champion (version {version})")
    finish({"question": chosen.question, "version": chosen.version, "model_version": version}, as_json)


@app.command("explain")
def explain(
    bundles: Bundles,
    question: Annotated[str, typer.Option(help="Whose picture.")],
    profiles: Annotated[Path, typer.Option(help="Profiles, by python -m features profile.")],
    as_of: Annotated[str, typer.Option(help="Month end to explain, YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option(help="Picture to write, .png or .svg.")],
    seed: Annotated[int, typer.Option(help="Draws the households shown.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Draw what moves a model: SHAP values of one month's households, for a reviewer."""
    _questions([question])
    # shap and matplotlib take seconds to import; only this command needs them.
    picture = importlib.import_module("training.explain")
    shown = picture.write_picture(
        bundles, question, profiles, parse_date(as_of), out, seed, min(2, os.cpu_count() or 1)
    )
    console.print(f"{question}: {shown} households in {out}")
    finish({"question": question, "households": shown, "out": str(out)}, as_json)


def _reviewed(bundles: Path, given: list[str] | None) -> tuple[str, ...]:
    """The questions asked for, or all of which there is a bundle."""
    there = tuple(one for one in _questions(given) if given or (bundles / one / FILE).is_file())
    if not there:
        raise UserError(f"{bundles} 没有模型包 / holds no bundle; run python -m training run first.")
    return there


def _questions(given: list[str] | None) -> tuple[str, ...]:
    unknown = [one for one in given or [] if one not in SPECS]
    if unknown:
        raise UserError(f"没有问题 {unknown[0]} / no question {unknown[0]}; there are {', '.join(SPECS)}.")
    return tuple(given or SPECS)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(evaluation: dict[str, Any]) -> Table:
    table = Table(title="同等走访量下 / at equal visits")
    for name in (
        "question",
        "champion",
        "AUC",
        "AP",
        "precision",
        "rules",
        "logistic",
        "random",
        "lift",
        "s",
    ):
        table.add_column(name)
    for question, found in evaluation.items():
        values = [_figure(found[name]["value"]) for name in FIGURES]
        table.add_row(question, found["champion"], *values, str(found["seconds"]))
    return table


if __name__ == "__main__":
    run_app(app)

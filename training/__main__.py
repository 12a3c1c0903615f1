"""python -m training: makes the three risk models and judges them. `--help` teaches."""

import importlib
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from features.cli import console, finish, parse_date
from features.cli import run as run_app
from models.bundle import load_bundle
from training.card import card
from training.options import AsJson, Bundles, require_questions
from training.power_command import power
from training.promotion_command import compare, export, promote
from training.review.case import read_evaluation
from training.review.command import review
from training.review.run import read_review
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


app.command("review")(review)
app.command("compare")(compare)
app.command("promote")(promote)
app.command("export")(export)
app.command("power")(power)


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
    challengers: Annotated[
        bool, typer.Option("--challengers", help="Judge the documented challengers beside the defaults too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train, choose, calibrate and judge; write bundles, evaluation and cards.

    Exit codes: 0 done, 1 our failure, 2 yours (one sentence says what and how to mend it).
    """
    day = parse_date(as_of)
    chosen = require_questions(question)
    request = Request(
        warehouse, profiles, out, day, census, mlflow, test_months, seed, threads, chosen, challengers
    )
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
    """Print a model's card, Chinese and English, from the run and, if there is one, the review."""
    require_questions([question])
    found = read_evaluation(bundles, question)
    bundle = load_bundle(bundles / question)
    zh, en = card(bundle, found, read_review(bundles, question, bundle.version))
    if not as_json:
        typer.echo(f"{zh}\n{en}")
    finish({"question": question, "version": bundle.version, "zh": zh, "en": en}, as_json)


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
    require_questions([question])
    # shap and matplotlib take seconds to import; only this command needs them.
    picture = importlib.import_module("training.explain")
    shown = picture.write_picture(
        bundles, question, profiles, parse_date(as_of), out, seed, min(2, os.cpu_count() or 1)
    )
    console.print(f"{question}: {shown} households in {out}")
    finish({"question": question, "households": shown, "out": str(out)}, as_json)


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

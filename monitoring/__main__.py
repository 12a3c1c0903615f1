"""`python -m monitoring`: is what we know, and what we predict, still true?"""

import json
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from features.cli import console, finish, parse_date, run
from features.engines import open_warehouse
from features.errors import UserError
from models.bundle import Bundle
from models.folder import whole_folder
from monitoring import alerts, report
from monitoring.month import (
    Check,
    QuestionCheck,
    check_question,
    check_tables,
    ordered,
    state_drift,
    strongest,
    universes,
)
from monitoring.page import page
from monitoring.reading import read_bundles
from monitoring.report import Written
from monitoring.summary import summary
from monitoring.visits import recorded

app = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
)

#: METHOD: at most one false alarm of a monitor in five years of monthly reports.
FALSE_ALARMS_A_YEAR = 0.2


@app.callback()
def main() -> None:
    """Watches the departments' answers, the features, the scores and what visits found."""


@app.command(name="report")
def write_report(
    profiles: Annotated[Path, typer.Option(help="Folder of profiles made by `python -m features profile`.")],
    bundles: Annotated[Path, typer.Option(help="Folder of bundles made by `python -m training run`.")],
    warehouse: Annotated[Path, typer.Option(help="Warehouse made by `python -m features intake`.")],
    as_of: Annotated[str, typer.Option(help="Month end to check, YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option(help="The report goes to OUT/monitoring/<as-of>/.")],
    reference: Annotated[
        list[str] | None,
        typer.Option(help="Month end to compare with; repeatable. Default: the bundles' training date."),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=36, help="Months of visits to look back.")] = 6,
    false_alarms: Annotated[
        float, typer.Option(min=0.001, max=12, help="False alarms a year that each monitor may raise.")
    ] = FALSE_ALARMS_A_YEAR,
    seed: Annotated[int, typer.Option(help="Seed of samples and intervals.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Last line of output: one JSON object.")] = False,
) -> None:
    """Compare a month with its reference, and what visits found with what was predicted.

    Writes index.html (start here), summary.json (our figures and alerts), and per question a drift and an
    outcomes report of Evidently as HTML and JSON. Exit codes: 0 done, with or without alerts; 1 our failure;
    2 yours.
    """
    started = time.perf_counter()
    models = read_bundles(bundles)
    check = Check(
        profiles=profiles,
        as_of=parse_date(as_of),
        reference=reference_months(reference, models, parse_date(as_of)),
        rate=min(false_alarms / 12, 0.5),
        months=months,
        seed=seed,
    )
    target = out / "monitoring" / check.as_of.isoformat()
    with whole_folder(target) as folder:
        document = write_month(check, models, warehouse, folder)
    show(document)
    seconds = round(time.perf_counter() - started, 1)
    console.print(f"{target / 'index.html'} ({seconds} s)", highlight=False)
    finish(_result(document, target, seconds), as_json)


def reference_months(given: list[str] | None, models: dict[str, Bundle], as_of: date) -> tuple[date, ...]:
    """The months to compare with; `UserError` where one of them is not before the month checked."""
    days = [parse_date(text, "--reference") for text in given or []]
    days = sorted(set(days or [bundle.trained_as_of for bundle in models.values()]))
    late = [day for day in days if day >= as_of]
    if late:
        source = "--reference" if given else "模型的训练日期 / the bundles' training date"
        raise UserError(
            f"参照月份 {late[-1]} 不早于 {as_of} / the reference month {late[-1]} ({source}) is not "
            f"before {as_of}; give an earlier month end with --reference."
        )
    return tuple(days)


def write_month(check: Check, models: dict[str, Bundle], warehouse: Path, folder: Path) -> dict[str, Any]:
    """Check every question, draw, and write everything into `folder`; returns the summary."""
    store = open_warehouse(warehouse)
    questions: dict[str, QuestionCheck] = {}
    drawings: dict[str, dict[str, Written]] = {}
    with _progress() as progress:
        task = progress.add_task("", total=2 * len(models) + 2)
        progress.update(task, description="各部门送达 / deliveries")
        tables = check_tables(store, check.as_of)
        records = {universe: recorded(store, universe, check.as_of) for universe in universes(models)}
        progress.update(task, description="数据来源状态 / states of the sources", advance=1)
        states = {universe: state_drift(check, universe) for universe in records}
        progress.advance(task)
        for name, bundle in models.items():
            progress.update(task, description=f"{bundle.zh}：比较 / compare")
            questions[name] = check_question(check, bundle, records[bundle.universe])
            progress.update(task, description=f"{bundle.zh}：绘图 / draw", advance=1)
            drawings[name] = draw(check, questions[name], folder)
            progress.advance(task)
    found = ordered(
        [
            *alerts.freshness_alerts(tables),
            *(a for name, (shares, n) in states.items() for a in alerts.state_alerts(name, shares, n)),
            *(a for question in questions.values() for a in question.alerts),
        ]
    )
    document = summary(check, questions, states, tables, found, drawings)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "summary.json").write_text(text, encoding="utf-8")
    (folder / "index.html").write_text(page(document), encoding="utf-8")
    return document


def draw(check: Check, question: QuestionCheck, folder: Path) -> dict[str, Written]:
    """Evidently's two reports of one question."""
    name = question.bundle.question
    each = check.rate / max(len(question.columns), 1)
    names = strongest(question.columns, report.SAMPLE_COLUMNS)
    concluded = question.visits.dropna(subset=["label"])
    said = concluded["probability"].to_numpy(dtype=np.float64)
    prevalence = float(concluded["label"].astype(float).mean()) if len(concluded) else 0.5
    cut = float(np.quantile(said, 1 - prevalence)) if len(said) else 0.5
    return {
        "drift": report.write_drift(
            question.current[names],
            question.reference[names],
            folder / f"{name}_drift",
            rate=each,
            seed=check.seed,
        ),
        "outcomes": report.write_outcomes(concluded, folder / f"{name}_outcomes", cut=cut, seed=check.seed),
    }


def show(document: dict[str, Any]) -> None:
    """The alerts as a table on screen."""
    table = Table(title=f"{document['as_of']}：{len(document['alerts'])} 项提醒 / alerts")
    for heading in ("", "监测 / monitor", "内容 / what", "n"):
        table.add_column(heading, overflow="fold")
    for alert in document["alerts"]:
        mark = "!" if alert["level"] == alerts.ACT else ""
        table.add_row(mark, alert["monitor"], f"{alert['zh']}\n{alert['en']}", str(alert["n"]))
    console.print(table)


def _result(document: dict[str, Any], target: Path, seconds: float) -> dict[str, Any]:
    """The last line of JSON."""
    return {
        "report": str(target / "index.html"),
        "summary": str(target / "summary.json"),
        "as_of": document["as_of"],
        "reference": document["reference"],
        "alerts": len(document["alerts"]),
        "act": sum(alert["level"] == alerts.ACT for alert in document["alerts"]),
        "silent_departments": document["silent_departments"],
        "seconds": seconds,
    }


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


if __name__ == "__main__":
    run(app)

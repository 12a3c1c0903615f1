"""`python -m training review`: what a reviewer signs, part by part; can be resumed."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from features.cli import console, finish, parse_date
from features.errors import UserError
from models.bundle import FILE, load_bundle
from training import registry
from training.options import AsJson, Bundles, require_questions
from training.papers import write_papers
from training.review.case import read_evaluation
from training.review.page import write_page
from training.review.parts import NAMES
from training.review.run import Request, review_folder, run_review


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
    mlflow: Annotated[
        str | None, typer.Option(help="Log the review with the bundle's run: the URI it was recorded in.")
    ] = None,
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
    request = Request(bundles, warehouse, profiles, census, mark, day, chosen, wanted, again, seed, threads)
    with Progress(
        TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
    ) as progress:
        bar = progress.add_task("review", total=None)
        found = run_review(request, lambda name, step: progress.update(bar, description=f"{name}: {step}"))
    path = write_page(bundles, chosen, figures=figures)
    for one in chosen:
        bundle = load_bundle(bundles / one)
        papers = write_papers(bundles, bundle, read_evaluation(bundles, one), found[one])
        if mlflow is not None:
            registry.attach_review(mlflow, bundle, review_folder(bundles, one), [path, *papers])
    console.print(f"{path}")
    finish({"page": str(path), "parts": {one: sorted(parts) for one, parts in found.items()}}, as_json)


def _reviewed(bundles: Path, given: list[str] | None) -> tuple[str, ...]:
    """The questions asked for, or all of which there is a bundle."""
    there = tuple(one for one in require_questions(given) if given or (bundles / one / FILE).is_file())
    if not there:
        raise UserError(f"{bundles} 没有模型包 / holds no bundle; run python -m training run first.")
    return there

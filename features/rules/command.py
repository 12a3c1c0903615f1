"""`python -m features situations FILE`: the law tried on situations that policy staff write."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from features import parameters
from features.cli import console, finish
from features.errors import UserError
from features.rules.situations import differences, load_situations, run_situations


def situations(
    file: Annotated[Path, typer.Argument(help="A .yaml file of situations, or a folder of them.")],
    values: Annotated[
        Path | None,
        typer.Option("--parameters", help="Folder of parameter files; the product's own if none."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Judge the households a file describes and compare with what it expects.

    A situation has a name (a sentence), as_of, region, members, household, records and expect; the files in
    tests/spec/situations are examples. docs/reference/sources.md lists the columns of records,
    docs/reference/rules.md the rules and statuses that expect may speak of: true, false, unknown, unanswered.

    Example: python -m features situations tests/spec/situations/income.yaml

    Exit code 0 where all agree, 1 where some do not, 2 where the file cannot be used.
    """
    files = sorted(file.glob("*.yaml")) if file.is_dir() else [file]
    if not files:
        raise UserError(f"{file} 中没有 .yaml 情景文件 / holds no .yaml file of situations.")
    listed = [situation for each in files for situation in load_situations(each)]
    answers = run_situations(listed, parameters.load(values))
    failed = Table("situation", "expected and got")
    for situation, answer in zip(listed, answers, strict=True):
        if found := differences(situation, answer):
            failed.add_row(situation.name, "\n".join(found))
    if failed.row_count:
        console.print(failed)
    console.print(f"{len(listed) - failed.row_count} of {len(listed)} situations as expected")
    finish({"situations": len(listed), "failed": failed.row_count}, as_json)
    if failed.row_count:
        raise typer.Exit(1)

"""`python -m training compare | promote | export`: challenger beside champion, signatures, the bundle out."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from features.cli import console, finish, parse_date
from features.errors import UserError
from models.bundle import load_bundle
from training import registry
from training.compare import compare_bundles
from training.options import AsJson
from training.profiles import ProfileStore
from training.whole import write_whole


def compare(
    champion: Annotated[Path, typer.Option(help="Folder of the champion's bundle.")],
    challenger: Annotated[Path, typer.Option(help="Folder of the challenger's bundle.")],
    profiles: Annotated[Path, typer.Option(help="Profiles, by python -m features profile.")],
    as_of: Annotated[str, typer.Option(help="Month end whose lists are drawn, YYYY-MM-DD.")],
    out: Annotated[
        Path | None, typer.Option(help="CSV to write: each household on either list, with both ranks.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell who enters and who leaves a month's lists if the challenger took the champion's place."""
    found = compare_bundles(champion, challenger, ProfileStore(profiles), parse_date(as_of))
    if out is not None:
        write_whole(out, found.households.to_csv(index=False))
    table = Table(title=f"{found.summary['question']} {as_of}: Jaccard {found.summary['jaccard']}")
    for name in ("群体 / group", "现在 / now", "之后 / then", "进入 / enter", "离开 / leave"):
        table.add_column(name)
    whole = {"zh": "全部", "en": "all", **found.summary}
    for line in (whole, *found.summary["groups"]):
        counts = (str(line[name]) for name in ("listed_before", "listed_after", "enter", "leave"))
        table.add_row(f"{line['zh']} / {line['en']}", *counts)
    console.print(table)
    finish(found.summary, as_json)


def promote(
    bundle: Annotated[Path, typer.Option(help="Folder of the bundle to make champion.")],
    mlflow: Annotated[str, typer.Option(help="MLflow tracking URI it was recorded in.")],
    by: Annotated[list[str], typer.Option(help="Who signs; give it twice, two different persons.")],
    as_json: AsJson = False,
) -> None:
    """Make a recorded bundle the champion: its gates must hold, and two persons sign."""
    if len(by) != 2:
        raise UserError("提升需要两人签字 / promotion needs exactly two signatures: --by A --by B.")
    chosen = load_bundle(bundle)
    promoted = registry.promote(mlflow, chosen.question, chosen.version, (by[0], by[1]))
    console.print(f"{chosen.question} {chosen.version}: champion (version {promoted.version})")
    for gate in promoted.unknown:
        console.print(f"  证据不足 / insufficient evidence: {gate.zh} / {gate.en}")
    finish(
        {
            "question": chosen.question,
            "version": chosen.version,
            "model_version": promoted.version,
            "gates_unknown": [gate.code for gate in promoted.unknown],
        },
        as_json,
    )


def export(
    mlflow: Annotated[str, typer.Option(help="MLflow tracking URI.")],
    question: Annotated[str, typer.Option(help="Whose champion.")],
    out: Annotated[Path, typer.Option(help="Folder to write the bundle to, in place of an older one.")],
    as_json: AsJson = False,
) -> None:
    """Write the champion's bundle to a folder, verified against the digest it was recorded with."""
    bundle = registry.export(mlflow, question, out)
    console.print(f"{question} {bundle.version} -> {out}")
    finish({"question": question, "version": bundle.version, "out": str(out)}, as_json)

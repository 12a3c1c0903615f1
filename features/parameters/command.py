"""`python -m features parameters`: the law's values of a place and date, and what is wrong in a file."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from features.cli import console, finish, parse_date
from features.errors import UserError
from features.parameters.constraints import Severity, shown
from features.parameters.declared import DECLARED, Unit
from features.parameters.lint import Finding, lint
from features.parameters.reading import DIRECTORY, load
from features.parameters.values import Parameters

parameters = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The law's dated values: show those of a place and date, check a locality's file.",
)

SEVERITIES = {Severity.ERROR: "[bold red]错误 error[/]", Severity.WARNING: "[yellow]提醒 warning[/]"}


@parameters.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Region files of any name; the product's own if none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Say what is written wrong in parameter files, and where they contradict national law, by article.

    An error contradicts the law or cannot be read; a warning is lawful only on a ground that the locality
    should name. What national law asks is data: features/parameters/constraints.yaml.

    Example: python -m features parameters check region_990102.yaml

    Exit code 0 where there is no error (warnings may be), 2 where there is one.
    """
    paths = files or sorted(DIRECTORY.glob("region_*.yaml"))
    absent = [str(path) for path in paths if not path.is_file()]
    if absent:
        raise UserError(
            f"没有文件 {'、'.join(absent)} / no such file: {', '.join(absent)};"
            " name .yaml files of parameters."
        )
    found = lint(paths, load().national)
    for finding in found:
        _tell(finding)
    counts = {each: sum(finding.severity is each for finding in found) for each in Severity}
    console.print(
        f"{len(paths)} 个文件，{counts[Severity.ERROR]} 处错误，{counts[Severity.WARNING]} 处提醒"
        f" / {len(paths)} files, {counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings"
    )
    finish(
        {
            "files": len(paths),
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "findings": [finding._asdict() for finding in found],
        },
        as_json,
    )
    if counts[Severity.ERROR]:
        raise typer.Exit(2)


def _tell(finding: Finding) -> None:
    console.print(f"{SEVERITIES[finding.severity]} {finding.file}: {finding.key}", highlight=False)
    console.print(f"  {finding.zh}\n  {finding.en}", markup=False, highlight=False, soft_wrap=True)
    if finding.article:
        console.print(f"  依据 article: {finding.article}", markup=False, highlight=False, soft_wrap=True)


@parameters.command()
def show(
    region: Annotated[str, typer.Option(help="District code of 6 digits, such as 990102.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Date, YYYY-MM-DD.")],
    side: Annotated[str, typer.Option(help="urban or rural.")] = "urban",
    folder: Annotated[
        Path | None,
        typer.Option("--parameters", help="Folder of parameter files; the product's own if none."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Show every value in force in a place on a date, since when, on which document, and who confirmed it.

    Example: python -m features parameters show --region 990102 --as-of 2025-12-31
    """
    on = parse_date(as_of)
    if side not in ("urban", "rural"):
        raise UserError(f"--side {side} 无效 / is neither urban nor rural; give one of the two.")
    values = load(folder)
    rows = values_of(values, region, side, on)
    title = f"{values.regions[region].zh} {region}，{on}，{'城镇' if side == 'urban' else '农村'} {side}"
    console.print(_table(title, rows))
    finish({"region": region, "side": side, "as_of": str(on), "values": rows}, as_json)


def values_of(values: Parameters, district: str, side: str, on: Any) -> list[dict[str, Any]]:
    """Every parameter of a place with the value in force; those the locality leaves out have none.

    `UserError` names a district without a file, or a date before all values.
    """
    values.parameter("standard", district)
    rows = []
    for name, declared in DECLARED.items():
        row: dict[str, Any] = {"name": name, "scope": declared.scope.value, "unit": declared.unit.value}
        if not values.says(name, district):
            rows.append({**row, "value": None})
            continue
        parameter, dated = values.parameter(name, district), values.dated(name, district, side, on)
        rows.append(
            row
            | {
                "zh": parameter.zh,
                "en": parameter.en,
                "value": shown(dated.value),
                "since": str(dated.start),
                "until": dated.until and str(dated.until),
                "reference": dated.reference or parameter.reference,
                "confirmed_by": dated.confirmed_by or values.file_of(name, district).confirmed_by,
            }
        )
    return rows


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("参数 parameter", overflow="fold", ratio=5)
    table.add_column("值 value", overflow="fold", ratio=3)
    table.add_column("自 since", no_wrap=True)
    table.add_column("依据 document", overflow="fold", ratio=4)
    for row in rows:
        if row["value"] is None:
            table.add_row(row["name"], "未规定 not said", "", "")
        else:
            words = f"{row['zh']}\n[dim]{row['name']}[/]"
            table.add_row(words, _in_words(row), row["since"], row["reference"])
    return table


def _in_words(row: dict[str, Any]) -> str:
    """A number with its unit; codes by what they mean."""
    declared = DECLARED[row["name"]]
    if declared.choices:
        codes = row["value"].split("、")
        return "、".join(declared.choices[code][0] if code in declared.choices else code for code in codes)
    if declared.unit in (Unit.FLAG, Unit.STREETS):
        return {"true": "是 true", "false": "否 false"}.get(row["value"], row["value"])
    return f"{row['value']} {row['unit']}"

"""`python -m synthetic_data fidelity`: is the practice world like what was published?"""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.table import Table

from features.cli import console, finish
from features.errors import UserError
from synthetic_data.fidelity import ATTRIBUTES, VERDICTS, compare


def fidelity(
    world: Annotated[Path, typer.Argument(help="Folder made by `python -m synthetic_data generate`.")],
    page_file: Annotated[
        Path | None, typer.Option("--page", help="HTML file to write, to read and to print on A4.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Compare the world's marginals with published figures: inside, outside or not measurable.

    A figure outside is told, not hidden: results from a world hold for a district as far as it is like one.
    Planted cases are listed with the families that play them.

    Example: python -m synthetic_data fidelity out/demo/world --page out/fidelity.html
    """
    if page_file is not None and page_file.is_dir():
        raise UserError(f"--page {page_file} 是文件夹 / is a folder; name an .html file.")
    report = compare(world)
    console.print(_table(report))
    console.print(_cases(report))
    if page_file is not None:
        _write(page_file, page(report))
        console.print(f"页面 page: {page_file}", highlight=False)
    finish(report, as_json)


def page(report: dict[str, Any]) -> str:
    """The report as one HTML page without scripts or anything from elsewhere."""
    templates = Environment(
        loader=PackageLoader("synthetic_data", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = templates.get_template("fidelity.html.j2")
    return told.render(
        report=report, verdicts=VERDICTS, attributes=ATTRIBUTES, written=written, published=published
    )


def written(value: float | None, unit: str) -> str:
    """A share in percent, anything else with two decimals; a dash where there is none."""
    if value is None:
        return "—"
    return f"{value:.1%}" if unit == "share" else f"{value:.2f}"


def published(figure: dict[str, Any]) -> str:
    """The published range."""
    low, high = figure["published"]
    return f"{written(low, figure['unit'])}–{written(high, figure['unit'])}"


def _table(report: dict[str, Any]) -> Table:
    table = Table(title=f"与已公布数字比较 fidelity, {report['as_of']}")
    for heading in ("数字 figure", "已公布 published", "测得 measured", "结论 verdict"):
        table.add_column(heading)
    for figure in report["figures"]:
        table.add_row(
            f"{figure['zh']} {figure['en']}",
            published(figure),
            written(figure["measured"], figure["unit"]),
            " ".join(VERDICTS[figure["verdict"]]),
        )
    return table


def _cases(report: dict[str, Any]) -> Table:
    table = Table(title="埋设的情形 planted cases")
    for heading in ("情形 case", "户 families", "在册 on file", "无辜 innocent"):
        table.add_column(heading)
    for case in report["scenarios"]:
        innocent = "是 yes" if case["innocent"] else "否 no"
        table.add_row(f"{case['zh']} {case['en']}", str(case["families"]), str(case["on_file"]), innocent)
    return table


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)

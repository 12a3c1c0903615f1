"""The two tables of the screen: measures by department, and what to mend first."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from features.quality import shown
from features.sources import DEPARTMENTS


def summary_table(report: dict[str, Any]) -> Table:
    """Departments by headline measures: shares with the fault; tables as so many of so many."""
    headline = [measure for measure in report["measures"] if measure["headline"]]
    cells = [shown.by(measure["by_department"], "department") for measure in headline]
    table = Table(
        title=f"数据质量 / data quality, {report['as_of']}",
        caption=f"n=…：{shown.TOO_FEW[0]} / {shown.TOO_FEW[1]}",
        title_justify="left",
        caption_justify="left",
        box=SIMPLE_HEAD,
        padding=0,
        pad_edge=False,
    )
    table.add_column("部门", no_wrap=True)
    for measure in headline:
        table.add_column(measure["name"]["zh"], justify="right", overflow="fold", min_width=5)
    for department, (zh, _) in DEPARTMENTS.items():
        found = [each.get(department) for each in cells]
        if any(counts and counts["of"] for counts in found):
            shares = zip(headline, found, strict=True)
            table.add_row(zh, *(_cell(counts, measure["complete"]) for measure, counts in shares))
    return table


def _cell(counts: dict[str, Any] | None, complete: bool) -> str:
    return shown.share(counts, complete).removeprefix(f"{shown.TOO_FEW[0]} ")


def mend_table(report: dict[str, Any]) -> Table:
    """What to mend first, by households touched."""
    title = "先改哪一项，按涉及户数 / mend first, by households touched"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("部门", no_wrap=True)
    table.add_column("问题 fault", overflow="fold", ratio=3)
    for heading in ("户数\nhomes", "件数\nfaults", "比例\nshare"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("怎样改 remedy", overflow="fold", ratio=4)
    for fault in report["mend_first"]:
        table.add_row(
            str(fault["rank"]),
            DEPARTMENTS[fault["department"]][0],
            f"{fault['name']['zh']}\n[dim]{fault['name']['en']}[/]",
            shown.whole(fault["households"]),
            shown.whole(fault["hits"]),
            _cell(fault, fault["complete"]),
            fault["remedy"]["zh"],
        )
    return table

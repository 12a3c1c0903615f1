"""A replay on screen: which values differ, what becomes of each street, which rules say otherwise."""

from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from features.replay.changes import WORDS, Change


def yuan(amount: Decimal, sign: bool = False) -> str:
    """Money as staff write it; with its sign where it is a difference."""
    return f"{amount:+,.2f}" if sign and amount else f"{amount:,.2f}"


def values_table(changed: list[dict[str, Any]]) -> Table:
    """The values that differ on the date; both sides of a district in one row where they are alike."""
    table = _table("两套参数的不同之处 / values that differ")
    table.add_column("参数 parameter", overflow="fold")
    table.add_column("区划 district")
    table.add_column("现行 now", justify="right", overflow="fold")
    table.add_column("拟改 proposed", justify="right", overflow="fold")
    for row in alike(changed):
        where = f"{row['district']} {row['side']}".strip()
        table.add_row(row["parameter"], where, row["before"] or "—", row["after"] or "—")
    return table


def alike(changed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of urban and rural values that say the same as one row without a side."""
    rows: list[dict[str, Any]] = []
    for row in changed:
        same = {**row, "side": ""}
        if rows and {**rows[-1], "side": ""} == same:
            rows[-1] = same
        else:
            rows.append(row)
    return rows


def streets_table(report: dict[str, Any]) -> Table:
    """One row a street and the sum of all: households by change, and the month's cost."""
    table = _table("在册家庭，按街道 / households on file, by street")
    table.add_column("街道\nstreet", no_wrap=True)
    table.add_column("户数\nhomes", justify="right")
    for change in Change:
        zh, en = WORDS[change]
        table.add_column(f"{zh.split('，')[0]}\n{en}", justify="right", overflow="fold")
    table.add_column("月支出变化 元\ncost, certain", justify="right", no_wrap=True)
    table.add_column("至多\nat most", justify="right", no_wrap=True)
    for street in report["streets"]:
        table.add_row(street["street_code"], *_cells(street))
    table.add_section()
    table.add_row("合计 all", *_cells(report["all"]), style="bold")
    return table


def findings_table(report: dict[str, Any]) -> Table:
    """One row a street where a finding turns: of families without authorisation only outreach can tell."""
    table = _table(
        "户籍家庭，按街道：未授权核对，收入未知，只看主动发现的线索"
        " / hukou households: incomes are unknown, only signs of outreach"
    )
    for heading in ("街道 street", "户数 homes", "新增线索 raised", "消失 gone"):
        table.add_column(heading, justify="left" if heading.startswith("街") else "right")
    for street in report["streets"]:
        if any(street["findings"].values()):
            table.add_row(street["street_code"], *_findings(street))
    table.add_section()
    table.add_row("合计 all", *_findings(report["all"]), style="bold")
    return table


def exit_table(report: dict[str, Any]) -> Table:
    """Households that leave dibao and those at its exit, with what else they would lose a month."""
    share = f"{report['near_exit_share']:.0%}"
    table = _table(
        "退出线的断崖：失去低保身份时一并失去的待遇 / the cliff: benefits lost with dibao, yuan a month"
    )
    for heading in ("", "户数 homes", "低保金 benefit", "关联待遇 linked", "一户至多 one home, at most"):
        table.add_column(heading, justify="right" if heading else "left", overflow="fold")
    for name, words in (
        ("exits", "将退出低保 would leave dibao"),
        ("near_exit", f"收入已达收入线 {share} income from {share} of the line"),
    ):
        part = report["all"][name]
        money = [yuan(part[key]) for key in ("benefit_yuan", "linked_yuan", "linked_most_yuan")]
        table.add_row(words, f"{part['households']:,}", *money)
    return table


def rules_table(report: dict[str, Any]) -> Table:
    """Findings that rules would raise or no longer make."""
    table = _table("结论不同的规则，按户 / rules that say something else, households")
    table.add_column("规则 rule", overflow="fold")
    for heading in ("现行 now", "拟改 proposed", "新增 raised", "消失 gone"):
        table.add_column(heading, justify="right")
    for row in report["rules"]:
        counts = [f"{row[key]:,}" for key in ("before", "after", "raised", "gone")]
        table.add_row(f"{row['zh']}\n[dim]{row['rule']}[/]", *counts)
    return table


def _cells(place: dict[str, Any]) -> list[str]:
    counts = [f"{place['changes'][change.value]:,}" for change in Change]
    money = [yuan(place["month"][f"{name}_change_yuan"], sign=True) for name in ("certain", "at_most")]
    return [f"{place['households']:,}", *counts, *money]


def _findings(place: dict[str, Any]) -> list[str]:
    return [f"{count:,}" for count in (place["households"], *place["findings"].values())]


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)

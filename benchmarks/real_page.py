"""The figures of a run as the tables of docs/real-data.md, between its two marks."""

from pathlib import Path
from typing import Any

from features.errors import UserError

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
#: Leaks of one variant that are named.
NAMED = 5
HEADER = (
    "set",
    "judged",
    "base",
    "AUC [95 %]",
    "reference",
    "average precision (reference)",
    "precision at 5 % (reference)",
    "linear AUC",
    "calibration error",
    "champion",
    "CPU s",
)


def figures(found: dict[str, Any]) -> str:
    """Markdown: one line a set, then what leaked in each and what the guards named."""
    sets = {name: one for name, one in found.items() if "auc" in one}
    lines = [_line(HEADER), _line(["---"] * len(HEADER)), *(_line(_row(*pair)) for pair in sets.items())]
    leaks = [
        _line([name, variant, "yes" if one["caught"] else "**no**", _named(one["leaks"])])
        for name, told in sets.items()
        for variant, one in told.get("planted", {}).items()
    ]
    alarms = [name for name, one in sets.items() if one["leaks"]]
    honest = (
        f"On the honest fields of these {len(sets)} sets no guard fires."
        if not alarms
        else f"On honest fields a guard fires in: {', '.join(alarms)}."
    )
    heading = [_line(["set", "what may be read", "caught", "named"]), _line(["---"] * 4)]
    return "\n".join([*lines, "", honest, "", *(heading + leaks if leaks else [])]).rstrip()


def write_page(page: Path, found: dict[str, Any]) -> None:
    """Put the figures between the marks of `page`; `UserError` where they are missing."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if not 0 <= text.find(BEGIN) < text.find(END):
        raise UserError(f"{page} 没有两个标记 / lacks the marks {BEGIN} and {END}; add them.")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    page.write_text(f"{before}{BEGIN}\n{figures(found)}\n{END}{after}", encoding="utf-8")


def _row(name: str, one: dict[str, Any]) -> list[str]:
    return [
        name,
        f"{one['judged']:,}",
        f"{one['base']:.3f}",
        _interval(one, "auc", "auc"),
        _interval(one, "reference", "reference_auc"),
        _beside(one, "average_precision"),
        _beside(one, "precision_at_5_percent"),
        f"{one['linear_auc']:.3f}",
        f"{one['calibration_error']:.3f}",
        ", ".join(one["champion"]),
        f"{one['cpu_seconds']:.0f}" if "cpu_seconds" in one else "",
    ]


def _interval(one: dict[str, Any], ends: str, value: str) -> str:
    if one.get(value) is None:
        return ""
    low, high = one.get(f"{ends}_low"), one.get(f"{ends}_high")
    return f"{one[value]:.3f}" + ("" if low is None else f" [{low:.3f}, {high:.3f}]")


def _beside(one: dict[str, Any], figure: str) -> str:
    reference = one.get(f"reference_{figure}")
    return f"{one[figure]:.3f}" + ("" if reference is None else f" ({reference:.3f})")


def _named(leaks: list[dict[str, Any]]) -> str:
    told = [f"{one['kind']}: {' + '.join(one['columns'])}" for one in leaks[:NAMED]]
    return "; ".join(told) + (f"; and {len(leaks) - NAMED} more" if len(leaks) > NAMED else "")


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"

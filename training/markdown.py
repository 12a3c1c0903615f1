"""Tables and numbers of the cards, alike in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

Found = Mapping[str, Any]


def table(header: Iterable[str], lines: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar in a cell is written so that it opens no column."""
    names = list(header)
    rows = ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines]
    return "\n".join(["| " + " | ".join(names) + " |", "|" + "---|" * len(names), *rows])


def number(value: float | None, digits: int = 3) -> str:
    """`0.123`, or a dash where nothing is known."""
    return "—" if value is None or value != value else f"{value:.{digits}f}"


def interval(found: Found | None, digits: int = 3) -> str:
    """`0.286 (0.113 – 0.456)`, or a dash."""
    if not found or found.get("value") is None:
        return "—"
    if found.get("low") is None or found.get("high") is None:
        return number(found["value"], digits)
    return f"{found['value']:.{digits}f} ({found['low']:.{digits}f} – {found['high']:.{digits}f})"

"""How counts are written, alike on screen and on the page."""

from collections.abc import Mapping
from typing import Any

#: What stands where there are too few units for a percentage.
TOO_FEW = ("证据不足", "insufficient evidence")
#: What stands where a department or street has no units at all.
NONE = "—"

STATES = {
    "fresh": ("按期", "on time"),
    "late": ("迟到", "late"),
    "silent": ("视为未返回", "silent"),
    "never": ("从未送达", "never delivered"),
}


def percent(share: float) -> str:
    """A share as staff write it: one decimal, two where it is under one percent and not nothing."""
    return f"{share:.2%}" if 0 < share < 0.01 else f"{share:.1%}"


def share(counts: Mapping[str, Any] | None, complete: bool = False) -> str:
    """A percentage, or that there is too little evidence, with the number of units.

    complete: every unit is known by name, so that the count itself is the answer.
    """
    if counts is None or not counts["of"]:
        return NONE
    if complete:
        return f"{counts['hits']}/{counts['of']}"
    if not counts["enough"]:
        return f"{TOO_FEW[0]} n={counts['of']:,}"
    return percent(counts["share"])


def interval(counts: Mapping[str, Any]) -> str:
    """The interval of a share; empty where there is none."""
    if counts["low"] is None:
        return ""
    return f"{percent(counts['low'])}–{percent(counts['high'])}"


def whole(number: int | None) -> str:
    """A count; a dash where it cannot be said."""
    return NONE if number is None else f"{number:,}"


def by(rows: list[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    """Rows by the value of one of their keys."""
    return {row[key]: row for row in rows}


def street_codes(measures: list[dict[str, Any]], districts: set[str]) -> list[str]:
    """Streets of the given districts that some headline measure speaks of, in order."""
    codes = {row["street_code"] for m in measures if m["headline"] for row in m["by_street"]}
    return sorted(code for code in codes if not districts or code[:6] in districts)

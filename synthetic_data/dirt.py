"""Damage as departments really send it: cells that cannot be read, and names written in another way."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from features.sources.core import Kind, Source


class Mess(StrEnum):
    """How damaged departments' files are.

    Records that really stand under another person's number belong to the world: they are there at any degree.
    """

    NONE = "none"
    DEFAULT = "default"
    HEAVY = "heavy"

    @property
    def times(self) -> int:
        """What the shares of damaged cells are multiplied with."""
        return {"none": 0, "default": 1, "heavy": 8}[self]


#: Share of names that a department writes in another way than the resident register.
NAMES_WRITTEN_OTHERWISE = 0.012
#: Simplified -> traditional form, of characters that are frequent in names.
TRADITIONAL = str.maketrans(
    dict(
        zip(
            "张刘陈杨赵黄吴马国华丽伟兰红军杰凤龙玉莲云荣静艳娟强宁东飞鹏丹颖洁岩琴莹",
            "張劉陳楊趙黃吳馬國華麗偉蘭紅軍傑鳳龍玉蓮雲榮靜艷娟強寧東飛鵬丹穎潔巖琴瑩",
            strict=True,
        )
    )
)
#: Other spellings of the middle dot in minority names, and none at all.
DOTS = ("•", "・", "．", ".", "")


def spoil(source: Source, cells: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Spoil one cell in each of these rows (text columns by name): a number, a date or an amount."""
    count = len(next(iter(cells.values())))
    ids = [c.name for c in source.columns if c.kind is Kind.ID_NO and c.required]
    dates = [c.name for c in source.columns if c.kind in (Kind.DATE, Kind.MONTH) and c.required]
    amounts = [c.name for c in source.columns if c.kind is Kind.YUAN and c.required]
    ways = (
        [("id", name) for name in ids] * 2
        + [("date", name) for name in dates]
        + [("yuan", name) for name in amounts]
    )
    if not ways:
        ways = [("required", source.key[0])]
    result = {name: values.astype(object).copy() for name, values in cells.items()}
    for row, choice in enumerate(rng.integers(0, len(ways), count).tolist()):
        way, name = ways[choice]
        result[name][row] = _bad(way, str(result[name][row] or ""), int(rng.integers(0, 20)))
    return result


def rewrite_names(names: np.ndarray, rng: np.random.Generator, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Write a share of these names in another way; returns the names and which were changed."""
    chosen = np.flatnonzero(rng.random(len(names)) < share)
    ways = rng.integers(0, len(_WAYS), len(chosen))
    written = names.copy()
    for row, way in zip(chosen.tolist(), ways.tolist(), strict=True):
        written[row] = _WAYS[way](str(names[row] or ""))
    changed = np.zeros(len(names), bool)
    changed[chosen] = written[chosen] != names[chosen]
    return written, changed


def _other_dot(name: str) -> str:
    return name.replace("·", DOTS[len(name) % len(DOTS)])


#: A blank between the characters, a character that could not be written, traditional forms, another dot.
_WAYS: tuple[Callable[[str], str], ...] = (
    lambda name: "\u3000".join((name[:1], name[1:])) if len(name) == 2 else name,
    lambda name: name[:-1] + "?",
    lambda name: name.translate(TRADITIONAL),
    _other_dot,
)


def _bad(way: str, cell: str, variant: int) -> str:
    if way == "id" and len(cell) == 18:
        if variant % 5 == 4:  # one digit mistyped
            place = 6 + variant // 5 * 2
            return cell[:place] + str((int(cell[place]) + 1) % 10) + cell[place + 1 :]
        digit = "0123456789X"[("0123456789X".index(cell[-1]) + 3) % 11]
        return (cell[:-1] + digit, f"{cell[0]}.{cell[1:6]}E+17", f"{cell[:17]}.0", "无")[variant % 5]
    if way == "date":
        return ("2024-13-01", "0000-00-00", "不详", "2024-02-31")[variant % 4]
    if way == "yuan":
        return ("无", "不详", "/", "见附件")[variant % 4]
    return ""

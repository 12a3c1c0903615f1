"""Damage as departments really send it: cells that cannot be read, and names written in another way."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from features.sources.core import Kind, Source


class Mess(StrEnum):
    """In which shapes departments' files come and how damaged they are.

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

WHEN = (Kind.DATE, Kind.MONTH)
#: What cannot be read, by kind of cell: (name in `truth/shapes.json`, what is written).
UNREADABLE: dict[str, tuple[tuple[str, str], ...]] = {
    "date": (
        ("date_month_13", "2024-13-01"),
        ("date_zeros_required", "0000-00-00"),
        ("date_unknown", "不详"),
        ("date_no_such_day", "2024-02-31"),
    ),
    "month": (
        ("month_13", "2024-13-01"),
        ("month_whole_year", "{year}年"),
        ("month_unknown", "不详"),
        ("month_no_such_day", "2024-02-31"),
    ),
    "yuan": (
        ("yuan_none_required", "无"),
        ("yuan_slash_required", "/"),
        ("yuan_dash_required", "-"),
        ("yuan_words", "见附件"),
        ("yuan_a_year", "{amount}元/年"),
        ("yuan_formula", "=B2*12"),
    ),
}
UNREADABLE["yuan_from_0"] = (*UNREADABLE["yuan"], ("yuan_negative", "-300"))


def spoil(
    source: Source, cells: dict[str, np.ndarray], rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], set[str]]:
    """Spoil one cell in each of these rows (text columns by name), so that none can be read; and the ways."""
    required = [column for column in source.columns if column.required]
    ids = [("id", c.name) for c in required if c.kind is Kind.ID_NO]
    dates = [("date" if c.kind is Kind.DATE else "month", c.name) for c in required if c.kind in WHEN]
    amounts = [
        ("yuan" if c.minimum is None else "yuan_from_0", c.name) for c in required if c.kind is Kind.YUAN
    ]
    ways = ids * 2 + dates + amounts or [("text", source.key[0])]
    result = {name: values.astype(object).copy() for name, values in cells.items()}
    used: set[str] = set()
    count = len(next(iter(cells.values())))
    for row, choice in enumerate(rng.integers(0, len(ways), count).tolist()):
        kind, name = ways[choice]
        way, result[name][row] = _bad(kind, str(result[name][row] or ""), int(rng.integers(0, 20)))
        used.add(way)
    return result, used


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


def _bad(kind: str, cell: str, variant: int) -> tuple[str, str]:
    """(way, cell): `UNREADABLE` names the ways of a kind, or an identity number's own."""
    if kind == "id" and len(cell) == 18:
        if variant % 5 == 4:
            place = 6 + variant // 5 * 2
            return "id_mistyped", cell[:place] + str((int(cell[place]) + 1) % 10) + cell[place + 1 :]
        digit = "0123456789X"[("0123456789X".index(cell[-1]) + 3) % 11]
        return (
            ("id_wrong_check", cell[:-1] + digit),
            ("id_float", f"{cell[0]}.{cell[1:6]}E+17"),
            ("id_point_zero", f"{cell[:17]}.0"),
            ("id_none", "无"),
        )[variant % 5]
    ways = UNREADABLE.get(kind, ()) or (("text_missing", ""),)
    way, written = ways[variant % len(ways)]
    return way, written.format(year=cell[:4], amount=cell)

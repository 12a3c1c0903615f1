"""The same value in another way of writing: what intake must read as if nothing had been done to it.

`SPELLINGS` holds, by kind of column, each way under the name it has in `truth/shapes.json`. A way answers ''
where a cell cannot be written so.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np

from features.sources.core import Column, Kind, Source

Spelling = Callable[[str], str]

WIDE = str.maketrans("0123456789.X", "０１２３４５６７８９．Ｘ")
#: Day 0 of a spreadsheet's calendar, and the first day whose serial number is believed to be one.
EPOCH, FIRST_SERIAL = date(1899, 12, 30), date(1928, 1, 1)


def _fifteen_digits(number: str) -> str:
    """The form of before 1999, which knows no century."""
    return number[:6] + number[8:17] if number[6:8] == "19" else ""


def serial(day: str) -> str:
    """A spreadsheet's number of a day; '' where that would not be read as one."""
    try:
        written = date.fromisoformat(day)
    except ValueError:
        return ""
    return str((written - EPOCH).days) if written >= FIRST_SERIAL else ""


def _dotted(day: str) -> str:
    return ".".join(str(int(part)) for part in day.split("-"))


def _in_words(day: str) -> str:
    return "".join(f"{int(part)}{unit}" for part, unit in zip(day.split("-"), "年月日", strict=False))


def _grouped(amount: str) -> str:
    return f"{Decimal(amount):,.2f}" if Decimal(amount) >= 1000 else ""


def _ten_thousands(amount: str) -> str:
    return f"{(Decimal(amount) / 10_000).normalize():f}万元"


SPELLINGS: dict[Kind, dict[str, Spelling]] = {
    Kind.ID_NO: {
        "id_lower_x": lambda number: number.lower() if number.endswith("X") else "",
        "id_apostrophe": lambda number: f"'{number}",
        "id_wide": lambda number: number.translate(WIDE),
        "id_spaces": lambda number: f"{number[:6]} {number[6:14]} {number[14:]}",
        "id_15_digits": _fifteen_digits,
    },
    Kind.DATE: {
        "date_dots": _dotted,
        "date_compact": lambda day: day.replace("-", ""),
        "date_words": _in_words,
        "date_serial": serial,
    },
    Kind.MONTH: {
        "month_dots": _dotted,
        "month_compact": lambda month: month.replace("-", ""),
        "month_words": _in_words,
    },
    Kind.YUAN: {
        "yuan_grouped": _grouped,
        "yuan_sign": lambda amount: f"￥{amount}",
        "yuan_ten_thousands": _ten_thousands,
        "yuan_wide": lambda amount: amount.translate(WIDE),
    },
}
#: How nothing is written where nothing may be.
EMPTY: dict[Kind, dict[str, str]] = {
    Kind.DATE: {"date_zeros": "0000-00-00", "date_slash": "/"},
    Kind.YUAN: {"yuan_dash": "-", "yuan_slash": "/", "yuan_none": "无"},
}


def respell(
    source: Source, cells: dict[str, np.ndarray], rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], set[str]]:
    """Write one cell of each of these rows (text columns by name) in another way; and the ways."""
    columns = [column for column in source.columns if column.kind in SPELLINGS]
    result = {name: values.copy() for name, values in cells.items()}
    used: set[str] = set()
    count = len(next(iter(cells.values())))
    for row, choice in enumerate(rng.integers(0, 1 << 30, count).tolist()):
        column = columns[choice % len(columns)]
        way, written = _otherwise(column, str(result[column.name][row]), choice // len(columns))
        if way:
            result[column.name][row] = written
            used.add(way)
    return result, used


def _otherwise(column: Column, cell: str, choice: int) -> tuple[str, str]:
    """The first way from `choice` on that suits the cell; ('', cell) where none does."""
    if not cell:
        nothing = () if column.required else tuple(EMPTY.get(column.kind, {}).items())
        return nothing[choice % len(nothing)] if nothing else ("", cell)
    spellings = SPELLINGS[column.kind]
    if column.kind is Kind.ID_NO and cell.endswith("X"):  # rare enough to be shown wherever it can be
        return "id_lower_x", spellings["id_lower_x"](cell)
    ways = tuple(spellings.items())
    for step in range(len(ways)):
        name, spelling = ways[(choice + step) % len(ways)]
        if written := spelling(cell):
            return name, written
    return "", cell

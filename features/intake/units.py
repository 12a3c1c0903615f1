"""What a header says of an amount behind its name, 余额（万元） or 租金（元/年）: its unit and its period."""

import re
from typing import Any, NamedTuple

import ibis

from features.incomes import MONTHS, Period

#: What stands before 元, in a header or behind a cell's number.
SCALES = {
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
#: Any of them in a pattern, the longer first.
ANY_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
#: The periods that amounts are declared in, as headers write them.
PERIODS = {"月": Period.MONTH, "年": Period.YEAR}
#: A cell that names its own unit: 1.2万元, 12000元.
OWN_UNIT = "[元圆百千万亿]"

_YUAN = "decimal(18,2)"
_BEHIND = re.compile(r"[((\[【](.*?)[))\]】]$")
_SCALE = re.compile(rf"({ANY_SCALE}|)(?:元|$|/|每)")
_PERIOD = re.compile(r"(?:[/每按]|^)(年|月|季|半年|学期|周|日|天)度?$")


class Said(NamedTuple):
    """A header's name and what stands behind it. unit: yuan in one; period: 年, 月, 季 …, empty for none."""

    name: str
    unit: int
    period: str


def said_of(header: str) -> Said | None:
    """The parts of a header (see `tidying.comparable_header`); None where nothing stands behind its name.

    >>> said_of("租金(万元/年)")
    Said(name='租金', unit=10000, period='年')
    """
    behind = _BEHIND.search(header)
    if behind is None:
        return None
    scale, period = _SCALE.search(behind[1]), _PERIOD.search(behind[1])
    unit = SCALES.get(scale[1], 1) if scale else 1
    return Said(header[: behind.start()], unit, period[1] if period else "")


def suffix(unit: int, period: Period | None) -> str:
    """What stands behind a name for it to be read so: （万元/年）, or nothing."""
    if unit == 1 and period is None:
        return ""
    per = "".join(f"/{sign}" for sign, one in PERIODS.items() if one is period)
    return f"（{scale_of(unit)}元{per}）"


def scale_of(unit: int) -> str:
    """The word of a unit: 万 for 10,000; empty for yuan."""
    return next((word for word, scale in SCALES.items() if scale == unit), "")


def with_unit(plain: Any, text: Any, unit: int) -> Any:
    """A number with the header's unit behind it; not where the cell names its own.

    Written behind the number it is read as exactly as a cell's own: 1.23456 under 万元 is 12,345.60.
    """
    return ibis.ifelse(text.re_search(OWN_UNIT), plain, plain + scale_of(unit))


def in_period(value: Any, said: Period | None, declared: Period | None) -> Any:
    """Yuan of the header's period as yuan of the declared one; a twelfth is rounded to the fen, half up."""
    if said is None or declared is None or Period.STATED in (said, declared) or said is declared:
        return value
    fen = (value * 100).cast("int64")
    # Whole numbers: a division of decimals would be a double's.
    turned = fen * MONTHS if declared is Period.YEAR else (fen * 2 + MONTHS) // (2 * MONTHS)
    # Ibis takes the product for one of the same type, and would leave a cast to it out; the engine's has four
    # places.
    product = turned.cast(_YUAN) * ibis.literal("0.01").cast(_YUAN)
    return product.cast("decimal(38,4)").cast(_YUAN)

"""Figures as people read them: yuan, months, shares, dates."""

from decimal import Decimal
from typing import Any

from serving.casework.columns import yuan
from serving.messages import text

UNITS = {
    "yuan": ("元", "yuan"),
    "months": ("个月", "months"),
    "years": ("年", "years"),
    "days": ("天", "days"),
    "m2": ("平方米", "m²"),
    "mu": ("亩", "mu"),
    "kwh": ("千瓦时", "kWh"),
    "ratio": ("倍", "times"),
    "count": ("", ""),
}


def figure(value: float | None, unit: str, language: str) -> str:
    """「48,000 元」; 「未知」 for None."""
    if value is None:
        return text("unknown", language)
    if unit == "flag":
        return text("yes" if value else "no", language)
    if unit == "share":
        return f"{value * 100:.0f} %"
    words = UNITS.get(unit, ("", ""))[0 if language == "zh" else 1]
    number = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.1f}"
    return f"{number} {words}".strip()


def amount(fen: int | None, language: str) -> str:
    """Whole fen as yuan; exact, without useless zeros."""
    if fen is None:
        return text("unknown", language)
    return text("yuan", language, amount=_plain(yuan(fen)))


def bounds(low: int | None, high: int | None, language: str) -> str:
    """「1,200 至 1,450 元」, or one amount where both are the same."""
    if low is None or high is None or low == high:
        return amount(low if low is not None else high, language)
    return text("between", language, low=_plain(yuan(low)), high=_plain(yuan(high)))


def percent(share: float | None) -> str:
    """A confidence as a whole percentage."""
    return "—" if share is None else f"{share:.0%}"


def day(value: Any, *, monthly: bool = False) -> str:
    """A date in ISO form, only its month where the event is a month, or a dash."""
    return str(value)[: 7 if monthly else 10] if value else "—"


def _plain(value: Decimal | None) -> str:
    written = f"{value or 0:,.2f}"
    return written.removesuffix(".00")

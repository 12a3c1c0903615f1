"""One written value against its declaration: the right kind, within bounds, codes that are known."""

import re
from decimal import Decimal
from typing import Any

from features.parameters.declared import Declared, Unit
from features.parameters.faults import nearest
from features.parameters.values import Value


class Refused(ValueError):
    """A value that cannot stand: `zh` and `en` say what to write instead."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


def read_value(declared: Declared, raw: Any) -> Value:
    """The value as the rules take it; `Refused` says what is wrong with it."""
    unit = declared.unit
    if unit is Unit.FLAG:
        if not isinstance(raw, bool):
            raise Refused("应为 true 或 false", "write true or false")
        return raw
    if unit is Unit.CHOICE:
        return _code(declared, raw)
    if unit.is_listed:
        return _codes(declared, raw)
    return _number(declared, raw)


def _code(declared: Declared, raw: Any) -> str:
    if not declared.open and raw not in declared.choices:
        zh, en = nearest(raw, declared.choices)
        raise Refused(f"{raw} 不认识；{zh}", f"{raw} is not known; {en}")
    return str(raw)


def _codes(declared: Declared, raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise Refused("应为列表，如 [a, b]", "write a list such as [a, b]")
    if declared.unit is Unit.STREETS:
        if not all(re.fullmatch("[0-9]{9}", str(code)) for code in raw):
            raise Refused("应为 9 位街道代码的列表", "write a list of street codes of 9 digits")
        codes = sorted(str(code) for code in raw)
    else:
        codes = [_code(declared, code) for code in raw]
    if len(set(codes)) < len(codes):
        raise Refused("同一代码写了两次", "a code is written twice")
    return tuple(codes)


def _number(declared: Declared, raw: Any) -> Decimal | int:
    unit = declared.unit
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise Refused(f"应为数字（{unit}）", f"write a number ({unit})")
    value = Decimal(raw)
    least, most = declared.minimum, declared.most
    if not (value.is_finite() and least <= value <= most):
        raise Refused(
            f"{value} 超出 {least} 至 {most}，请核对单位 {unit}",
            f"{value} is outside {least} to {most}; check the unit {unit}",
        )
    if unit.is_whole and value != value.to_integral_value():
        raise Refused("应为整数", "write a whole number")
    if unit.is_money and value != value.quantize(Decimal("0.01")):
        raise Refused("金额最多两位小数", "money has at most two decimals")
    if declared.name == "income_window_months" and 12 % value:
        raise Refused("应整除12，年收入才不必由取整的月数还原", "write a divisor of 12: years stay exact")
    return int(value) if unit.is_whole else value

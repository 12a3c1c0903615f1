"""Amounts, measures and counts as departments write them. Money stays decimal all the way."""

from typing import Any

from features.intake import tidying
from features.intake.reader import SCIENTIFIC, Cell, Reader, always, when
from features.intake.units import ANY_SCALE, SCALES
from features.sources.core import Column

_PLAIN_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
_SCALE = f"({ANY_SCALE})$"
_GROUPED = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]+)?$"


def _yuan_fast(text: Any, column: Column) -> Any:
    return when(text.re_search(_PLAIN_NUMBER), text).try_cast("decimal(18,2)")


def _yuan_plain(text: Any) -> Any:
    """Without currency, (…) as a minus: -1,234.50 or 1.2万."""
    plain = tidying.without_blanks(text).re_replace(r"^\((.*)\)$", r"-\1").re_replace("(元整?|圆)$", "")
    return plain.re_replace(r"^([+-]?)(¥|\$|人民币|RMB|CNY)", r"\1").re_replace(r"^\+", "")


def _yuan_general(cell: Cell) -> Any:
    """Exact: decimals all the way, to the fen at the end."""
    written = cell.plain.re_extract(_SCALE, 0)
    unit = written.cases(*SCALES.items(), else_=1)
    return (_decimal(cell.plain.re_replace(_SCALE, "")) * unit).try_cast("decimal(18,2)")


def _decimal(digits: Any) -> Any:
    readable = digits.re_search(_GROUPED) & digits.re_search("[0-9]") | digits.re_search(SCIENTIFIC)
    return when(readable, digits.replace(",", "")).try_cast("decimal(28,8)")


def _number_fast(text: Any, column: Column) -> Any:
    return when(text.re_search(_PLAIN_NUMBER), text).try_cast("float64")


def _number_plain(text: Any) -> Any:
    return tidying.without_blanks(text).re_replace("(%|亩|平方米|平米|㎡|m2|度|吨)$", "")


def _number_general(cell: Cell) -> Any:
    return _decimal(cell.plain).cast("float64")


def _integer_fast(text: Any, column: Column) -> Any:
    return when(text.re_search("^-?[0-9]{1,18}$"), text).try_cast("int64")


def _integer_plain(text: Any) -> Any:
    """Digits of a grade in words (一级), without the unit it counts and a spreadsheet's `.0`."""
    plain = tidying.without_blanks(text).re_replace("(年度?|级|个?月|分钟?)$", "").re_replace(r"\.0+$", "")
    return plain.translate("一二三四五六七八九", "123456789").replace(",", "")


def _integer_general(cell: Cell) -> Any:
    return when(cell.plain.re_search(r"^[+-]?[0-9]{1,18}$"), cell.plain).try_cast("int64")


YUAN = Reader(_yuan_fast, _yuan_plain, _yuan_general, always("yuan"))
NUMBER = Reader(_number_fast, _number_plain, _number_general, always("number"))
INTEGER = Reader(_integer_fast, _integer_plain, _integer_general, always("integer"))

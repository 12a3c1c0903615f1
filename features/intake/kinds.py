"""How each kind of column is read from text. One `Reader` a kind; all of them build expressions, none runs.

`fast` reads what arrives clean and gives null for everything else; `general` is evaluated only there, on
text already trimmed and made half-width (`tidying.narrowed`), and gives null where it cannot read;
`fault` then names the problem (see `problems.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis

from features.identity import id_number
from features.intake import tidying
from features.sources.core import Column, Kind

Expression = Callable[[Any, Column], Any]

#: A number that went through a spreadsheet's number format.
SCIENTIFIC = r"^[+-]?[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"
FLOATING = r"^[0-9]{15,}\.[0-9]*$"

#: Days that only say "open" or "none" where departments' systems want some date.
NO_DATE = ("0000-00-00", "00000000", "0000/00/00", "9999-12-31", "99991231", "9999/12/31", "长期", "永久", "至今")

FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Reader:
    """How one kind is read. `nothing` are the words that mean "no value" for it."""

    fast: Expression
    general: Expression
    fault: Expression
    tidy: Callable[[Any], Any] = tidying.narrowed
    nothing: tuple[str, ...] = tidying.NOTHING


def reader_of(column: Column) -> Reader:
    """The reader of a column: by its kind, and for text by whether it is a number or a name."""
    if column.kind is Kind.TEXT and column.name.endswith(("_no", "_code", "_key", "phone")):
        return NUMBER_TEXT
    return READERS[column.kind]


def _null(kind: str) -> Any:
    return ibis.null(kind)


def _when(condition: Any, value: Any) -> Any:
    return ibis.ifelse(condition, value, ibis.null(value.type()))


def _always(code: str) -> Expression:
    return lambda text, column: ibis.literal(code)


# Identity numbers and credit codes


def _id_if_valid(text: Any) -> Any:
    sound = text.re_search(id_number.SHAPE)
    sound &= id_number.right_check_expression(text) & id_number.birth_date_expression(text).notnull()
    return _when(sound, text)


def _id_general(text: Any, column: Column) -> Any:
    plain = tidying.without_blanks(text).upper()
    old = _when(plain.re_search(id_number.OLD_SHAPE), id_number.from_old_expression(plain))
    return ibis.ifelse(plain.length() == 15, _id_if_valid(old), _id_if_valid(plain))


def _id_fault(text: Any, column: Column) -> Any:
    plain = tidying.without_blanks(text).upper()
    shaped = plain.re_search(id_number.SHAPE)
    return ibis.cases(
        (_digits_lost(plain), "digits_lost"),
        (shaped & id_number.right_check_expression(plain), "id_birth"),
        (shaped, "id_check"),
        (plain.re_search(id_number.OLD_SHAPE), "id_birth"),
        else_="id_shape",
    )


def _digits_lost(text: Any) -> Any:
    return text.re_search(SCIENTIFIC) | text.re_search(FLOATING)


def _lost_or(code: str) -> Expression:
    return lambda text, column: ibis.ifelse(_digits_lost(text), "digits_lost", code)


def _shaped(pattern: str) -> Expression:
    return lambda text, column: _when(text.re_search(pattern), text)


def _uscc_general(text: Any, column: Column) -> Any:
    """18 characters, or the 15 digits of an old registration number. The check character is not asked for:
    a wrong one joins nothing, and harms nobody."""
    plain = tidying.without_blanks(text).upper().replace("-", "")
    return _when(plain.re_search("^[0-9A-Z]{18}$|^[0-9]{15}$"), plain)


def _region_general(text: Any, column: Column) -> Any:
    """12 digits; 6 (district) and 9 (street) are filled up with zeros."""
    plain = tidying.without_blanks(text).re_replace(r"\.0+$", "")
    filled = plain + ibis.literal("000000").substr(0, 12 - plain.length())
    return _when(plain.re_search("^([0-9]{6}|[0-9]{9}|[0-9]{12})$"), filled)


# Text


def _text_fast(text: Any, column: Column) -> Any:
    """Most text begins and ends with a character that needs no care and is longer than a word for nothing."""
    return _when(text.re_search(r"^[\p{Han}A-Za-z0-9].*[\p{Han}A-Za-z0-9]$") & ~text.isin(_PLAIN_NOTHING), text)


#: Words for nothing that look like plain text.
_PLAIN_NOTHING = tuple(word for word in tidying.NOTHING if len(word) > 1 and (word[0] + word[-1]).isalnum())


def _number_text_general(text: Any, column: Column) -> Any:
    plain = tidying.without_blanks(text).re_replace(r"^([0-9]+)\.0+$", r"\1")
    return _when(~_digits_lost(plain), plain)


def _itself(text: Any, column: Column) -> Any:
    return text


# Codes


def _code_words(column: Column) -> list[tuple[str, str]]:
    """Every word that stands for a code, the code itself first; compared in lower case."""
    words: dict[str, str] = {}
    for code, written in (column.domain or {}).items():
        for word in (code, *written):
            words.setdefault(word, code)
            words.setdefault(tidying.comparable_word(word), code)
    return list(words.items())


def _code_fast(text: Any, column: Column) -> Any:
    return text.cases(*_code_words(column), else_=_null("string"))


def _code_general(text: Any, column: Column) -> Any:
    return tidying.without_blanks(text).lower().cases(*_code_words(column), else_=_null("string"))


# Dates


def _between_years(day: Any) -> Any:
    return (day >= ibis.date(FIRST_YEAR, 1, 1)) & (day <= ibis.date(LAST_YEAR, 12, 31))


def _date_fast(text: Any, column: Column) -> Any:
    day = text.try_cast("date")
    return _when((text.length() == 10) & _between_years(day), day)


_TIME = r"([\sT]*[0-9]{1,2}:[0-9]{2}.*)?$"
_SEPARATED = r"^([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*[日号]?" + _TIME
_COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})(\.0|[0-9]{6})?" + _TIME
_SERIAL = r"^[1-7][0-9]{4}(\.[0-9]+)?$"


def _any_date(text: Any) -> Any:
    """A day in any written form, or the serial number of a spreadsheet; null where it does not exist."""
    iso = text.re_replace(_SEPARATED, r"\1-\2-\3").re_replace(_COMPACT, r"\1-\2-\3")
    written = _when(iso.re_search(r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$"), iso).try_cast("date")
    serial = _when(text.re_search(_SERIAL), text.substr(0, 5)).try_cast("int64")
    return ibis.coalesce(written, (ibis.date(1899, 12, 30) + serial.as_interval("D")).cast("date"))


def _date_general(text: Any, column: Column) -> Any:
    day = _any_date(text)
    return _when(_between_years(day), day)


def _date_fault(text: Any, column: Column) -> Any:
    return ibis.ifelse(_any_date(text).notnull(), "year", column.kind.value)


_MONTH = r"^([0-9]{4})\s*[-./年]?\s*([0-9]{1,2})\s*月?份?$"


def _month_of(day: Any) -> Any:
    return day.truncate("M").cast("date")


def _month_fast(text: Any, column: Column) -> Any:
    day = (text + "-01").try_cast("date")
    return _when((text.length() == 7) & _between_years(day), day)


def _month_general(text: Any, column: Column) -> Any:
    iso = text.re_replace(_MONTH, r"\1-\2-1")
    written = _when(text.re_search(_MONTH) & ~text.re_search(_SERIAL), iso).try_cast("date")
    day = ibis.coalesce(written, _month_of(_any_date(text)))
    return _when(_between_years(day), day)


# Amounts and numbers

_PLAIN_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
_GROUPED = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]+)?$"


def _yuan_fast(text: Any, column: Column) -> Any:
    return _when(text.re_search(_PLAIN_NUMBER), text).try_cast("decimal(18,2)")


def _yuan_general(text: Any, column: Column) -> Any:
    """1,234.50; ￥1234.5; 1.2万元; (1,234.50) for a negative; 1.2E+4. Exact: decimals all the way."""
    plain = tidying.without_blanks(text).re_replace(r"^\((.*)\)$", r"-\1")
    plain = plain.re_replace(r"^([+-]?)(¥|\$|人民币|RMB|CNY)", r"\1").re_replace("(元整?|圆)$", "")
    unit = ibis.cases((plain.endswith("万"), 10_000), (plain.endswith("亿"), 100_000_000), else_=1)
    digits = plain.re_replace("[万亿]$", "")
    readable = digits.re_search(_GROUPED) & digits.re_search("[0-9]") | digits.re_search(SCIENTIFIC)
    amount = _when(readable, digits.replace(",", "")).try_cast("decimal(28,8)")
    return (amount * unit).try_cast("decimal(18,2)")


def _number_fast(text: Any, column: Column) -> Any:
    return _when(text.re_search(_PLAIN_NUMBER), text).try_cast("float64")


def _number_general(text: Any, column: Column) -> Any:
    digits = tidying.without_blanks(text).re_replace("(%|亩|平方米|平米|㎡|m2|度|吨)$", "")
    readable = digits.re_search(_GROUPED) & digits.re_search("[0-9]") | digits.re_search(SCIENTIFIC)
    return _when(readable, digits.replace(",", "")).try_cast("float64")


def _integer_fast(text: Any, column: Column) -> Any:
    return _when(text.re_search("^-?[0-9]{1,18}$"), text).try_cast("int64")


def _integer_general(text: Any, column: Column) -> Any:
    """Digits, or the grade in words (一级), with the unit it counts and a spreadsheet's `.0`."""
    plain = tidying.without_blanks(text).re_replace("(年度?|级|个?月|分钟?)$", "").re_replace(r"\.0+$", "")
    digits = plain.translate("一二三四五六七八九", "123456789").replace(",", "")
    return _when(digits.re_search(r"^[+-]?[0-9]{1,18}$"), digits).try_cast("int64")


NUMBER_TEXT = Reader(_shaped("^[0-9A-Za-z][0-9A-Za-z*-]+$"), _number_text_general, _always("digits_lost"))

READERS: dict[Kind, Reader] = {
    Kind.ID_NO: Reader(lambda text, column: _id_if_valid(text), _id_general, _id_fault),
    Kind.USCC: Reader(_shaped("^[0-9A-Z]{18}$"), _uscc_general, _lost_or("uscc")),
    Kind.REGION: Reader(_shaped("^[0-9]{12}$"), _region_general, _lost_or("region")),
    Kind.TEXT: Reader(_text_fast, _itself, _always("missing"), tidy=tidying.trimmed),
    Kind.CODE: Reader(_code_fast, _code_general, _always("code")),
    Kind.DATE: Reader(_date_fast, _date_general, _date_fault, nothing=tidying.NOTHING + NO_DATE),
    Kind.MONTH: Reader(_month_fast, _month_general, _date_fault, nothing=tidying.NOTHING + NO_DATE),
    Kind.YUAN: Reader(_yuan_fast, _yuan_general, _always("yuan")),
    Kind.NUMBER: Reader(_number_fast, _number_general, _always("number")),
    Kind.INTEGER: Reader(_integer_fast, _integer_general, _always("integer")),
}

"""How each kind of column is read from text. One `Reader` a kind; all of them build expressions, none runs.

`fast` reads what arrives clean and gives null for everything else. Only there the text is tidied, brought
to one spelling by `plain` and read by `general`, which gives null where it cannot; `fault` then names the
problem (see `problems.py`). Each of these is a layer of its own in `conversion.py`: an expression that
names another twice doubles the statement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis

from features.identity import id_number
from features.intake import tidying
from features.sources.core import Column, Kind


@dataclass(frozen=True)
class Cell:
    """What `general` and `fault` see of a column: its text in one spelling, and the reader's own parts."""

    column: Column
    plain: Any
    parts: tuple[Any, ...] = ()


#: A number that went through a spreadsheet's number format.
SCIENTIFIC = r"^[+-]?[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"
FLOATING = r"^[0-9]{15,}\.[0-9]*$"

#: Days that only say "open" or "none" where departments' systems want some date.
NO_DATE = (
    "0000-00-00",
    "00000000",
    "0000/00/00",
    "9999-12-31",
    "99991231",
    "9999/12/31",
    "长期",
    "永久",
    "至今",
)

FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Reader:
    """How one kind is read. `nothing` are the words that mean "no value" for it."""

    fast: Callable[[Any, Column], Any]
    plain: Callable[[Any], Any]
    general: Callable[[Cell], Any]
    fault: Callable[[Cell], Any]
    tidy: Callable[[Any], Any] = tidying.narrowed
    nothing: tuple[str, ...] = tidying.NOTHING
    parts: tuple[Callable[[Cell], Any], ...] = ()  # each sees the parts before it


def reader_of(column: Column) -> Reader:
    """The reader of a column: by its kind, and for text by whether it is a number or a name."""
    if column.kind is Kind.TEXT and column.name.endswith(("_no", "_code", "_key", "phone")):
        return NUMBER_TEXT
    return READERS[column.kind]


def _null(kind: str) -> Any:
    return ibis.null(kind)


def _when(condition: Any, value: Any) -> Any:
    return ibis.ifelse(condition, value, ibis.null(value.type()))


def _always(code: str) -> Callable[[Cell], Any]:
    return lambda cell: ibis.literal(code)


# Identity numbers and credit codes


def _id_tidy(text: Any) -> Any:
    return ibis.ifelse(text.re_search(id_number.SHAPE), text, tidying.narrowed(text))


def _id_plain(text: Any) -> Any:
    return ibis.ifelse(text.re_search(id_number.SHAPE), text, tidying.without_blanks(text).upper())


_ID_PARTS = (
    lambda cell: id_number.full_digits_expression(cell.plain),
    lambda cell: id_number.head_expression(cell.parts[0]),
    lambda cell: id_number.tail_expression(cell.parts[0]),
    lambda cell: id_number.remainder_expression(cell.parts[1], cell.parts[2]),
    lambda cell: id_number.check_character_expression(cell.parts[3]),
    lambda cell: id_number.birth_date_expression(cell.parts[0]).notnull(),
)


def _id_general(cell: Cell) -> Any:
    """A number of 18 characters that checks, or the 18 characters of an old one whose birth date exists."""
    digits, _, _, _, check, born = cell.parts
    new = cell.plain.re_search(id_number.SHAPE) & (cell.plain.substr(17, 1) == check)
    old = cell.plain.re_search(id_number.OLD_SHAPE)
    return ibis.cases((new & born, cell.plain), (old & born, digits + check), else_=ibis.null("string"))


def _id_fault(cell: Cell) -> Any:
    shaped = cell.plain.re_search(id_number.SHAPE)
    return ibis.cases(
        (_digits_lost(cell.plain), "digits_lost"),
        (shaped & (cell.plain.substr(17, 1) == cell.parts[4]), "id_birth"),
        (shaped, "id_check"),
        (cell.plain.re_search(id_number.OLD_SHAPE), "id_birth"),
        else_="id_shape",
    )


def _digits_lost(text: Any) -> Any:
    return text.re_search(SCIENTIFIC) | text.re_search(FLOATING)


def _lost_or(code: str) -> Callable[[Cell], Any]:
    return lambda cell: ibis.ifelse(_digits_lost(cell.plain), "digits_lost", code)


def _shaped(pattern: str) -> Callable[[Any, Column], Any]:
    return lambda text, column: _when(text.re_search(pattern), text)


def _plain_shaped(pattern: str) -> Callable[[Cell], Any]:
    return lambda cell: _when(cell.plain.re_search(pattern), cell.plain)


def _nothing_fast(text: Any, column: Column) -> Any:
    """No fast way of its own: the layers of identity numbers are cheap for what arrives clean."""
    return _null("string")


def _uscc_plain(text: Any) -> Any:
    return tidying.without_blanks(text).upper().replace("-", "")


#: 18 characters, or the 15 digits of an old registration number. The check character is not asked for: a
#: wrong one joins nothing, and harms nobody.
_USCC = "^[0-9A-Z]{18}$|^[0-9]{15}$"


def _region_plain(text: Any) -> Any:
    return tidying.without_blanks(text).re_replace(r"\.0+$", "")


def _region_general(cell: Cell) -> Any:
    """12 digits; 6 (district) and 9 (street) are filled up with zeros."""
    filled = (cell.plain + "000000").substr(0, 12)
    return _when(cell.plain.re_search("^([0-9]{6}|[0-9]{9}|[0-9]{12})$"), filled)


# Text


def _text_fast(text: Any, column: Column) -> Any:
    """Most text begins and ends with a character that needs no care and is longer than a word for nothing."""
    return _when(
        text.re_search(r"^[\p{Han}A-Za-z0-9].*[\p{Han}A-Za-z0-9]$") & ~text.isin(_PLAIN_NOTHING), text
    )


#: Words for nothing that look like plain text.
_PLAIN_NOTHING = tuple(word for word in tidying.NOTHING if len(word) > 1 and (word[0] + word[-1]).isalnum())


def _number_text_plain(text: Any) -> Any:
    return tidying.without_blanks(text).re_replace(r"^([0-9]{1,14})\.0+$", r"\1")


def _number_text_general(cell: Cell) -> Any:
    return _when(~_digits_lost(cell.plain), cell.plain)


def _as_is(text: Any) -> Any:
    return text


def _itself(cell: Cell) -> Any:
    return cell.plain


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


def _code_general(cell: Cell) -> Any:
    return _code_fast(cell.plain, cell.column)


def _code_plain(text: Any) -> Any:
    return tidying.without_blanks(text).lower()


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
_ISO = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$"


def _date_plain(text: Any) -> Any:
    """Every written form of a day as year-month-day; anything else as it is."""
    return text.re_replace(_SEPARATED, r"\1-\2-\3").re_replace(_COMPACT, r"\1-\2-\3")


def _any_date(plain: Any) -> Any:
    """The day, also of a spreadsheet's serial number; null where it does not exist."""
    written = _when(plain.re_search(_ISO), plain).try_cast("date")
    serial = _when(plain.re_search(_SERIAL), plain.substr(0, 5)).try_cast("int64")
    return ibis.coalesce(written, (ibis.date(1899, 12, 30) + serial.as_interval("D")).cast("date"))


def _date_general(cell: Cell) -> Any:
    day = _any_date(cell.plain)
    return _when(_between_years(day), day)


def _date_fault(cell: Cell) -> Any:
    return ibis.ifelse(_any_date(cell.plain).notnull(), "year", cell.column.kind.value)


_MONTH = r"^([0-9]{4})\s*(?:[-./年]\s*([0-9]{1,2})|([0-9]{2}))\s*月?份?$"


def _month_fast(text: Any, column: Column) -> Any:
    day = (text + "-01").try_cast("date")
    return _when((text.length() == 7) & _between_years(day), day)


def _month_plain(text: Any) -> Any:
    return _date_plain(text.re_replace(_MONTH, r"\1-\2\3-1"))


def _month_general(cell: Cell) -> Any:
    return _date_general(cell).truncate("M").cast("date")


# Amounts and numbers

_PLAIN_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
_GROUPED = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]+)?$"


def _yuan_fast(text: Any, column: Column) -> Any:
    return _when(text.re_search(_PLAIN_NUMBER), text).try_cast("decimal(18,2)")


def _yuan_plain(text: Any) -> Any:
    """Without currency, (…) as a minus: -1,234.50 or 1.2万."""
    plain = tidying.without_blanks(text).re_replace(r"^\((.*)\)$", r"-\1").re_replace("(元整?|圆)$", "")
    return plain.re_replace(r"^([+-]?)(¥|\$|人民币|RMB|CNY)", r"\1").re_replace(r"^\+", "")


def _yuan_general(cell: Cell) -> Any:
    """Exact: decimals all the way, to the fen at the end."""
    unit = ibis.cases((cell.plain.endswith("万"), 10_000), (cell.plain.endswith("亿"), 100_000_000), else_=1)
    return (_decimal(cell.plain.re_replace("[万亿]$", "")) * unit).try_cast("decimal(18,2)")


def _decimal(digits: Any) -> Any:
    readable = digits.re_search(_GROUPED) & digits.re_search("[0-9]") | digits.re_search(SCIENTIFIC)
    return _when(readable, digits.replace(",", "")).try_cast("decimal(28,8)")


def _number_fast(text: Any, column: Column) -> Any:
    return _when(text.re_search(_PLAIN_NUMBER), text).try_cast("float64")


def _number_plain(text: Any) -> Any:
    return tidying.without_blanks(text).re_replace("(%|亩|平方米|平米|㎡|m2|度|吨)$", "")


def _number_general(cell: Cell) -> Any:
    return _decimal(cell.plain).cast("float64")


def _integer_fast(text: Any, column: Column) -> Any:
    return _when(text.re_search("^-?[0-9]{1,18}$"), text).try_cast("int64")


def _integer_plain(text: Any) -> Any:
    """Digits of a grade in words (一级), without the unit it counts and a spreadsheet's `.0`."""
    plain = tidying.without_blanks(text).re_replace("(年度?|级|个?月|分钟?)$", "").re_replace(r"\.0+$", "")
    return plain.translate("一二三四五六七八九", "123456789").replace(",", "")


def _integer_general(cell: Cell) -> Any:
    return _when(cell.plain.re_search(r"^[+-]?[0-9]{1,18}$"), cell.plain).try_cast("int64")


_NO_DAY = tidying.NOTHING + NO_DATE

NUMBER_TEXT = Reader(
    _shaped("^[0-9A-Za-z][0-9A-Za-z*-]+$"), _number_text_plain, _number_text_general, _always("digits_lost")
)

READERS: dict[Kind, Reader] = {
    Kind.ID_NO: Reader(_nothing_fast, _id_plain, _id_general, _id_fault, tidy=_id_tidy, parts=_ID_PARTS),
    Kind.USCC: Reader(_shaped("^[0-9A-Z]{18}$"), _uscc_plain, _plain_shaped(_USCC), _lost_or("uscc")),
    Kind.REGION: Reader(_shaped("^[0-9]{12}$"), _region_plain, _region_general, _lost_or("region")),
    Kind.TEXT: Reader(_text_fast, _as_is, _itself, _always("missing"), tidy=tidying.trimmed),
    Kind.CODE: Reader(_code_fast, _code_plain, _code_general, _always("code")),
    Kind.DATE: Reader(_date_fast, _date_plain, _date_general, _date_fault, nothing=_NO_DAY),
    Kind.MONTH: Reader(_month_fast, _month_plain, _month_general, _date_fault, nothing=_NO_DAY),
    Kind.YUAN: Reader(_yuan_fast, _yuan_plain, _yuan_general, _always("yuan")),
    Kind.NUMBER: Reader(_number_fast, _number_plain, _number_general, _always("number")),
    Kind.INTEGER: Reader(_integer_fast, _integer_plain, _integer_general, _always("integer")),
}

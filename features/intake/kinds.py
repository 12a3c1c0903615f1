"""How each kind of column is read from text. One `Reader` a kind; all of them build expressions, none runs.

`fast` reads what arrives clean and gives null for everything else. Only there the text is tidied, brought
to one spelling by `plain` and read by `general`, which gives null where it cannot; `fault` then names the
problem (see `problems.py`). Each of these is a layer of its own in `conversion.py`: an expression that
names another twice doubles the statement.
"""

from collections.abc import Callable
from typing import Any

import ibis

from features.identity import id_number
from features.intake import amounts, dates, tidying
from features.intake.reader import SCIENTIFIC, Cell, Reader, always, when
from features.sources.core import Column, Kind

#: A long number that was stored as a fraction.
FLOATING = r"^[0-9]{15,}\.[0-9]*$"


def reader_of(column: Column) -> Reader:
    """The reader of a column: by its kind, and for text by whether it is a number or a name."""
    if column.kind is Kind.TEXT and column.name.endswith(("_no", "_code", "_key", "phone")):
        return NUMBER_TEXT
    return READERS[column.kind]


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
    return lambda text, column: when(text.re_search(pattern), text)


def _plain_shaped(pattern: str) -> Callable[[Cell], Any]:
    return lambda cell: when(cell.plain.re_search(pattern), cell.plain)


def _nothing_fast(text: Any, column: Column) -> Any:
    """No fast way of its own: the layers of identity numbers are cheap for what arrives clean."""
    return ibis.null("string")


def _uscc_plain(text: Any) -> Any:
    return tidying.without_blanks(text).upper().replace("-", "")


#: As `Kind.USCC` says.
_USCC = "^[0-9A-Z]{18}$|^[0-9]{15}$"


def _region_plain(text: Any) -> Any:
    return tidying.without_blanks(text).re_replace(r"\.0+$", "")


def _region_general(cell: Cell) -> Any:
    """12 digits; 6 (district) and 9 (street) are filled up with zeros."""
    filled = (cell.plain + "000000").substr(0, 12)
    return when(cell.plain.re_search("^([0-9]{6}|[0-9]{9}|[0-9]{12})$"), filled)


# Text


def _text_fast(text: Any, column: Column) -> Any:
    """Most text begins and ends with a character that needs no care and is longer than a word for nothing."""
    return when(
        text.re_search(r"^[\p{Han}A-Za-z0-9].*[\p{Han}A-Za-z0-9]$") & ~text.isin(_PLAIN_NOTHING), text
    )


#: Words for nothing that look like plain text.
_PLAIN_NOTHING = tuple(word for word in tidying.NOTHING if len(word) > 1 and (word[0] + word[-1]).isalnum())


def _number_text_plain(text: Any) -> Any:
    return tidying.without_blanks(text).re_replace(r"^([0-9]{1,14})\.0+$", r"\1")


def _number_text_general(cell: Cell) -> Any:
    return when(~_digits_lost(cell.plain), cell.plain)


def _as_is(text: Any) -> Any:
    return text


def _itself(cell: Cell) -> Any:
    return cell.plain


# Codes


def code_words(column: Column) -> list[tuple[str, str]]:
    """Every word that stands for a code, with it: codes first, then the usual word of each, then others.

    An engine looks at them one after the other, and most cells are one of the first.
    """
    written = {code: (code, *words) for code, words in (column.domain or {}).items()}
    places = range(max(map(len, written.values()), default=0))
    return [(words[n], code) for n in places for code, words in written.items() if n < len(words)]


def _code_fast(text: Any, column: Column) -> Any:
    return text.cases(*dict(code_words(column)).items(), else_=ibis.null("string"))


def _code_general(cell: Cell) -> Any:
    """By what is left of the words; a cell of signs alone leaves nothing, and says nothing."""
    words = {tidying.comparable_word(word): code for word, code in code_words(cell.column)}
    words.pop("", None)
    return cell.plain.cases(*words.items(), else_=ibis.null("string"))


NUMBER_TEXT = Reader(
    _shaped("^[0-9A-Za-z][0-9A-Za-z*-]+$"), _number_text_plain, _number_text_general, always("digits_lost")
)

READERS: dict[Kind, Reader] = {
    Kind.ID_NO: Reader(_nothing_fast, _id_plain, _id_general, _id_fault, tidy=_id_tidy, parts=_ID_PARTS),
    Kind.USCC: Reader(_shaped("^[0-9A-Z]{18}$"), _uscc_plain, _plain_shaped(_USCC), _lost_or("uscc")),
    Kind.REGION: Reader(_shaped("^[0-9]{12}$"), _region_plain, _region_general, _lost_or("region")),
    Kind.TEXT: Reader(_text_fast, _as_is, _itself, always("missing"), tidy=tidying.trimmed),
    Kind.CODE: Reader(_code_fast, tidying.comparable, _code_general, always("code")),
    Kind.DATE: dates.DATE,
    Kind.MONTH: dates.MONTH,
    Kind.YUAN: amounts.YUAN,
    Kind.NUMBER: amounts.NUMBER,
    Kind.INTEGER: amounts.INTEGER,
}

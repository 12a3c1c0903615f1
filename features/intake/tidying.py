"""Making a cell's text comparable: blanks, apostrophes, full-width characters, words that mean "nothing"."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import ibis

#: Words that departments write where there is no value.
NOTHING = (
    "", "-", "--", "---", "—", "——", "/", "//", "\\", "无", "空", "暂无", "不详", "未知",
    "NULL", "null", "Null", "N/A", "n/a", "#N/A", "#VALUE!", "#REF!", "#NULL!", "(null)", "<null>",
)  # fmt: skip

#: Full-width forms and their half-width ones; the ideographic space, no-break space and minus with them.
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0￥−"
_NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)) + "  ¥-"

_EDGES = r"^[\s\x{A0}\x{3000}\x{FEFF}'’‘`]+|[\s\x{A0}\x{3000}\x{FEFF}]+$"
_QUOTED_FORMULA = r'^="(.*)"$'  # ="0012" is how a spreadsheet is told to keep text


def trimmed(text: Any) -> Any:
    """Without blanks at either end, a leading apostrophe and the spreadsheet's `="…"`."""
    return text.re_replace(_EDGES, "").re_replace(_QUOTED_FORMULA, r"\1")


def narrowed(text: Any) -> Any:
    """Full-width letters, digits and signs as half-width ones, trimmed. Not for names."""
    return trimmed(text.translate(_WIDE, _NARROW))


def without_blanks(text: Any) -> Any:
    """No white space at all."""
    return text.re_replace(r"\s", "")


def nothing_as_null(text: Any, words: tuple[str, ...] = NOTHING) -> Any:
    """Null where the text only says that there is nothing."""
    return ibis.ifelse(text.isin(words), ibis.null("string"), text)


_ID_WORDS = re.compile(
    "公民身份号码|公民身份证号码?|居民身份证号码?|身份证件号码?|身份证号码|证件号码|证件号|身份证(?!号)"
)


@lru_cache(maxsize=4096)
def comparable_header(text: str) -> str:
    """A header as it is compared: NFKC, no blanks, no required mark, one word for identity numbers."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).strip("*:'\"").lower()
    return _ID_WORDS.sub("身份证号", plain)


def comparable_word(word: str) -> str:
    """A code's word as it is compared: NFKC, lower case, only letters and digits.

    >>> comparable_word("存续（在营、开业、在册）"), comparable_word(" Temporary-relief")
    ('存续在营开业在册', 'temporaryrelief')
    """
    return "".join(sign for sign in unicodedata.normalize("NFKC", word).lower() if sign.isalnum())


def comparable(text: Any) -> Any:
    """The same of a text that is `narrowed`, as an expression."""
    return text.lower().re_replace(r"[^\p{L}\p{N}]", "")

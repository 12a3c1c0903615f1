"""Addresses compared fairly: spelling is no difference, another home is."""

from typing import Any

from features.intake.tidying import narrowed

#: Words for one thing, and the sign they are compared as.
_SAME = (
    (r"[\s,，。、;；.·()（）\[\]【】\"'“”]", ""),
    (r"(号楼|栋|座|#)", "幢"),
    (r"(房间|房|户)$", "室"),
    (r"[—–－−~～_/至]", "-"),
    (r"(单元|门洞|门)", "-"),
    (r"(室|号)$", ""),
    (r"([0-9])室?-", r"\1-"),
    (r"-+", "-"),
    (r"\b0+([0-9])", r"\1"),
)
#: Names of the places above the street, which one register writes and another leaves out.
_NAME = "[^社小园街镇乡路道村巷弄0-9A-Z]"
_ABOVE = (
    f"^({_NAME}{{2,10}}?(省|自治区))?({_NAME}{{2,10}}?(市|自治州|地区|盟))?({_NAME}{{1,8}}?(新区|区|县|旗))?"
)


def comparable(address: Any) -> Any:
    """An address without blanks and marks, with one word for each kind of part; null where nothing is left.

    Chinese digits are compared as Arabic ones, 栋, 座 and 号楼 as 幢, a room with and without 室; province,
    city and district are left out, since one register writes them and another does not.
    """
    text = narrowed(address).upper()
    for chinese, arabic in zip("零〇一二三四五六七八九", "00123456789", strict=True):
        text = text.replace(chinese, arabic)
    text = text.re_replace(r"[\s]", "")
    without = text.re_replace(_ABOVE, "")
    text = (without.length() >= 4).ifelse(without, text)
    for pattern, written in _SAME:
        text = text.re_replace(pattern, written)
    return text.nullif("")


def differ(one: Any, other: Any) -> Any:
    """Whether two comparable addresses name two homes: neither ends with the other. Null: one is missing."""
    return ~(one.endswith(other) | other.endswith(one))

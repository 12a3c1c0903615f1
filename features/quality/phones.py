"""Telephone numbers made comparable, and whether one can be dialled at all."""

from typing import Any

#: A mobile number, or a land line with or without its area.
DIALLED = r"^(1[3-9][0-9]{9}|(0[0-9]{2,3})?[2-8][0-9]{6,7})$"
#: A number on so many files is an office's or a neighbour's, not the family's.
SHARED_BY = 3


def comparable(phone: Any) -> Any:
    """Digits only, without the country's prefix; null where there are none."""
    return phone.re_replace(r"[^0-9]", "").re_replace(r"^(0086|86)(1[0-9]{10})$", r"\2").nullif("")


def invalid(phone: Any) -> Any:
    """Whether a number cannot be dialled (null where there is none): its shape, or one digit throughout."""
    digits = comparable(phone)
    same = digits.re_search("^1?(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$")
    return ~digits.re_search(DIALLED) | same

"""Citizen identity numbers (GB 11643): check character, birth date, the old form of 15 digits.

Each check exists as a Python function for one number and as an Ibis expression for a column of text.
"""

from typing import Any

import ibis

#: Weight of each of the 17 digits before the check character.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: Check character by the weighted sum modulo 11.
CHECK_CHARACTERS = "10X98765432"
#: Seventeen digits and a check character; nothing is said about whether it is the right one.
SHAPE = "^[0-9]{17}[0-9X]$"
OLD_SHAPE = "^[0-9]{15}$"
OLD_LENGTH = 15

#: The number is cut here, so that each half is exact as a double.
_CUT = 8


def check_character(digits: str) -> str:
    """Check character of the first 17 digits; ValueError where they are not 17 digits."""
    if len(digits) != len(WEIGHTS):
        raise ValueError("an identity number has 17 digits before its check character")
    return CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def full_digits_expression(number: Any) -> Any:
    """The 17 digits before the check character; of an old number with the century put in (all are 1900s)."""
    old = number.substr(0, 6) + "19" + number.substr(6, 9)
    return ibis.ifelse(number.length() == OLD_LENGTH, old, number.substr(0, len(WEIGHTS)))


def birth_date_expression(digits: Any) -> Any:
    """Birth date held in digits 7 to 14 of 17; null where that day does not exist."""
    text = digits.substr(6, 4) + "-" + digits.substr(10, 2) + "-" + digits.substr(12, 2)
    return text.try_cast("date")


def head_expression(digits: Any) -> Any:
    """The first 8 of 17 digits as a double; null where they are not digits."""
    return _whole(digits.substr(0, _CUT))


def tail_expression(digits: Any) -> Any:
    """The last 9 of 17 digits as a double; null where they are not digits."""
    return _whole(digits.substr(_CUT, len(WEIGHTS) - _CUT))


def _whole(digits: Any) -> Any:
    """At most nine digits as a double; `INFINITY` and `1.00E+99` are doubles too, and have no digits."""
    number = digits.try_cast("float64")
    return ibis.ifelse(number.between(0, 10**9), number, ibis.null("float64"))


def remainder_expression(head: Any, tail: Any) -> Any:
    """Weighted sum modulo 11, from the two halves. Give them as columns: each is named about ten times."""
    total = _weighted(head, WEIGHTS[:_CUT]) + _weighted(tail, WEIGHTS[_CUT:])
    return total.cast("int64") % 11


def check_character_expression(remainder: Any) -> Any:
    """The check character of a remainder."""
    return ibis.literal(CHECK_CHARACTERS).substr(remainder, 1)


def _weighted(number: Any, weights: tuple[int, ...]) -> Any:
    """Sum of digit x weight, from the quotients q_k = floor(n / 10^(m-1-k)).

    Digit k is q_k - 10 q_(k-1), so the sum is a sum of q_k (w_k - 10 w_(k+1)): four times as fast as taking
    the digits out one by one, and exact in doubles.
    """
    last = len(weights) - 1
    total = number * weights[last]
    for place in range(last):
        quotient = (number / 10 ** (last - place)).floor()
        total = total + quotient * (weights[place] - 10 * weights[place + 1])
    return total

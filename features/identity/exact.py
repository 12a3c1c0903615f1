"""How sure we are that a department's record speaks of our person, when matched by identity number.

Departments hold about 3 % of records under another person's number, so even a valid number that
matches is no certainty; a name that agrees with the resident register makes it one, a name that
disagrees says the record is probably another's.
"""

from functools import cache
from typing import Any

import ibis
from opencc import OpenCC

#: The number matched and the name on the record agrees with the resident register.
NAME_AGREES = 0.99
#: The number matched; one of the two names is missing.
NUMBER_ONLY = 0.97
#: The number matched and the names disagree.
NAME_DISAGREES = 0.60

#: Spellings of the middle dot in minority names; all are compared as none.
MIDDLE_DOTS = "·•・‧．･⋅∙."
#: What stands where a rare character could not be written; it agrees with any character.
UNWRITABLE = "?？�□■*＊"


def match_confidence(name: Any, register_name: Any) -> Any:
    """Confidence of a match by number, as a double column.

    `name` and `register_name` are string expressions of one table: the name on the department's record and
    the name in the resident register of the same `person_id`. For a table without a name column pass
    `ibis.null("string")`: the answer is `NUMBER_ONLY`.
    """
    ours, theirs = comparable(name), comparable(register_name)
    return ibis.cases(
        (ours.isnull() | theirs.isnull() | (ours == "") | (theirs == ""), NUMBER_ONLY),
        (ours == theirs, NAME_AGREES),
        (simplified(ours) == simplified(theirs), NAME_AGREES),
        (_unwritable(ours) | _unwritable(theirs), _confidence_of_damaged(ours, theirs)),
        else_=NAME_DISAGREES,
    )


@ibis.udf.scalar.builtin(name="simplified")
def simplified(text: str) -> str:  # type: ignore[empty-body]
    """A name with traditional and variant characters in their simplified form.

    A function of the engine (`features.engines.connect` defines it from `variants`): written out, its three
    thousand characters would fill every statement.
    """


@cache
def variants() -> tuple[str, str]:
    """Characters that have another simplified form, and those forms (OpenCC, character by character)."""
    characters = [chr(code) for code in range(0x3400, 0xA000)]
    plain = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = [(one, other) for one, other in zip(characters, plain, strict=True) if one != other]
    return "".join(one for one, _ in pairs), "".join(other for _, other in pairs)


def comparable(name: Any) -> Any:
    """A name without blanks and middle dots, in upper case."""
    return name.cast("string").re_replace(rf"[\s\x{{3000}}\x{{A0}}{MIDDLE_DOTS}]", "").upper()


def _unwritable(name: Any) -> Any:
    return name.re_search(f"[{UNWRITABLE}]")


def _confidence_of_damaged(ours: Any, theirs: Any) -> Any:
    """Names with an unwritable character: agree in the others and in length -> agree, otherwise not."""
    ours, theirs = simplified(ours), simplified(theirs)
    return ibis.ifelse(_fits(ours, theirs) | _fits(theirs, ours), NAME_AGREES, NAME_DISAGREES)


def _fits(damaged: Any, whole: Any) -> Any:
    """Whether the letters of the one stand in the other; what is no letter stands for any character."""
    pattern = ibis.literal("^") + damaged.re_replace(r"[^\p{L}\p{N}]", ".") + "$"
    return whole.re_search(pattern)

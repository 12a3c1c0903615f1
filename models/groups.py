"""Groups a selection is audited for, and the profile column that marks each. Read for audit, never to score.

A group is no feature by being a group. Where a mark is a feature in its own right (a place, a register), the
audit says so: `seen_by` names those a model looks at itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """Households whose `mark` lies in [least, most]; None: no department records it.

    vulnerable: a ratio above the bar holds a punitive model back.
    """

    code: str
    zh: str
    en: str
    mark: str | None
    least: float = 0.5
    most: float = float("inf")
    vulnerable: bool = True


GROUPS = (
    Group("old_alone", "独居老人", "an old person alone", "composition_old_alone_flag"),
    Group("disabled", "残疾人家庭", "a member with a disability certificate", "health_disabled_count"),
    Group("children", "有未成年人的家庭", "children in the household", "composition_children_count"),
    Group("single_parent", "单亲家庭", "one adult with children", "composition_single_parent_flag"),
    # Only the community of the hukou is recorded: this holds those who moved within the city as well.
    Group(
        "migrant", "人户分离家庭", "living away from their hukou", "housing_away_from_hukou_share", least=0.01
    ),
    Group("rural", "农村家庭", "rural", "housing_rural_flag", vulnerable=False),
    Group("urban", "城镇家庭", "urban", "housing_rural_flag", -float("inf"), 0.5, vulnerable=False),
    Group("ethnic_minority", "少数民族家庭", "ethnic minority", None),
)

#: Profile columns that mark a group, in the order of declaration.
MARKS = tuple(dict.fromkeys(group.mark for group in GROUPS if group.mark))


def memberships(marks: Mapping[str, npt.ArrayLike]) -> dict[str, Flags]:
    """Who belongs to each recorded group, code -> (n,); an unknown mark belongs to none.

    marks: the columns of `MARKS`, (n,) each, NaN unknown. KeyError where one is missing.
    """
    found = {}
    for group in GROUPS:
        if group.mark:
            value = np.asarray(marks[group.mark], dtype=np.float64)
            found[group.code] = (value >= group.least) & (value <= group.most)
    return found


def intersections(members: Mapping[str, Flags]) -> dict[str, Flags]:
    """Two-way intersections, "a × b" -> (n,), without pairs where one contains or excludes the other."""
    pairs = {f"{a} × {b}": members[a] & members[b] for a, b in combinations(members, 2)}
    return {
        code: both
        for code, both in pairs.items()
        if both.any() and not any(np.array_equal(both, members[one]) for one in code.split(" × "))
    }


def seen_by(names: Iterable[str]) -> tuple[str, ...]:
    """Codes of the groups whose mark is itself among these features of a model."""
    known = set(names)
    return tuple(group.code for group in GROUPS if group.mark in known)


def told(code: str) -> tuple[str, str]:
    """(zh, en) of a group or of an intersection; any other code stands for itself."""
    words = {group.code: (group.zh, group.en) for group in GROUPS}
    parts = [words.get(part, (part, part)) for part in code.split(" × ")]
    return " × ".join(zh for zh, _ in parts), " × ".join(en for _, en in parts)

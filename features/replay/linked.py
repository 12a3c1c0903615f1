"""What a household has besides the benefit because it is on dibao, and what it keeps when it leaves.

Each linked benefit is a dated, cited parameter (`linked_*`, yuan a month): of the household, of each member,
or of each member at school. One that a locality does not state counts for nothing here.
"""

from typing import Any

import ibis

from features.parameters.choices import LINKED
from features.parameters.declared import DECLARED, Unit
from features.rules.money import fen

#: Paid for members at school only.
FOR_PUPILS = ("linked_education_aid_yuan",)
KEPT = "linked_kept_by_marginal"


def with_linked(answers: ibis.Table, values: ibis.Table) -> ibis.Table:
    """Add linked_fen, all that is linked to dibao, and kept_fen, what a marginal household keeps of it.

    answers: one row a household with district_code, urban_rural, persons and pupils. values: those in force
    (`features.parameters.in_force`).
    """
    own = values.select("district_code", "urban_rural", *LINKED, KEPT)
    joined = answers.left_join(own, ["district_code", "urban_rural"], rname="law_{name}")
    worth = {name: _month_fen(joined, name) for name in LINKED}
    kept = [joined[KEPT].contains(name).fill_null(False).ifelse(each, 0) for name, each in worth.items()]
    return joined.mutate(linked_fen=sum(worth.values()), kept_fen=sum(kept)).select(
        *answers.columns, "linked_fen", "kept_fen"
    )


def _month_fen(joined: ibis.Table, name: str) -> Any:
    """One linked benefit of a household, fen a month (int64)."""
    worth = fen(joined[name]).fill_null(0)
    if name in FOR_PUPILS:
        return worth * joined.pupils
    return worth * joined.persons if DECLARED[name].unit is Unit.YUAN_PERSON_MONTH else worth

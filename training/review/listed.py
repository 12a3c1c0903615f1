"""The lists that orders make of the judged months, as expected visits (n,): what every comparison is between.

`model` orders alone. `list` is what the office would print: rule findings first, the brake for vulnerable
households, the random arm. `people` is whom staff visited by their own choice.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.selection import Candidates, select
from training.review.case import Case

Floats = npt.NDArray[np.float64]


def issued(
    case: Case, capacity: Mapping[object, int] | None = None, among: npt.NDArray[np.int64] | None = None
) -> Floats:
    """(n,) 1 where the list as issued would hold the household; drawn with a fixed key.

    among: positions of the rows that lists may be made of; None: all.
    """
    places = case.judged.capacity if capacity is None else capacity
    rows = np.arange(len(case.raw)) if among is None else among
    candidates = Candidates(
        household_id=case.judged.cohort.household[rows],
        street_code=case.judged.place[rows],
        score=case.raw[rows],
        finding=case.findings[rows],
        vulnerable=case.judged.cohort.facts["vulnerable"].to_numpy(dtype=bool)[rows],
        stratum=case.judged.cohort.facts["category"].fillna("").to_numpy(dtype=object)[rows],
    )
    chosen = select(
        case.spec.question, candidates, {str(p): n for p, n in places.items()}, key=f"review {case.seed}"
    )
    wanted = {(row.street_code, row.household_id) for row in chosen}
    pairs = zip(case.judged.place, case.judged.cohort.household, strict=True)
    return np.array([pair in wanted for pair in pairs], dtype=np.float64)


def staff_capacity(case: Case) -> dict[object, int]:
    """Visits that staff chose themselves, by street and month: what equal visits means beside them."""
    made = pd.Series(case.people["visited"].to_numpy()).groupby(case.judged.place).sum()
    return {place: int(count) for place, count in made.items()}

"""The lists that orders make of the judged months, as expected visits (n,): what every comparison is between.

`model` orders alone. `list` is what the office would print: rule findings first, the brake for vulnerable
households, the random arm. `people` is whom staff visited by their own choice.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.identity.thresholds import VISIT
from features.profile_files import read_columns
from models.selection import Candidates, select
from training.profiles import ProfileStore
from training.review.case import Case

Floats = npt.NDArray[np.float64]


def issued(case: Case, capacity: Mapping[object, int] | None = None) -> Floats:
    """(n,) 1 where the list as issued would hold the household; drawn with a fixed key."""
    places = case.judged.capacity if capacity is None else capacity
    facts = case.judged.cohort.facts
    candidates = Candidates(
        household_id=case.judged.cohort.household,
        street_code=case.judged.place,
        score=case.raw,
        finding=true_findings(case),
        vulnerable=facts["vulnerable"].to_numpy(dtype=bool),
        stratum=facts["category"].fillna("").to_numpy(dtype=object),
    )
    chosen = select(
        case.spec.question, candidates, {str(p): n for p, n in places.items()}, key=f"review {case.seed}"
    )
    wanted = {(row.street_code, row.household_id) for row in chosen}
    pairs = zip(case.judged.place, case.judged.cohort.household, strict=True)
    return np.array([pair in wanted for pair in pairs], dtype=np.float64)


def true_findings(case: Case) -> npt.NDArray[np.bool_]:
    """(n,) whether a rule finds the question true in that month, on a record surely theirs."""
    facts, found = case.judged.cohort.facts, np.zeros(len(case.raw), dtype=bool)
    for as_of in case.plan.judged:
        here = (facts["as_of"] == pd.Timestamp(as_of)).to_numpy()
        true = findings_of(case.store, case.spec.universe, case.spec.question, as_of)
        found[here] = facts.loc[here, "household_id"].isin(true)
    return found


def findings_of(store: ProfileStore, universe: str, question: str, as_of: date) -> set[str]:
    """Households of which a rule finds the question true in that month, on a record surely theirs."""
    columns = ["household_id", "question", "verdict", "confidence"]
    read = read_columns(store.folder, "findings", universe, as_of, columns).to_pandas()
    sure = read["confidence"].astype(float) >= VISIT
    return set(read.loc[(read["question"] == question) & (read["verdict"] == "true") & sure, "household_id"])


def staff_capacity(case: Case) -> dict[object, int]:
    """Visits that staff chose themselves, by street and month: what equal visits means beside them."""
    made = pd.Series(case.people["visited"].to_numpy()).groupby(case.judged.place).sum()
    return {place: int(count) for place, count in made.items()}

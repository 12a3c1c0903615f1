"""A month's hidden_income list with a random arm and without, and who on it really hides, in which way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models import outcomes
from models.selection import Candidates, select

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Rule findings take at most this part of a list without a lot, as of one with it.
RULE_SHARE = 0.30


@dataclass(frozen=True)
class Listed:
    """A month's list over the rows of `Candidates`, (n,): who is on it; the lot's chance where it drew."""

    on: Flags
    chance: Floats


Selector = Callable[[Candidates, dict[str, int], str], Listed]


def with_lot(random_share: float) -> Selector:
    """The lists as the product makes them."""

    def chosen(candidates: Candidates, capacity: dict[str, int], key: str) -> Listed:
        rows = select("hidden_income", candidates, capacity, key=key, random_share=random_share)
        place = {household: k for k, household in enumerate(candidates.household_id)}
        on, chance = np.zeros(len(place), dtype=bool), np.full(len(place), np.nan)
        for row in rows:
            on[place[row.household_id]] = True
            if row.arm == "random":
                chance[place[row.household_id]] = row.arm_probability
        return Listed(on, chance)

    return chosen


def without_lot(candidates: Candidates, capacity: dict[str, int], key: str) -> Listed:
    """The same lists without a random arm: rule findings up to their share, then the highest scores."""
    on = np.zeros(len(candidates.score), dtype=bool)
    allowed = candidates.finding | ~candidates.vulnerable
    for street, places in capacity.items():
        members = np.flatnonzero((candidates.street_code == street) & allowed)
        line = members[np.argsort(-candidates.score[members], kind="stable")]
        first = line[candidates.finding[line]][: round(RULE_SHARE * places)]
        rest = line[~np.isin(line, first)]
        on[np.concatenate([first, rest])[:places]] = True
    return Listed(on, np.full(len(on), np.nan))


def truth(seen: pd.DataFrame) -> tuple[Flags, Flags]:
    """(n,) who really hides material income, and who would not without what goes to a relative's wallet."""
    line = outcomes.line_yuan(seen["category"].tolist(), seen["standard_yuan"])
    income = seen["verified_income_yuan_month"].astype(float)

    def hides(income: pd.Series) -> Flags:
        label = outcomes.hidden_income(
            seen["finding"].tolist(),
            seen["months_affected"].astype(float),
            income,
            seen["true_persons"],
            line,
        )
        return np.asarray(label == 1)

    hidden = hides(income)
    return hidden, hidden & ~hides(income - seen["wallet_yuan_month"].astype(float))


def recorded(seen: pd.DataFrame) -> Floats:
    """The label of what a visit would record; (n,)."""
    return outcomes.hidden_income(
        seen["said_finding"].tolist(),
        seen["said_months_affected"].astype(float),
        seen["said_verified_income_yuan_month"].astype(float),
        seen["person_count"].astype(float),
        outcomes.line_yuan(seen["category"].tolist(), seen["standard_yuan"]),
    )

"""Twins: households changed in nothing but the marks of a group. A punitive score may not rise for it.

Counterfactual fairness in its plainest form (Kusner et al., "Counterfactual fairness", 2017): income,
property and place stay as they are, only who lives there changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.scoring import probability
from training.review.case import Case
from training.review.what_if import made_again, read_plain

Floats = npt.NDArray[np.float64]

#: The mean probability of twins may rise by this share of what it was, no more.
TOLERANCE = 0.05
#: Below this many households a twin is not told.
LEAST_HOUSEHOLDS = 30
OLD = 72.0


@dataclass(frozen=True)
class Twin:
    """of: which households are changed, a mask over plain columns; becomes: column -> value or function."""

    group: str
    zh: str
    en: str
    of: Callable[[pd.DataFrame], Any]
    becomes: dict[str, float | str | Callable[[pd.DataFrame], Any]]

    def changed(self, plain: pd.DataFrame) -> pd.DataFrame:
        """The twins of `plain`."""
        made = {name: value(plain) if callable(value) else value for name, value in self.becomes.items()}
        return plain.assign(**{name: value for name, value in made.items() if name in plain})


TWINS = (
    Twin(
        "old_alone",
        "独居者改为老人",
        "who lives alone is old",
        lambda p: (p["composition_persons_count"] == 1) & (p["composition_working_age_count"] == 1),
        {
            "composition_elderly_count": 1.0,
            "composition_working_age_count": 0.0,
            "composition_oldest_years": OLD,
            "composition_youngest_years": OLD,
            "composition_mean_years": OLD,
        },
    ),
    Twin(
        "disabled",
        "一名成员持重度残疾证",
        "one member has a severe disability",
        lambda p: (p["health_disabled_count"] == 0) & (p["health_severe_working_age_count"] == 0),
        {
            "health_disabled_count": 1.0,
            "health_severe_count": 1.0,
            "health_severe_working_age_count": lambda p: np.minimum(p["composition_working_age_count"], 1.0),
        },
    ),
    Twin(
        "ill",
        "一名成员患重大疾病",
        "one member is seriously ill",
        lambda p: p["health_serious_illness_count"] == 0,
        {"health_serious_illness_count": 1.0, "health_self_paid_yuan_12m": 40_000.0},
    ),
    Twin(
        "children",
        "一名成年人改为儿童",
        "one of the adults is a child",
        lambda p: (p["composition_children_count"] == 0) & (p["composition_working_age_count"] >= 3),
        {
            "composition_children_count": 1.0,
            "composition_youngest_years": 8.0,
            "composition_working_age_count": lambda p: p["composition_working_age_count"] - 1,
        },
    ),
    Twin(
        "single_parent",
        "两名成年人改为一名成人带儿童",
        "of two adults one is a child",
        lambda p: (p["composition_persons_count"] == 2) & (p["composition_working_age_count"] == 2),
        {
            "composition_children_count": 1.0,
            "composition_youngest_years": 8.0,
            "composition_working_age_count": 1.0,
        },
    ),
    Twin(
        "migrant",
        "全家人户分离",
        "all live away from their hukou",
        lambda p: p["housing_away_from_hukou_share"] == 0,
        {"housing_away_from_hukou_share": 1.0},
    ),
    Twin(
        "rural",
        "城镇改为农村",
        "urban becomes rural",
        lambda p: p["urban_rural"] == "urban",
        {"urban_rural": "rural"},
    ),
)


def archetypes(case: Case) -> dict[str, Any]:
    """What each change of marks does to the scores of the last judged month's households."""
    as_of = case.plan.judged[-1]
    facts = case.judged.cohort.facts
    here = facts.loc[facts["as_of"] == pd.Timestamp(as_of), "household_id"].unique()
    plain = read_plain(case.store, case.spec.universe, as_of, here)
    lines = [twin_line(case, twin, plain) for twin in TWINS]
    return {
        "as_of": as_of.isoformat(),
        "tolerance": TOLERANCE,
        "punitive": case.spec.punitive,
        "lines": lines,
        "holds": holds(lines) if case.spec.punitive else None,
    }


def twin_line(case: Case, twin: Twin, plain: pd.DataFrame) -> dict[str, Any]:
    """Mean probability before and after, share of scores that rose, the largest rise in log-odds."""
    chosen = plain[np.asarray(twin.of(plain), dtype=bool)]
    line: dict[str, Any] = {"group": twin.group, "zh": twin.zh, "en": twin.en, "households": len(chosen)}
    if len(chosen) < LEAST_HOUSEHOLDS:
        return line | {"verdict": "insufficient"}
    before, after = (
        case.scored(made_again(case.spec.universe, table, case.bundle.names))
        for table in (chosen, twin.changed(chosen))
    )
    means = [float(probability(case.bundle, raw).mean()) for raw in (before, after)]
    rise = after - before
    return line | {
        "before": round(means[0], 5),
        "after": round(means[1], 5),
        "change": round(means[1] / means[0] - 1, 4),
        "share_risen": round(float((rise > 1e-9).mean()), 4),
        "largest_rise": round(float(rise.max()), 4),
        "mean_rise": round(float(rise.mean()), 4),
        "verdict": "held" if means[1] <= means[0] * (1 + TOLERANCE) else "exceeded",
    }


def holds(lines: list[dict[str, Any]]) -> bool | None:
    """Whether no twin is thought worse of; None where none could be made."""
    verdicts = {line["verdict"] for line in lines}
    return False if "exceeded" in verdicts else True if "held" in verdicts else None

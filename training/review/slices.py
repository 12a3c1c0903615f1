"""The same figures for parts of the cohort: an average may hide where a model is wrong."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models import metrics
from models.groups import MARKS, memberships, told
from models.metrics import HouseholdBootstrap, interval
from training.review.case import Case

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Conclusions and positives without which a slice is not told.
LEAST_KNOWN, LEAST_POSITIVES = 100, 10
CHECKED = "change_months_since_verification"
#: Months since the last check: mean score over truth must be level in all of them (METHOD: time since check).
MONTHS_SINCE = ((0, 2), (3, 5), (6, 11), (12, float("inf")))


def slices(case: Case) -> dict[str, Any]:
    """One line a slice: base rate, mean said over found with interval, area, and confirmed at capacity."""
    got = case.visits(case.raw)
    lines = [line(case, code, names, flags, got) for code, names, flags in parts(case)]
    return {"judged_by": case.judged.source, "lines": lines}


def parts(case: Case) -> list[tuple[str, tuple[str, str], Flags]]:
    """(code, (zh, en), members (n,)) of every slice."""
    facts, people = case.judged.cohort.facts, case.people
    found: list[tuple[str, tuple[str, str], Flags]] = [
        ("all", ("全部", "all"), np.ones(len(facts), dtype=bool)),
        ("vulnerable", ("脆弱家庭", "vulnerable households"), facts["vulnerable"].to_numpy(dtype=bool)),
    ]
    categories = sorted({str(one) for one in facts["category"].dropna().unique()})
    found += [(f"category {one}", (one, one), (facts["category"] == one).to_numpy()) for one in categories]
    members = memberships({name: people[name].to_numpy() for name in MARKS})
    found += [(code, told(code), flags) for code, flags in members.items()]
    if CHECKED in case.bundle.names:
        since = case.judged.cohort.rows[:, case.bundle.names.index(CHECKED)]
        for low, high in MONTHS_SINCE:
            span = f"{low}–{high}" if np.isfinite(high) else f"{low}+"
            words = (f"距上次核查 {span} 个月", f"{span} months since the last check")
            found.append((f"checked {span}", words, (since >= low) & (since <= high)))
        found.append(("checked never", ("未曾核查", "never checked"), np.isnan(since)))
    return found


def line(case: Case, code: str, names: tuple[str, str], flags: Flags, got: Floats) -> dict[str, Any]:
    """The figures of one slice; `enough` says whether there is evidence."""
    chosen = flags & case.known
    label, trust = case.label[chosen], case.judged.trust[chosen]
    made = {
        "slice": code,
        "zh": names[0],
        "en": names[1],
        "households": len(np.unique(case.judged.cohort.household[flags])),
        "n": int(chosen.sum()),
        "positives": int(label.sum()),
    }
    if len(label) < LEAST_KNOWN or label.sum() < LEAST_POSITIVES:
        return made | {"enough": False}
    said, visited = case.chance[chosen], got[chosen] * trust
    boot = HouseholdBootstrap(case.judged.cohort.household[chosen], seed=case.seed)
    drawn = boot.totals([label * trust, said * trust, label * visited, visited])
    with np.errstate(invalid="ignore", divide="ignore"):
        over = interval(float((said * trust).sum() / (label * trust).sum()), drawn[:, 1] / drawn[:, 0])
        hits = interval(
            metrics.precision(label, visited), drawn[:, 2] / drawn[:, 3], int((visited > 0).sum())
        )
    return made | {
        "enough": True,
        "base_rate": round(float(np.average(label, weights=trust)), 4),
        "said_over_found": over.rounded(3),
        "auc": _figure(metrics.auc(label, case.raw[chosen], trust)),
        "precision_at_capacity": hits.rounded(),
    }


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)

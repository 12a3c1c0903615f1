"""The fairness audit: the list as issued, the model alone, rules and staff, each group against all others."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models import fairness
from models.groups import GROUPS, MARKS, intersections, memberships, seen_by
from training.review.case import Case
from training.review.listed import issued, staff_capacity

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Households without which an intersection is not audited.
LEAST_HOUSEHOLDS = 100
#: Features whose presence marks an indirect group: at most so many are told.
INDIRECT = 10
INDIRECT_SHARES = (0.02, 0.60)


def burdens(case: Case) -> dict[str, Any]:
    """Every selection audited for every group and intersection, at capacity and at staff's own visits."""
    members = memberships({name: case.people[name].to_numpy() for name in MARKS})
    pairs = intersections(members)
    large = {code: flags for code, flags in pairs.items() if _households(case, flags) >= LEAST_HOUSEHOLDS}
    staff = staff_capacity(case)
    order = case.judged.cohort.facts["rule_score"].to_numpy(dtype=np.float64)
    visited = {
        "model": case.visits(case.raw),
        "list": issued(case),
        "rules": case.visits(order),
        "model_at_staff_visits": case.visits(case.raw, staff),
        "rules_at_staff_visits": case.visits(order, staff),
        "people": case.people["visited"].to_numpy(),
    }
    return {
        "bar": fairness.BAR,
        "judged_by": case.judged.source,
        "households": {code: _households(case, flags) for code, flags in members.items()},
        "base_rates": {code: _base_rate(case, flags) for code, flags in members.items()},
        "not_recorded": [group.code for group in GROUPS if group.mark is None],
        "ideal": "mark" if case.ideal[1] else "calibrated",
        "seen_by_model": list(seen_by(case.bundle.names)),
        "too_small": sorted(set(pairs) - set(large)),
        "tables": {name: _table(case, name, got, members | large) for name, got in visited.items()},
        "indirect": _indirect(case, visited["model"]),
        "gates": {},
    } | {"gates": gates(_table(case, "list", visited["list"], members), punitive=case.spec.punitive)}


def gates(lines: list[dict[str, Any]], *, punitive: bool) -> dict[str, bool | None]:
    """Whether the list as issued burdens no vulnerable group; None where the evidence does not tell."""
    vulnerable = {group.code for group in GROUPS if group.vulnerable}
    told = [line for line in lines if line["gated"] and line["group"] in vulnerable]
    verdicts = {
        measure.code: [line["verdict"] for line in told if line["measure"] == measure.code]
        for measure in fairness.MEASURES[punitive]
        if measure.gated
    }
    return {
        measure: False
        if fairness.EXCEEDED in found
        else None
        if fairness.INSUFFICIENT in found or not found
        else True
        for measure, found in verdicts.items()
    }


def _table(case: Case, name: str, visited: Floats, groups: dict[str, Flags]) -> list[dict[str, Any]]:
    counted = fairness.own_visits if name == "people" and case.census is None else fairness.outcomes
    met = counted(case.judged.cohort.label, case.judged.trust, visited)
    places = staff_capacity(case) if name.endswith("visits") or name == "people" else None
    chance, excuses = case.ideal
    ideal = fairness.outcomes(chance, np.ones(len(visited)), case.visits(chance, places))
    return fairness.fairness_table(
        met,
        case.judged.cohort.household,
        groups,
        punitive=case.spec.punitive,
        ideal=ideal,
        excuses=excuses,
        seed=case.seed,
    )


def _households(case: Case, flags: Flags) -> int:
    return len(np.unique(case.judged.cohort.household[flags]))


def _base_rate(case: Case, flags: Flags) -> dict[str, float | None]:
    """Share of positives in the group and among all others, as judged and as the model says."""

    def share(of: Flags) -> float | None:
        weight = case.judged.trust * of
        return round(float((case.label * weight).sum() / weight.sum()), 4) if weight.sum() else None

    said = [round(float(case.chance[of].mean()), 4) if of.any() else None for of in (flags, ~flags)]
    return {"group": share(flags), "others": share(~flags), "said_group": said[0], "said_others": said[1]}


def _indirect(case: Case, visited: Floats) -> list[dict[str, Any]]:
    """Groups that features make: households with a record that neither a few nor most have, worst first.

    Nobody declared them; whoever repairs one group's burden may move it here.
    """
    rows, names = case.judged.cohort.rows, case.bundle.names
    marked = {name: np.nan_to_num(column) > 0 for name, column in zip(names, rows.T, strict=True)}
    low, high = INDIRECT_SHARES
    groups = {name: flags for name, flags in marked.items() if low <= flags.mean() <= high}
    lines = _table(case, "model", visited, groups)
    measure = fairness.MEASURES[case.spec.punitive][0].code
    told = [
        line
        for line in lines
        if line["measure"] == measure
        and line["verdict"] != fairness.INSUFFICIENT
        and line["ratio"]["low"] is not None
    ]
    words = {feature.name: (feature.zh, feature.en) for feature in case.bundle.features}
    worst = sorted(told, key=lambda line: -line["ratio"]["low"])[:INDIRECT]
    return [line | dict(zip(("zh", "en"), words[line["group"]], strict=True)) for line in worst]

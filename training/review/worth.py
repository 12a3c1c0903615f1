"""What each department's data is worth, and what its silence does.

Worth: the champion learnt again without whatever rests on the department, at equal visits. Silence: the
champion as it is, when the department does not answer at the time of judging; it should be as good as the one
that never knew the department, and nobody's punitive score may rise.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from features.sources import DEPARTMENTS
from models.scoring import probability
from training.review.case import Case
from training.review.listed import issued
from training.review.refit import raw, without
from training.review.scored import average_precision, average_precision_lost, per_100, ranked
from training.review.what_if import departments, made_again, read_plain, silence

Floats = npt.NDArray[np.float64]

#: Against the model that never knew the department: average precision, and mean score.
GATE_LOST, GATE_MEAN = 0.01, 0.10
ROUNDING = 1e-9


def worth(case: Case, tell: Callable[[str], None] = lambda step: None) -> dict[str, Any]:
    """Lines by department, and rules alone, model alone and the list as issued."""
    lines = []
    for department, names in departments(case.spec).items():
        tell(department)
        lines.append(department_line(case, department, names))
    orders = {
        "model": case.raw,
        "rules": case.judged.cohort.facts["rule_score"].to_numpy(dtype=np.float64),
        "list": issued(case),
    }
    return {
        "whole": ranked(case, case.raw),
        "alone": per_100(case, orders),
        "departments": sorted(lines, key=lambda line: -(line["lost_per_100"]["value"] or 0.0)),
        "gates": gates(lines, punitive=case.spec.punitive),
    }


def department_line(case: Case, department: str, names: list[str]) -> dict[str, Any]:
    """One department: what is lost without its data, and what its silence would do today."""
    dropped = np.isin(case.bundle.names, names)
    learnt_again, kept = without(case, dropped)
    blind = raw(learnt_again, case.judged.cohort.rows[:, kept], case.threads)
    visits = per_100(case, {"whole": case.raw, "without": blind})["without"]
    silent = case.scored(silent_rows(case, department))
    zh, en = DEPARTMENTS[department]
    return {
        "department": department,
        "zh": zh,
        "en": en,
        "features": int(dropped.sum()),
        "per_100_without": {name: visits[name] for name in ("value", "low", "high", "n")},
        "lost_per_100": visits["lost"],
        "average_precision_lost": average_precision_lost(case, blind, case.raw),
        "silence": silence_line(case, silent, blind),
    }


def silent_rows(case: Case, department: str) -> Floats:
    """The judged rows as they would be if the department had not answered."""
    facts, rows = case.judged.cohort.facts, case.judged.cohort.rows.copy()
    gone = silence(department, case.spec.universe)
    for as_of in facts["as_of"].unique():
        here = (facts["as_of"] == as_of).to_numpy()
        plain = read_plain(
            case.store, case.spec.universe, as_of.date(), facts.loc[here, "household_id"].to_numpy()
        )
        rows[here] = made_again(
            case.spec.universe, plain.assign(**dict.fromkeys(gone, np.nan)), case.bundle.names
        )
    return rows


def silence_line(case: Case, silent: Floats, blind: Floats) -> dict[str, Any]:
    """The champion under silence beside itself and beside the model that never knew the department."""
    means = [float(probability(case.bundle, order).mean()) for order in (case.raw, silent)]
    rise = silent - case.raw
    return {
        "average_precision": round(average_precision(case, silent), 4),
        "average_precision_of_blind": round(average_precision(case, blind), 4),
        "against_blind": average_precision_lost(case, blind, silent),
        "against_whole": round(average_precision(case, silent) - average_precision(case, case.raw), 4),
        "mean_score_change": round(means[1] / means[0] - 1, 4) if means[0] else None,
        "raised": int((rise > ROUNDING).sum()),
        "largest_rise": round(float(max(rise.max(), 0.0)), 6),
    }


def gates(lines: list[dict[str, Any]], *, punitive: bool) -> dict[str, bool | None]:
    """What must hold under any single department's silence; None where chance alone could explain a fall.

    against_blind is the champion's average precision less the blind model's: a fall below the gate as a whole
    interval fails, one that only may lie below it is not known.
    """
    falls = [line["silence"]["against_blind"] for line in lines]
    known = [one for one in falls if one["low"] is not None]
    fails = any(one["high"] < -GATE_LOST for one in known)
    holds = known and all(one["low"] >= -GATE_LOST for one in known)
    moved = [line["silence"]["mean_score_change"] for line in lines]
    raised = any(line["silence"]["raised"] for line in lines)
    return {
        "no_score_rises": not raised if punitive else None,
        "as_good_as_never_known": False if fails else True if holds else None,
        "mean_score_steady": all(abs(one) <= GATE_MEAN for one in moved if one is not None),
    }

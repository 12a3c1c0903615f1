"""Everything that must hold before a model is trained: enough labels, and no column that knows the answer."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.spec import ModelSpec
from training.cohort import Cohort
from training.fit import Setting, fit_candidate, raw_scores
from training.guards.columns import (
    filled_in,
    labelled_too_early,
    single_columns,
    single_figures,
)
from training.guards.evidence import Floats, Leak, Seen, drawn, enough
from training.guards.households import divided_households
from training.guards.joint import joint_columns
from training.guards.shuffled import shuffled_labels
from training.guards.twins import twin_columns
from training.splits import household_folds

Positions = npt.NDArray[np.int64]

#: Labels without which no model is trained.
LEAST_LABELS, LEAST_POSITIVES = 200, 30
#: Rows the guards look at in a cohort: whole households, drawn.
MOST_ROWS = 10_000
#: Outcomes dealt at random are learnt by a smaller bag, and judged on one of so many folds of households.
SHUFFLED_BAG, SHUFFLED_FOLDS, LEAST_SHUFFLED = 1, 3, 5
#: What no honest column does: refused before anything is trained. Others are suspicions.
SURE = ("single column", "filled in", "later date", "time order", "shuffled labels")
REMEDY = {
    "single column": "it was probably recorded after the visit. Remove it, or correct its received_on.",
    "filled in": "it is probably filled in by the visit. Remove it, or correct its received_on.",
    "later date": "remove it, or give the date on which it became known.",
    "twin columns": "remove the version that was audited.",
    "joint": "remove what was recorded after the visit, or correct its received_on.",
    "divided households": "give these rows one household number, so that no split divides them.",
    "time order": "correct as_of or the day the label was recorded.",
    "shuffled labels": "find what is computed from labels before rows are divided.",
}


def require_enough(spec: ModelSpec, label: Floats) -> None:
    """`UserError` says how many labels there are and how many are needed: insufficient evidence."""
    labels, positives = len(label), int(label.sum())
    if labels < LEAST_LABELS or positives < LEAST_POSITIVES:
        raise UserError(
            f"{spec.question}: 证据不足，标签 {labels} 个、确认 {positives} 个，至少需要 {LEAST_LABELS} 和 "
            f"{LEAST_POSITIVES} / insufficient evidence: {labels} labels, {positives} confirmed; at least "
            f"{LEAST_LABELS} and {LEAST_POSITIVES} are needed. Record more visits, or train later."
        )


def find_leaks(seen: Seen) -> list[Leak]:
    """Whatever shows the outcome, the plainest first; a later guard looks without what an earlier named."""
    found: list[Leak] = []

    def rest() -> Seen:
        return seen.without({column for leak in found for column in leak.columns})

    found += single_columns(seen, single_figures(seen))
    found += filled_in(rest())
    found += twin_columns(rest())
    found += joint_columns(rest())
    return found + divided_households(rest())


@dataclass(frozen=True)
class Guarded:
    """strongest: AUC of the strongest five features by themselves. suspected: for a person to look into."""

    strongest: dict[str, float]
    suspected: tuple[Leak, ...]


def refuse_leaks(spec: ModelSpec, cohort: Cohort) -> Guarded:
    """What the guards saw; `UserError` names a column that knows the answer.

    Columns that only together say too much may be honest where departments see nearly everything: they are
    told, and no model with such a suspicion is promoted (`training.gates`), but training is not refused.
    Splits keep households whole, so rows of one household are one part.
    """
    seen = Seen(spec.names, spec.names, cohort.rows, cohort.label, cohort.household)
    found = labelled_too_early(cohort.facts["as_of"], cohort.facts["known_on"])
    found += find_leaks(drawn(seen, MOST_ROWS))
    sure = [leak for leak in found if leak.kind in SURE]
    if sure:
        raise UserError(_told(spec.question, sure))
    figures = single_figures(seen)
    strongest = sorted(figures, key=lambda name: -figures[name])[:5]
    return Guarded({name: round(figures[name], 4) for name in strongest}, tuple(found))


def refuse_clairvoyance(setting: Setting, cohort: Cohort, name: str) -> dict[str, float]:
    """AUC of the candidate `name` on outcomes dealt at random, and its spread by chance.

    `UserError` where it still predicts them: something computed before has seen the answer.
    """

    def fit(label: Floats, learn: Positions, judge: Positions) -> Floats:
        dealt = replace(cohort, facts=cohort.facts.assign(label=label))
        return raw_scores(setting, fit_candidate(smaller, dealt.take(learn), name), dealt.rows[judge])

    smaller = replace(setting, bag=SHUFFLED_BAG)
    fold = household_folds(cohort.household, SHUFFLED_FOLDS, setting.seed + 3)
    learn, judge = np.flatnonzero(fold != 0), np.flatnonzero(fold == 0)
    if not enough(cohort.label[judge], LEAST_SHUFFLED):
        return {}
    value, spread, found = shuffled_labels(fit, cohort.label, learn, judge, setting.seed)
    if found:
        raise UserError(_told(setting.spec.question, found))
    return {"auc": round(value, 4), "standard_deviation": round(spread, 4)}


def _told(question: str, found: list[Leak]) -> str:
    """Every leak in a sentence with its remedy."""
    lines = [f"{leak.told_zh} / {leak.told_en}; {REMEDY[leak.kind]}" for leak in found]
    return "\n- ".join([f"{question}: 有内容已知答案 / something knows the answer:", *lines])

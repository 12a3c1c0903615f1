"""Whom a selection burdens: error rates of each group over those of all others, with 95 % intervals.

A punitive list burdens whom it wrongly names: false-positive rate (Hardt, Price and Srebro, "Equality of
opportunity in supervised learning", 2016) and false-discovery rate. An assistive list burdens whom it leaves
out: false-negative rate and recall at capacity. NumPy only; models, rules and people are audited alike.

Rates cannot all be equal where base rates differ (Chouldechova, "Fair prediction with disparate impact",
2017): `ideal` is the ratio that a scorer with exact probabilities would have, and is shown beside each.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.groups import told
from models.metrics import Z95, HouseholdBootstrap, Interval

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.object_]

#: A ratio whose interval reaches beyond this is not shown to be fair.
BAR = 1.25
#: Standard normal quantile of 80 % power.
Z_POWER = 0.841621
#: Fewer expected events than this and a normal interval of a logarithm means nothing.
LEAST_EVENTS = 5.0
#: Upper 97.5 % limit of a Poisson mean of which nothing was seen.
NOTHING_SEEN = 3.688879
HELD, EXCEEDED, INSUFFICIENT = "held", "exceeded", "insufficient"


@dataclass(frozen=True)
class Measure:
    """One rate. harm: which way a ratio burdens the group, "above" or "below" 1.

    gated: it can hold a model back; the share selected is told only, for base rates differ.
    """

    code: str
    zh: str
    en: str
    harm: str = "above"
    gated: bool = True


MEASURES = {
    True: (
        Measure("false_positive_rate", "误报率", "false-positive rate"),
        Measure("false_discovery_rate", "名单中查无问题的比例", "false-discovery rate"),
        Measure("selection_rate", "入选率", "selection rate", gated=False),
    ),
    False: (
        Measure("false_negative_rate", "漏报率", "false-negative rate"),
        Measure("recall_at_capacity", "能力范围内找到的比例", "recall at capacity", harm="below"),
        Measure("selection_rate", "入选率", "selection rate", harm="below", gated=False),
    ),
}


@dataclass(frozen=True)
class Outcomes:
    """What a selection met; every array (n,) in households that a row stands for.

    everyone: all asked about; visits: of them selected; negatives and positives: what is known of everyone;
    false_visits and true_visits: of those selected.
    """

    everyone: Floats
    visits: Floats
    negatives: Floats
    positives: Floats
    false_visits: Floats
    true_visits: Floats


def outcomes(label: Floats, trust: Floats, visited: Floats) -> Outcomes:
    """From labels that stand for `trust` households each (0: unknown), and expected visits (n,) in [0, 1]."""
    known = np.nan_to_num(label)
    negatives, positives = trust * (1 - known), trust * known
    return Outcomes(
        np.ones(len(label)), visited, negatives, positives, negatives * visited, positives * visited
    )


def own_visits(label: Floats, trust: Floats, visited: Floats) -> Outcomes:
    """The same where the outcome of every visit is recorded: visits are counted, others estimated."""
    made = np.where(np.isnan(label), 0.0, visited)
    found = outcomes(label, trust, visited)
    known = np.nan_to_num(label)
    return Outcomes(
        found.everyone, visited, found.negatives, found.positives, made * (1 - known), made * known
    )


def parts(measure: str, met: Outcomes) -> tuple[Floats, Floats]:
    """(numerator, denominator) (n,) of a measure; KeyError where there is none of that code."""
    return {
        "false_positive_rate": (met.false_visits, met.negatives),
        "false_discovery_rate": (met.false_visits, met.false_visits + met.true_visits),
        "selection_rate": (met.visits, met.everyone),
        "false_negative_rate": (met.positives - met.true_visits, met.positives),
        "recall_at_capacity": (met.true_visits, met.positives),
    }[measure]


def needed(rate: float, gap: float, others: float = math.inf) -> float:
    """Verified households a group needs to tell `rate` and `rate + gap` apart at 95 % with 80 % power.

    others: households compared with; infinity where their rate is known. `equal_groups` where both are alike.
    Infinity where the others are too few for any number to do.
    """
    moved = min(max(rate + gap, 0.0), 1.0)
    spread = (moved - rate) ** 2 / (Z95 + Z_POWER) ** 2 - rate * (1 - rate) / others
    return moved * (1 - moved) / spread if spread > 0 else math.inf


def equal_groups(rate: float, gap: float) -> float:
    """The same where group and others are equally many: 353 for a gap of 10 points at 30 %."""
    return (Z95 + Z_POWER) ** 2 * (rate * (1 - rate) + (rate + gap) * (1 - rate - gap)) / gap**2


def effective(weight: Floats, household: Labels) -> float:
    """Households that weighted rows are worth: Kish's size over the households' sums of weights.

    A household's months count once: they are nearly the same evidence.
    """
    sums = (
        np.bincount(np.unique(household, return_inverse=True)[1], weights=weight) if len(weight) else weight
    )
    return float(sums.sum() ** 2 / (sums**2).sum()) if sums.any() else 0.0


def fairness_table(
    met: Outcomes,
    household: Labels,
    groups: Mapping[str, Flags],
    *,
    punitive: bool,
    ideal: Outcomes | None = None,
    excuses: bool = False,
    seed: int = 7,
    bar: float = BAR,
) -> list[dict[str, Any]]:
    """One line a group and measure: rate, rate of all others, ratio with interval, evidence and verdict.

    groups: code -> (n,) membership. ideal: what a scorer with exact probabilities would meet at equal visits.
    excuses: where the ideal's own ratio lies beyond the bar, a false-positive or false-negative ratio is held
    against that. Only an ideal from elsewhere may excuse: a model's own probabilities share its bias.
    """
    boot = HouseholdBootstrap(household, seed=seed)
    lines = []
    for measure in MEASURES[punitive]:
        top, bottom = parts(measure.code, met)
        inside = [column * flags for flags in groups.values() for column in (top, bottom)]
        drawn = boot.totals([top, bottom, *inside])
        for place, (code, flags) in enumerate(groups.items()):
            pair = drawn[:, 2 + 2 * place : 4 + 2 * place]
            line = _compared(top, bottom, household, flags, pair, drawn[:, :2] - pair)
            best = None if ideal is None else ideal_ratio(measure.code, ideal, flags)
            limit = _limit(measure, best, bar) if excuses else bar
            lines.append(_judged(line, code, measure, best, limit))
    return lines


def _compared(
    top: Floats, bottom: Floats, household: Labels, flags: Flags, inside: Floats, outside: Floats
) -> dict[str, Any]:
    """Rates and ratio of one group; `inside` and `outside` (replicates, 2) are drawn sums."""
    own, other = _rate(top[flags], bottom[flags]), _rate(top[~flags], bottom[~flags])
    worth = effective(bottom[flags], household[flags])
    return {
        "rate": own,
        "others": other,
        "evidence": worth,
        "others_evidence": effective(bottom[~flags], household[~flags]),
        "ratio": _ratio(own, other, inside, outside, worth),
    }


def _rate(top: Floats, bottom: Floats) -> float:
    return float(top.sum() / bottom.sum()) if bottom.sum() else float("nan")


def _ratio(own: float, other: float, inside: Floats, outside: Floats, worth: float) -> Interval:
    """Ratio with the interval of its logarithm over the replicates."""
    if math.isnan(own) or math.isnan(other) or not other:
        return Interval(float("nan"), float("nan"), float("nan"), round(worth))
    if not own:
        return Interval(0.0, 0.0, min(NOTHING_SEEN / worth, 1.0) / other, round(worth))
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(inside[:, 0] / inside[:, 1]) - np.log(outside[:, 0] / outside[:, 1])
    error = Z95 * float(np.std(logs[np.isfinite(logs)], ddof=1)) if np.isfinite(logs).sum() > 1 else math.inf
    value = own / other
    # No rate exceeds 1: where the others' is high, the ratio has little room above.
    high = min(value * math.exp(error), 1 / other)
    return Interval(value, value * math.exp(-error), max(high, value), round(worth))


def _judged(
    line: Mapping[str, Any], code: str, measure: Measure, best: float | None, limit: float
) -> dict[str, Any]:
    """The line as written to JSON, with what is needed and the verdict."""
    ratio, other = line["ratio"], line["others"]
    step = other * (limit if measure.harm == "above" else 1 / limit) - other
    wanted = needed(other, step, line["others_evidence"] or 1.0) if other and step else math.inf
    zh, en = told(code)
    return {
        "group": code,
        "zh": zh,
        "en": en,
        "measure": measure.code,
        "measure_zh": measure.zh,
        "measure_en": measure.en,
        "harm": measure.harm,
        "gated": measure.gated,
        "rate": _figure(line["rate"]),
        "others": _figure(other),
        "ratio": ratio.rounded(3),
        "ideal": _figure(best),
        "bar": round(limit, 3),
        "evidence": round(line["evidence"]),
        "needed": math.ceil(wanted) if math.isfinite(wanted) else None,
        "verdict": verdict(ratio, limit, measure.harm, line["evidence"], wanted, other),
    }


def _limit(measure: Measure, best: float | None, bar: float) -> float:
    """The bar, or the ideal scorer's own ratio where equal rates would ask for more than is possible.

    The false-discovery ratio has no such excuse: among those visited it is the burden itself.
    """
    if best is None or math.isnan(best) or not best or measure.code == "false_discovery_rate":
        return bar
    return max(bar, best if measure.harm == "above" else 1 / best)


def verdict(ratio: Interval, limit: float, harm: str, evidence: float, wanted: float, other: float) -> str:
    """`held`, `exceeded`, or `insufficient` evidence.

    Held: the whole interval lies within the limit. Exceeded: it lies beyond as a whole, or reaches beyond
    though there is evidence enough to tell. The rest is not known.
    """
    if math.isnan(ratio.value) or evidence * min(other, 1 - other) < LEAST_EVENTS:
        return INSUFFICIENT
    worst, best = (ratio.high, ratio.low) if harm == "above" else (ratio.low, ratio.high)
    beyond = (lambda end: end > limit) if harm == "above" else (lambda end: end < 1 / limit)
    if not beyond(worst):
        return HELD
    return EXCEEDED if beyond(best) or evidence >= wanted else INSUFFICIENT


def ideal_ratio(measure: str, ideal: Outcomes, flags: Flags) -> float:
    """Ratio of the group over all others that base rates alone make, of a scorer with exact probabilities."""
    top, bottom = parts(measure, ideal)
    own, other = _rate(top[flags], bottom[flags]), _rate(top[~flags], bottom[~flags])
    return own / other if other else float("nan")


def _figure(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(value, 4)

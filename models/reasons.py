"""Why a household stands where it stands: contributions grouped by topic, told with their evidence.

A reason names department, date of the fact, date it became known, value and confidence of the match. One that
rests on a doubtful match or on no returned record asks to check the record first, never to visit for it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from features.identity.thresholds import VISIT
from models.bundle import Bundle, BundleFeature
from models.scoring import BUNDLES

#: Contributions nearer to nothing than this (log-odds) are not told.
SMALLEST = 0.02
MOST = 3
#: A reason is told where so many of the bag's models find that its topic raises the score, each by more than
#: rounding could.
AGREEING, BEYOND_ROUNDING = 0.8, 1e-9

_UNITS_ZH = {"yuan": "元", "months": "个月", "years": "年", "days": "天", "m2": "平方米", "mu": "亩"}
_UNITS_EN = {"yuan": "yuan", "months": "months", "years": "years", "days": "days", "m2": "m²", "mu": "mu"}
_UNITS_ZH |= {"ratio": "倍", "count": "", "kwh": "千瓦时"}
_UNITS_EN |= {"ratio": "times", "count": "", "kwh": "kWh"}
_STATES_ZH = {
    "found": "有记录",
    "nothing_found": "查询无记录",
    "not_returned": "部门未反馈",
    "not_authorised": "未授权",
    "not_matched": "身份未匹配",
}
_STATES_EN = {
    "found": "found",
    "nothing_found": "nothing found",
    "not_returned": "no answer from the department",
    "not_authorised": "not authorised",
    "not_matched": "identity not matched",
}
#: NumPy adds fewer numbers than this one after the other, so that a zero between them changes nothing.
UNROLLED = 8
#: What a department may have answered.
STATES = tuple(_STATES_ZH)


@dataclass(frozen=True)
class SourceState:
    """What a department answered for one household: a state, the latest record's dates, the match."""

    state: str
    event_on: date | None = None
    known_on: date | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Reason:
    """One sentence a caseworker can read out, and what it rests on.

    kind: `reason`, `check_record` (look at the record before anything else) or `speaks_for`.
    contribution: of the whole topic, log-odds. value: of `feature`, in `unit`.
    """

    kind: str
    topic: str
    topic_zh: str
    topic_en: str
    zh: str
    en: str
    feature: str
    value: float
    unit: str
    department: str
    event_on: date | None
    known_on: date | None
    confidence: float | None
    contribution: float


@dataclass(frozen=True)
class Explanation:
    """Up to three reasons that raise the score, strongest first, and at most one that lowers it."""

    reasons: tuple[Reason, ...]
    speaks_for: tuple[Reason, ...]


def explain(
    bundle: Bundle,
    values: npt.NDArray[np.float64],
    contributions: npt.NDArray[np.float64],
    sources: Mapping[str, SourceState],
    members: Sequence[npt.NDArray[np.float64]] = (),
    *,
    most: int = MOST,
) -> Explanation:
    """Reasons of one household; `values` and `contributions` are (features,), `sources` by table name.

    members: contributions (features,) by each model of the bag; what they do not agree raises the score is no
    reason. Where a score may lead to less money, that a family has nothing is no ground to visit it: a zero
    is told in its favour or not at all.
    """
    # Plain numbers: one household has too few columns for arrays to be worth their making.
    known, parts = values.tolist(), contributions.tolist()
    topics: dict[str, list[int]] = {}
    for topic, columns in columns_by_topic(bundle):
        if seen := [column for column in columns if known[column] == known[column]]:  # NaN is unknown
            topics[topic] = seen
    sums = {topic: _sum(contributions, parts, columns) for topic, columns in topics.items()}
    ordered = sorted(sums, key=lambda topic: (-sums[topic], topic))
    grounds = {
        topic: [column for column in topics[topic] if known[column] or not bundle.punitive]
        for topic in ordered
    }
    voices = [(one, one.tolist()) for one in members]

    def agreed(topic: str) -> bool:
        raised = sum(_sum(*voice, topics[topic]) > BEYOND_ROUNDING for voice in voices)
        return raised >= AGREEING * len(voices)

    raising = [t for t in ordered if sums[t] > SMALLEST and grounds[t] and agreed(t)][:most]
    lowering = [t for t in reversed(ordered) if sums[t] < -SMALLEST][:1]

    def told(topic: str, columns: list[int], sign: int) -> Reason:
        column = max(columns, key=lambda k: sign * parts[k])
        feature = bundle.features[column]
        return make_reason(bundle, feature, known[column], sums[topic], sources)

    return Explanation(
        tuple(told(t, grounds[t], 1) for t in raising), tuple(told(t, topics[t], -1) for t in lowering)
    )


@lru_cache(BUNDLES)
def columns_by_topic(bundle: Bundle) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Topics with their columns; marks of need tell nothing where a score may lead to less money."""
    topics: dict[str, list[int]] = defaultdict(list)
    for column, feature in enumerate(bundle.features):
        if not (bundle.punitive and feature.need):
            topics[feature.topic].append(column)
    return tuple((topic, tuple(columns)) for topic, columns in topics.items())


def _sum(contributions: npt.NDArray[np.float64], parts: list[float], columns: list[int]) -> float:
    """The sum of some columns, NumPy's to the last digit."""
    if len(columns) >= UNROLLED:
        return float(np.add.reduce(contributions[columns]))
    total = 0.0
    for column in columns:
        total += parts[column]
    return total


def make_reason(
    bundle: Bundle,
    feature: BundleFeature,
    value: float,
    contribution: float,
    sources: Mapping[str, SourceState],
) -> Reason:
    """A topic told by one of its features, with the evidence it rests on."""
    department, evidence = _evidence(feature, sources)
    doubtful = _doubtful(bundle, evidence)
    kind = "speaks_for" if contribution < 0 else "check_record" if doubtful else "reason"
    zh, en = _sentences(feature, value, evidence)
    if kind == "check_record":
        zh, en = f"请先核对记录：{zh}", f"Check the record first. {en}"
    return Reason(
        kind=kind,
        topic=feature.topic,
        topic_zh=feature.topic_zh,
        topic_en=feature.topic_en,
        zh=zh,
        en=en,
        feature=feature.name,
        value=value,
        unit=feature.unit,
        department=department,
        event_on=evidence.event_on,
        known_on=evidence.known_on,
        confidence=evidence.confidence,
        contribution=contribution,
    )


def _evidence(feature: BundleFeature, sources: Mapping[str, SourceState]) -> tuple[str, SourceState]:
    """The main source's answer with the least sure match of all tables the feature rests on."""
    answers = [sources[name] for name in feature.sources if name in sources]
    matches = [a.confidence for a in answers if a.state == "found" and a.confidence is not None]
    main = sources.get(feature.source, SourceState("not_returned"))
    return feature.department, SourceState(
        main.state, main.event_on, main.known_on, min(matches) if matches else main.confidence
    )


def _doubtful(bundle: Bundle, evidence: SourceState) -> bool:
    """Check the record first? Where help is sought, that a search found nothing is a fact as well."""
    accepted = ("found",) if bundle.punitive else ("found", "nothing_found")
    unsure = evidence.confidence is not None and evidence.confidence < VISIT
    return evidence.state not in accepted or unsure


def _sentences(feature: BundleFeature, value: float, evidence: SourceState) -> tuple[str, str]:
    """「税务（2025-11，收到于2025-12-10）：近12个月扣缴收入 48,000 元」 and the same in English."""
    when_zh, when_en = _STATES_ZH[evidence.state], _STATES_EN[evidence.state]
    if evidence.state == "found" and evidence.event_on:
        when_zh = when_en = evidence.event_on.isoformat()[: 7 if feature.monthly else 10]
    parts_zh, parts_en = [when_zh], [when_en]
    if evidence.known_on:
        parts_zh.append(f"收到于{evidence.known_on.isoformat()}")
        parts_en.append(f"received {evidence.known_on.isoformat()}")
    if evidence.confidence is not None and evidence.confidence < VISIT:
        parts_zh.append(f"身份匹配把握 {evidence.confidence:.0%}")
        parts_en.append(f"identity match {evidence.confidence:.0%} sure")
    zh = f"{feature.department_zh}（{'，'.join(parts_zh)}）：{feature.zh} {_value_zh(feature.unit, value)}"
    en = f"{feature.department_en} ({', '.join(parts_en)}): {feature.en} {_value_en(feature.unit, value)}"
    return zh.strip(), en.strip()


def _value_zh(unit: str, value: float) -> str:
    if unit == "flag":
        return "是" if value else "否"
    return _share(value) if unit == "share" else f"{_number(unit, value)} {_UNITS_ZH.get(unit, unit)}".strip()


def _value_en(unit: str, value: float) -> str:
    if unit == "flag":
        return "yes" if value else "no"
    return _share(value) if unit == "share" else f"{_number(unit, value)} {_UNITS_EN.get(unit, unit)}".strip()


def _share(value: float) -> str:
    return f"{value * 100:.0f} %"


def _number(unit: str, value: float) -> str:
    whole = unit in ("yuan", "months", "count", "days") and abs(value) >= 1
    return f"{value:,.0f}" if whole or float(value).is_integer() else f"{value:,.1f}"

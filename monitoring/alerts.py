"""What fired, in words for caseworker and analyst: what, how much, of how many, over which limit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from features.sources import DEPARTMENTS, SOURCES
from models.bundle import Bundle, BundleFeature
from monitoring import drift, freshness, performance
from monitoring.drift import ColumnDrift, Missing
from monitoring.freshness import TableFreshness
from monitoring.performance import Performance

#: A missing share up by this much, or a PSI over this, asks for action; less asks for a look.
ACT_MISSING, ACT_PSI = 0.10, 0.10
#: ... and so does a source found for less than this part of the households it was found for.
ACT_FOUND = 0.7
#: How many columns an alert names; the others are counted.
NAMED = 5

ACT, LOOK = "act", "look"


@dataclass(frozen=True)
class Alert:
    """One thing that fired.

    monitor: source_state, missing, values, score, calibration or freshness. subject: question or table, with
    what it is about. n: households (or rows) behind it; value and threshold in the monitor's own unit.
    level: `act` or `look`.
    """

    monitor: str
    subject: str
    level: str
    n: int
    value: float
    threshold: float
    zh: str
    en: str


def state_alerts(universe: str, states: Mapping[str, Mapping[str, Missing]], n: int) -> list[Alert]:
    """Sources that answer less than before: states are source -> state -> its share of households.

    A state that is no answer fires when it rises, `found` when it falls: a department that sent a part of its
    rows looks like one that found nothing.
    """
    return [
        _state_alert(universe, source, state, share, n)
        for source, shares in states.items()
        for state, share in shares.items()
        if share.status == drift.FIRED and (share.change < 0) == (state == FOUND)
    ]


FOUND = "found"
#: States watched, with the words for them.
STATE_WORDS = {
    FOUND: ("查到记录", "records found"),
    "not_returned": ("未返回", "not returned"),
    "not_matched": ("身份未匹配", "identity not matched"),
    "not_authorised": ("未授权", "not authorised"),
}


def _state_alert(universe: str, source: str, state: str, share: Missing, n: int) -> Alert:
    table, (zh, en) = SOURCES[source], STATE_WORDS[state]
    department_zh, department_en = DEPARTMENTS[table.department]
    numbers = f"{share.reference:.1%} → {share.current:.1%}"
    limit = share.low if state == FOUND else share.high
    thinned = state == FOUND and share.current < ACT_FOUND * share.reference
    return Alert(
        monitor="source_state",
        subject=f"{universe}/{source}/{state}",
        level=ACT if thinned or abs(share.change) >= ACT_MISSING else LOOK,
        n=n,
        value=share.current,
        threshold=limit,
        zh=f"{department_zh}“{table.zh}”{zh}的家庭 {numbers}"
        f"（n={n}，界限 {limit:.1%}）：先向该部门核实，再看名单。",
        en=f"{department_en}, {table.en}: {en} for {numbers} of households (n={n}, limit {limit:.1%}): "
        "ask the department before trusting the list.",
    )


def missing_alerts(bundle: Bundle, columns: Iterable[ColumnDrift], n: int) -> list[Alert]:
    """One alert for each source of which a feature is missing more or less often than chance allows."""
    features = {feature.name: feature for feature in bundle.features}
    fired: dict[str, list[ColumnDrift]] = {}
    for column in columns:
        if column.missing.status == drift.FIRED:
            fired.setdefault(features[column.name].source, []).append(column)
    return [_missing_alert(bundle, features, group, n) for group in fired.values()]


def _missing_alert(
    bundle: Bundle, features: Mapping[str, BundleFeature], group: list[ColumnDrift], n: int
) -> Alert:
    worst = max(group, key=lambda column: abs(column.missing.change))
    feature, share = features[worst.name], worst.missing
    limit = share.high if share.change > 0 else share.low
    numbers = f"{share.reference:.1%} → {share.current:.1%}"
    return Alert(
        monitor="missing",
        subject=f"{bundle.question}/{feature.source}",
        level=ACT if share.change >= ACT_MISSING else LOOK,
        n=n,
        value=share.current,
        threshold=limit,
        zh=f"{bundle.zh}：{feature.department_zh}的{len(group)}项特征缺失比例变化，最大为“{feature.zh}”{numbers}"
        f"（n={n}，界限 {limit:.1%}）。",
        en=f"{bundle.en}: {len(group)} feature(s) of {feature.department_en} changed in how often they are "
        f"missing, most of all {feature.en}: {numbers} (n={n}, limit {limit:.1%}).",
    )


def value_alerts(bundle: Bundle, columns: Iterable[ColumnDrift]) -> list[Alert]:
    """One alert for a question whose features' known values moved; the strongest are named."""
    moved = [column for column in columns if column.shift.status == drift.FIRED]
    if not moved:
        return []
    moved.sort(key=lambda column: column.shift.psi, reverse=True)
    features = {feature.name: feature for feature in bundle.features}
    first = moved[0].shift
    limits = [(features[c.name], f"PSI {c.shift.psi:.3f}/{c.shift.threshold:.3f}") for c in moved[:NAMED]]
    zh = "、".join(f"{feature.zh}（{limit}）" for feature, limit in limits)
    en = ", ".join(f"{feature.en} ({limit})" for feature, limit in limits)
    return [
        Alert(
            monitor="values",
            subject=bundle.question,
            level=ACT if first.psi >= ACT_PSI else LOOK,
            n=first.current_n,
            value=first.psi,
            threshold=first.threshold,
            zh=f"{bundle.zh}：{len(moved)} 项特征的取值分布超过界限，最大的是 {zh}（n={first.current_n}）。",
            en=f"{bundle.en}: the values of {len(moved)} feature(s) moved past their limits, most of all "
            f"{en} (n={first.current_n}).",
        )
    ]


def score_alerts(bundle: Bundle, column: ColumnDrift, means: tuple[float, float]) -> list[Alert]:
    """An alert where the distribution of scores moved; `means`: mean probability of both months."""
    moved = column.shift
    if moved.status != drift.FIRED:
        return []
    numbers = f"{means[0]:.2%} → {means[1]:.2%}"
    return [
        Alert(
            monitor="score",
            subject=bundle.question,
            level=ACT if moved.psi >= ACT_PSI else LOOK,
            n=moved.current_n,
            value=moved.psi,
            threshold=moved.threshold,
            zh=f"{bundle.zh}：评分分布移动，PSI {moved.psi:.4f} 超过界限 {moved.threshold:.4f}"
            f"（n={moved.current_n}），平均概率 {numbers}。",
            en=f"{bundle.en}: the scores moved, PSI {moved.psi:.4f} over its limit {moved.threshold:.4f} "
            f"(n={moved.current_n}); mean probability {numbers}.",
        )
    ]


def calibration_alerts(bundle: Bundle, found: Performance) -> list[Alert]:
    """An alert where the random arm contradicts the probabilities, on visits after training only."""
    part = found.after_training.calibration
    if part is None or part.status != performance.FIRED:
        return []
    return [
        Alert(
            monitor="calibration",
            subject=bundle.question,
            level=ACT,
            n=part.gap.n,
            value=part.gap.value,
            threshold=part.threshold,
            zh=f"{bundle.zh}：随机抽查查实 {part.observed:.1%}，预测 {part.predicted:.1%}，相差超过"
            f"界限 {part.threshold:.1%}（n={part.gap.n}）：应重新校准。",
            en=f"{bundle.en}: random visits confirmed {part.observed:.1%}, predicted {part.predicted:.1%}; "
            f"the gap is over its limit {part.threshold:.1%} (n={part.gap.n}): calibrate again.",
        )
    ]


def freshness_alerts(tables: Iterable[TableFreshness]) -> list[Alert]:
    """Tables that are late, silent, short or refused; a silent department is told once."""
    tables = list(tables)
    silent = freshness.silent_departments(tables)
    alerts = [_silent_alert(name, [t for t in tables if t.department == name]) for name in silent]
    for table in tables:
        if table.department not in silent and table.state in (freshness.LATE, freshness.SILENT):
            alerts.append(_age_alert(table))
        if table.short:
            alerts.append(_short_alert(table))
        if table.refused:
            alerts.append(_refused_alert(table))
    return alerts


def _silent_alert(department: str, tables: list[TableFreshness]) -> Alert:
    zh, en = DEPARTMENTS[department]
    last = max(table.last_received_on for table in tables if table.last_received_on)
    age = min(table.age_days for table in tables if table.age_days is not None)
    limit = max(table.silent_after_days for table in tables if table.age_days == age)
    return Alert(
        monitor="freshness",
        subject=department,
        level=ACT,
        n=len(tables),
        value=age,
        threshold=limit,
        zh=f"{zh}自 {last} 起没有送达任何表，已 {age} 天（界限 {limit} 天）：按未返回处理，请联系该部门。",
        en=f"{en} has delivered nothing since {last}, {age} days (limit {limit}): counted as not returned; "
        "contact the department.",
    )


def _age_alert(table: TableFreshness) -> Alert:
    zh, en = DEPARTMENTS[table.department]
    source, gone = SOURCES[table.table], table.state == freshness.SILENT
    limit = table.silent_after_days if gone else table.late_after_days
    return Alert(
        monitor="freshness",
        subject=table.table,
        level=ACT if gone else LOOK,
        n=table.last_rows or 0,
        value=table.age_days or 0,
        threshold=limit,
        zh=f"{zh}“{source.zh}”最近送达 {table.last_received_on}，已 {table.age_days} 天（界限 {limit} 天）"
        + ("：按未返回处理。" if gone else "：迟到。"),
        en=f"{en}, {source.en}: last delivered {table.last_received_on}, {table.age_days} days ago "
        f"(limit {limit}): " + ("counted as not returned." if gone else "late."),
    )


def _short_alert(table: TableFreshness) -> Alert:
    zh, en = DEPARTMENTS[table.department]
    source, limit = SOURCES[table.table], freshness.SHORT_SHARE * (table.usual_rows or 0)
    return Alert(
        monitor="freshness",
        subject=table.table,
        level=ACT,
        n=table.last_rows or 0,
        value=table.last_rows or 0,
        threshold=limit,
        zh=f"{zh}“{source.zh}”{table.last_received_on} 只有 {table.last_rows} 行，"
        f"通常约 {table.usual_rows:.0f} 行（界限 {limit:.0f}）：可能不完整。",
        en=f"{en}, {source.en}: {table.last_rows} rows on {table.last_received_on}, usually about "
        f"{table.usual_rows:.0f} (limit {limit:.0f}): perhaps incomplete.",
    )


def _refused_alert(table: TableFreshness) -> Alert:
    zh, en = DEPARTMENTS[table.department]
    source = SOURCES[table.table]
    return Alert(
        monitor="freshness",
        subject=table.table,
        level=LOOK,
        n=table.refused,
        value=table.refused,
        threshold=0,
        zh=f"{zh}“{source.zh}”最近一次入库之后有 {table.refused} 份文件被拒收：请看接收记录中的原因。",
        en=f"{en}, {source.en}: {table.refused} file(s) refused since the last one taken: see the reason "
        "in the intake's record.",
    )

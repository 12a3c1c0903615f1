"""summary.json: our own figures and alerts, as numbers a program can read. No household is in it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

from monitoring import drift
from monitoring.alerts import Alert
from monitoring.drift import ColumnDrift, Missing
from monitoring.freshness import TableFreshness, silent_departments
from monitoring.month import Check, QuestionCheck
from monitoring.performance import Bounds, Performance
from monitoring.report import Written

FORMAT = 1


def summary(
    check: Check,
    questions: Mapping[str, QuestionCheck],
    states: Mapping[str, tuple[Mapping[str, Mapping[str, Missing]], int]],
    tables: Sequence[TableFreshness],
    found: Sequence[Alert],
    drawings: Mapping[str, Mapping[str, Written]],
) -> dict[str, Any]:
    """Everything a month's check found, ready for JSON: no NaN, dates as text."""
    document = {
        "format": FORMAT,
        "as_of": check.as_of,
        "reference": list(check.reference),
        "false_alarm_rate": check.rate,
        "seed": check.seed,
        "alerts": [asdict(alert) for alert in found],
        "questions": {name: _question(q, drawings[name]) for name, q in questions.items()},
        "sources": {
            universe: {
                "households": n,
                "states": {s: {k: _missing(m) for k, m in kinds.items()} for s, kinds in shares.items()},
            }
            for universe, (shares, n) in states.items()
        },
        "freshness": [{**asdict(table), "short": table.short} for table in tables],
        "silent_departments": silent_departments(tables),
    }
    return dict(plain(document))


def plain(value: Any) -> Any:
    """The value with dates as text and numbers that JSON has no word for as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def _question(question: QuestionCheck, drawn: Mapping[str, Written]) -> dict[str, Any]:
    bundle, columns = question.bundle, question.columns
    return {
        "zh": bundle.zh,
        "en": bundle.en,
        "bundle": bundle.version,
        "trained_as_of": bundle.trained_as_of,
        "households": {"current": len(question.current), "reference": len(question.reference)},
        "features": len(columns),
        "missing_fired": [c.name for c in columns if c.missing.status == drift.FIRED],
        "values_fired": [c.name for c in columns if c.shift.status == drift.FIRED],
        "score": {
            **asdict(question.score.shift),
            "mean_probability": {"reference": question.means[0], "current": question.means[1]},
        },
        "columns": {c.name: _column(c) for c in columns},
        "performance": _performance(question.performance),
        "drawings": {name: _drawing(written) for name, written in drawn.items()},
    }


def _column(column: ColumnDrift) -> dict[str, Any]:
    return {"missing": _missing(column.missing), "values": asdict(column.shift)}


def _missing(share: Missing) -> dict[str, Any]:
    return {**asdict(share), "change": share.change}


def _performance(found: Performance) -> dict[str, Any]:
    windows = {"after_training": found.after_training, "seen_in_training": found.seen_in_training}
    return {
        "unmatched": found.unmatched,
        **{name: {**asdict(part), "chosen": _bounds(part.chosen)} for name, part in windows.items()},
        "top_lists": {day: _bounds(bounds) for day, bounds in found.top_lists.items()},
    }


def _bounds(bounds: Bounds) -> dict[str, Any]:
    return {**asdict(bounds), "pending": bounds.pending, "precision": [bounds.low, bounds.high]}


def _drawing(written: Written) -> dict[str, Any]:
    return {
        "status": written.status,
        "rows": list(written.rows),
        "empty_columns": list(written.empty),
        "failed": [what for what, _ in written.failed],
    }

"""What a list item asks the visitor to check: rule findings, then records, then the kind's routine.

Every item carries the same kinds of line in the same order, whichever arm it came by, and none of them
tells a score, a rank or a contribution.
"""

from typing import Any

from features.identity.thresholds import VISIT
from features.sources import SOURCES
from features.sources.core import Source
from serving.assessment import Assessment
from serving.messages import both, text

Row = dict[str, Any]

#: At most so many lines of evidence an item; the routine line comes after them.
MOST = 4
#: What a visitor may read of a reason.
TOLD = ("zh", "en", "department", "event_on", "known_on", "confidence")


def item_checks(
    kind: str, findings: list[Row], assessment: Assessment | None, doubtful: list[Row]
) -> list[Row]:
    """Lines to check, strongest ground first; `doubtful` are `doubtful_lines` of the household."""
    here = [finding for finding in findings if finding["question"] == kind]
    lines = [
        _finding(f, "rule_fact" if f["confidence"] >= VISIT else "check_record")
        for f in here
        if f["verdict"] == "true"
    ]
    lines += [_reason(reason) for reason in (assessment.reasons or [] if assessment else [])]
    lines += [_finding(f, "to_find_out") for f in here if f["verdict"] == "unknown"]
    lines = [*lines[: MOST - 1], *doubtful[:1], *lines[MOST - 1 :]]
    return [*lines[:MOST], {"kind": "routine", **both(f"routine_{kind}")}]


def doubtful_lines(sources: Row | None) -> list[Row]:
    """One line for each table with records that probably are another person's: look before anything else.

    `sources`: what every table answered, as stored with the household.
    """
    told = [(name, answer["doubtful"]) for name, answer in (sources or {}).items() if answer.get("doubtful")]
    return [
        {"kind": "check_record", "department": SOURCES[name].department, **_doubtful(SOURCES[name], count)}
        for name, count in sorted(told, key=lambda pair: (-pair[1], pair[0]))
    ]


def _doubtful(source: Source, count: int) -> Row:
    words = {"zh": source.zh, "en": source.en}
    sentences = {
        language: text("doubtful_records", language, source=words[language], n=count) for language in words
    }
    return {**sentences, "event_on": None, "known_on": None, "confidence": None}


def item_speaks_for(assessment: Assessment | None) -> list[Row]:
    """What speaks for the family, without figures of the model."""
    reasons = assessment.speaks_for or [] if assessment else []
    return [{name: reason[name] for name in TOLD} for reason in reasons]


def _reason(reason: Row) -> Row:
    kind = "check_record" if reason["kind"] == "check_record" else "record_reason"
    return {"kind": kind, **{name: reason[name] for name in TOLD}}


def _finding(finding: Row, kind: str) -> Row:
    dates = {name: finding[name].isoformat() if finding[name] else None for name in ("event_on", "known_on")}
    told = {name: finding[name] for name in ("rule", "zh", "en", "department", "confidence", "article")}
    return {"kind": kind, **told, **dates}

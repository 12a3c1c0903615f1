"""The life of a finding: raised once, seen again while it stands, closed when its facts are gone or settled.

A finding is the same while household, rule and question are. Pure: what is held and what a run found go in,
what must be written comes out (`serving.casework.actions` writes it).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from features.sources import SOURCES
from features.sources.core import Kind
from serving.casework.columns import plain
from serving.casework.tables import SETTLED, Closed

Row = dict[str, Any]
Key = tuple[str, str, str]

#: What of a finding is compared with its life.
COMPARED = ("household_id", "rule", "question", "verdict", "amount_fen", "event_on")
#: Whether a source answered for the household: only then is a fact that is not found a fact that is gone.
ANSWERED = ("found", "nothing_found")


class Asked(StrEnum):
    """Whether a run could have seen a finding again."""

    YES = "yes"
    NO = "no"
    GONE_FROM_FILE = "gone_from_file"


@dataclass
class Changes:
    """What a run does to the findings that are held.

    opened: findings to raise, with the life they follow (or None). seen: life and finding. closed: life and
    how. settled: keys that were found and stay closed, because somebody settled that very fact.
    """

    opened: list[tuple[Row, int | None]] = field(default_factory=list)
    seen: list[tuple[Row, Row]] = field(default_factory=list)
    closed: list[tuple[Row, Closed]] = field(default_factory=list)
    settled: set[Key] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        """How many of each, for the log."""
        return {
            "opened": sum(follows is None for _, follows in self.opened),
            "reopened": sum(follows is not None for _, follows in self.opened),
            "seen_again": len(self.seen),
            "closed": len(self.closed),
            "settled": len(self.settled),
        }


def key_of(row: Row) -> Key:
    """What makes two findings the same one."""
    return row["household_id"], row["rule"], row["question"]


def reconcile(
    held: Iterable[Row],
    found: Iterable[Row],
    asked: Callable[[Row], Asked],
    monthly: frozenset[str] = frozenset(),
) -> Changes:
    """Compare the latest life of every finding with what a run found.

    held: one row a key (raised_id, fact_on, amount_fen, verdict, closed_by and the key); asked: whether the
    run could have seen that life again; monthly: codes of rules that rest on months.
    """
    lives, changes, met = {key_of(life): life for life in held}, Changes(), set()
    for finding in found:
        key = key_of(finding)
        life = lives.get(key)
        if key in met:
            continue
        met.add(key)
        if life is None:
            changes.opened.append((finding, None))
        elif life["closed_by"] is None:
            changes.seen.append((life, finding))
        elif life["closed_by"] in SETTLED and not is_new(life, finding, monthly):
            changes.settled.add(key)
        else:
            changes.opened.append((finding, life["raised_id"]))
    for key, life in lives.items():
        if life["closed_by"] is None and key not in met:
            answer = asked(life)
            if answer is not Asked.NO:
                gone = answer is Asked.GONE_FROM_FILE
                changes.closed.append((life, Closed.LEFT_FILE if gone else Closed.FACTS_GONE))
    return changes


def is_new(life: Row, finding: Row, monthly: frozenset[str]) -> bool:
    """Whether a finding rests on more than the fact that somebody settled.

    A question that became a fact; an event after the settled one; of monthly records, which go on with every
    delivery, and of facts without a date, more money than was settled.
    """
    if life["verdict"] == "unknown" and finding["verdict"] == "true":
        return True
    if finding["rule"] in monthly or finding["event_on"] is None or life["fact_on"] is None:
        return (finding["amount_fen"] or 0) > (life["amount_fen"] or 0)
    return bool(finding["event_on"] > life["fact_on"])


def monthly_rules(sources: Mapping[str, str]) -> frozenset[str]:
    """Rules (code -> main source) whose source tells months: their dates move on with every delivery."""
    return frozenset(
        code
        for code, name in sources.items()
        if SOURCES[name].column(SOURCES[name].event_on).kind is Kind.MONTH
    )


@dataclass
class Noted:
    """What must be remembered of a run's households while they go by: a city's are not held.

    wanted: households with an open life. looked_at: those of them that the run holds, with what every table
    answered; universes: of every household whose answers were kept.
    """

    wanted: set[str]
    looked_at: list[Row] = field(default_factory=list)
    universes: dict[str, str] = field(default_factory=dict)

    def among(self, households: Iterable[Row]) -> Iterator[Row]:
        """The same rows, noted as they pass."""
        for row in households:
            if row["household_id"] in self.wanted:
                self.looked_at.append({name: row[name] for name in ("household_id", "sources")})
            if row["sources"] is not None:
                self.universes[row["household_id"]] = row["universe"]
            yield row


def asked_by(households: Iterable[Row], sources: Mapping[str, str]) -> Callable[[Row], Asked]:
    """Whom a run asked about: its households with what every table answered; sources: of each rule.

    A household whose answers were not kept was not looked at; one on file before and not in the run has left
    the file; a table that did not answer says nothing.
    """
    answers = {row["household_id"]: row["sources"] for row in households}

    def asked(life: Row) -> Asked:
        if life["household_id"] not in answers:
            return Asked.GONE_FROM_FILE if life["universe"] == "on_file" else Asked.NO
        told = plain(answers[life["household_id"]])
        if told is None:
            return Asked.NO
        answer = told.get(sources.get(life["rule"], ""))
        return Asked.YES if answer is None or answer["state"] in ANSWERED else Asked.NO

    return asked

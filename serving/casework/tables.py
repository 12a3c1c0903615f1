"""The casework database: what a batch knew and put on which list, and who looked.

Money is whole fen, probabilities and log-odds are doubles, moments are UTC. Facts of a run are written once
and never changed; only `runs.superseded_by`, `list_items.state` and the lives of findings move.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from serving.casework.columns import UtcDateTime

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

KINDS = ("hidden_income", "exit_due", "unapplied_eligible", "underpaid")


class Closed(StrEnum):
    """How a finding ended."""

    FACTS_GONE = "facts_gone"
    LEFT_FILE = "left_file"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


#: Ends that somebody decided: the same fact is not raised again after them.
SETTLED = (Closed.VERIFIED, Closed.WITHDRAWN)


def one_of(column: str, *values: str) -> str:
    """A CHECK condition: the column holds one of the values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Table(DeclarativeBase):
    """Root of the declared tables."""

    metadata = MetaData(naming_convention=CONVENTION)


class Run(Table):
    """One batch: as of when, from which inputs, with which models, drawn with which seed.

    `inputs` holds the digest of every file read; `draw_check` proves a replayed draw used the same key;
    `dictionary` holds the words of the profile's columns, so that an old run stays readable;
    `kept` says for whom reasons and profiles were kept.
    """

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("superseded_by IS NULL OR superseded_by > run_id", "superseded_by_a_later_run"),
        Index(None, "as_of"),
    )

    run_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    as_of: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seed: Mapped[int] = mapped_column(Integer)
    draw_check: Mapped[str] = mapped_column(String(16))
    inputs_digest: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    models: Mapped[dict[str, Any]] = mapped_column(JSON)
    dictionary: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept: Mapped[dict[str, Any]] = mapped_column(JSON)
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("runs.run_id"))


class Household(Table):
    """A household as the run saw it. `profile` and `sources` are null where only the score was kept."""

    __tablename__ = "households"
    __table_args__ = (
        CheckConstraint(one_of("universe", "on_file", "register"), "universe"),
        CheckConstraint("person_count >= 0", "person_count"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.run_id"), primary_key=True)
    household_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    universe: Mapped[str] = mapped_column(String(10))
    number: Mapped[str | None] = mapped_column(String(40))
    region_code: Mapped[str | None] = mapped_column(String(12))
    street_code: Mapped[str] = mapped_column(String(9))
    urban_rural: Mapped[str | None] = mapped_column(String(5))
    category: Mapped[str | None] = mapped_column(String(20))
    review_class: Mapped[str | None] = mapped_column(String(1))
    person_count: Mapped[int | None] = mapped_column(Integer)
    persons_living: Mapped[float | None]
    co_living: Mapped[float | None]
    others_at_home: Mapped[int | None] = mapped_column(Integer)
    vulnerable: Mapped[bool]
    profile: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sources: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


def household_key() -> ForeignKeyConstraint:
    """The reference to the household as the same run saw it."""
    return ForeignKeyConstraint(["run_id", "household_id"], ["households.run_id", "households.household_id"])


class Assessment(Table):
    """The answer to one question about one household: a score, or why none is possible."""

    __tablename__ = "assessments"
    __table_args__ = (
        household_key(),
        CheckConstraint(one_of("status", "scored", "no_prediction"), "status"),
        CheckConstraint("probability BETWEEN 0 AND 1", "probability"),
        CheckConstraint("(status = 'scored') = (probability IS NOT NULL)", "scored_has_a_probability"),
    )

    run_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    household_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    question: Mapped[str] = mapped_column(String(20), primary_key=True)
    status: Mapped[str] = mapped_column(String(13))
    why: Mapped[str | None] = mapped_column(String(40))
    raw: Mapped[float | None]
    probability: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(String(20))
    of_100: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reasons: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    speaks_for: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class Judgement(Table):
    """What the rules say of a household: eligible, not eligible or unknown, with bounds in fen."""

    __tablename__ = "judgements"
    __table_args__ = (
        household_key(),
        CheckConstraint(one_of("eligibility", "eligible", "not_eligible", "unknown"), "eligibility"),
        CheckConstraint("income_low_fen <= income_high_fen", "income_bounds"),
        CheckConstraint("benefit_fen >= 0", "benefit"),
        CheckConstraint("underpaid_fen >= 0", "underpaid"),
    )

    run_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    household_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    eligibility: Mapped[str] = mapped_column(String(12))
    income_low_fen: Mapped[int | None] = mapped_column(BigInteger)
    income_high_fen: Mapped[int | None] = mapped_column(BigInteger)
    standard_fen: Mapped[int | None] = mapped_column(BigInteger)
    entitled_low_fen: Mapped[int | None] = mapped_column(BigInteger)
    entitled_high_fen: Mapped[int | None] = mapped_column(BigInteger)
    benefit_fen: Mapped[int | None] = mapped_column(BigInteger)
    underpaid_fen: Mapped[int | None] = mapped_column(BigInteger)
    missing_item: Mapped[str | None]
    article: Mapped[str | None]


class Finding(Table):
    """One deterministic fact with its article: true, or unknown because something is missing."""

    __tablename__ = "findings"
    __table_args__ = (
        household_key(),
        CheckConstraint(one_of("question", *KINDS), "question"),
        CheckConstraint(one_of("verdict", "true", "unknown"), "verdict"),
        Index(None, "run_id", "household_id"),
    )

    finding_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    run_id: Mapped[int] = mapped_column(Integer)
    household_id: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(7))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    zh: Mapped[str]
    en: Mapped[str]
    article: Mapped[str | None]
    department: Mapped[str | None] = mapped_column(String(40))
    event_on: Mapped[date | None] = mapped_column(Date)
    known_on: Mapped[date | None] = mapped_column(Date)
    confidence: Mapped[float | None]


class RaisedFinding(Table):
    """One life of a finding: raised once, seen again by later runs, closed once; a new fact begins another.

    fact_on, amount_fen, verdict: as last seen. `follows`: the life before it, ended when a new fact came.
    """

    __tablename__ = "raised_findings"
    __table_args__ = (
        CheckConstraint(one_of("universe", "on_file", "register"), "universe"),
        CheckConstraint(one_of("verdict", "true", "unknown"), "verdict"),
        CheckConstraint(one_of("closed_by", *(how.value for how in Closed)), "closed_by"),
        CheckConstraint("(closed_on IS NULL) = (closed_by IS NULL)", "closed_with_its_day"),
        CheckConstraint("seen_on >= opened_on", "seen_after_it_was_opened"),
        Index(None, "household_id", "rule"),
        Index(
            "uq_raised_findings_open",
            "household_id",
            "rule",
            "question",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
    )

    raised_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    household_id: Mapped[str] = mapped_column(String(16))
    universe: Mapped[str] = mapped_column(String(10))
    rule: Mapped[str] = mapped_column(String(80))
    question: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(7))
    fact_on: Mapped[date | None] = mapped_column(Date)
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    opened_on: Mapped[date] = mapped_column(Date)
    opened_run: Mapped[int] = mapped_column(ForeignKey("runs.run_id"))
    seen_on: Mapped[date] = mapped_column(Date)
    seen_run: Mapped[int] = mapped_column(ForeignKey("runs.run_id"))
    times_seen: Mapped[int] = mapped_column(Integer)
    closed_on: Mapped[date | None] = mapped_column(Date)
    closed_by: Mapped[str | None] = mapped_column(String(10))
    follows: Mapped[int | None] = mapped_column(ForeignKey("raised_findings.raised_id"))


class ListItem(Table):
    """One household on one list, with how it got there; the visitor sees neither arm, score nor rank."""

    __tablename__ = "list_items"
    __table_args__ = (
        household_key(),
        UniqueConstraint("run_id", "kind", "street_code", "visit_order"),
        CheckConstraint(one_of("kind", *KINDS), "kind"),
        CheckConstraint(one_of("arm", "score", "rule", "random"), "arm"),
        CheckConstraint(one_of("state", "open", "closed"), "state"),
        CheckConstraint("selection_probability > 0 AND selection_probability <= 1", "selection_probability"),
        CheckConstraint("arm_probability > 0 AND arm_probability <= 1", "arm_probability"),
        Index(None, "run_id", "household_id"),
    )

    run_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    household_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    street_code: Mapped[str] = mapped_column(String(9))
    arm: Mapped[str] = mapped_column(String(6))
    selection_probability: Mapped[float]
    arm_probability: Mapped[float]
    seed: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int] = mapped_column(Integer)
    batch: Mapped[int] = mapped_column(Integer)
    visit_order: Mapped[int] = mapped_column(Integer)
    score: Mapped[float | None]
    checks: Mapped[list[Any]] = mapped_column(JSON)
    speaks_for: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(6))


class Event(Table):
    """Who did or looked at what: a chain, each event sealed with the SHA-256 of itself and the one before."""

    __tablename__ = "events"

    event_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))

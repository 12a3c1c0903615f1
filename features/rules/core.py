"""What a rule is, and what a status is: the article it rests on, words in both languages, and an expression.

A rule is a finding that a list may be made of. A status is what a household is, may have or is due under one
article; it orders no visit and gives no points.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import ibis

from features.sources import SOURCES


class Question(StrEnum):
    """The list a finding belongs to."""

    HIDDEN_INCOME = "hidden_income"
    EXIT_DUE = "exit_due"
    UNAPPLIED_ELIGIBLE = "unapplied_eligible"
    UNDERPAID = "underpaid"


class Universe(StrEnum):
    """Whom a rule speaks of: households on file, or all hukou households (plane B only)."""

    ON_FILE = "on_file"
    REGISTER = "register"


@dataclass(frozen=True)
class Verdict:
    """Three values as expressions over one row a household.

    met: the facts are on record. unclear: something was seen that does not settle it. unanswered: the
    source did not answer, so nothing can be said. `met` outranks `unclear`, `unclear` outranks
    `unanswered`. A null counts as false. amount_fen: what is at stake, fen (int64). due_on: until when a
    status holds, or by when something is to be done.
    """

    met: Any
    unclear: Any = None
    unanswered: Any = None
    amount_fen: Any = None
    event_on: Any = None
    known_on: Any = None
    due_on: Any = None

    def word(self) -> Any:
        """The verdict as a word: true, unknown, unanswered or false."""
        return ibis.cases(
            (_flag(self.met), "true"),
            (_flag(self.unclear), "unknown"),
            (_flag(self.unanswered), "unanswered"),
            else_="false",
        )


def _flag(value: Any) -> Any:
    return ibis.literal(False) if value is None else value.fill_null(False)


def between(met: Any, refused: Any, **more: Any) -> Verdict:
    """Met, refused, or neither: then what is missing leaves it open. `met` outranks `refused`."""
    return Verdict(met=met, unclear=~refused.fill_null(False), **more)


@dataclass(frozen=True)
class Rule:
    """One rule, declared once in the file of its article.

    zh, en: the sentence on screen; `{yuan}` stands for the amount. source: the main table it rests on.
    weight: evidence points towards `question`; `also` gives points towards other questions. Points are
    like log-odds (4 a register says it, 3 strong, 1 a hint, below it a sign that needs company) and follow
    how often visits of the practice city confirmed each sign, so that the rules are a baseline worth
    beating; a city sets its own from its verifications. Unclear gives `UNCLEAR_SHARE` of the points.
    """

    code: str
    question: Question
    article: str
    zh: str
    en: str
    source: str
    weight: float
    universe: Universe
    also: dict[Question, float]
    expression: Callable[[ibis.Table], Verdict]

    @property
    def department(self) -> str:
        """Department of the main source."""
        return SOURCES[self.source].department

    def points(self, question: Question) -> float:
        """Evidence points towards a question; 0 where the rule says nothing of it."""
        return self.weight if question is self.question else self.also.get(question, 0.0)


def rule(
    *,
    question: Question,
    article: str,
    zh: str,
    en: str,
    source: str,
    weight: float,
    universe: Universe = Universe.ON_FILE,
    also: dict[Question, float] | None = None,
) -> Callable[[Callable[[ibis.Table], Verdict]], Rule]:
    """Declare the function below as the rule of its name; KeyError where no such source is declared."""
    if source not in SOURCES:
        raise KeyError(f"no source {source!r} is declared")

    def declare(function: Callable[[ibis.Table], Verdict]) -> Rule:
        return Rule(
            code=function.__name__,
            question=question,
            article=article,
            zh=zh,
            en=en,
            source=source,
            weight=weight,
            universe=universe,
            also=also or {},
            expression=function,
        )

    return declare


@dataclass(frozen=True)
class Status:
    """What a household is, may have or is due under one article, declared once in the article's file.

    amount: what `amount_fen` of its verdict is (zh, en), None where it gives none; due: the same of `due_on`.
    since: the day from which the text is in force, where that is later than any date judged otherwise.
    """

    code: str
    article: str
    zh: str
    en: str
    universes: tuple[Universe, ...]
    amount: tuple[str, str] | None
    due: tuple[str, str] | None
    since: date | None
    expression: Callable[[ibis.Table], Verdict]


def status(
    *,
    article: str,
    zh: str,
    en: str,
    universes: tuple[Universe, ...] = (Universe.ON_FILE,),
    amount: tuple[str, str] | None = None,
    due: tuple[str, str] | None = None,
    since: date | None = None,
    code: str | None = None,
) -> Callable[[Callable[[ibis.Table], Verdict]], Status]:
    """Declare the function below as the status of its name, or of `code` where a rule has that name."""

    def declare(function: Callable[[ibis.Table], Verdict]) -> Status:
        return Status(code or function.__name__, article, zh, en, universes, amount, due, since, function)

    return declare

"""What a rule is: a question, the article it rests on, a sentence in both languages, and an expression."""

from collections.abc import Callable
from dataclasses import dataclass
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
    `unanswered`. A null counts as false. amount_fen: what is at stake, fen (int64).
    """

    met: Any
    unclear: Any = None
    unanswered: Any = None
    amount_fen: Any = None
    event_on: Any = None
    known_on: Any = None


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

"""Art. 4: who is entitled to dibao, whatever category the household has now."""

from typing import Any

import ibis

from features.rules.core import Question, Verdict, between, rule, status
from features.rules.eligibility import amount_of_dibao, monthly
from features.rules.facts.households import MARGINAL

ARTICLE_4 = "《最低生活保障审核确认办法》第四条"


def below(facts: ibis.Table, line: Any) -> Any:
    """Surely below a line of one person, a year: income in the worst case, and nothing else open."""
    return (facts.income_high_year_fen < facts.persons * line) & facts.rest_known & ~barred(facts)


def barred(facts: ibis.Table) -> Any:
    """Nobody counts, or property is over a limit: whatever the income."""
    return facts.nobody | facts.over_property


def reaches(facts: ibis.Table, line: Any) -> Any:
    """Surely at or over a line of one person, a year."""
    return facts.income_low_year_fen >= facts.persons * line


@status(
    article=ARTICLE_4 + "、第二十三条",
    zh="最低生活保障",
    en="minimum living guarantee",
    amount=("按较高收入核算的每月保障金额", "benefit a month at the higher income"),
)
def dibao(facts: ibis.Table) -> Verdict:
    """Income a person below the standard and property within the limits. Whoever has it, applies for it."""
    line = facts.line_dibao_fen
    met = below(facts, line)
    return between(
        met,
        barred(facts) | reaches(facts, line),
        amount_fen=met.ifelse(amount_of_dibao(facts, facts.income_high_year_fen), 0),
    )


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_4,
    zh="低保边缘家庭收入已低于低保标准，可核定低保，每月 {yuan} 元",
    en="a dibao_marginal household's income is below the standard itself, {yuan} yuan a month",
    source="household_register",
    weight=2.0,
)
def marginal_below_standard(facts: ibis.Table) -> Verdict:
    """Certain where even the high income is below the standard and property is within the limits."""
    line = facts.persons * facts.line_dibao_fen
    marginal = facts.category.isin(MARGINAL) & ~facts.over_property
    short = ibis.greatest(line - facts.income_low_year_fen, 0)
    return Verdict(
        met=marginal & (facts.eligibility == "eligible") & (facts.income_high_year_fen < line),
        unclear=marginal & (facts.income_low_year_fen < line),
        unanswered=facts.declared_year_fen.isnull(),
        amount_fen=monthly(short),
        event_on=facts.granted_on,
        known_on=facts.register_known_on,
    )

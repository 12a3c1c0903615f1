"""Art. 31: what changed since the grant, so that the benefit may have to rise."""

from typing import Any

import ibis

from features.rules.article_23_amount import short_fen
from features.rules.core import Question, Verdict, rule
from features.rules.eligibility import monthly
from features.rules.states import answered

ARTICLE_31 = "《最低生活保障审核确认办法》第三十一条"


def _unseen_year_fen(facts: ibis.Table) -> Any:
    """Declared income that no record shows, a year."""
    return ibis.greatest(facts.declared_year_fen.fill_null(0) - facts.income_possible_year_fen, 0)


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_31,
    zh="成员工资记录已中断，申报收入可能需要调低，每月 {yuan} 元",
    en="a member's wages stopped on record: the declared income may need lowering, {yuan} yuan a month",
    source="contributions",
    weight=1.5,
)
def income_fell(facts: ibis.Table) -> Verdict:
    """Wages on record fell while the declaration still counts them. Informal work may have replaced them."""
    fall = ibis.least(facts.wages_fallen_year_fen, facts.declared_year_fen.fill_null(0))
    counted = facts.income_recorded_year_fen < facts.declared_year_fen
    return Verdict(
        met=ibis.literal(False),
        unclear=(facts.category == "dibao") & (fall > 0) & counted,
        unanswered=~(answered(facts, "contributions") & answered(facts, "withholding")),
        amount_fen=monthly(fall),
        event_on=facts.earned_on,
        known_on=facts.earned_known_on,
    )


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_31,
    zh="成员正在领取失业保险金，申报收入可能是失业前的，每月 {yuan} 元",
    en="a member draws unemployment benefit: the declared income may be of before, {yuan} yuan a month",
    source="unemployment_benefits",
    weight=2.5,
)
def work_lost(facts: ibis.Table) -> Verdict:
    """More is declared than the benefit, and records hold no more: the lost wages may still be counted."""
    lost = (facts.unemployment_year_fen > 0) & (facts.declared_year_fen > facts.unemployment_year_fen)
    return Verdict(
        met=ibis.literal(False),
        unclear=lost & (facts.income_possible_year_fen < facts.declared_year_fen),
        unanswered=~answered(facts, "unemployment_benefits"),
        amount_fen=monthly(_unseen_year_fen(facts)),
        event_on=facts.unemployment_on,
        known_on=facts.unemployment_known_on,
    )


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_31,
    zh="申报收入较高而部门记录很少，收入可能已下降，每月 {yuan} 元无记录",
    en="much is declared and little is on record: income may have fallen, {yuan} yuan a month unseen",
    source="household_register",
    weight=1.0,
)
def declared_income_unseen(facts: ibis.Table) -> Verdict:
    """At least half the line is declared and records show less than a fifth of it."""
    line = facts.persons * facts.line_fen
    much = facts.declared_year_fen * 2 >= line
    return Verdict(
        met=ibis.literal(False),
        unclear=(facts.category == "dibao")
        & much
        & (facts.income_possible_year_fen * 5 < facts.declared_year_fen),
        unanswered=~(answered(facts, "contributions") & answered(facts, "withholding")),
        amount_fen=monthly(_unseen_year_fen(facts)),
        event_on=facts.granted_on,
        known_on=facts.register_known_on,
    )


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_31,
    zh="纳入后新增成员，保障金额未随人口调整，每月少发 {yuan} 元",
    en="a member was added after the grant and the benefit did not follow, {yuan} yuan a month",
    source="household_members",
    weight=2.0,
)
def member_added(facts: ibis.Table) -> Verdict:
    """Somebody joined after the grant and less is paid than so many people are certainly entitled to."""
    joined = facts.newest_joined_on > facts.granted_on
    low, high = short_fen(facts, facts.entitled_low_fen), short_fen(facts, facts.entitled_high_fen)
    return Verdict(
        met=joined & (low > 0),
        unclear=joined & (high > 0),
        unanswered=facts.newest_joined_on.isnull() & facts.benefit_fen.isnull(),
        amount_fen=(low > 0).ifelse(low, high),
        event_on=facts.newest_joined_on,
        known_on=facts.register_known_on,
    )

"""Arts. 8, 23 and 31: what should be paid, beside what is: second benefits, and too little paid."""

from typing import Any

import ibis

from features.rules.core import Question, Verdict, rule
from features.rules.eligibility import amount, monthly, supplements
from features.rules.facts.households import MARGINAL
from features.rules.money import share_down
from features.rules.states import answered

ARTICLE_23 = "《最低生活保障审核确认办法》第二十三条"
ARTICLE_31 = "《最低生活保障审核确认办法》第三十一条"


@rule(
    question=Question.EXIT_DUE,
    article="《最低生活保障审核确认办法》第十三条（转移净收入）",
    zh="领取低保期间同时领取失业保险金，每月 {yuan} 元",
    en="unemployment benefit is drawn beside dibao, {yuan} yuan a month",
    source="unemployment_benefits",
    weight=1.0,
)
def duplicate_benefit(facts: ibis.Table) -> Verdict:
    """Unemployment benefit beyond the declaration: met. Within it, it may be what was declared."""
    paid = facts.unemployment_year_fen > 0
    return Verdict(
        met=paid & (facts.unemployment_year_fen > facts.declared_high_year_fen.fill_null(0)),
        unclear=paid,
        unanswered=~answered(facts, "unemployment_benefits"),
        amount_fen=monthly(facts.unemployment_year_fen),
        event_on=facts.unemployment_on,
        known_on=facts.unemployment_known_on,
    )


def _short_fen(facts: ibis.Table, entitled: Any) -> Any:
    """What a month falls short of an entitlement; 0 where nothing is known to be paid."""
    return ibis.greatest(entitled - facts.benefit_fen, 0).fill_null(0)


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_23,
    zh="按标准与收入核算，每月少发 {yuan} 元",
    en="by standard and income, {yuan} yuan a month too little is paid",
    source="household_register",
    weight=3.0,
)
def paid_less_than_entitled(facts: ibis.Table) -> Verdict:
    """Certain where even the high income leaves more than is paid; unclear where only the low one does."""
    low, high = _short_fen(facts, facts.entitled_low_fen), _short_fen(facts, facts.entitled_high_fen)
    return Verdict(
        met=low > 0,
        unclear=high > 0,
        unanswered=facts.benefit_fen.isnull(),
        amount_fen=(low > 0).ifelse(low, high),
        event_on=facts.granted_on,
        known_on=facts.register_known_on,
    )


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


def _unseen_year_fen(facts: ibis.Table) -> Any:
    """Declared income that no record shows, a year."""
    return ibis.greatest(facts.declared_year_fen.fill_null(0) - facts.income_possible_year_fen, 0)


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
    article="《最低生活保障审核确认办法》第十三条（刚性支出扣减）",
    zh="近12个月医疗自付较高，可从收入中扣减，平均每月 {yuan} 元",
    en="the family's own medical costs are high and deductible, {yuan} yuan a month on average",
    source="settlements",
    weight=1.0,
)
def medical_costs_deductible(facts: ibis.Table) -> Verdict:
    """Costs reach the locality's figure while income is declared; it may be net of them already."""
    high = facts.self_paid_year_fen >= facts.law_hardship_self_paid_yuan_year_fen
    most = share_down(facts.declared_year_fen.fill_null(0), facts.law_medical_deduction_share_max)
    return Verdict(
        met=ibis.literal(False),
        unclear=(facts.category == "dibao") & high & (most > 0),
        unanswered=~answered(facts, "settlements"),
        amount_fen=monthly(ibis.least(facts.self_paid_year_fen, most)),
        event_on=facts.self_paid_on,
        known_on=facts.self_paid_known_on,
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
    low, high = _short_fen(facts, facts.entitled_low_fen), _short_fen(facts, facts.entitled_high_fen)
    return Verdict(
        met=joined & (low > 0),
        unclear=joined & (high > 0),
        unanswered=facts.newest_joined_on.isnull() & facts.benefit_fen.isnull(),
        amount_fen=(low > 0).ifelse(low, high),
        event_on=facts.newest_joined_on,
        known_on=facts.register_known_on,
    )


@rule(
    question=Question.UNDERPAID,
    article="《社会救助暂行办法》第十二条（分类施保）",
    zh="重度残疾、重病、未成年或高龄成员的分类施保未发，每月 {yuan} 元",
    en="a categorised supplement is due and not paid, {yuan} yuan a month",
    source="certificates",
    weight=2.0,
)
def supplement_missed(facts: ibis.Table) -> Verdict:
    """What is paid equals the amount without supplements, while supplements are due."""
    due = supplements(facts)
    without = amount(facts, facts.income_high_year_fen) - due
    short = ibis.least(_short_fen(facts, facts.entitled_low_fen), due)
    return Verdict(
        met=(due > 0) & (short > 0) & (facts.benefit_fen <= without),
        unclear=(due > 0) & (_short_fen(facts, facts.entitled_high_fen) > 0),
        unanswered=~(answered(facts, "certificates") & answered(facts, "serious_illness")),
        amount_fen=due,
        event_on=ibis.greatest(facts.disability_on, facts.ill_on),
        known_on=ibis.greatest(facts.disability_known_on, facts.ill_known_on),
    )


@rule(
    question=Question.UNDERPAID,
    article="《最低生活保障审核确认办法》第四条",
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


@rule(
    question=Question.UNDERPAID,
    article="《最低生活保障审核确认办法》第八条",
    zh="低保边缘家庭中有重残或重病成员，可参照单人户纳入低保，每月约 {yuan} 元",
    en="a severely disabled or seriously ill member of a marginal household, coverable alone: {yuan} yuan",
    source="certificates",
    weight=1.5,
)
def single_person_dibao(facts: ibis.Table) -> Verdict:
    """Certain where the household is certainly marginal; the person applies of their own will (art. 28)."""
    person = (facts.single_disabled > 0) | (facts.ill > 0)
    unpaid = facts.benefit_fen.fill_null(0) == 0
    marginal = facts.category.isin(MARGINAL) & person & unpaid
    return Verdict(
        met=marginal & (facts.eligibility == "eligible"),
        unclear=marginal & (facts.eligibility == "unknown"),
        unanswered=~(answered(facts, "certificates") & answered(facts, "serious_illness")),
        amount_fen=monthly(facts.line_dibao_fen),
        event_on=ibis.greatest(facts.disability_on, facts.ill_on),
        known_on=ibis.greatest(facts.disability_known_on, facts.ill_known_on),
    )

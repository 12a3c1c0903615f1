"""Art. 13: income on record against the line and against what was declared; second benefits; deductions."""

from typing import Any

import ibis

from features.rules.core import Question, Verdict, rule
from features.rules.eligibility import monthly
from features.rules.money import MILLION, MONTHS, share_down
from features.rules.states import answered

ARTICLE_13 = "《最低生活保障审核确认办法》第十三条"
#: Housing fund deposits of employer and employee together are at most this share of the wage.
FUND_PERCENT_MAX = 24


def _records_silent(facts: ibis.Table) -> Any:
    return ~(answered(facts, "withholding") & answered(facts, "contributions") & answered(facts, "pensions"))


def _undeclared_year_fen(facts: ibis.Table) -> Any:
    return facts.income_recorded_year_fen - facts.declared_high_year_fen.fill_null(0)


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_13,
    zh="部门记录的收入超过收入线且未申报，每月多出 {yuan} 元",
    en="income on record is over the line and was not declared: {yuan} yuan a month more than declared",
    source="withholding",
    weight=3.0,
    also={Question.EXIT_DUE: 3.0},
)
def income_above_line(facts: ibis.Table) -> Verdict:
    """Recorded income a person is over the line by the material share, and more than was declared.

    Over the line by less than the material share is unclear: a small error of a record may explain it.
    """
    line = facts.persons * facts.line_fen
    material = line * (MILLION + facts.law_hidden_income_materiality_share)
    gap = _undeclared_year_fen(facts)
    undeclared = (gap > 0) & (facts.persons > 0)
    return Verdict(
        met=undeclared & (facts.income_recorded_year_fen * MILLION >= material),
        unclear=undeclared & (facts.income_recorded_year_fen >= line),
        unanswered=_records_silent(facts),
        amount_fen=monthly(ibis.greatest(gap, 0)),
        event_on=ibis.greatest(facts.earned_on, facts.business_on, facts.pension_on),
        known_on=ibis.greatest(facts.earned_known_on, facts.business_known_on, facts.pension_known_on),
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_13,
    zh="单位按缴费基数下限缴纳社保，工资不明，请了解实际工资（按下限计每月 {yuan} 元）",
    en="contributions are on the lowest base: ask for the wage, {yuan} yuan a month at the floor",
    source="contributions",
    weight=1.5,
)
def job_of_unknown_wage(facts: ibis.Table) -> Verdict:
    """A job on the lowest base would carry the household over its line if it paid that much."""
    line = facts.persons * facts.line_fen
    possible = facts.income_possible_year_fen
    return Verdict(
        met=ibis.literal(False),
        unclear=(facts.persons > 0)
        & (possible >= line)
        & (facts.income_recorded_year_fen < line)
        & (possible > facts.declared_high_year_fen.fill_null(0)),
        unanswered=~answered(facts, "contributions"),
        amount_fen=monthly(ibis.greatest(facts.earned_high_year_fen - facts.earned_year_fen, 0)),
        event_on=facts.earned_on,
        known_on=facts.earned_known_on,
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_13,
    zh="家庭自报收入已达收入线，每月高出 {yuan} 元",
    en="the income the family itself declared has reached the line, {yuan} yuan a month over it",
    source="household_register",
    weight=2.0,
    also={Question.HIDDEN_INCOME: 2.0},
)
def declared_income_above_line(facts: ibis.Table) -> Verdict:
    """The family's own declaration reaches the line."""
    over = facts.declared_year_fen - facts.persons * facts.line_fen
    return Verdict(
        met=(over >= 0) & (facts.persons > 0),
        unanswered=facts.declared_year_fen.isnull(),
        amount_fen=monthly(ibis.greatest(over.fill_null(0), 0)),
        event_on=facts.granted_on,
        known_on=facts.register_known_on,
    )


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_13,
    zh="部门记录的收入高于申报，未过收入线，每月多出 {yuan} 元",
    en="income on record is more than declared, below the line: {yuan} yuan a month",
    source="withholding",
    weight=2.0,
    also={Question.EXIT_DUE: 2.0},
)
def income_above_declared(facts: ibis.Table) -> Verdict:
    """More on record than declared by a material share of the line; whether it hides more, a visit says."""
    line = facts.persons * facts.line_fen
    gap = _undeclared_year_fen(facts)
    material = gap * MILLION >= line * facts.law_hidden_income_materiality_share
    return Verdict(
        met=ibis.literal(False),
        unclear=material & (gap > 0) & (facts.income_recorded_year_fen < line),
        unanswered=_records_silent(facts),
        amount_fen=monthly(ibis.greatest(gap, 0)),
        event_on=ibis.greatest(facts.earned_on, facts.business_on, facts.pension_on),
        known_on=ibis.greatest(facts.earned_known_on, facts.business_known_on, facts.pension_known_on),
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_13,
    zh="纳入后有成员新参加职工社保，缴费基数每月 {yuan} 元",
    en="a member was newly insured by an employer after the grant, base {yuan} yuan a month",
    source="contributions",
    weight=3.0,
    also={Question.HIDDEN_INCOME: 0.5},
)
def wages_new_after_grant(facts: ibis.Table) -> Verdict:
    """Met where the new wages reach the household's line by themselves; unclear where they do not."""
    enough = (facts.new_wage_fen * MONTHS) >= facts.persons * facts.line_fen
    return Verdict(
        met=(facts.new_wage_count > 0) & enough,
        unclear=facts.new_wage_count > 0,
        unanswered=~answered(facts, "contributions"),
        amount_fen=facts.new_wage_fen,
        event_on=facts.new_wage_on,
        known_on=facts.new_wage_known_on,
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_13,
    zh="纳入后有成员开始领取职工养老金，每月 {yuan} 元",
    en="a member began to draw an employee pension after the grant, {yuan} yuan a month",
    source="pensions",
    weight=2.5,
    also={Question.HIDDEN_INCOME: 1.0},
)
def pension_new_after_grant(facts: ibis.Table) -> Verdict:
    """Met where the new pension is more than what was declared in all; unclear where it is not."""
    more = facts.new_pension_fen * MONTHS > facts.declared_high_year_fen.fill_null(0)
    return Verdict(
        met=(facts.new_pension_count > 0) & more,
        unclear=facts.new_pension_count > 0,
        unanswered=~answered(facts, "pensions"),
        amount_fen=facts.new_pension_fen,
        event_on=facts.new_pension_on,
        known_on=facts.new_pension_known_on,
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_13,
    zh="应届毕业成员已就业参保，缴费基数每月 {yuan} 元",
    en="a member who left school is now insured by an employer, base {yuan} yuan a month",
    source="enrolments",
    weight=3.0,
)
def graduate_with_wages(facts: ibis.Table) -> Verdict:
    """A member left vocational school or university within two years and now has wages."""
    more = facts.graduate_fen * MONTHS > facts.declared_high_year_fen.fill_null(0)
    return Verdict(
        met=(facts.graduate_count > 0) & more,
        unclear=facts.graduate_count > 0,
        unanswered=~(answered(facts, "enrolments") & answered(facts, "contributions")),
        amount_fen=facts.graduate_fen,
        event_on=facts.graduate_on,
        known_on=facts.graduate_known_on,
    )


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_13,
    zh="缴存住房公积金，按缴存额推算的工资高于申报收入，月缴存 {yuan} 元",
    en="housing fund is paid in and implies more wages than declared, {yuan} yuan a month paid in",
    source="housing_fund",
    weight=2.0,
    also={Question.EXIT_DUE: 2.0},
)
def housing_fund_without_job(facts: ibis.Table) -> Verdict:
    """The least wage that allows such a deposit is more than all declared income."""
    least_wage_year = facts.fund_fen * 100 * MONTHS
    declared = facts.declared_high_year_fen.fill_null(0) * FUND_PERCENT_MAX
    return Verdict(
        met=(facts.fund_fen > 0) & (least_wage_year > declared),
        unclear=facts.fund_fen > 0,
        unanswered=~answered(facts, "housing_fund"),
        amount_fen=facts.fund_fen,
        event_on=facts.fund_on,
        known_on=facts.fund_known_on,
    )


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_13,
    zh="有劳务、平台或经营所得记录，超过全部申报收入，每月 {yuan} 元",
    en="casual, platform or business income on record exceeds all that was declared, {yuan} yuan a month",
    source="withholding",
    weight=2.0,
    also={Question.EXIT_DUE: 1.0},
)
def irregular_income_undeclared(facts: ibis.Table) -> Verdict:
    """Labour, platform and business income beyond the declaration; within it, it may be what was declared."""
    seen = facts.irregular_year_fen + facts.business_year_fen
    return Verdict(
        met=seen > facts.declared_high_year_fen.fill_null(0),
        unclear=seen > 0,
        unanswered=~answered(facts, "withholding"),
        amount_fen=monthly(seen),
        event_on=ibis.coalesce(facts.business_on, facts.earned_on),
        known_on=ibis.coalesce(facts.business_known_on, facts.earned_known_on),
    )


@rule(
    question=Question.HIDDEN_INCOME,
    article="《最低生活保障审核确认办法》第十六条（入户调查）",
    zh="网格员近半年上报发现就业或财产，请入户了解",
    en="a grid worker reported work or property seen in the last half year",
    source="grid_reports",
    weight=1.0,
)
def work_or_property_seen(facts: ibis.Table) -> Verdict:
    """A report is a question, never a finding: always unclear."""
    return Verdict(
        met=ibis.literal(False),
        unclear=facts.seen_count > 0,
        unanswered=~answered(facts, "grid_reports"),
        event_on=facts.seen_on,
        known_on=facts.seen_known_on,
    )


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

"""Eligible, not eligible or unknown, with bounds on income and on the amount (arts. 8, 13, 14, 23).

Income is bounded. Low: what records verify, or what the family itself declared where that is more, less
wages the records show to have stopped. High: the same without that, plus what sources that did not
answer could add. The line lies between the two, or it does not; where it does, or where a property
source did not answer, the answer is unknown and `missing_item` names what would settle most.
"""

from typing import Any

import ibis

from features.rules.facts.households import MARGINAL
from features.rules.missing import PROPERTY_SOURCES, missing_item
from features.rules.money import MONTHS, divide_down, divide_up, share_down
from features.rules.states import answered

ARTICLE_INCOME = "《最低生活保障审核确认办法》第十三条"
ARTICLE_PROPERTY = "《最低生活保障审核确认办法》第十四条"
ARTICLE_HOUSEHOLD = "《最低生活保障审核确认办法》第七条"
ARTICLE_ELIGIBLE = "《最低生活保障审核确认办法》第四条"
ARTICLE_MARGINAL = "《最低生活保障审核确认办法》第八条"


def with_income(facts: ibis.Table) -> ibis.Table:
    """Add recorded, low and high countable income, fen a year (`income_*_year_fen`), and the line.

    line_fen is one person's yearly line for the category held (dibao where none is); null where the
    region has no parameters. gross_low_year_fen, gross_high_year_fen: the bounds before medical costs are
    deducted. Between low and high lie wage_bound_year_fen, pension_bound_year_fen, declared_doubt_year_fen
    (two readings of a declaration) and wages_open_year_fen (wages at the legal floor, or that stopped).
    """
    works_known = answered(facts, "withholding") & answered(facts, "contributions")
    fallen = ibis.greatest(facts.earned_before_year_fen - facts.earned_year_fen, 0)
    recorded, possible = gross(facts, facts.earned_year_fen), gross(facts, facts.earned_high_year_fen)
    assumed = facts.law_earnings_assumed.ifelse(_idle_fen(facts, facts.able), 0)
    unseen = answered(facts, "withholding").ifelse(0, _idle_fen(facts, facts.working_age))
    declared_low = facts.declared_low_year_fen.fill_null(0)
    declared_high = facts.declared_high_year_fen.fill_null(0)
    facts = facts.mutate(
        income_recorded_year_fen=_after_deduction(facts, recorded),
        income_possible_year_fen=_after_deduction(facts, possible),
        wages_fallen_year_fen=works_known.ifelse(fallen, 0),
        # What a member is taken to earn anyway is not unseen a second time.
        wage_bound_year_fen=ibis.greatest(unseen - assumed, 0),
        pension_bound_year_fen=_pension_bound(facts),
        assumed_year_fen=assumed,
        line_fen=line_of_category(facts),
    )
    standing = standing_income(facts)
    kinder = ibis.greatest(facts.income_possible_year_fen, declared_low)
    bounds = facts.assumed_year_fen + facts.wage_bound_year_fen + facts.pension_bound_year_fen
    return facts.mutate(
        income_low_year_fen=ibis.greatest(facts.income_recorded_year_fen, standing) + facts.assumed_year_fen,
        income_high_year_fen=ibis.greatest(facts.income_possible_year_fen, declared_high) + bounds,
        declared_doubt_year_fen=ibis.greatest(facts.income_possible_year_fen, declared_high) - kinder,
        wages_open_year_fen=kinder - ibis.greatest(facts.income_recorded_year_fen, standing),
        gross_low_year_fen=ibis.greatest(recorded, standing) + facts.assumed_year_fen,
        gross_high_year_fen=ibis.greatest(possible, declared_high) + bounds,
    )


def gross(facts: ibis.Table, earned_year_fen: Any) -> Any:
    """Income a year before medical costs, with so much earned by work where the place counts it."""
    return facts.law_income_kinds_counted_wages.ifelse(earned_year_fen, 0) + besides_work(facts)


def besides_work(facts: ibis.Table) -> Any:
    """Recorded income a year beside wages and labour, of the kinds that count.

    Scholarships, awards for bravery and for family planning, allowances to those who served, an orphan's
    living and relief are never among it; allowances for age and disability only where the place counts them.
    """
    transfers = (
        facts.pension_year_fen
        + facts.unemployment_year_fen
        + facts.land_year_fen
        + counted_allowances(facts) * MONTHS
    )
    return (
        facts.law_income_kinds_counted_business.ifelse(facts.business_year_fen, 0)
        + facts.law_income_kinds_counted_transfer.ifelse(transfers, 0)
        + facts.law_income_kinds_counted_property.ifelse(deposit_interest(facts), 0)
    )


def counted_allowances(facts: ibis.Table) -> Any:
    """Allowances for age and disability a month, fen, where the place does not leave them out."""
    old_age = facts.law_income_exempt_old_age_allowance.ifelse(0, facts.old_age_allowance_fen)
    return old_age + facts.law_income_exempt_disability_allowance.ifelse(0, facts.disability_allowance_fen)


def deposit_interest(facts: ibis.Table) -> Any:
    """What deposits are taken to earn a year, at the local rate."""
    return share_down(facts.deposit_fen, facts.law_deposit_interest_rate_year)


def medical_deduction(facts: ibis.Table, gross_year_fen: Any) -> Any:
    """The medical costs the family paid, at most the local share of the income."""
    ceiling = share_down(gross_year_fen, facts.law_medical_deduction_share_max)
    return ibis.least(facts.self_paid_year_fen, ceiling)


def standing_income(facts: ibis.Table) -> Any:
    """What the family declared, less wages that records show to have stopped, fen a year."""
    return ibis.greatest(facts.declared_low_year_fen.fill_null(0) - facts.wages_fallen_year_fen, 0)


def _after_deduction(facts: ibis.Table, gross_year_fen: Any) -> Any:
    return gross_year_fen - medical_deduction(facts, gross_year_fen)


def _idle_fen(facts: ibis.Table, members: Any) -> Any:
    """A bound on wages, a year, for each of so many members who is not seen insured."""
    return ibis.greatest(members - facts.based, 0) * facts.law_missing_wage_bound_fen * MONTHS


def _pension_bound(facts: ibis.Table) -> Any:
    return answered(facts, "pensions").ifelse(0, facts.old * facts.law_missing_pension_bound_fen * MONTHS)


def line_of_category(facts: ibis.Table) -> Any:
    """Yearly income line of one person for the category held."""
    return facts.category.cases(
        ("dibao_marginal", facts.line_marginal_fen),
        ("rigid_expenditure", facts.line_marginal_fen),
        ("tekun", facts.line_tekun_fen),
        else_=facts.line_dibao_fen,
    )


def property_over(facts: ibis.Table) -> Any:
    """Whether records show property over a limit: assets, cars, homes, a shop, companies that trade."""
    return ibis.or_(*limits_passed(facts).values()).fill_null(False)


def limits_passed(facts: ibis.Table) -> dict[str, Any]:
    """Each limit of property, and whether records show it passed; null where the locality gives none.

    cars: one over the value limit, or too many. dwellings: too many, or several of more area a person than
    allowed: one home, however roomy, is a home.
    """
    spacious = facts.dwelling_area > facts.persons * facts.law_dwelling_area_limit_m2
    return {
        "deposits": facts.deposit_fen > facts.persons * facts.deposit_limit_fen,
        "cars": (facts.cars_over > 0) | (facts.cars > facts.law_vehicles_limit),
        "dwellings": (facts.dwellings > facts.law_dwellings_limit) | ((facts.dwellings > 1) & spacious),
        "shops": facts.shops > facts.law_shops_limit,
        "companies": company_over(facts) & (facts.business_year_fen > 0),
    }


def company_over(facts: ibis.Table) -> Any:
    """More companies, or one of more capital, than allowed; whether they trade is another question."""
    capital = facts.company_capital_fen > facts.law_company_capital_limit_fen
    many = facts.companies > facts.law_market_entities_limit
    return (((facts.companies > 0) & capital) | many).fill_null(False)


def with_answer(facts: ibis.Table) -> ibis.Table:
    """Add eligibility, the article, the missing item, and entitled amounts (fen a month).

    rest_known: that nothing but income could leave a household's case open.
    """
    line = facts.persons * facts.line_fen
    facts = facts.mutate(
        over_line=(facts.income_low_year_fen >= line).fill_null(False),
        under_line=(facts.income_high_year_fen < line).fill_null(False),
        over_property=property_over(facts),
        nobody=facts.persons == 0,
        rest_known=ibis.and_(*[answered(facts, source) for source in PROPERTY_SOURCES])
        & ~company_over(facts)
        & facts.declared_year_fen.notnull(),
    )
    refused = facts.nobody | facts.over_property | facts.over_line
    certain = facts.under_line & facts.rest_known
    facts = facts.mutate(
        eligibility=ibis.cases((refused, "not_eligible"), (certain, "eligible"), else_="unknown"),
        article=_article(facts),
    )
    unknown, eligible = facts.eligibility == "unknown", facts.eligibility == "eligible"
    refused = facts.eligibility == "not_eligible"
    return facts.mutate(
        missing_item=unknown.ifelse(missing_item(facts, company_over(facts)), None),
        entitled_low_fen=eligible.ifelse(amount(facts, facts.income_high_year_fen), 0),
        entitled_high_fen=refused.ifelse(0, amount(facts, facts.income_low_year_fen)),
    )


def _article(facts: ibis.Table) -> Any:
    return ibis.cases(
        (facts.nobody, ARTICLE_HOUSEHOLD),
        (facts.over_property, ARTICLE_PROPERTY),
        (facts.over_line, ARTICLE_INCOME),
        (facts.category.isin(MARGINAL), ARTICLE_MARGINAL),
        else_=ARTICLE_ELIGIBLE,
    )


def amount(facts: ibis.Table, income_year_fen: Any) -> Any:
    """Benefit a month in fen: (line x people - income) / 12, rounded up once to whole yuan.

    dibao tops income up to the standard; tekun is paid the tekun standard; the other categories have no
    monthly amount of their own.
    """
    return _paid(facts, amount_basis(facts, income_year_fen))


def amount_of_dibao(facts: ibis.Table, income_year_fen: Any) -> Any:
    """The same were the household on dibao."""
    return _paid(facts, _topped(facts, income_year_fen))


def _paid(facts: ibis.Table, basis: Any) -> Any:
    return (rounded_up(facts, basis) + (basis > 0).ifelse(supplements(facts), 0)).fill_null(0)


def _topped(facts: ibis.Table, income_year_fen: Any) -> Any:
    return ibis.greatest(facts.persons * facts.line_dibao_fen - income_year_fen, 0)


def amount_basis(facts: ibis.Table, income_year_fen: Any) -> Any:
    """What a year's benefit comes to before rounding and supplements, fen."""
    return facts.category.cases(
        ("tekun", facts.persons * facts.line_tekun_fen),
        ("dibao_marginal", 0),
        ("rigid_expenditure", 0),
        else_=_topped(facts, income_year_fen),
    )


def rounded_up(facts: ibis.Table, basis_year_fen: Any) -> Any:
    """A year's basis as a month's amount, rounded up once to whole yuan."""
    step = facts.law_rounding_fen
    return divide_up(basis_year_fen, step * MONTHS) * step


def supplements(facts: ibis.Table) -> Any:
    """Categorised supplements a month in fen for severely disabled, seriously ill, minor and old members."""
    return (
        facts.severe * facts.law_supplement_severe_disability_fen
        + facts.ill * facts.law_supplement_serious_illness_fen
        + facts.minors * facts.law_supplement_child_fen
        + facts.supplement_old * facts.law_supplement_old_age_fen
    )


def monthly(year_fen: Any) -> Any:
    """A yearly figure for the eye, a month: rounded down to the fen. Never computed with again."""
    return divide_down(year_fen, MONTHS)

"""Eligible, not eligible or unknown, with bounds on income and on the amount (arts. 8, 13, 14, 23).

Income is bounded. Low: what records verify, or what the family itself declared where that is more, less
wages the records show to have stopped. High: the same without that, plus what sources that did not
answer could add. The line lies between the two, or it does not; where it does, or where a property
source did not answer, the answer is unknown and `missing_item` names what would settle most.
"""

from typing import Any

import ibis

from features.rules.facts.households import MARGINAL
from features.rules.money import MONTHS, divide_down, divide_up, share_down
from features.rules.states import answered

ARTICLE_INCOME = "《最低生活保障审核确认办法》第十三条"
ARTICLE_PROPERTY = "《最低生活保障审核确认办法》第十四条"
ARTICLE_HOUSEHOLD = "《最低生活保障审核确认办法》第七条"
ARTICLE_ELIGIBLE = "《最低生活保障审核确认办法》第四条"
ARTICLE_MARGINAL = "《最低生活保障审核确认办法》第八条"

#: What `missing_item` can name, beside a source that did not answer (zh, en).
MISSING_ITEMS: dict[str, tuple[str, str]] = {
    "parameters": ("本区县的政策参数", "the locality's parameters"),
    "authorisation": ("家庭经济状况核对授权书", "the family's authorisation to check records"),
    "declared_income": ("家庭收入申报", "the family's declaration of income"),
    "wage_proof": (
        "工资证明（社保按缴费基数下限缴纳）",
        "proof of wages: contributions are paid on the lowest base",
    ),
    "business_check": ("名下企业是否实际经营", "whether the company in a member's name trades"),
    "withholding": ("税务部门个税扣缴信息", "tax withholding from the tax authority"),
    "pensions": ("人社部门养老金信息", "pensions from human resources"),
    "balances": ("金融机构资产信息", "balances from financial institutions"),
    "real_estate": ("不动产登记信息", "real estate from natural resources"),
    "vehicles": ("机动车登记信息", "vehicles from public security"),
    "entities": ("市场主体登记信息", "market entities from market regulation"),
}

#: Property sources in the order of what they settle.
PROPERTY_SOURCES = ("balances", "real_estate", "vehicles", "entities")


def with_income(facts: ibis.Table) -> ibis.Table:
    """Add recorded, low and high countable income, fen a year (`income_*_year_fen`), and the line.

    line_fen is one person's yearly line for the category held (dibao where none is); null where the
    region has no parameters.
    """
    besides = besides_work(facts)
    works_known = answered(facts, "withholding") & answered(facts, "contributions")
    fallen = ibis.greatest(facts.earned_before_year_fen - facts.earned_year_fen, 0)
    facts = facts.mutate(
        income_recorded_year_fen=_after_deduction(facts, facts.earned_year_fen + besides),
        income_possible_year_fen=_after_deduction(facts, facts.earned_high_year_fen + besides),
        wages_fallen_year_fen=works_known.ifelse(fallen, 0),
        wage_bound_year_fen=_wage_bound(facts),
        pension_bound_year_fen=_pension_bound(facts),
        line_fen=line_of_category(facts),
    )
    declared_high = facts.declared_high_year_fen.fill_null(0)
    return facts.mutate(
        income_low_year_fen=ibis.greatest(facts.income_recorded_year_fen, standing_income(facts)),
        income_high_year_fen=ibis.greatest(facts.income_possible_year_fen, declared_high)
        + facts.wage_bound_year_fen
        + facts.pension_bound_year_fen,
    )


def standing_income(facts: ibis.Table) -> Any:
    """What the family declared, less wages that records show to have stopped, fen a year."""
    return ibis.greatest(facts.declared_low_year_fen.fill_null(0) - facts.wages_fallen_year_fen, 0)


def besides_work(facts: ibis.Table) -> Any:
    """Recorded income a year beside wages and labour: business, pensions, benefits, land, interest."""
    return (
        facts.business_year_fen
        + facts.pension_year_fen
        + facts.unemployment_year_fen
        + facts.land_year_fen
        + deposit_interest(facts)
    )


def deposit_interest(facts: ibis.Table) -> Any:
    """What deposits are taken to earn a year, at the local rate."""
    return share_down(facts.deposit_fen, facts.law_deposit_interest_rate_year)


def medical_deduction(facts: ibis.Table, gross_year_fen: Any) -> Any:
    """The medical costs the family paid, at most the local share of the income."""
    ceiling = share_down(gross_year_fen, facts.law_medical_deduction_share_max)
    return ibis.least(facts.self_paid_year_fen, ceiling)


def _after_deduction(facts: ibis.Table, gross_year_fen: Any) -> Any:
    return gross_year_fen - medical_deduction(facts, gross_year_fen)


def _wage_bound(facts: ibis.Table) -> Any:
    """What unseen wages may add: a bound for each member of working age not seen insured."""
    unseen = ibis.greatest(facts.working_age - facts.based, 0)
    return answered(facts, "withholding").ifelse(0, unseen * facts.law_missing_wage_bound_fen * MONTHS)


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
    """Whether records show property over a limit: assets, a car, dwellings, a shop, a company that trades."""
    return ibis.or_(*limits_passed(facts).values()).fill_null(False)


def limits_passed(facts: ibis.Table) -> dict[str, Any]:
    """Each limit of property, and whether records show it passed; null where the locality gives none."""
    return {
        "deposits": facts.deposit_fen > facts.persons * facts.deposit_limit_fen,
        "cars": facts.cars_over > 0,
        "dwellings": facts.dwellings > facts.law_dwellings_limit,
        "shops": facts.shops > facts.law_shops_limit,
        "companies": company_over(facts) & (facts.business_year_fen > 0),
    }


def company_over(facts: ibis.Table) -> Any:
    """A company over the capital limit is registered; whether it trades is another question."""
    over = facts.company_capital_fen > facts.law_company_capital_limit_fen
    return ((facts.companies > 0) & over).fill_null(False)


def with_answer(facts: ibis.Table) -> ibis.Table:
    """Add eligibility, the article, the missing item, and entitled amounts (fen a month)."""
    line = facts.persons * facts.line_fen
    facts = facts.mutate(
        over_line=(facts.income_low_year_fen >= line).fill_null(False),
        under_line=(facts.income_high_year_fen < line).fill_null(False),
        over_property=property_over(facts),
        nobody=facts.persons == 0,
        property_silent=ibis.or_(*[~answered(facts, source) for source in PROPERTY_SOURCES]),
    )
    refused = facts.nobody | facts.over_property | facts.over_line
    certain = (
        facts.under_line & ~facts.property_silent & ~company_over(facts) & facts.declared_year_fen.notnull()
    )
    facts = facts.mutate(
        eligibility=ibis.cases((refused, "not_eligible"), (certain, "eligible"), else_="unknown"),
        article=_article(facts),
        missing_item=_missing_item(facts),
    )
    missing = (facts.eligibility == "unknown").ifelse(facts.missing_item, None)
    return facts.mutate(
        missing_item=missing,
        entitled_low_fen=(facts.eligibility == "eligible").ifelse(
            amount(facts, facts.income_high_year_fen), 0
        ),
        entitled_high_fen=(facts.eligibility == "not_eligible").ifelse(
            0, amount(facts, facts.income_low_year_fen)
        ),
    )


def _article(facts: ibis.Table) -> Any:
    return ibis.cases(
        (facts.nobody, ARTICLE_HOUSEHOLD),
        (facts.over_property, ARTICLE_PROPERTY),
        (facts.over_line, ARTICLE_INCOME),
        (facts.category.isin(MARGINAL), ARTICLE_MARGINAL),
        else_=ARTICLE_ELIGIBLE,
    )


def _missing_item(facts: ibis.Table) -> Any:
    """The one thing that would settle most: first what decides income, then property, then the form."""
    between = ~facts.under_line
    wages = facts.wage_bound_year_fen
    return ibis.cases(
        (facts.line_fen.isnull(), "parameters"),
        (~facts.authorised.fill_null(False), "authorisation"),
        (between & (wages > 0) & (wages >= facts.pension_bound_year_fen), "withholding"),
        (between & (facts.pension_bound_year_fen > 0), "pensions"),
        *[(~answered(facts, source), source) for source in PROPERTY_SOURCES],
        (facts.declared_year_fen.isnull(), "declared_income"),
        (company_over(facts), "business_check"),
        else_="wage_proof",
    )


def amount(facts: ibis.Table, income_year_fen: Any) -> Any:
    """Benefit a month in fen: (line x people - income) / 12, rounded up once to whole yuan.

    dibao tops income up to the standard; tekun is paid the tekun standard; the other categories have no
    monthly amount of their own.
    """
    basis = amount_basis(facts, income_year_fen)
    return (rounded_up(facts, basis) + (basis > 0).ifelse(supplements(facts), 0)).fill_null(0)


def amount_basis(facts: ibis.Table, income_year_fen: Any) -> Any:
    """What a year's benefit comes to before rounding and supplements, fen."""
    topped = ibis.greatest(facts.persons * facts.line_dibao_fen - income_year_fen, 0)
    return facts.category.cases(
        ("tekun", facts.persons * facts.line_tekun_fen),
        ("dibao_marginal", 0),
        ("rigid_expenditure", 0),
        else_=topped,
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

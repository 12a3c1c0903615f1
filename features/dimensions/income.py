"""Income that departments have seen: tax withheld, pensions, unemployment benefit, land."""

from typing import Any

from features.declaration import feature
from features.incomes import yuan_month
from features.windows import last

WITHHELD = ("income_yuan", "kind", "month")


def _withheld(rows: Any, kind: str, months: int) -> Any:
    return rows.income_yuan.sum(where=(rows.kind == kind) & last(rows, months))


@feature(
    source="withholding",
    reads=WITHHELD,
    unit="yuan",
    topic="wages",
    raises=1,
    zh="近 12 个月扣缴工资",
    en="wages with tax withheld, last 12 months",
)
def income_wages_yuan_12m(rows: Any) -> Any:
    return _withheld(rows, "wages", 12)


@feature(
    source="withholding",
    reads=WITHHELD,
    unit="yuan",
    topic="wages",
    raises=1,
    zh="近 3 个月扣缴工资",
    en="wages with tax withheld, last 3 months",
)
def income_wages_yuan_3m(rows: Any) -> Any:
    return _withheld(rows, "wages", 3)


@feature(
    source="withholding",
    reads=WITHHELD,
    unit="yuan",
    topic="casual_work",
    raises=1,
    zh="近 12 个月劳务报酬",
    en="pay for casual work, last 12 months",
)
def income_labour_yuan_12m(rows: Any) -> Any:
    return _withheld(rows, "labour", 12)


@feature(
    source="withholding",
    reads=WITHHELD,
    unit="yuan",
    topic="platform_work",
    raises=1,
    zh="近 12 个月平台收入",
    en="platform income, last 12 months",
)
def income_platform_yuan_12m(rows: Any) -> Any:
    return _withheld(rows, "platform", 12)


@feature(
    source="withholding",
    reads=WITHHELD,
    unit="yuan",
    topic="platform_work",
    raises=1,
    zh="近 3 个月平台收入",
    en="platform income, last 3 months",
)
def income_platform_yuan_3m(rows: Any) -> Any:
    return _withheld(rows, "platform", 3)


@feature(
    source="withholding",
    reads=WITHHELD,
    unit="months",
    topic="platform_work",
    raises=1,
    zh="近 12 个月有平台收入的月数",
    en="months with platform income, last 12 months",
)
def income_platform_months_12m(rows: Any) -> Any:
    return rows.month.nunique(where=(rows.kind == "platform") & last(rows, 12))


@feature(
    source="withholding",
    reads=("income_yuan", "month"),
    unit="yuan",
    topic="observed_income",
    raises=1,
    zh="近 12 个月扣缴收入合计",
    en="all income with tax withheld, last 12 months",
)
def income_taxed_yuan_12m(rows: Any) -> Any:
    return rows.income_yuan.sum(where=last(rows, 12))


@feature(
    source="withholding",
    reads=("income_yuan", "month"),
    unit="yuan",
    topic="observed_income",
    raises=1,
    zh="近 3 个月扣缴收入合计",
    en="all income with tax withheld, last 3 months",
)
def income_taxed_yuan_3m(rows: Any) -> Any:
    return rows.income_yuan.sum(where=last(rows, 3))


@feature(
    source="withholding",
    reads=("month",),
    unit="months",
    topic="observed_income",
    raises=1,
    zh="近 12 个月有扣缴收入的月数",
    en="months with taxed income, last 12 months",
)
def income_taxed_months_12m(rows: Any) -> Any:
    return rows.month.nunique(where=last(rows, 12))


@feature(
    source="withholding",
    reads=("payer_uscc", "month"),
    unit="count",
    topic="observed_income",
    raises=1,
    zh="近 12 个月付款单位数",
    en="payers, last 12 months",
)
def income_payers_count_12m(rows: Any) -> Any:
    return rows.payer_uscc.nunique(where=last(rows, 12))


@feature(
    source="withholding",
    reads=("id_no", "month"),
    unit="count",
    topic="observed_income",
    raises=1,
    zh="近 3 个月有扣缴收入的人数",
    en="members with taxed income, last 3 months",
)
def income_earners_count_3m(rows: Any) -> Any:
    return rows.person_id.nunique(where=last(rows, 3))


@feature(
    source="withholding",
    reads=("income_yuan", "month"),
    unit="yuan",
    topic="observed_income",
    raises=1,
    zh="近 12 个月单笔最高收入",
    en="largest single payment, last 12 months",
)
def income_largest_payment_yuan_12m(rows: Any) -> Any:
    return rows.income_yuan.max(where=last(rows, 12))


@feature(
    source="withholding",
    reads=("month",),
    unit="months",
    topic="observed_income",
    empty=None,
    raises=-1,
    zh="距最近一笔扣缴收入的月数",
    en="months since the last taxed income",
)
def income_months_since_taxed(rows: Any) -> Any:
    return rows.months_ago.min()


@feature(
    source="pensions",
    reads=("kind", "amount_yuan", "month"),
    unit="yuan",
    topic="pension",
    raises=1,
    zh="近 12 个月职工养老金",
    en="employees' pension, last 12 months",
)
def income_pension_employee_yuan_12m(rows: Any) -> Any:
    return rows.amount_yuan.sum(where=(rows.kind == "employee") & last(rows, 12))


@feature(
    source="pensions",
    reads=("kind", "amount_yuan", "month"),
    unit="yuan",
    topic="pension",
    raises=1,
    zh="近 12 个月城乡居民养老金",
    en="residents' pension, last 12 months",
)
def income_pension_resident_yuan_12m(rows: Any) -> Any:
    return rows.amount_yuan.sum(where=(rows.kind == "resident") & last(rows, 12))


@feature(
    source="pensions",
    reads=("amount_yuan", "month"),
    unit="yuan",
    topic="pension",
    raises=1,
    zh="近 3 个月最高单笔养老金",
    en="largest pension payment, last 3 months",
)
def income_pension_largest_yuan_3m(rows: Any) -> Any:
    return rows.amount_yuan.max(where=last(rows, 3))


@feature(
    source="pensions",
    reads=("amount_yuan", "month"),
    unit="yuan",
    topic="pension",
    raises=1,
    zh="近 3 个月养老金合计",
    en="pensions, last 3 months",
)
def income_pension_yuan_3m(rows: Any) -> Any:
    return rows.amount_yuan.sum(where=last(rows, 3))


@feature(
    source="pensions",
    reads=("kind", "amount_yuan", "month"),
    unit="yuan",
    topic="pension",
    raises=1,
    zh="近 12 个月新领职工养老金的最高月额",
    en="largest employees' pension first drawn in the last 12 months, a month",
)
def income_pension_new_yuan_12m(rows: Any) -> Any:
    new = rows.began_months_ago < 12
    return rows.amount_yuan.max(where=(rows.kind == "employee") & new & last(rows, 3))


@feature(
    source="pensions",
    reads=("kind", "month"),
    unit="months",
    topic="pension",
    empty=None,
    raises=-1,
    zh="距最近一位成员开始领取职工养老金的月数",
    en="months since a member last began to draw an employees' pension",
)
def income_pension_newest_months(rows: Any) -> Any:
    return rows.began_months_ago.min(where=(rows.kind == "employee") & last(rows, 3))


@feature(
    source="pensions",
    reads=("id_no", "month"),
    unit="count",
    topic="pension",
    raises=1,
    zh="近 3 个月领取养老金人数",
    en="members drawing a pension, last 3 months",
)
def income_pensioners_count_3m(rows: Any) -> Any:
    return rows.person_id.nunique(where=last(rows, 3))


@feature(
    source="unemployment_benefits",
    reads=("amount_yuan", "month"),
    unit="yuan",
    topic="unemployment",
    raises=1,
    zh="近 12 个月失业保险金",
    en="unemployment benefit, last 12 months",
)
def income_unemployment_yuan_12m(rows: Any) -> Any:
    return rows.amount_yuan.sum(where=last(rows, 12))


@feature(
    source="land_subsidies",
    reads=("amount_yuan", "year"),
    unit="yuan",
    topic="land",
    raises=1,
    zh="最近年度耕地补贴",
    en="land subsidy of the latest year",
)
def income_land_subsidy_yuan(rows: Any) -> Any:
    return rows.amount_yuan.sum(where=rows.latest_year)


@feature(
    source="contributions",
    reads=("base_yuan", "month"),
    unit="yuan",
    topic="contributions",
    raises=1,
    zh="近 12 个月社保缴费基数合计",
    en="contribution bases, last 12 months",
)
def income_contribution_base_yuan_12m(rows: Any) -> Any:
    return rows.base_yuan.sum(where=last(rows, 12))


@feature(
    source="contributions",
    reads=("base_yuan", "month"),
    unit="yuan",
    topic="contributions",
    raises=1,
    zh="近 3 个月社保缴费基数合计",
    en="contribution bases, last 3 months",
)
def income_contribution_base_yuan_3m(rows: Any) -> Any:
    return rows.base_yuan.sum(where=last(rows, 3))


@feature(
    of=(
        "income_taxed_yuan_12m",
        "income_contribution_base_yuan_12m",
        "income_pension_employee_yuan_12m",
        "income_unemployment_yuan_12m",
    ),
    unit="yuan",
    topic="observed_income",
    raises=1,
    zh="近 12 个月部门可见收入",
    en="income seen by departments, last 12 months",
)
def income_observed_yuan_12m(household: Any) -> Any:
    # One job is often seen twice, by taxation and by social insurance: the larger of the two counts.
    taxed, base = household.income_taxed_yuan_12m, household.income_contribution_base_yuan_12m
    work = (taxed >= base).ifelse(taxed, base)
    return work + household.income_pension_employee_yuan_12m + household.income_unemployment_yuan_12m


@feature(
    of=("income_observed_yuan_12m", "composition_persons_count"),
    unit="yuan",
    topic="observed_income",
    raises=1,
    zh="部门可见人均月收入（近 12 个月）",
    en="income seen by departments, a person and month, last 12 months",
)
def income_observed_per_capita_yuan_month_12m(household: Any) -> Any:
    return household.income_observed_yuan_12m / household.composition_persons_count.nullif(0) / 12


@feature(
    of=("income_observed_per_capita_yuan_month_12m",),
    unit="ratio",
    topic="observed_income",
    raises=1,
    zh="可见人均月收入与当地标准之比",
    en="income seen, a person and month, over the local standard",
)
def income_observed_ratio_standard_12m(household: Any) -> Any:
    return household.income_observed_per_capita_yuan_month_12m / household.standard_yuan


@feature(
    of=("income_taxed_yuan_3m", "composition_persons_count"),
    unit="ratio",
    topic="observed_income",
    raises=1,
    zh="近 3 个月扣缴人均月收入与当地标准之比",
    en="taxed income of the last 3 months, a person and month, over the local standard",
)
def income_taxed_ratio_standard_3m(household: Any) -> Any:
    persons = household.composition_persons_count.nullif(0)
    return household.income_taxed_yuan_3m / persons / 3 / household.standard_yuan


@feature(
    of=(
        "income_taxed_yuan_3m",
        "income_contribution_base_yuan_3m",
        "income_pension_yuan_3m",
        "composition_persons_count",
    ),
    unit="yuan",
    topic="observed_income",
    raises=1,
    zh="部门可见人均月收入（近 3 个月）",
    en="income seen by departments, a person and month, last 3 months",
)
def income_recent_per_capita_yuan_month_3m(household: Any) -> Any:
    taxed, base = household.income_taxed_yuan_3m, household.income_contribution_base_yuan_3m
    work = (taxed >= base).ifelse(taxed, base)
    return (work + household.income_pension_yuan_3m) / household.composition_persons_count.nullif(0) / 3


@feature(
    of=("income_recent_per_capita_yuan_month_3m",),
    unit="ratio",
    topic="observed_income",
    raises=1,
    zh="近 3 个月可见人均月收入与当地标准之比",
    en="income seen in the last 3 months, a person and month, over the local standard",
)
def income_recent_ratio_standard_3m(household: Any) -> Any:
    return household.income_recent_per_capita_yuan_month_3m / household.standard_yuan


@feature(
    source="household_register",
    reads=("declared_income_yuan", "income_period"),
    unit="yuan",
    topic="declared",
    declared=True,
    empty=None,
    zh="申报家庭月收入",
    en="declared income of the household a month",
)
def income_declared_yuan_month(rows: Any) -> Any:
    # Streets record it by month or by year; without the period the figure says nothing.
    return yuan_month(rows, "household_register.declared_income_yuan").max()


@feature(
    of=("income_declared_yuan_month", "composition_persons_count"),
    unit="yuan",
    topic="declared",
    empty=None,
    zh="申报人均月收入",
    en="declared income, a person and month",
)
def income_declared_per_capita_yuan_month(household: Any) -> Any:
    return household.income_declared_yuan_month / household.composition_persons_count.nullif(0)


@feature(
    of=("income_observed_per_capita_yuan_month_12m", "income_declared_per_capita_yuan_month"),
    unit="yuan",
    topic="declared",
    raises=1,
    empty=None,
    zh="可见人均月收入减申报人均月收入",
    en="income seen minus declared, a person and month",
)
def income_observed_minus_declared_yuan_month(household: Any) -> Any:
    seen = household.income_observed_per_capita_yuan_month_12m
    return seen - household.income_declared_per_capita_yuan_month


@feature(
    of=("income_recent_per_capita_yuan_month_3m", "income_declared_per_capita_yuan_month"),
    unit="yuan",
    topic="declared",
    raises=1,
    empty=None,
    zh="近 3 个月可见人均月收入减申报人均月收入",
    en="income seen in the last 3 months minus declared, a person and month",
)
def income_recent_minus_declared_yuan_month(household: Any) -> Any:
    seen = household.income_recent_per_capita_yuan_month_3m
    return seen - household.income_declared_per_capita_yuan_month

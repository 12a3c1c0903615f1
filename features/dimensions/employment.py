"""Work: contributions, housing fund, unemployment, and able adults without any visible job."""

from typing import Any

from features.declaration import feature
from features.windows import earlier, last


@feature(
    source="contributions",
    reads=("id_no", "month"),
    unit="months",
    topic="contributions",
    raises=1,
    zh="近 12 个月有社保缴费的月数",
    en="months with contributions, last 12 months",
)
def employment_contribution_months_12m(rows: Any) -> Any:
    return rows.month.nunique(where=last(rows, 12))


@feature(
    source="contributions",
    reads=("id_no", "month"),
    unit="count",
    topic="contributions",
    raises=1,
    zh="近 3 个月社保缴费人数",
    en="members with contributions, last 3 months",
)
def employment_contributors_count_3m(rows: Any) -> Any:
    return rows.person_id.nunique(where=last(rows, 3))


@feature(
    source="contributions",
    reads=("id_no", "month"),
    unit="count",
    topic="contributions",
    zh="4 至 12 个月前社保缴费人数",
    en="members with contributions, 4 to 12 months ago",
)
def employment_contributors_count_prior(rows: Any) -> Any:
    return rows.person_id.nunique(where=earlier(rows, 3, 12))


@feature(
    source="contributions",
    reads=("base_yuan", "month"),
    unit="yuan",
    topic="contributions",
    raises=1,
    zh="近 3 个月最高缴费基数",
    en="highest contribution base, last 3 months",
)
def employment_base_largest_yuan_3m(rows: Any) -> Any:
    return rows.base_yuan.max(where=last(rows, 3))


@feature(
    source="contributions",
    reads=("base_yuan", "month"),
    unit="yuan",
    topic="contributions",
    empty=None,
    raises=1,
    zh="近 12 个月最低缴费基数",
    en="lowest contribution base, last 12 months",
)
def employment_base_lowest_yuan_12m(rows: Any) -> Any:
    return rows.base_yuan.min(where=last(rows, 12))


@feature(
    source="contributions",
    reads=("base_yuan", "month"),
    unit="yuan",
    topic="contributions",
    raises=1,
    zh="近 12 个月新参保成员的最高缴费基数",
    en="highest contribution base of a member first insured in the last 12 months",
)
def employment_base_new_yuan_12m(rows: Any) -> Any:
    return rows.base_yuan.max(where=(rows.began_months_ago < 12) & last(rows, 3))


@feature(
    source="contributions",
    reads=("id_no", "month"),
    unit="months",
    topic="contributions",
    empty=None,
    raises=-1,
    zh="距最近一位成员新参保的月数",
    en="months since a member was last newly insured by an employer",
)
def employment_newest_job_months(rows: Any) -> Any:
    return rows.began_months_ago.min(where=last(rows, 3))


@feature(
    source="contributions",
    reads=("employer_uscc", "month"),
    unit="count",
    topic="contributions",
    raises=1,
    zh="近 12 个月缴费单位数",
    en="employers paying contributions, last 12 months",
)
def employment_employers_count_12m(rows: Any) -> Any:
    return rows.employer_uscc.nunique(where=last(rows, 12))


@feature(
    source="contributions",
    reads=("month",),
    unit="months",
    topic="contributions",
    empty=None,
    raises=-1,
    zh="距最近一次社保缴费的月数",
    en="months since the last contribution",
)
def employment_months_since_contribution(rows: Any) -> Any:
    return rows.months_ago.min()


@feature(
    source="housing_fund",
    reads=("id_no", "month"),
    unit="months",
    topic="housing_fund",
    raises=1,
    zh="近 12 个月缴存公积金的月数",
    en="months with housing fund deposits, last 12 months",
)
def employment_housing_fund_months_12m(rows: Any) -> Any:
    return rows.month.nunique(where=last(rows, 12))


@feature(
    source="housing_fund",
    reads=("deposit_yuan", "month"),
    unit="yuan",
    topic="housing_fund",
    raises=1,
    zh="近 12 个月公积金缴存额",
    en="housing fund deposits, last 12 months",
)
def employment_housing_fund_yuan_12m(rows: Any) -> Any:
    return rows.deposit_yuan.sum(where=last(rows, 12))


@feature(
    source="housing_fund",
    reads=("deposit_yuan", "month"),
    unit="yuan",
    topic="housing_fund",
    raises=1,
    zh="近 3 个月最高公积金缴存额",
    en="largest housing fund deposit, last 3 months",
)
def employment_housing_fund_largest_yuan_3m(rows: Any) -> Any:
    return rows.deposit_yuan.max(where=last(rows, 3))


@feature(
    of=("employment_housing_fund_months_12m", "employment_contribution_months_12m"),
    unit="months",
    topic="housing_fund",
    raises=1,
    zh="有公积金而无社保的月数差（近 12 个月）",
    en="months of housing fund beyond those of contributions, last 12 months",
)
def employment_housing_fund_only_months_12m(household: Any) -> Any:
    months = household.employment_housing_fund_months_12m - household.employment_contribution_months_12m
    return (months > 0).ifelse(months, 0.0 * months)


@feature(
    source="unemployment_benefits",
    reads=("id_no", "month"),
    unit="months",
    topic="unemployment",
    zh="近 12 个月领取失业保险金的月数",
    en="months with unemployment benefit, last 12 months",
)
def employment_unemployment_months_12m(rows: Any) -> Any:
    return rows.month.nunique(where=last(rows, 12))


@feature(
    source="unemployment_benefits",
    reads=("id_no", "month"),
    unit="months",
    topic="unemployment",
    empty=None,
    zh="距最近一次失业保险金的月数",
    en="months since the last unemployment benefit",
)
def employment_months_since_unemployment(rows: Any) -> Any:
    return rows.months_ago.min()


@feature(
    source="unemployment_benefits",
    reads=("id_no", "month"),
    unit="count",
    topic="unemployment",
    raises=1,
    zh="失业保险金已停发人数（近 12 个月领过、近 2 个月未领）",
    en="members whose unemployment benefit ran out, last 12 months",
)
def employment_benefit_ended_count_12m(rows: Any) -> Any:
    drew, draws = rows.person_id.nunique(where=last(rows, 12)), rows.person_id.nunique(where=last(rows, 2))
    return drew - draws


@feature(
    source="grid_reports",
    reads=("kind", "reported_on"),
    kinds=("work_seen",),
    unit="count",
    topic="grid_observation",
    raises=1,
    zh="近 12 个月网格发现就业次数",
    en="reports of work seen, last 12 months",
)
def employment_work_seen_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "work_seen") & last(rows, 12))


@feature(
    of=("employment_contributors_count_3m", "income_earners_count_3m"),
    unit="count",
    topic="work_capacity",
    raises=1,
    zh="可见就业人数（近 3 个月）",
    en="members visibly in work, last 3 months",
)
def employment_visible_workers_count(household: Any) -> Any:
    insured, taxed = household.employment_contributors_count_3m, household.income_earners_count_3m
    return (insured >= taxed).ifelse(insured, taxed)


# Not `need`: with raises=+1 a disability or a student can only lower it, so need can never raise a risk.
@feature(
    of=(
        "composition_working_age_count",
        "health_severe_working_age_count",
        "education_students_working_age_count",
    ),
    need=False,
    unit="count",
    topic="work_capacity",
    raises=1,
    zh="有劳动能力成年人数",
    en="adults able to work: of working age, not severely disabled, not at school",
)
def employment_able_adults_count(household: Any) -> Any:
    exempt = household.health_severe_working_age_count + household.education_students_working_age_count
    able = household.composition_working_age_count - exempt
    return (able > 0).ifelse(able, 0.0 * able)


@feature(
    of=(
        "employment_visible_workers_count",
        "employment_able_adults_count",
        "employment_contributors_count_3m",
        "income_earners_count_3m",
        "employment_unemployment_months_12m",
    ),
    need=False,
    unit="count",
    topic="work_capacity",
    raises=1,
    zh="有劳动能力而无可见就业人数",
    en="able adults without any visible job or unemployment benefit",
)
def employment_able_without_job_count(household: Any) -> Any:
    idle = household.employment_able_adults_count - household.employment_visible_workers_count
    months = household.employment_unemployment_months_12m
    # Unknown where any of the departments is silent: whoever works must not look idle for it.
    answered = household.employment_contributors_count_3m + household.income_earners_count_3m
    rest = idle - (months > 0).ifelse(1, 0 * months) + 0 * answered
    return (rest > 0).ifelse(rest, 0.0 * rest)


@feature(
    of=("employment_able_adults_count", "composition_persons_count"),
    need=False,
    unit="share",
    topic="work_capacity",
    empty=None,
    raises=1,
    zh="有劳动能力成年人占比",
    en="share of members able to work",
)
def employment_able_share(household: Any) -> Any:
    return household.employment_able_adults_count / household.composition_persons_count.nullif(0)

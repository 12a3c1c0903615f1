"""What has changed: deaths, marriages, members, residence, custody, income and earlier findings."""

from typing import Any

from features.declaration import feature
from features.windows import current, last, months_since

#: Findings of a visit at which nobody was met: it was tried, and the household was not looked into.
NOT_MET = ("refused", "unreachable")


@feature(
    source="deaths",
    reads=("id_no", "died_on"),
    unit="count",
    topic="death",
    raises=1,
    zh="已登记死亡而仍在家庭成员中的人数",
    en="members recorded as dead and still in the household",
)
def change_dead_members_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=rows.is_member)


@feature(
    source="deaths",
    reads=("id_no", "died_on"),
    unit="count",
    topic="death",
    zh="近 12 个月死亡人数",
    en="deaths in the household, last 12 months",
)
def change_deaths_count_12m(rows: Any) -> Any:
    return rows.person_id.nunique(where=last(rows, 12))


@feature(
    source="deaths",
    reads=("id_no", "died_on"),
    unit="count",
    topic="death",
    zh="近 12 个月劳动年龄成员死亡人数",
    en="deaths of members of working age, last 12 months",
)
def change_deaths_working_age_count_12m(rows: Any) -> Any:
    return rows.person_id.nunique(where=last(rows, 12) & (rows.age >= 16) & (rows.age < 60))


@feature(
    source="marriages",
    reads=("id_no_a", "id_no_b", "married_on"),
    unit="count",
    topic="household_change",
    raises=1,
    zh="近 12 个月结婚数",
    en="marriages, last 12 months",
)
def change_marriages_count_12m(rows: Any) -> Any:
    return rows.count(where=last(rows, 12))


@feature(
    source="marriages",
    reads=("id_no_a", "id_no_b", "divorced_on"),
    unit="count",
    topic="household_change",
    zh="近 12 个月离婚数",
    en="divorces, last 12 months",
)
def change_divorces_count_12m(rows: Any) -> Any:
    return rows.count(where=months_since(rows, "divorced_on") < 12)


@feature(
    source="household_members",
    reads=("id_no", "joined_on"),
    unit="count",
    topic="household_change",
    zh="近 12 个月新增成员数",
    en="members who joined, last 12 months",
)
def change_joined_count_12m(rows: Any) -> Any:
    return rows.person_id.nunique(where=last(rows, 12))


@feature(
    source="household_members",
    reads=("id_no", "left_on"),
    unit="count",
    topic="household_change",
    zh="近 12 个月离开成员数",
    en="members who left, last 12 months",
)
def change_left_count_12m(rows: Any) -> Any:
    return rows.person_id.nunique(where=months_since(rows, "left_on") < 12)


@feature(
    source="residents",
    reads=("residence_since",),
    unit="count",
    topic="residence",
    raises=1,
    zh="近 12 个月迁居成员数",
    en="members who moved, last 12 months",
)
def change_moved_count_12m(rows: Any) -> Any:
    return rows.count(where=months_since(rows, "residence_since") < 12)


@feature(
    source="residents",
    reads=("residence_since", "residence_region_code"),
    unit="count",
    topic="residence",
    raises=1,
    zh="近 24 个月迁往其他街道成员数",
    en="members who moved to another street, last 24 months",
)
def change_moved_away_count_24m(rows: Any) -> Any:
    moved = months_since(rows, "residence_since") < 24
    return rows.count(where=moved & (rows.residence_region_code.substr(0, 9) != rows.street_code))


@feature(
    source="custody",
    reads=("from", "to"),
    unit="count",
    topic="custody",
    raises=1,
    zh="羁押服刑成员数",
    en="members in custody",
)
def change_custody_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=current(rows, "to"))


# Confounded with the label where checks come at fixed intervals: the model decides whether to use it.
@feature(
    source="verifications",
    reads=("visited_on",),
    unit="months",
    topic="verification_history",
    empty=None,
    zh="距上次核查的月数",
    en="months since the last verification",
)
def change_months_since_verification(rows: Any) -> Any:
    return rows.months_ago.min()


@feature(
    source="verifications",
    reads=("finding", "visited_on"),
    unit="months",
    topic="verification_history",
    empty=None,
    zh="距上次见到家庭的核查的月数",
    en="months since the last verification at which somebody was met",
)
def change_months_since_met(rows: Any) -> Any:
    return rows.months_ago.min(where=rows.finding.notin(NOT_MET))


@feature(
    source="verifications",
    reads=("visited_on",),
    unit="count",
    topic="verification_history",
    zh="近 24 个月核查次数",
    en="verifications, last 24 months",
)
def change_verifications_count_24m(rows: Any) -> Any:
    return rows.count(where=last(rows, 24))


@feature(
    source="verifications",
    reads=("finding", "visited_on"),
    unit="count",
    topic="verification_history",
    zh="近 24 个月核查发现收入或财产未申报次数",
    en="undeclared income or property found, last 24 months",
)
def change_undeclared_found_count_24m(rows: Any) -> Any:
    found = rows.finding.isin(["income_undeclared", "property_undeclared"])
    return rows.count(where=found & last(rows, 24))


@feature(
    source="verifications",
    reads=("finding", "visited_on"),
    unit="count",
    topic="verification_history",
    zh="近 24 个月拒绝核查或无法联系次数",
    en="visits refused or nobody reached, last 24 months",
)
def change_not_reached_count_24m(rows: Any) -> Any:
    return rows.count(where=rows.finding.isin(NOT_MET) & last(rows, 24))


@feature(
    of=("income_taxed_yuan_3m", "income_taxed_yuan_12m"),
    unit="yuan",
    topic="observed_income",
    raises=1,
    zh="扣缴月收入变化（近 3 个月与此前 9 个月相比）",
    en="change of taxed income a month, last 3 months against the 9 before",
)
def change_taxed_yuan_month_3m(household: Any) -> Any:
    recent, year = household.income_taxed_yuan_3m, household.income_taxed_yuan_12m
    return recent / 3 - (year - recent) / 9


@feature(
    of=("employment_contributors_count_3m", "employment_contributors_count_prior"),
    unit="count",
    topic="contributions",
    raises=1,
    zh="社保缴费人数变化（近 3 个月与此前相比）",
    en="change of members with contributions, last 3 months against those before",
)
def change_contributors_count_3m(household: Any) -> Any:
    return household.employment_contributors_count_3m - household.employment_contributors_count_prior


@feature(
    of=("health_self_paid_yuan_12m", "health_self_paid_yuan_prior"),
    unit="yuan",
    topic="medical_cost",
    zh="医疗自付变化（近 12 个月与前一年相比）",
    en="change of medical cost paid, last 12 months against the year before",
)
def change_self_paid_yuan_12m(household: Any) -> Any:
    return household.health_self_paid_yuan_12m - household.health_self_paid_yuan_prior


@feature(
    of=("benefits_months_on_file", "change_months_since_met"),
    unit="months",
    topic="verification_history",
    empty=None,
    zh="距上次了解家庭情况（审核，或见到家庭的核查）的月数",
    en="months since the household was last looked into, at the grant or a verification that met somebody",
)
def change_months_since_looked_into(household: Any) -> Any:
    granted, checked = household.benefits_months_on_file, household.change_months_since_met
    # The day of the grant may be missing from a file: then the last check alone tells.
    return (granted.isnull() | (checked < granted)).ifelse(checked, granted)


def _since_looked_into(household: Any, amount: Any, months: Any) -> Any:
    """The amount where it began since then; nothing where it is older, or nobody knows when it began."""
    return (months < household.change_months_since_looked_into).ifelse(amount, 0.0 * amount)


@feature(
    of=(
        "employment_base_new_yuan_12m",
        "employment_newest_job_months",
        "change_months_since_looked_into",
    ),
    unit="yuan",
    topic="contributions",
    raises=1,
    zh="上次审核或核查之后新参保成员的缴费基数",
    en="contribution base of a member newly insured since the household was last looked into",
)
def change_new_base_yuan(household: Any) -> Any:
    base, months = household.employment_base_new_yuan_12m, household.employment_newest_job_months
    return _since_looked_into(household, base, months)


@feature(
    of=(
        "income_pension_new_yuan_12m",
        "income_pension_newest_months",
        "change_months_since_looked_into",
    ),
    unit="yuan",
    topic="pension",
    raises=1,
    zh="上次审核或核查之后新领职工养老金",
    en="employees' pension newly drawn since the household was last looked into",
)
def change_new_pension_yuan(household: Any) -> Any:
    pension, months = household.income_pension_new_yuan_12m, household.income_pension_newest_months
    return _since_looked_into(household, pension, months)


@feature(
    of=("change_new_base_yuan", "change_new_pension_yuan", "composition_persons_count"),
    unit="ratio",
    topic="observed_income",
    raises=1,
    zh="上次审核或核查之后新增人均月收入与当地标准之比",
    en="new income since the household was last looked into, a person and month, over the local standard",
)
def change_new_income_ratio_standard(household: Any) -> Any:
    new = household.change_new_base_yuan + household.change_new_pension_yuan
    return new / household.composition_persons_count.nullif(0) / household.standard_yuan

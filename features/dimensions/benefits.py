"""What the household receives, has applied for, and where hardship was reported."""

from typing import Any

from features.declaration import feature
from features.windows import current, holds_before, last, months_since

SPELL = ("programme", "amount_yuan_month", "from", "to")


def _drawn(rows: Any, programme: str) -> Any:
    return current(rows, "to") & (rows.programme == programme)


def _listed(rows: Any) -> Any:
    return holds_before(rows.delisted_on, rows.as_of)


# The benefit is the standard less what was declared, so its amount is a form of declared income.
@feature(
    source="household_register",
    reads=("benefit_yuan_month",),
    unit="yuan",
    topic="benefit_paid",
    declared=True,
    empty=None,
    zh="月保障金额",
    en="benefit paid a month",
)
def benefits_paid_yuan_month(rows: Any) -> Any:
    return rows.benefit_yuan_month.max()


@feature(
    of=("benefits_paid_yuan_month", "composition_persons_count"),
    unit="ratio",
    topic="benefit_paid",
    empty=None,
    zh="人均保障金与当地标准之比",
    en="benefit paid a person over the local standard",
)
def benefits_paid_ratio_standard(household: Any) -> Any:
    persons = household.composition_persons_count.nullif(0)
    return household.benefits_paid_yuan_month / persons / household.standard_yuan


@feature(
    source="household_register",
    reads=("granted_on",),
    unit="months",
    topic="benefit_paid",
    empty=None,
    zh="在保月数",
    en="months since the benefit was granted",
)
def benefits_months_on_file(rows: Any) -> Any:
    return months_since(rows, "granted_on").max()


@feature(
    source="household_register",
    reads=("category",),
    unit="flag",
    topic="benefit_paid",
    zh="低保边缘家庭",
    en="marginal household (line of 1.5 standards)",
)
def benefits_marginal_flag(rows: Any) -> Any:
    return (rows.category == "dibao_marginal").cast("int8").max()


@feature(
    source="household_register",
    reads=("category",),
    unit="flag",
    topic="benefit_paid",
    need=True,
    zh="特困人员",
    en="tekun",
)
def benefits_tekun_flag(rows: Any) -> Any:
    return (rows.category == "tekun").cast("int8").max()


@feature(
    source="other_benefits",
    reads=SPELL,
    unit="yuan",
    topic="other_benefits",
    need=True,
    zh="其他补贴月金额（不含临时救助）",
    en="other benefits a month, without temporary relief",
)
def benefits_other_yuan_month(rows: Any) -> Any:
    lasting = current(rows, "to") & (rows.programme != "temporary_relief")
    return rows.amount_yuan_month.sum(where=lasting)


@feature(
    source="other_benefits",
    reads=SPELL,
    unit="yuan",
    topic="other_benefits",
    need=True,
    zh="高龄津贴月金额",
    en="old-age allowance a month",
)
def benefits_old_age_yuan_month(rows: Any) -> Any:
    return rows.amount_yuan_month.sum(where=_drawn(rows, "old_age"))


@feature(
    source="other_benefits",
    reads=SPELL,
    unit="yuan",
    topic="other_benefits",
    need=True,
    zh="残疾人补贴月金额",
    en="disability allowance a month",
)
def benefits_disability_yuan_month(rows: Any) -> Any:
    return rows.amount_yuan_month.sum(where=_drawn(rows, "disability"))


@feature(
    source="other_benefits",
    reads=("programme", "from", "to"),
    unit="count",
    topic="other_benefits",
    need=True,
    zh="领取孤儿基本生活费人数",
    en="orphans with a living allowance",
)
def benefits_orphans_count(rows: Any) -> Any:
    return rows.person_id.nunique(where=_drawn(rows, "orphan"))


@feature(
    source="other_benefits",
    reads=("programme", "from"),
    unit="count",
    topic="other_benefits",
    need=True,
    zh="近 12 个月临时救助次数",
    en="temporary relief, last 12 months",
)
def benefits_relief_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.programme == "temporary_relief") & last(rows, 12))


@feature(
    source="other_benefits",
    reads=("programme", "from", "to"),
    unit="count",
    topic="other_benefits",
    need=True,
    zh="在领其他补贴项目数",
    en="other programmes drawn",
)
def benefits_programmes_count(rows: Any) -> Any:
    return rows.programme.nunique(where=current(rows, "to"))


@feature(
    source="applications",
    reads=("applied_on",),
    unit="count",
    topic="applications",
    zh="近 36 个月申请次数",
    en="applications, last 36 months",
)
def benefits_applications_count_36m(rows: Any) -> Any:
    return rows.count(where=last(rows, 36))


@feature(
    source="applications",
    reads=("decision", "decided_on"),
    unit="count",
    topic="applications",
    zh="近 36 个月未获批准申请次数",
    en="applications refused, last 36 months",
)
def benefits_refused_count_36m(rows: Any) -> Any:
    return rows.count(where=(rows.decision == "refused") & (months_since(rows, "decided_on") < 36))


@feature(
    source="applications",
    reads=("applied_on",),
    unit="months",
    topic="applications",
    empty=None,
    zh="距最近一次申请的月数",
    en="months since the last application",
)
def benefits_months_since_application(rows: Any) -> Any:
    return rows.months_ago.min()


@feature(
    source="poverty_watch",
    reads=("listed_on", "delisted_on"),
    unit="flag",
    topic="poverty_watch",
    need=True,
    zh="在防返贫监测名单",
    en="on the poverty watch list",
)
def benefits_poverty_watch_flag(rows: Any) -> Any:
    return _listed(rows).cast("int8").max()


@feature(
    source="poverty_watch",
    reads=("listed_on", "delisted_on"),
    unit="months",
    topic="poverty_watch",
    empty=None,
    need=True,
    zh="纳入防返贫监测月数",
    en="months on the poverty watch list",
)
def benefits_poverty_watch_months(rows: Any) -> Any:
    return rows.months_ago.max(where=_listed(rows))


@feature(
    source="grid_reports",
    reads=("kind", "reported_on"),
    kinds=("hardship",),
    unit="count",
    topic="hardship_report",
    need=True,
    zh="近 12 个月网格上报困难次数",
    en="hardship reported by the grid, last 12 months",
)
def benefits_hardship_reports_count_12m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "hardship") & last(rows, 12))


@feature(
    source="grid_reports",
    reads=("kind", "reported_on"),
    kinds=("hardship",),
    unit="count",
    topic="hardship_report",
    need=True,
    zh="近 3 个月网格上报困难次数",
    en="hardship reported by the grid, last 3 months",
)
def benefits_hardship_reports_count_3m(rows: Any) -> Any:
    return rows.count(where=(rows.kind == "hardship") & last(rows, 3))

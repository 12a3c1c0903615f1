"""The published figures that a practice world is held against, each with whose it is and how it is measured.

A range is as published; a single figure stands for itself within `ABOUT`, because places and years differ.
`measure` names the function in `synthetic_data.fidelity_measures`; None where no file of the world tells it,
and then `how` says why.
"""

from dataclasses import dataclass

#: Relative distance within which one published figure counts as met.
ABOUT = 0.10


@dataclass(frozen=True)
class Source:
    """Who published it; year: None where the source states none."""

    zh: str
    en: str
    year: int | None = None


PLAN = Source("本产品服务的方案所引数字", "the plan this product serves")
DESIGN = Source("世界设计书（接近已公布的水平）", "design of the world (near the published)")
SIZES = Source("数据说明：规模", "data contract: how much")
CENSUS = Source("第七次全国人口普查公报", "seventh national population census", 2020)
RECHECK = Source("一省低保复核", "a province's re-check of dibao", 2017)
SWEDEN = Source("瑞典某津贴随机审计", "random audits of a Swedish benefit")
FRANCE = Source("法国以数据主动告知", "French outreach by data")
TOWN = Source("一镇低收入家庭", "low-income households of one town")
ALERTS = Source("一市门槛预警", "threshold alerts in a Chinese city")


@dataclass(frozen=True)
class Figure:
    """One published figure; shares as fractions, else in `unit`."""

    key: str
    zh: str
    en: str
    low: float
    high: float
    source: Source
    how: str
    measure: str | None
    unit: str = "share"


def _about(
    key: str,
    zh: str,
    en: str,
    value: float,
    source: Source,
    how: str,
    measure: str | None,
    unit: str = "share",
) -> Figure:
    return Figure(key, zh, en, value * (1 - ABOUT), value * (1 + ABOUT), source, how, measure, unit)


FIGURES = (
    _about(
        "dibao_share", "低保户占全部家庭", "dibao among all households", 4000 / 60_000, SIZES,
        "last register: dibao files / hukou households", "dibao_share",
    ),
    _about(
        "dibao_of_low_income", "低收入家庭中的低保户", "dibao among low-income households", 385 / 603, TOWN,
        "last register: dibao / dibao + marginal + tekun + rigid", "dibao_of_low_income",
    ),
    _about(
        "urban_households", "城镇家庭", "urban households", 0.6389, CENSUS,
        "truth/households: region code (the census counts persons)", "urban_households",
    ),
    _about(
        "persons_registered", "户均登记人口", "persons registered a household", 1.7 / 0.6, SIZES,
        "last resident register: the living / hukou households", "persons_registered", "persons",
    ),
    _about(
        "persons_living", "户均共同生活人口", "persons living together", 2.62, CENSUS,
        "truth/households: mean of persons where somebody lives", "persons_living", "persons",
    ),
    _about(
        "old_60", "60 岁及以上人口", "people of 60 and over", 0.187, CENSUS,
        "last resident register: age of the living", "old_60",
    ),
    _about(
        "children_under_15", "0–14 岁人口", "children under 15", 0.1795, CENSUS,
        "last resident register: age of the living", "children_under_15",
    ),
    Figure(
        "hidden_income", "隐性收入（在册低保、边缘户）", "hidden income among recipients", 0.07, 0.10, DESIGN,
        "census_verifications: stopped for concealed income or property of 3 months and more",
        "hidden_income",
    ),
    Figure(
        "exit_due", "应退未退（未被发现）", "undetected exit due among recipients", 0.02, 0.03, DESIGN,
        "census_verifications: to stop or to exit gradually, for another reason than concealment", "exit_due",
    ),
    Figure(
        "unapplied_eligible", "应保未保（未享受家庭中）", "eligible among families without benefit", 0.05,
        0.07, DESIGN, "census_outreach: eligible / all", "unapplied_eligible",
    ),
    _about(
        "paid_rightly", "动态管理准确率", "recipient months paid rightly", 0.785, PLAN,
        "census_verifications: neither to stop, to exit nor to increase", "paid_rightly",
    ),
    Figure(
        "manual_check_right", "人工核查查实率", "concealment that a visit found", 0.65, 0.785, PLAN,
        "verifications that reached the family, beside census_verifications of the month before:"
        " concealed income or property recorded as such", "manual_check_right",
    ),
    _about(
        "verified_a_year", "一年内动态核查的户", "recipients verified within a year", 0.65, PLAN,
        "verifications of the last 12 months: households / recipients of a mean month", "verified_a_year",
    ),
    Figure(
        "reported_unasked", "主动申报收入变化", "income changes that families report", 0.0, 0.30, PLAN,
        "last register, files ended for income: told by the family / all (exits only)", "reported_unasked",
    ),
    _about(
        "flexible_not_applied", "灵活就业的符合条件者未申请", "eligible in flexible work, never applied",
        0.41, PLAN, "truth/households: flexible workers of eligible homes never on file / all of them",
        "flexible_not_applied",
    ),
    _about(
        "coverage_migrants", "低收入外来家庭的保障覆盖", "coverage of low-income migrants", 0.153, PLAN,
        "truth/households under 1.5 x standard, hukou elsewhere: on dibao in the last register",
        "coverage_migrants",
    ),
    _about(
        "coverage_locals", "低收入本地家庭的保障覆盖", "coverage of low-income locals", 0.227, PLAN,
        "the same, hukou in the district", "coverage_locals",
    ),
    _about(
        "overlap_unemployment", "失业金与低保名册重叠", "overlap of unemployment and dibao registers", 0.40,
        PLAN,
        "unemployment_benefits of the last 3 months: people who are members of a dibao household",
        "overlap_unemployment",
    ),
    _about(
        "contacts_stale", "联系方式失效", "stale contacts", 0.30, PLAN,
        "truth/households: number on file is no longer the family's, households on file", "contacts_stale",
    ),
    _about(
        "address_mismatch", "地址不符", "addresses that disagree", 0.15, PLAN,
        "last register beside last resident register: homes of which a member is registered elsewhere",
        "address_mismatch",
    ),
    _about(
        "record_mismatch", "记录挂在他人号码下", "records under another person's number", 0.03, DESIGN,
        "truth/identity: rows of contributions under another's number / rows", "record_mismatch",
    ),
    _about(
        "found_different", "复核发现有出入的户", "households a full re-check flags", 0.225, RECHECK,
        "census_verifications, last month: anything but no change", "found_different",
    ),
    _about(
        "random_audit_errors", "随机核查发现有误", "errors in random checks", 0.288, SWEDEN,
        "verifications of the random arm that reached the family: anything but no change",
        "random_audit_errors",
    ),
    _about(
        "alerts_included", "主动发现后纳入", "contacted by a rule, then included", 2145 / 15_900, ALERTS,
        "outreach of the rule arm: applied / contacted", "alerts_included",
    ),
    _about(
        "outreach_unopened", "告知对象中有未申领权利的", "contacted families with unopened rights", 0.12,
        FRANCE,
        "outreach, all arms, reached: eligible / all", "outreach_unopened",
    ),
    _about(
        "outreach_claimed", "其中随后申领的", "of those, who then claimed", 0.27, FRANCE,
        "outreach, all arms: applied / eligible", "outreach_claimed",
    ),
    _about(
        "days_to_decide", "办理工作日", "working days to a decision", 25, PLAN,
        "applications: Monday to Friday from application to decision", "days_to_decide", "working days",
    ),
    _about(
        "households_a_worker", "每名工作人员户数", "households a worker", 350, PLAN,
        "households on file / workers in the verifications of the last 12 months", "households_a_worker",
        "households",
    ),
    _about(
        "papers_handed_in", "跑动递交材料次数", "times papers are handed in", 3.2, PLAN,
        "no table counts them", None, "times",
    ),
    _about(
        "want_work_help", "希望获得就业帮助的对象", "recipients who want help to find work", 0.85, PLAN,
        "no table records wishes", None,
    ),
    _about(
        "streets_offering_help", "提供就业帮助的街道", "streets that give help to find work", 0.12, PLAN,
        "no table records services of streets", None,
    ),
)  # fmt: skip

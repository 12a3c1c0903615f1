"""Income that another register of the same city pays, and the declaration on file does not hold."""

from functools import reduce

import ibis

from features.incomes import yuan_month
from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground

#: Registers of people who are paid each month, and which of their rows count.
PAID = ("unemployment_benefits", "pensions")
MONTHS = 3


@measure(
    group=Group.OVERLAP,
    timing=Timing.STATE,
    name=("重叠而未计入", "an overlap that nobody saw"),
    means=(
        "低保家庭成员领取失业保险金，或（已授权家庭）职工养老金，而申报收入低于该项待遇",
        "members of dibao households draw unemployment benefit or, where authorised, an employees' pension,"
        " and less is declared than that",
    ),
    fault=("申报收入低于该项待遇的户", "households that declared less than the payment"),
    among=("有成员领取上述待遇的低保家庭", "dibao households with a member so paid"),
    mender=("民政会同人社", "civil affairs with human resources"),
    why=(
        "应计入的收入没有计入，金额算错；不等于家庭隐瞒",
        "income was not counted; it need not have been concealed",
    ),
    remedy=("与家庭核实后重新核定金额", "ask the family, then work the amount out anew"),
    reads=("household_register", "household_members", *PAID),
    headline=True,
)
def overlap_unseen(ground: Ground) -> ibis.Table:
    """Dibao households with a paid member. A declaration whose period is missing says nothing."""
    parts = [_paid(ground, name) for name in PAID]
    paid = reduce(ibis.union, parts).group_by("number").aggregate(paid=lambda t: t.yuan.sum())
    homes = ground.homes.filter(ground.homes.category == "dibao").inner_join(paid, "number")
    declared = yuan_month(homes, "household_register.declared_income_yuan")
    return units(
        homes,
        department="civil_affairs",
        hit=declared < homes.paid,
        street=homes.street_code,
        household=homes.number,
    )


def _paid(ground: Ground, name: str) -> ibis.Table:
    """number and yuan a month of the latest payment, by household."""
    rows = ground.recent(name, MONTHS)
    members = ground.members
    if name == "pensions":
        rows, members = rows.filter(rows.kind == "employee"), members.filter(members.authorised)
    latest = rows.group_by("person_id").aggregate(yuan=rows.amount_yuan.argmax(rows.month))
    return latest.inner_join(members, "person_id").select("number", yuan=latest.yuan.cast("float64"))

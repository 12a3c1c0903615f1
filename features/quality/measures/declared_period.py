"""Declared incomes of which nobody can say whether they are a month's or a year's."""

import ibis

from features.incomes import readings
from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.STANDARD,
    timing=Timing.STATE,
    name=("收入按月按年不清", "a month's or a year's income"),
    means=(
        "申报收入没有写周期、周期与该街道的规定不同，或写成月收入却只可能是年收入",
        "the period is missing, is not the one of the street, or a month's figure can only be a year's",
    ),
    fault=("周期存疑的户", "households whose period is in doubt"),
    among=("申报过收入的在册家庭", "households on file that declared an income"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=(
        "差 12 倍，资格和金额都会错；系统不擅自更正，也不因此提高风险",
        "a factor of twelve decides eligibility; nothing is corrected silently, and no risk is raised by it",
    ),
    remedy=(
        "按申报原件补全周期；全街道统一按月或按年",
        "complete it from the form; one period for the whole street",
    ),
    reads=("household_register",),
    headline=True,
)
def declared_period(ground: Ground) -> ibis.Table:
    """Households with a declared amount over 0."""
    heads = ground.members.group_by("number").aggregate(persons=ground.members.person_id.nunique())
    homes = ground.homes.left_join(heads, "number")
    homes = homes.filter(homes.declared_income_yuan > 0)
    found = readings(
        (homes.declared_income_yuan * 100).cast("int64"),
        homes.income_period,
        homes.streets_declaring_by_year.contains(homes.street_code),
        homes.persons,
        (homes.standard_month_yuan * 100).cast("int64"),
        homes.declared_income_month_limit_standards,
    )
    return units(
        homes,
        department="civil_affairs",
        hit=found.doubtful,
        street=homes.street_code,
        household=homes.number,
    )

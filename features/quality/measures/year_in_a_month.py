"""A year's amount in the row of one month."""

from functools import reduce

import ibis

from features.quality.core import Group, Timing, counted, measure, units
from features.quality.ground import Ground
from features.sources import SOURCES

#: Monthly amounts that change little from month to month: wages are not among them, bonuses are lawful.
STEADY = {"pensions": "amount_yuan", "contributions": "base_yuan", "unemployment_benefits": "amount_yuan"}
MONTHS = 12
#: A month over so many, and under so many, times the person's other months is twelve months in one.
LEAST, MOST = 10, 14
#: With fewer other months there is nothing to compare with.
OTHERS = 3


@measure(
    group=Group.STANDARD,
    timing=Timing.STATE,
    name=("一年的数写进一个月", "a year's amount in one month"),
    means=(
        "同一人某月的养老金、失业金或缴费基数是其他月份的 10 至 14 倍",
        "one month of a person's pension, benefit or base is 10 to 14 times the others",
    ),
    fault=("疑为全年数的人", "people with such a month"),
    among=("有 4 个月以上记录的人", "people with four months or more"),
    mender=("数据提供部门", "the department that sends the table"),
    why=("该月收入会被高估十几倍", "that month's income is overstated more than tenfold"),
    remedy=(
        "查明是否补发或按年报送，更正后重送",
        "find out whether it is arrears or a yearly figure; send again",
    ),
    reads=tuple(STEADY),
)
def year_in_a_month(ground: Ground) -> ibis.Table:
    """People with enough months, by table."""
    return reduce(ibis.union, [_of_table(ground, name) for name in STEADY])


def _of_table(ground: Ground, name: str) -> ibis.Table:
    rows = ground.recent(name, MONTHS)
    amount = rows[STEADY[name]].cast("float64")
    people = rows.group_by("person_id").aggregate(
        months=rows.count(), total=amount.sum(), greatest=amount.max()
    )
    people = people.filter(people.months > OTHERS)
    usual = (people.total - people.greatest) / (people.months - 1)
    hit = (usual > 0) & people.greatest.between(LEAST * usual, MOST * usual)
    placed = ground.placed(name, people.mutate(hit_=hit))
    found = units(
        placed,
        department=SOURCES[name].department,
        hit=placed.hit_,
        street=placed.street_code,
        household=placed.number,
    )
    return counted(found)

"""Payments for months after the month of a death."""

from functools import reduce

import ibis

from features.quality.core import Group, Timing, counted, measure, units
from features.quality.ground import Ground
from features.sources import SOURCES
from features.windows import holds_through, month_number

#: Months of payments that are looked at.
MONTHS = 6
MONTHLY = ("unemployment_benefits", "pensions")


@measure(
    group=Group.CONFLICT,
    timing=Timing.STATE,
    name=("去世后仍在领取", "paid after a death"),
    means=(
        "近 6 个月的养老金、失业保险金或其他补贴，发放月份晚于去世月份",
        "pensions, unemployment or other benefits of the last six months for a month after the death",
    ),
    fault=("去世后的发放（人×月）", "persons times months paid after a death"),
    among=("发放（人×月）", "persons times months paid"),
    mender=("发放部门", "the department that pays"),
    why=("多发的钱要向家属追回", "the family has to pay it back"),
    remedy=(
        "按月比对死亡登记，停发并核对已发金额",
        "compare with deaths each month; stop, and check what was paid",
    ),
    reads=(*MONTHLY, "other_benefits", "deaths", "residents"),
)
def paid_after_death(ground: Ground) -> ibis.Table:
    """Payments of the last months."""
    parts = [_monthly(ground, name) for name in MONTHLY]
    return reduce(ibis.union, [*parts, _standing(ground)])


def _monthly(ground: Ground, name: str) -> ibis.Table:
    rows = ground.recent(name, MONTHS).select("person_id", "month")
    return _after_death(ground, name, rows)


def _standing(ground: Ground) -> ibis.Table:
    """Other benefits that still run."""
    rows, today = ground.known("other_benefits"), ground.sight.as_of
    running = rows.filter(rows["from"] <= today, holds_through(rows["to"], today))
    return _after_death(ground, "other_benefits", running.select("person_id", month=today))


def _after_death(ground: Ground, name: str, rows: ibis.Table) -> ibis.Table:
    told = rows.left_join(ground.dead, "person_id").drop("person_id_right")
    told = ground.placed(name, told)
    dead = (month_number(told.month) > month_number(told.died_on)).fill_null(False)
    paid = units(
        told, department=SOURCES[name].department, hit=dead, street=told.street_code, household=told.number
    )
    return counted(paid)

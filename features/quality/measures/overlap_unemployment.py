"""How far the unemployment register and the dibao register hold the same people."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground

#: The latest months in which one payment is enough.
MONTHS = 3


@measure(
    group=Group.OVERLAP,
    timing=Timing.STATE,
    name=("失业金与低保重叠", "unemployment benefit and dibao at once"),
    means=(
        "近 3 个月领取失业保险金的人中，同时是低保家庭成员的。重叠本身不一定有错，要看是否计入收入",
        "of those who drew unemployment benefit in the last three months, members of a dibao household."
        " That is no fault by itself: what matters is whether it was counted as income",
    ),
    fault=("同时在低保家庭的人", "of them, members of dibao households"),
    among=("领取失业保险金的人", "people drawing unemployment benefit"),
    mender=("人社会同民政", "human resources with civil affairs"),
    why=("两本登记册各管各的，重叠看不见", "two registers kept apart do not see each other"),
    remedy=("按季比对两本登记册", "compare the two registers each quarter"),
    reads=("unemployment_benefits", "household_register", "household_members"),
    ranked=False,
)
def overlap_unemployment(ground: Ground) -> ibis.Table:
    """People who drew the benefit; by the street of their household or residence."""
    drawing = ground.recent("unemployment_benefits", MONTHS).select("person_id").distinct()
    dibao = ground.homes.filter(ground.homes.category == "dibao").select("number")
    on_dibao = ground.members.semi_join(dibao, "number").group_by("person_id")
    on_dibao = on_dibao.aggregate(household=lambda t: t.number.min())
    told = drawing.left_join(on_dibao, "person_id").drop("person_id_right")
    told = ground.placed("unemployment_benefits", told)
    return units(
        told,
        department="human_resources",
        hit=told.household.notnull(),
        street=told.street_code,
        household=told.household,
    )

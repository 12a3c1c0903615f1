"""A household that is on file under two numbers."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.DUPLICATE,
    timing=Timing.STATE,
    name=("一户两档", "a household on file twice"),
    means=("同一户主名下有两个以上在册户编号", "one head has two or more household numbers"),
    fault=("户主重复的户", "households whose head heads another"),
    among=("在册家庭", "households on file"),
    mender=("民政（区）", "civil affairs (district)"),
    why=("同一户可能重复领取", "one household may be paid twice"),
    remedy=("合并档案，保留一个户编号", "merge the files under one number"),
    reads=("household_register",),
)
def household_twice(ground: Ground) -> ibis.Table:
    """Households on file with a head."""
    homes = ground.homes.filter(ground.homes.head_person_id.notnull())
    homes = homes.mutate(files_=homes.count().over(group_by="head_person_id"))
    return units(
        homes,
        department="civil_affairs",
        hit=homes.files_ > 1,
        street=homes.street_code,
        household=homes.number,
    )

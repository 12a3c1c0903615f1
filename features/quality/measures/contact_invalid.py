"""Telephone numbers that cannot be dialled."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground
from features.quality.phones import invalid


@measure(
    group=Group.CONTACT,
    timing=Timing.STATE,
    name=("电话号码无效", "a number that cannot be dialled"),
    means=(
        "位数不对、全是同一个数字，或不是手机、固定电话号码",
        "too short or long, one digit throughout, or no telephone number",
    ),
    fault=("电话无效的户", "households whose number cannot be dialled"),
    among=("登记了电话的在册家庭", "households on file with a number"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=("政策变化和走访无法通知", "nobody can be told of a change or a visit"),
    remedy=("录入时检查位数，下次走访时更正", "check the length when typing; correct at the next visit"),
    reads=("household_register",),
    ranked=False,
)
def contact_invalid(ground: Ground) -> ibis.Table:
    """Households on file with a number."""
    homes = ground.homes
    return units(
        homes,
        department="civil_affairs",
        hit=invalid(homes.phone),
        street=homes.street_code,
        household=homes.number,
    )

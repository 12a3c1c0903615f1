"""Households without a telephone number on file."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground
from features.quality.phones import comparable


@measure(
    group=Group.CONTACT,
    timing=Timing.STATE,
    name=("没有电话", "no telephone number"),
    means=("在册家庭没有登记联系电话", "a household on file has no number"),
    fault=("没有联系电话的户", "households without a number"),
    among=("在册家庭", "households on file"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=("政策变化和走访无法通知", "nobody can be told of a change or a visit"),
    remedy=("下次走访时登记", "ask at the next visit"),
    reads=("household_register",),
    ranked=False,
)
def contact_missing(ground: Ground) -> ibis.Table:
    """Households on file."""
    homes = ground.homes
    return units(
        homes,
        department="civil_affairs",
        hit=comparable(homes.phone).isnull(),
        street=homes.street_code,
        household=homes.number,
    )

"""Members who died and are still on a household's file."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.CONFLICT,
    timing=Timing.STATE,
    name=("已去世仍在册", "dead, and still on file"),
    means=(
        "死亡登记或户籍显示已去世、注销，在册家庭成员中仍未登记离开",
        "deaths or the resident register say so, and the file still lists the member",
    ),
    fault=("已去世仍在册的成员", "members who died"),
    among=("在册家庭成员", "members of households on file"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=(
        "可能继续按原人数发放；按规定应在 3 个月内处理",
        "the benefit may still count them; three months are allowed",
    ),
    remedy=("核实后登记离开并重新核定金额", "confirm, write the leaving, work the amount out anew"),
    reads=("household_members", "deaths", "residents"),
    headline=True,
)
def dead_still_listed(ground: Ground) -> ibis.Table:
    """Members on file."""
    members = ground.members.left_join(ground.dead, "person_id")
    return units(
        members,
        department="civil_affairs",
        hit=members.died_on.notnull(),
        street=members.street_code,
        household=members.number,
    )

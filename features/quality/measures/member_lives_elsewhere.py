"""Members who, by the resident register, live in another community than the household."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.CONFLICT,
    timing=Timing.STATE,
    name=("成员不在本户居住", "a member registered elsewhere"),
    means=(
        "在册成员在户籍系统中的居住社区与家庭所在社区不同",
        "the register has the member living in another community than the household",
    ),
    fault=("居住地不同的成员", "members registered in another community"),
    among=("户籍中查得到居住地的在册成员", "members whose residence the register knows"),
    mender=("民政（街道）会同公安", "civil affairs (streets) with public security"),
    why=("是否共同生活决定户内人数和收入", "who lives together decides the heads and the income counted"),
    remedy=(
        "走访时问清是否共同生活；在校生、就医、服刑的注明",
        "ask who lives together; mark students, patients and prisoners",
    ),
    reads=("household_members", "residents"),
)
def member_lives_elsewhere(ground: Ground) -> ibis.Table:
    """Members whom the register knows."""
    members = ground.members
    return units(
        members,
        department="civil_affairs",
        hit=members.residence_region_code != members.region_code,
        street=members.street_code,
        household=members.number,
    )

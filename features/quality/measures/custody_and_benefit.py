"""Members in custody who still count on a household's file."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground
from features.windows import holds_through

#: A file follows within so many days.
GRACE_DAYS = 31


@measure(
    group=Group.CONFLICT,
    timing=Timing.STATE,
    name=("羁押服刑仍计入户内", "in custody and still counted"),
    means=(
        "羁押服刑超过一个月，仍登记为在册家庭成员（仅限已授权家庭）",
        "in custody for over a month and still a member on file (authorised households only)",
    ),
    fault=("羁押服刑的在册成员", "members in custody"),
    among=("已授权家庭的在册成员", "members of authorised households"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=("服刑人员不计入共同生活成员（57 号文第七条）", "prisoners are no members of the household (art. 7)"),
    remedy=(
        "登记离开并重新核定；刑满后重新登记",
        "write the leaving, work the amount out anew; undo it on release",
    ),
    reads=("custody", "household_members"),
)
def custody_and_benefit(ground: Ground) -> ibis.Table:
    """Members of authorised households; nothing is said where public security did not answer."""
    today, rows = ground.sight.as_of, ground.known("custody")
    long_held = today.epoch_days() - rows["from"].epoch_days() > GRACE_DAYS
    held = rows.filter(long_held, holds_through(rows["to"], today)).select("person_id").distinct()
    members = ground.members.filter(ground.members.authorised, ground.sight.returned("custody"))
    members = members.left_join(held, "person_id")
    return units(
        members,
        department="civil_affairs",
        hit=members.person_id_right.notnull(),
        street=members.street_code,
        household=members.number,
    )

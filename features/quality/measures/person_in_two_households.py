"""A person who is a member of two households on file."""

import ibis

from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground


@measure(
    group=Group.DUPLICATE,
    timing=Timing.STATE,
    name=("一人在两户", "a person in two households"),
    means=("同一人同时是两户以上在册家庭的成员", "one person is a member of two households on file"),
    fault=("在两户以上的成员", "members of more than one household"),
    among=("在册家庭成员", "members of households on file"),
    mender=("民政（街道）", "civil affairs (streets)"),
    why=("同一人的待遇可能发了两份，户均收入也算错", "one may be paid twice, and income a head is wrong"),
    remedy=(
        "核实共同生活的是哪一户，在另一户登记离开",
        "ask where the person lives; write the leaving on the other file",
    ),
    reads=("household_register", "household_members"),
)
def person_in_two_households(ground: Ground) -> ibis.Table:
    """Members, once for each household."""
    members = ground.members
    members = members.mutate(homes_=members.count().over(group_by="person_id"))
    return units(
        members,
        department="civil_affairs",
        hit=members.homes_ > 1,
        street=members.street_code,
        household=members.number,
    )

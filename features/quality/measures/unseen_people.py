"""People a register should know, and does not: coverage of the population, table by table."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import ibis

from features.known import seen
from features.quality.core import Group, Timing, measure, units
from features.quality.ground import Ground
from features.sources import SOURCES

#: Table -> the members on file of whom every one should be found in it.
EXPECTED: dict[str, Callable[[ibis.Table], Any]] = {
    "residents": lambda members: ibis.literal(True),
    "enrolments": lambda members: members.age.between(7, 14),
    "pensions": lambda members: (members.age >= 65) & members.authorised,
    "balances": lambda members: (members.age >= 18) & members.authorised,
}


@measure(
    group=Group.ARRIVAL,
    timing=Timing.STATE,
    name=("应有而查不到的人", "people a table should know and does not"),
    means=(
        "在册成员本应出现在该部门的表里却没有：户籍（所有人）、学籍（7—14 岁）、"
        "养老金（65 岁以上、已授权）、金融资产（成年、已授权）",
        "members who should be in a table and are not: the resident register (all), enrolments (7 to 14),"
        " pensions (65 and over, authorised), balances (adults, authorised)",
    ),
    fault=("查不到的“人×表”", "persons times tables not found"),
    among=("应查到的“人×表”", "persons times tables expected"),
    mender=("数据提供部门", "the department that sends the table"),
    why=(
        "查不到不等于没有，“未查到”会被当作没有收入和财产",
        "not found is then read as having nothing",
    ),
    remedy=(
        "核对送达范围是否包括全部街道和机构，补齐后重送",
        "check that every street and institution is in the delivery, and send again",
    ),
    reads=("household_members", *EXPECTED),
)
def unseen_people(ground: Ground) -> ibis.Table:
    """Members times tables; of a table that never came there is nothing to say here (see `silent_tables`)."""
    return reduce(ibis.union, [_of_table(ground, name) for name in EXPECTED])


def _of_table(ground: Ground, name: str) -> ibis.Table:
    expected = ground.members.filter(EXPECTED[name](ground.members), ground.sight.returned(name))
    if name == "residents":
        found = ground.registered.select("person_id")
    else:
        found = seen(ground.sight.warehouse.table(name), ground.sight.as_of).select("person_id")
    marked = expected.left_join(found.distinct(), "person_id")
    return units(
        marked,
        department=SOURCES[name].department,
        hit=marked.person_id_right.isnull(),
        street=marked.street_code,
        household=marked.number,
    )

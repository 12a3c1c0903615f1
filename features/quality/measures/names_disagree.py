"""Names on departments' records against the resident register."""

from functools import reduce

import ibis

from features.identity.exact import NAME_DISAGREES
from features.quality.core import EVERY_TABLE, Group, Timing, counted, measure, units
from features.quality.ground import Ground, agrees, month_of
from features.sources import SOURCES
from features.sources.core import Source


@measure(
    group=Group.IDENTITY,
    timing=Timing.FLOW,
    name=("姓名与户籍不符", "a name against the resident register"),
    means=(
        "同一身份证号，部门记录的姓名与户籍不同（空格、间隔点、异体字、生僻字缺字不算）",
        "one number, two names; blanks, middle dots, variants and unwritable characters are not counted",
    ),
    fault=("姓名不符的人", "persons under another name"),
    among=(
        "近几个月送达、两边都有姓名的人（每表每月每人计一次）",
        "persons with a name in both, each once a table and month",
    ),
    mender=("数据提供部门", "the department that sends the table"),
    why=(
        "可能用了别人的号码，查到的是别人的记录",
        "the number may be another's, and so the record found by it",
    ),
    remedy=("核对身份证原件；改过名的注明曾用名", "look at the document; note a former name"),
    reads=EVERY_TABLE,
    headline=True,
)
def names_disagree(ground: Ground) -> ibis.Table:
    """Names of the window; whom the register does not know is told by `unknown_numbers`."""
    named = [
        (source, identity.name, name)
        for source in SOURCES.values()
        if source.name != "residents"
        for identity in source.columns
        if (name := source.name_column(identity.name))
    ]
    return reduce(ibis.union, [_of_column(ground, *each) for each in named])


def _of_column(ground: Ground, source: Source, identity: str, name: str) -> ibis.Table:
    rows = ground.window(source.name)
    person = rows[str(source.column(identity).person_column)]
    told = rows.select(person_id=person, name=rows[name], month=month_of(rows.received_on))
    told = told.filter(told.person_id.notnull(), told.name.notnull()).distinct()
    known = told.inner_join(ground.registered.select("person_id", "register_name"), "person_id")
    placed = ground.placed(source.name, known)
    found = units(
        placed,
        department=source.department,
        hit=~agrees(placed.name, placed.register_name, NAME_DISAGREES),
        street=placed.street_code,
        household=placed.number,
        month=placed.month,
    )
    return counted(found)

"""Numbers that the resident register does not know."""

from functools import reduce

import ibis

from features.quality.core import EVERY_TABLE, Group, Timing, counted, measure, units
from features.quality.ground import Ground, month_of, person_column
from features.sources import SOURCES
from features.sources.core import Source

#: The register itself, and the table of those whom it strikes off.
STRUCK_OFF = ("residents", "deaths")


@measure(
    group=Group.IDENTITY,
    timing=Timing.FLOW,
    name=("户籍中查不到的号码", "numbers unknown to the resident register"),
    means=("身份证号合格，但户籍人口中没有这个人", "a valid number that no resident has"),
    fault=("户籍中查不到的号码", "numbers the register does not know"),
    among=("近几个月送达的号码（每表每月每人计一次）", "numbers of the window, each once a table and month"),
    mender=("数据提供部门", "the department that sends the table"),
    why=("可能录错、借用他人证件，或是外地户籍", "a slip, a lent document, or somebody from elsewhere"),
    remedy=(
        "按清单与本人证件核对；外地户籍的请注明",
        "check against the document; mark who is from elsewhere",
    ),
    reads=EVERY_TABLE,
    headline=True,
)
def unknown_numbers(ground: Ground) -> ibis.Table:
    """Rows that arrived in the window; nothing can be said where there is no register."""
    named = [s for s in SOURCES.values() if person_column(s) and s.name not in STRUCK_OFF]
    return reduce(ibis.union, [_of_table(ground, source) for source in named])


def _of_table(ground: Ground, source: Source) -> ibis.Table:
    rows = ground.window(source.name).filter(ground.sight.returned("residents"))
    person = rows[str(person_column(source))]
    # People are fewer than rows: each counts once a month.
    people = (
        rows.filter(person.notnull()).select(person_id=person, month=month_of(rows.received_on)).distinct()
    )
    placed = ground.placed(source.name, people)
    told = units(
        placed,
        department=source.department,
        hit=~placed.in_register.fill_null(False),
        street=placed.street_code,
        household=placed.number,
        month=placed.month,
    )
    return counted(told)

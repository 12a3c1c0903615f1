"""Rows that refer to a household or a company that the register they point to does not hold."""

from functools import reduce

import ibis

from features.quality.core import Group, Timing, counted, measure, units
from features.quality.ground import Ground
from features.sources import SOURCES

#: Table and column -> the register's table and column. People are `unknown_numbers`.
REFERENCES = {
    ("household_members", "household_no"): ("household_register", "household_no"),
    ("applications", "household_no"): ("household_register", "household_no"),
    ("verifications", "household_no"): ("household_register", "household_no"),
    ("shareholders", "uscc"): ("entities", "uscc"),
    ("poverty_watch", "hukou_household_no"): ("residents", "hukou_household_no"),
}


@measure(
    group=Group.IDENTITY,
    timing=Timing.STATE,
    name=("指向不存在的户或企业", "references to nothing"),
    means=(
        "户编号、户籍户号或信用代码在它所指的登记册里查不到",
        "a household number or credit code that the register it points to does not hold",
    ),
    fault=("查不到的编号", "numbers that point to nothing"),
    among=("各表已送达的编号（每表每个计一次）", "numbers delivered, each once a table"),
    mender=("数据提供部门", "the department that sends the table"),
    why=(
        "这一行落不到任何一户或企业，等于没有送",
        "the row belongs to no household or company, as if it had never come",
    ),
    remedy=("按登记册更正编号，或补送缺少的登记", "correct the number, or send the entry that is missing"),
    reads=tuple(dict.fromkeys(name for pair in REFERENCES.items() for name, _ in pair)),
)
def dangling_references(ground: Ground) -> ibis.Table:
    """Rows known on the date; nothing can be said where the register did not come."""
    parts = [_of_column(ground, *here, *there) for here, there in REFERENCES.items()]
    return reduce(ibis.union, parts)


def _of_column(ground: Ground, name: str, column: str, register: str, key: str) -> ibis.Table:
    rows, held = ground.known(name), ground.known(register)
    numbers = rows.filter(ground.sight.returned(register), rows[column].notnull())
    numbers = numbers.select(number_=rows[column]).distinct()
    held = held.select(held_=held[key]).distinct()
    joined = numbers.left_join(held, numbers.number_ == held.held_)
    return counted(units(joined, department=SOURCES[name].department, hit=joined.held_.isnull()))

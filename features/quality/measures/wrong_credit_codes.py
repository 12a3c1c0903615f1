"""Credit codes of employers, payers and companies whose check character is wrong."""

from collections.abc import Iterator
from functools import reduce

import ibis

from features.identity.credit_code import WEIGHTS, is_valid_expression
from features.quality.core import Group, Timing, counted, measure, units
from features.quality.ground import Ground, month_of
from features.sources import SOURCES
from features.sources.core import Kind, Source

CODED = {
    source.name: [column.name for column in source.columns if column.kind is Kind.USCC]
    for source in SOURCES.values()
    if any(column.kind is Kind.USCC for column in source.columns)
}


@measure(
    group=Group.IDENTITY,
    timing=Timing.FLOW,
    name=("统一社会信用代码校验码不符", "credit codes whose check character is wrong"),
    means=(
        "18 位代码的最后一位与前 17 位算出的不同；15 位旧注册号不算",
        "the last of 18 characters is not what the others give; old numbers of 15 digits are not counted",
    ),
    fault=("校验码不符的代码", "codes that fail their check"),
    among=(
        "近几个月送达的 18 位代码（每表每月每个计一次）",
        "codes of the window, each once a table and month",
    ),
    mender=("数据提供部门", "the department that sends the table"),
    why=(
        "与市场监管的企业对不上，查不出是谁发的工资、谁开的企业",
        "the code joins no company: nobody sees who pays a wage, or whose company it is",
    ),
    remedy=("按营业执照更正；录入时校验", "correct from the licence; check when typing"),
    reads=tuple(CODED),
)
def wrong_credit_codes(ground: Ground) -> ibis.Table:
    """Codes that arrived in the window. Intake takes them: a wrong one joins nothing and harms nobody."""
    return reduce(ibis.union, [part for name in CODED for part in _of_table(ground, SOURCES[name])])


def _of_table(ground: Ground, source: Source) -> Iterator[ibis.Table]:
    rows = ground.window(source.name)
    for name in CODED[source.name]:
        codes = rows.select(code=rows[name], month=month_of(rows.received_on))
        codes = codes.filter(codes.code.length() == len(WEIGHTS) + 1).distinct()
        yield counted(
            units(
                codes, department=source.department, hit=~is_valid_expression(codes.code), month=codes.month
            )
        )

"""The same key twice in one delivery."""

from functools import reduce

import ibis

from features.quality.core import EVERY_TABLE, Group, Timing, measure
from features.quality.ground import Ground, month_of
from features.sources import SOURCES
from features.sources.core import Source

#: Columns may be empty, and two empty ones are the same.
EMPTY = ibis.literal("")


@measure(
    group=Group.DUPLICATE,
    timing=Timing.FLOW,
    name=("同一份文件里的重复行", "the same row twice in one delivery"),
    means=("一次送达里，应当唯一的编号出现多次", "what identifies a row stands twice in one delivery"),
    fault=("多出来的行", "rows beyond the first"),
    among=("近几个月送达的行", "rows of the window"),
    mender=("数据提供部门", "the department that sends the table"),
    why=(
        "金额会被加两次，或不知道哪一行才对",
        "an amount is added twice, or nobody knows which row is right",
    ),
    remedy=(
        "导出前去重；一人多条的，按约定编号区分",
        "remove repeats before sending, or tell them apart by the key",
    ),
    reads=EVERY_TABLE,
)
def repeated_keys(ground: Ground) -> ibis.Table:
    """Rows that arrived in the window."""
    return reduce(ibis.union, [_of_table(ground, source) for source in SOURCES.values()])


def _of_table(ground: Ground, source: Source) -> ibis.Table:
    rows = ground.window(source.name)
    # Hashes of keys, since the keys of a city's rows would not fit in memory.
    key = reduce(
        lambda text, column: text + "|" + rows[column].cast("string").fill_null(EMPTY), source.key, EMPTY
    )
    days = rows.group_by("received_on", "delivery_id").aggregate(rows=rows.count(), keys=key.hash().nunique())
    return (
        days.group_by(month=month_of(days.received_on))
        .aggregate(hits=(days.rows - days["keys"]).sum(), of=days.rows.sum())
        .select(
            department=ibis.literal(source.department),
            street_code=ibis.null("string"),
            household=ibis.null("string"),
            month="month",
            hits="hits",
            of="of",
        )
    )

"""Rows that could not be taken in, whatever the reason."""

from collections.abc import Callable

from features.quality.core import EVERY_TABLE, Cell, Group, Timing, measure
from features.quality.ground import Ground
from features.sources import SOURCES


@measure(
    group=Group.ARRIVAL,
    timing=Timing.FLOW,
    name=("被隔离的行", "rows set aside at intake"),
    means=(
        "有必填项为空、日期或金额不能识别等问题，未能入库",
        "a required cell is empty, a date or amount cannot be read",
    ),
    fault=("被隔离的行", "rows set aside"),
    among=("送达的行", "rows delivered"),
    mender=("数据提供部门", "the department that sends the table"),
    why=("这些人的这一项记录等于没有送", "for these people the record might as well not have been sent"),
    remedy=(
        "用 python -m features quarantine export 导出，更正后放行（release）或重送",
        "export them with `python -m features quarantine export`, correct and release them, or send again",
    ),
    reads=EVERY_TABLE,
)
def rejected_rows(ground: Ground) -> list[Cell]:
    """Rows by the month they arrived."""
    return rejected_cells(ground, lambda table, column: True)


def rejected_cells(ground: Ground, counts: Callable[[str, str], bool]) -> list[Cell]:
    """Rows in the window's files, and those set aside for a column that `counts` (table, column)."""
    found = [
        Cell(SOURCES[a.table].department, a.received_on.replace(day=1), 0, a.rows_in)
        for a in ground.arrived
        if a.table in SOURCES and a.received_on >= ground.since
    ]
    found += [
        Cell(SOURCES[r.table].department, r.received_on.replace(day=1), r.rows, 0)
        for r in ground.rejected
        if r.table in SOURCES and r.received_on >= ground.since and counts(r.table, r.column)
    ]
    return found

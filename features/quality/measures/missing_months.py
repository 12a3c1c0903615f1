"""Months of monthly tables that never came, or came with a stray row only."""

from datetime import date
from functools import reduce

import ibis

from features.known import FULL_MONTH, seen
from features.quality.core import EVERY_TABLE, Cell, Group, Timing, measure
from features.quality.ground import Ground
from features.sources import SOURCES
from features.sources.core import Kind
from features.windows import month_number

#: A month's figures may come in the next month, or the one after: the latest two are not missed yet.
LAG_MONTHS = 2


@measure(
    group=Group.ARRIVAL,
    timing=Timing.FLOW,
    name=("缺少的月份", "months missing"),
    means=(
        "按月报送的表缺了某个月，或该月行数不到最多月份的五分之一",
        "a month of a monthly table never came, or with less than a fifth of the fullest month's rows",
    ),
    fault=("缺少的“表×月”", "tables times months that are missing"),
    among=("首次送达以来应有的“表×月”", "tables times months since the table first came"),
    mender=("数据提供部门", "the department that sends the table"),
    why=("收入按月累计，缺一个月就少算一个月", "income is summed by months: one missing is one not counted"),
    remedy=("按清单补送缺少的月份", "send the missing months"),
    reads=EVERY_TABLE,
    complete=True,
)
def missing_months(ground: Ground) -> list[Cell]:
    """Every month of the window that should have come, by monthly table."""
    rows = _rows_by_month(ground)
    latest = month_index(ground.as_of) - LAG_MONTHS
    found = []
    for name, months in rows.items():
        fullest, first = max(months.values()), min(months)
        for month in ground.months:
            index = month_index(month)
            if first <= index <= latest:
                missing = months.get(index, 0) < FULL_MONTH * fullest
                found.append(Cell(SOURCES[name].department, month, int(missing), 1))
    return found


def month_index(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month


def _rows_by_month(ground: Ground) -> dict[str, dict[int, int]]:
    """Monthly table -> month -> rows that had arrived by the date."""
    tables = []
    for name, source in SOURCES.items():
        if source.column(source.event_on).kind is Kind.MONTH:
            table = seen(ground.sight.warehouse.table(name), ibis.literal(ground.as_of))
            table = table.filter(table.month.notnull())
            counted = table.group_by(month=month_number(table.month)).aggregate(rows=table.count())
            tables.append(counted.mutate(table=ibis.literal(name)))
    found: dict[str, dict[int, int]] = {}
    for row in reduce(ibis.union, tables).to_pyarrow().to_pylist():
        found.setdefault(row["table"], {})[row["month"]] = row["rows"]
    return found

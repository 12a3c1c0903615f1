"""Tables that came, but not lately."""

from features.quality.core import EVERY_TABLE, Cell, Group, Timing, measure
from features.quality.ground import Ground
from features.sources import SOURCES


@measure(
    group=Group.ARRIVAL,
    timing=Timing.STATE,
    name=("更新不及时的表", "tables behind their cadence"),
    means=(
        "距最近一次送达已超过约定周期一个月以上",
        "the last delivery is older than the cadence and a month",
    ),
    fault=("超过周期一个月以上未更新的表", "tables older than their cadence and a month"),
    among=("送达过的表", "tables ever delivered"),
    mender=("数据提供部门", "the department that sends the table"),
    why=("画像用的是旧情况，变化晚一个周期才看得到", "profiles rest on old records and see changes late"),
    remedy=("按约定周期送达，暂无变化也送一份", "send on the agreed day, also where nothing changed"),
    reads=EVERY_TABLE,
    complete=True,
)
def late_tables(ground: Ground) -> list[Cell]:
    """Every table delivered before, at each month's end."""
    found = []
    for month, on in zip(ground.months, ground.dates, strict=True):
        for name, source in SOURCES.items():
            latest = ground.sight.calendar.latest(name, on)
            if latest is not None:
                found.append(Cell(source.department, month, int((on - latest).days > source.late_days), 1))
    return found

"""Tables that did not come, or so long ago that silence no longer means "nothing found"."""

from features.quality.core import EVERY_TABLE, Cell, Group, Timing, measure
from features.quality.ground import Ground
from features.sources import SOURCES


@measure(
    group=Group.ARRIVAL,
    timing=Timing.STATE,
    name=("未返回的表", "tables not returned"),
    means=("约定的表从未送达，或已超过时限没有新的送达", "an agreed table never came, or not for too long"),
    fault=("从未送达或超过时限的表", "tables never delivered, or past the age at which silence is no answer"),
    among=("约定的表", "tables agreed on"),
    mender=("数据提供部门", "the department that sends the table"),
    why=(
        "缺一张表，所有家庭的这一项都无法核对，只能按“未返回”处理",
        "without it nobody's records of that kind can be checked: they count as not returned",
    ),
    remedy=("确认接口或专人，补送缺少的表", "name the interface or the person, and send what is missing"),
    reads=EVERY_TABLE,
    complete=True,
    headline=True,
)
def silent_tables(ground: Ground) -> list[Cell]:
    """Every declared table at each month's end."""
    calendar = ground.sight.calendar
    return [
        Cell(source.department, month, hits := int(not calendar.returned(name, on)), 1, bool(hits))
        for month, on in zip(ground.months, ground.dates, strict=True)
        for name, source in SOURCES.items()
    ]

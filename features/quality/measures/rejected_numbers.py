"""Rows set aside because of the identity number."""

from features.quality.core import EVERY_TABLE, Cell, Group, Timing, measure
from features.quality.ground import Ground
from features.quality.measures.rejected_rows import rejected_cells
from features.sources import SOURCES
from features.sources.core import Kind

NUMBERS = {(s.name, c.name) for s in SOURCES.values() for c in s.columns if c.kind is Kind.ID_NO}


@measure(
    group=Group.IDENTITY,
    timing=Timing.FLOW,
    name=("号码不合格的行", "rows whose number is no identity number"),
    means=(
        "身份证号校验码不符、位数不对，或经电子表格丢失了后几位",
        "the check character is wrong, digits are missing, or a spreadsheet lost them",
    ),
    fault=("因身份证号被隔离的行", "rows set aside for the identity number"),
    among=("送达的行", "rows delivered"),
    mender=("数据提供部门", "the department that sends the table"),
    why=("不知道是谁的记录，无法用于任何家庭", "nobody knows whose record it is"),
    remedy=(
        "导出时把身份证号列设为文本格式，并核对校验码",
        "export the number column as text, and check its last character",
    ),
    reads=EVERY_TABLE,
)
def rejected_numbers(ground: Ground) -> list[Cell]:
    """Rows by the month they arrived."""
    return rejected_cells(ground, lambda table, column: (table, column) in NUMBERS)

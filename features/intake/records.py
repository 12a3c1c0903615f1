"""What every reader of files hands over: text by declared column, and the rows it could not split."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from features.intake.conversion import Arrived
from features.intake.headers import Header
from features.sources.core import Source

#: Words that begin a line below the table: totals, signatures, remarks.
_FOOTER = re.compile(
    r"(合\s*计|总\s*计|小\s*计|共\s*计|制表|制单|填表|填报|经办|审核|审批|复核|负责人|单位负责人|分管|签字|签名|签章|盖章"
    r"|备注|说明|注\s*[::]|以上|本表|打印|导出时间|导出日期|共\s*\d+\s*[条行人户])"
)
#: A signature says so with a colon, and may fill as many cells as a record.
_SIGNATURE = re.compile(_FOOTER.pattern + r"[^0-9]{0,4}[:\uff1a]")
#: The first cell of a line of totals, which may fill every required column: 合计 beside the count.
_TOTAL = re.compile(r"[合总小共]\s*计")
#: Lines at the end among which these are looked for.
_LAST = 12


@dataclass(frozen=True)
class BadRow:
    """A row set aside before its columns could be told apart; `cells` as far as they could."""

    row_number: int
    code: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Records:
    """Rows of one file: `table` has a text column for each of `arrived`, and `row_number`.

    Row numbers are those a person sees in the file: the header counts, the first line is 1.
    """

    arrived: tuple[Arrived, ...]
    table: pa.Table
    bad: tuple[BadRow, ...] = ()
    assumptions: tuple[str, ...] = ()
    truncated: bool = field(default=False)

    @property
    def rows_in(self) -> int:
        """All rows of the file that are records."""
        return self.table.num_rows + len(self.bad)


def records_of(source: Source, header: Header, cells: pa.Table, bad: Sequence[BadRow]) -> Records:
    """Records from all cells of a file: columns named "0", "1", … by position, and `row_number`.

    Blank rows are no records; neither are totals and signatures below the table, which are noted.
    """
    cells = _without_blank(cells, len(header.columns))
    footers = _footers(source, header, cells, bad)
    assumptions = header.assumptions(source)
    if footers:
        cells = cells.filter(pc.invert(pc.is_in(cells["row_number"], pa.array(sorted(footers), pa.int64()))))
        lines = "、".join(map(str, sorted(footers)))
        assumptions.append(f"表尾第 {lines} 行是合计、签章或说明，不是记录，没有读入")
    chosen = [(place, column) for place, column in enumerate(header.columns) if column]
    table = pa.table(
        {column.name: cells[str(place)] for place, column in chosen} | {"row_number": cells["row_number"]}
    )
    return Records(
        tuple(column for _, column in chosen),
        table,
        tuple(row for row in bad if row.row_number not in footers),
        tuple(assumptions),
    )


def _without_blank(cells: pa.Table, width: int) -> pa.Table:
    places = [str(place) for place in range(width)]
    if any(cells[place].null_count == 0 for place in places):
        return cells
    blank = pc.is_null(cells[places[0]])
    for place in places[1:]:
        blank = pc.and_(blank, pc.is_null(cells[place]))
    return cells.filter(pc.invert(blank))


def _footers(source: Source, header: Header, cells: pa.Table, bad: Sequence[BadRow]) -> set[int]:
    """Numbers of the lines below the last record."""
    last = cells.slice(max(0, cells.num_rows - _LAST)).to_pylist()
    rows = {row.pop("row_number"): [row[str(n)] or "" for n in range(len(header.columns))] for row in last}
    rows |= {row.row_number: list(row.cells) for row in bad[-_LAST:]}
    footers: set[int] = set()
    for number in sorted(rows, reverse=True):
        if not _is_footer(source, header, rows[number]):
            break
        footers.add(number)
    return footers


def _is_footer(source: Source, header: Header, cells: Sequence[str]) -> bool:
    required = {column.name for column in source.columns if column.required}
    places = [n for n, column in enumerate(header.columns) if column and column.name in required]
    first = next((text.strip() for text in cells if text.strip()), "")
    if len(cells) == len(header.columns) and all(cells[n].strip() for n in places) and len(places) > 1:
        return bool(_SIGNATURE.match(first) or _TOTAL.fullmatch(first))
    return bool(_FOOTER.match(first))

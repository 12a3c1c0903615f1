"""Which row of a file is the header, and which declared column each of its cells names."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from features.incomes import AMOUNTS, Period
from features.intake.conversion import Arrived
from features.intake.refusal import Refusal
from features.intake.tidying import comparable_header
from features.intake.units import PERIODS, said_of, scale_of
from features.sources import SOURCES
from features.sources.core import Kind, Source

#: Rows at the top of a file among which the header is looked for; titles and notes stand above it.
SEARCHED_ROWS = 15
#: How a refusal calls the period that a header says.
_FIGURES = {"年": "全年数", "月": "每月数"}


@dataclass(frozen=True)
class Header:
    """`row` is the last header row (from 0); `columns` says for each position what arrives there."""

    row: int
    columns: tuple[Arrived | None, ...]
    unknown: tuple[str, ...]
    texts: tuple[str, ...] = ()

    @property
    def matched(self) -> int:
        """How many declared columns were recognised."""
        return sum(column is not None for column in self.columns)

    def is_whole(self, source: Source) -> bool:
        """Whether every column arrived and nothing else; names beside a number may be left out."""
        named = {column.name for column in source.columns if not column.name_of}
        return named <= {column.name for column in self.columns if column} and not self.unknown

    def has_required(self, source: Source) -> bool:
        """True where no required column is missing."""
        return not self.missing(source, required=True)

    def missing(self, source: Source, required: bool) -> list[str]:
        """Declared columns that did not arrive, with their Chinese names."""
        names = {column.name for column in self.columns if column}
        return [
            f"{c.zh}（{c.name}）" for c in source.columns if c.name not in names and c.required == required
        ]

    def assumptions(self, source: Source) -> list[str]:
        """What was taken for granted of the columns."""
        said = []
        if self.unknown:
            said.append(f"未声明的列，没有读入：{'、'.join(self.unknown)}")
        if self.missing(source, required=False):
            said.append(f"没有交付的可选列，按空值处理：{'、'.join(self.missing(source, required=False))}")
        arrived = [column for column in self.columns if column]
        said += [f"{c.name} 的表头以{scale_of(c.unit)}元计，已折算为元" for c in arrived if c.unit != 1]
        said += [_of_period(source, c) for c in arrived if c.period]
        return said


def _of_period(source: Source, column: Arrived) -> str:
    """What was made of the period that a header says."""
    amount = AMOUNTS[f"{source.name}.{column.name}"]
    figures = "全年数" if column.period is Period.YEAR else "每月数"
    if amount.period_column:
        stated = source.column(amount.period_column)
        return f"{column.name} 的表头写明是{figures}，{stated.zh}（{stated.name}）为空的行照此填写"
    turned = "除以 12，四舍五入到分" if column.period is Period.YEAR else "乘以 12"
    return f"{column.name} 的表头写明是{figures}，已折算为约定的周期（{turned}）"


def find_header(source: Source, rows: Sequence[Sequence[str]]) -> Header | None:
    """The row that names most declared columns; a header merged over two rows is put together first."""
    best: Header | None = None
    for number, cells in enumerate(rows[:SEARCHED_ROWS]):
        candidates = [_match(source, number, cells)]
        if number:
            candidates.append(_match(source, number, _merged(source, rows[number - 1], cells)))
        for candidate in candidates:
            if candidate.matched > (best.matched if best else 0):
                best = candidate
        if best and best.matched == len(source.columns):
            break
    return best


def checked_header(source: Source, rows: Sequence[Sequence[str]]) -> Header:
    """The header. `Refusal` where a required column is missing or the file is another table's."""
    header = find_header(source, rows)
    other = _other_table(source, header, rows)
    if other:
        raise Refusal(f"内容是表“{other.zh}”（{other.name}），却用了 {source.name} 的文件名；请核对后重发。")
    if header is None or header.matched < 2 <= len(source.columns):
        raise Refusal(
            f"找不到“{source.zh}”的表头：前 {SEARCHED_ROWS} 行里没有认识的列名，也可能是编码不对；"
            "请用 UTF-8 编码、带表头重新导出。"
        )
    lacking = header.missing(source, required=True)
    if lacking:
        raise Refusal(
            f"缺少必需的列 {'、'.join(lacking)}；请补上该列后重发，"
            f"或者在 features/sources/{source.name}.py 里为它登记新的表头别名。"
        )
    _check_periods(source, header)
    return header


def _check_periods(source: Source, header: Header) -> None:
    """`Refusal` where a header says another period than its column's, and one cannot be told from the other.

    A row of a month with a year's figure (金额（元/年） of pensions) may hold the year so far or all of it;
    月保障金额（元/年） contradicts itself. A rent, which runs until it ends, is a twelfth of its year's.
    """
    for column, text in zip(header.columns, header.texts, strict=False):
        amount = AMOUNTS.get(f"{source.name}.{column.name}") if column else None
        said = said_of(comparable_header(text)) if amount else None
        if column is None or amount is None or said is None or not said.period:
            continue
        period = PERIODS.get(said.period)
        if period is amount.period:
            continue
        by_row = source.column(source.event_on).kind is not Kind.DATE
        contrary = any(sign in said.name for sign in PERIODS if PERIODS[sign] is not period)
        if period is None or contrary or (by_row and amount.period is not Period.STATED):
            declared = source.column(column.name)
            raise Refusal(
                f"列“{text.strip()}”写的是{_FIGURES.get(said.period, f'每{said.period}的数')}，"
                f"与“{declared.zh}”（{declared.name}）约定的周期不符；请按约定的周期重发，读入时不折算。"
            )


def _other_table(source: Source, header: Header | None, rows: Sequence[Sequence[str]]) -> Source | None:
    """Another table that explains the header better than this one, if there is one."""
    ours = header.matched if header else 0
    if header and header.is_whole(source):
        return None
    rows = rows[max(0, header.row - 1) : header.row + 1] if header else rows
    complete = header is not None and header.has_required(source)
    found: list[tuple[bool, int, Source]] = []
    for other in SOURCES.values():
        if other.name == source.name:
            continue
        theirs = find_header(other, rows)
        if theirs is None or not theirs.has_required(other) or theirs.matched < 2:
            continue
        exact = theirs.is_whole(other)
        better = theirs.matched > ours and (exact or not complete or theirs.matched - ours >= 2)
        same_but_whole = theirs.matched == ours and exact
        if better or same_but_whole:
            found.append((exact, theirs.matched, other))
    return max(found, key=lambda candidate: candidate[:2])[2] if found else None


def _match(source: Source, number: int, cells: Sequence[str]) -> Header:
    known = _known_headers(source.name)
    columns: list[Arrived | None] = []
    unknown = []
    for cell in cells:
        arrived = _arrived(cell, known, source)
        if arrived and arrived.name in {c.name for c in columns if c}:
            arrived = None
        columns.append(arrived)
        if arrived is None and cell.strip():
            unknown.append(" ".join(cell.split()))
    return Header(number, tuple(columns), tuple(unknown), tuple(cells))


def _arrived(cell: str, known: dict[str, str], source: Source) -> Arrived | None:
    """The declared column a header cell names, also with a unit behind it: 余额(万元)."""
    text = comparable_header(cell)
    if text in known:
        return Arrived(known[text])
    said = said_of(text)
    name = known.get(said.name) if said else None
    if said is None or name is None:
        return None
    if source.column(name).kind is not Kind.YUAN:
        return Arrived(name)
    amount, period = AMOUNTS.get(f"{source.name}.{name}"), PERIODS.get(said.period)
    return Arrived(name, said.unit, period if amount and amount.period is not period else None)


def column_of(source: Source, cell: str) -> Arrived | None:
    """The declared column that one cell of a header names."""
    return _arrived(cell, _known_headers(source.name), source)


def _merged(source: Source, above: Sequence[str], cells: Sequence[str]) -> list[str]:
    """One header of two rows: a cell merged downwards stands above, a group's title stands left above."""
    known = _known_headers(source.name)
    merged, group = [], ""
    for place in range(max(len(above), len(cells))):
        upper = above[place] if place < len(above) else ""
        lower = cells[place] if place < len(cells) else ""
        group = upper or group
        if not lower.strip():
            merged.append(upper)
        elif _arrived(group + lower, known, source):
            merged.append(group + lower)
        else:
            merged.append(lower)
    return merged


@lru_cache(maxsize=64)
def _known_headers(table: str) -> dict[str, str]:
    """Comparable header -> column name; a column's own Chinese name goes before another's alias."""
    columns = SOURCES[table].columns
    known: dict[str, str] = {}
    for column in columns:
        known.setdefault(comparable_header(column.zh), column.name)
    for column in columns:
        for text in (column.name, *column.aliases):
            known.setdefault(comparable_header(text), column.name)
    return known

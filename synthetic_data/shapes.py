"""In which shapes files arrive: declared here once, and dealt out to the files of a world.

Which file gets which shape hangs on the seed and on the days of delivery alone, so that the bytes are the
same for any number of processes. `form` names the form of `benchmarks/forms.py` that says what becomes of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

import numpy as np

from features.sources import SOURCES
from features.sources.core import Cadence, Delivery, Kind, Source
from synthetic_data.clock import chance
from synthetic_data.dirt import Mess
from synthetic_data.habits import habit_of

#: Rows up to which a file is a workbook, or arrives in another order: what takes time stays small.
SMALL, MIDDLING = 200, 50_000
#: A file with more rows arrives as its department's habit has it.
LARGE = 300_000
#: Days after which a file that was refused or wrong is sent again, at the earliest.
AGAIN_DAYS = 5
#: Months that a silent department misses.
SILENT_MONTHS = 2
#: Departments without whose registers nobody is known.
REGISTRARS = ("civil_affairs", "public_security")
#: An optional column without which nothing else is read wrongly, by table.
DROPPED = {
    "household_register": "end_reason",
    "household_members": "leave_reason",
    "applications": "decision_reason",
    "outreach": "programme",
    "vehicles": "model",
    "contributions": "employer_name",
    "poverty_watch": "reason",
}


@dataclass(frozen=True)
class Sending:
    """One file of one day: `shapes` are codes of `SHAPES`.

    later: the first day on which the table could be sent again. noticed: nothing else of the table comes
    near, so that intake tells its absence.
    """

    table: str
    day: str
    rows: int
    later: str | None = None
    noticed: bool = False
    shapes: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        return SOURCES[self.table]

    @property
    def month(self) -> str:
        return self.day[:7]

    @property
    def status(self) -> str:
        """What intake answers, or `missing`."""
        return next((SHAPES[code].status for code in self.shapes if SHAPES[code].status != "taken"), "taken")

    @property
    def again_on(self) -> str | None:
        """The day on which it is sent once more."""
        return self.later if any(SHAPES[code].again for code in self.shapes) else None


@dataclass(frozen=True)
class Shape:
    """A way a file arrives.

    default, heavy: the share of the fitting files that get it, at least one where it is not 0. status: what
    intake answers; `missing` where no file comes at all. again: the file comes a second time.
    """

    form: str
    group: str
    default: float
    heavy: float
    fits: Callable[[Sending], bool] = lambda sending: True
    status: str = "taken"
    again: bool = False

    def share(self, mess: Mess) -> float:
        return {Mess.NONE: 0.0, Mess.DEFAULT: self.default, Mess.HEAVY: self.heavy}[mess]


#: Groups that cannot be had beside one of this group; of no group a file gets two.
EXCLUDES = {
    "fate": ("workbook", "encoding", "separator", "frame", "header", "order", "columns"),
    "workbook": ("fate", "encoding", "separator", "frame"),
    "encoding": ("fate", "workbook"),
    "separator": ("fate", "workbook"),
    "frame": ("fate", "workbook"),
    "header": ("fate",),
    "order": ("fate",),
    "columns": ("fate",),
}


def _text(sending: Sending) -> bool:
    return not habit_of(sending.source).spreadsheet


def _small(sending: Sending) -> bool:
    return sending.rows <= SMALL and _text(sending)


def _events(sending: Sending) -> bool:
    return sending.source.delivery is Delivery.EVENTS and _text(sending)


def amount(source: Source) -> str | None:
    """A required amount that identifies no row; None where the table has none."""
    found = (
        c.name for c in source.columns if c.kind is Kind.YUAN and c.required and c.name not in source.key
    )
    return next(found, None)


def _monthly_amounts(sending: Sending) -> bool:
    source = sending.source
    return amount(source) is not None and source.column(source.event_on).kind is Kind.MONTH


SHAPES: dict[str, Shape] = {
    # What becomes of a file as a whole
    "silent": Shape("部门停报两个月", "fate", 0, 0, status="missing"),
    "missing": Shape("缺一个月", "fate", 0, 0.03, lambda f: f.noticed, status="missing"),
    "twice": Shape("同一文件送两次", "fate", 0.005, 0.02, again=True),
    "corrected": Shape(
        "一个月更正重发", "fate", 0, 0.05, lambda f: amount(f.source) is not None and f.rows > 2, again=True
    ),
    "empty": Shape("空文件", "fate", 0, 0.01, status="refused", again=True),
    "renamed": Shape("列改了名", "fate", 0, 0.01, status="refused", again=True),
    "other_table": Shape("另一张表用了这个名字", "fate", 0, 0.01, status="refused", again=True),
    "yearly": Shape("按月的列写成元/年", "fate", 0, 0.02, _monthly_amounts, status="refused", again=True),
    "cut_events": Shape("事件表被截断", "fate", 0, 0.02, lambda f: _events(f) and f.rows > 2, again=True),
    "cut_register": Shape(
        "登记册被截断", "fate", 0, 0.05, lambda f: not _events(f) and _text(f) and f.rows > 2, "refused", True
    ),
    "cut_workbook": Shape("工作簿被截断", "fate", 0, 0.01, _small, status="refused", again=True),
    "bomb": Shape("压缩炸弹", "fate", 0, 1e-9, _small, status="refused", again=True),
    # How it is written
    "workbook_text": Shape("工作簿数字存为文本", "workbook", 0.01, 0.03, _small),
    "workbook_merged": Shape("工作簿合并表头", "workbook", 0.005, 0.02, _small),
    "workbook_signed": Shape("工作簿合计与签章", "workbook", 0.01, 0.03, _small),
    "workbook_sheets": Shape("工作簿多张工作表", "workbook", 0.005, 0.02, _small),
    "workbook_serials": Shape("工作簿日期存为数字", "workbook", 0.005, 0.02, _small),
    "workbook_formulas": Shape(
        "工作簿里的公式", "workbook", 0.005, 0.05, lambda f: _small(f) and amount(f.source) is not None
    ),
    "gbk": Shape("GBK 编码", "encoding", 0.04, 0.1, _text),
    "gb18030": Shape("GB18030 编码的生僻字", "encoding", 0.02, 0.05, _text),
    "utf8_mark": Shape("UTF-8 带标记", "encoding", 0.04, 0.1, _text),
    "tab": Shape("制表符", "separator", 0.02, 0.05, _text),
    "wide_comma": Shape("全角逗号", "separator", 0.02, 0.05, _text),
    "titled": Shape("表头上有标题行", "frame", 0.02, 0.05, _text),
    "signed": Shape("表尾有合计与签章", "frame", 0.02, 0.05, _text),
    "other_headers": Shape("表头：证件号码", "header", 0.03, 0.15),
    "shuffled": Shape("行的次序打乱", "order", 0.03, 0.15, lambda f: 2 < f.rows <= MIDDLING),
    "column_added": Shape("多了一列", "columns", 0.01, 0.05),
    "column_dropped": Shape("少了可选列", "columns", 0.01, 0.1, lambda f: f.table in DROPPED),
    "columns_turned": Shape("列换了次序", "columns", 0.01, 0.05),
}


def plan(files: dict[str, dict[str, int]], seed: int, mess: Mess, last_day: str) -> dict[str, list[Sending]]:
    """The files of every table with their shapes; files: table -> day of delivery -> rows."""
    sendings = [sending for table, days in files.items() for sending in _sendings(table, days, last_day)]
    if mess is Mess.HEAVY:
        sendings = _silenced(sendings, chance(seed, "silent_department"))
    for code, shape in SHAPES.items():
        sendings = _dealt(sendings, code, shape, shape.share(mess), chance(seed, f"shape_{code}"))
    return {table: [sending for sending in sendings if sending.table == table] for table in files}


def _sendings(table: str, days: dict[str, int], last_day: str) -> Iterable[Sending]:
    ordered = sorted(days)
    taken = set(ordered)
    noticeable = _noticed(SOURCES[table], ordered)
    for day in ordered:
        later = np.datetime64(day) + np.timedelta64(AGAIN_DAYS, "D")
        while str(later) in taken:
            later += np.timedelta64(1, "D")
        taken.add(str(later))
        free = str(later) if str(later) <= last_day else None
        yield Sending(table, day, days[day], free, day in noticeable)


def _noticed(source: Source, days: list[str]) -> set[str]:
    """Days between two others, the one before and the one after at most a month away."""
    if source.cadence is not Cadence.MONTHLY:
        return set()
    gaps = [(np.datetime64(after) - np.datetime64(before)).astype(int) for before, after in pairwise(days)]
    near = [28 <= gap <= 31 for gap in gaps]
    return {day for day, before, after in zip(days[1:], near, near[1:], strict=False) if before and after}


def _silenced(sendings: list[Sending], rng: np.random.Generator) -> list[Sending]:
    """A department that sends nothing for two months; not those that the registers come from."""
    months = sorted({sending.month for sending in sendings})
    monthly: dict[str, set[str]] = {}
    for sending in sendings:
        monthly.setdefault(sending.source.department, set()).add(sending.month)
    choices = sorted(d for d, sent in monthly.items() if sent == set(months) and d not in REGISTRARS)
    if not choices:
        return sendings
    silent = choices[rng.integers(len(choices))]
    first = 1 + int(rng.integers(max(1, len(months) - SILENT_MONTHS - 1)))
    gone = months[first : first + SILENT_MONTHS]
    return [
        replace(sending, shapes=("silent",))
        if sending.source.department == silent and sending.month in gone
        else sending
        for sending in sendings
    ]


def _dealt(
    sendings: list[Sending], code: str, shape: Shape, share: float, rng: np.random.Generator
) -> list[Sending]:
    """The same with this shape on a share of those that it fits."""
    fitting = [place for place, sending in enumerate(sendings) if _suits(sending, shape)]
    chosen = (
        set(rng.choice(fitting, ceil(share * len(fitting)), replace=False).tolist()) if fitting else set()
    )
    return [
        replace(sending, shapes=(*sending.shapes, code)) if place in chosen else sending
        for place, sending in enumerate(sendings)
    ]


def _suits(sending: Sending, shape: Shape) -> bool:
    groups = {SHAPES[code].group for code in sending.shapes}
    return (
        0 < sending.rows <= LARGE
        and (sending.later is not None or not shape.again)
        and not groups & {shape.group, *EXCLUDES[shape.group]}
        and shape.fits(sending)
    )

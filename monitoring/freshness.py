"""Who has stopped answering: of each declared table the last delivery, its age, and how much came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from features.sources import SOURCES
from features.sources.core import Source

#: A delivery with less than this share of the table's usual rows is short ...
SHORT_SHARE = 0.5
#: ... judged against the median of this many deliveries before it, and never against fewer than three.
USUAL_OF, USUAL_LEAST = 6, 3
#: Tables that usually bring fewer rows than this halve by chance alone.
LEAST_ROWS = 50

#: The same content sent again is an answer too: nothing changed.
ANSWERED = ("taken", "repeated")

FRESH, LATE, SILENT, NEVER = "fresh", "late", "silent", "never"


@dataclass(frozen=True)
class Arrival:
    """One line of the warehouse's catalogue: a file of a table that arrived on a day."""

    table: str
    received_on: date
    rows_taken: int
    status: str


@dataclass(frozen=True)
class TableFreshness:
    """How old a table is on a date.

    state: fresh; late (see `Source.late_days`); silent (counts as not returned); never delivered.
    usual_rows: median rows of the deliveries before the last one, None where there are too few to say.
    refused: files refused since the last one taken.
    """

    department: str
    table: str
    last_received_on: date | None
    age_days: int | None
    late_after_days: int
    silent_after_days: int
    state: str
    last_rows: int | None
    usual_rows: float | None
    refused: int

    @property
    def short(self) -> bool:
        """The last delivery holds far fewer rows than usual."""
        if self.usual_rows is None or self.last_rows is None or self.usual_rows < LEAST_ROWS:
            return False
        return self.last_rows < SHORT_SHARE * self.usual_rows


def table_freshness(arrivals: Iterable[Arrival], as_of: date) -> list[TableFreshness]:
    """Every declared table as of a date, in the order of declaration; later arrivals are not seen."""
    by_table: dict[str, list[Arrival]] = {}
    for arrival in arrivals:
        if arrival.received_on <= as_of:
            by_table.setdefault(arrival.table, []).append(arrival)
    return [_of_table(source, by_table.get(name, []), as_of) for name, source in SOURCES.items()]


def silent_departments(tables: Iterable[TableFreshness]) -> list[str]:
    """Departments that have delivered before and of which no table is fresh or late any more."""
    states: dict[str, set[str]] = {}
    for table in tables:
        states.setdefault(table.department, set()).add(table.state)
    return [name for name, found in states.items() if SILENT in found and found <= {SILENT, NEVER}]


def _of_table(source: Source, arrivals: list[Arrival], as_of: date) -> TableFreshness:
    taken = _rows_by_day(arrivals)
    last = max((a.received_on for a in arrivals if a.status in ANSWERED), default=None)
    age = (as_of - last).days if last else None
    counts = [rows for _, rows in sorted(taken.items())]
    earlier = counts[:-1][-USUAL_OF:]
    late_after = source.late_days
    return TableFreshness(
        department=source.department,
        table=source.name,
        last_received_on=last,
        age_days=age,
        late_after_days=late_after,
        silent_after_days=source.freshness_days,
        state=_state(age, late_after, source.freshness_days),
        last_rows=counts[-1] if counts else None,
        usual_rows=float(median(earlier)) if len(earlier) >= USUAL_LEAST else None,
        refused=sum(a.status == "refused" and (last is None or a.received_on > last) for a in arrivals),
    )


def _rows_by_day(arrivals: list[Arrival]) -> dict[date, int]:
    """Rows taken of each delivery day; a day may have several files."""
    rows: dict[date, int] = {}
    for arrival in arrivals:
        if arrival.status == "taken":
            rows[arrival.received_on] = rows.get(arrival.received_on, 0) + arrival.rows_taken
    return rows


def _state(age: int | None, late_after: int, silent_after: int) -> str:
    if age is None:
        return NEVER
    if age > silent_after:
        return SILENT
    return LATE if age > late_after else FRESH

"""Runs the measures on a warehouse as of a date, and says what they found as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any

import ibis

from features.engines import Warehouse
from features.errors import UserError
from features.household import standards
from features.known import Calendar, Sight, load_calendar
from features.parameters import Parameters, in_force
from features.plan import Plan
from features.quality.core import Cell, Measure, Timing, counted
from features.quality.counts import Share
from features.quality.ground import Arrived, Ground, Rejected
from features.quality.measures import MEASURES
from features.sources import DEPARTMENTS, SOURCES
from features.sources.core import Source

#: What counts are summed by, beside the measure.
LEVELS: dict[str, tuple[str, ...]] = {
    "all": (),
    "department": ("department",),
    "street": ("street_code",),
    "month": ("month",),
}
#: Of the dates before `as_of` only the sums of each are wanted.
MONTH_ONLY = ("month",)
#: What a measure says in words.
WORDS = ("name", "means", "fault", "among", "mender", "why", "remedy")
#: Shown in the list of what to mend first.
FIRST = 10


@dataclass
class Tally:
    """Counts of one cell; households: distinct households on file touched, None where it cannot be said."""

    hits: int = 0
    of: int = 0
    households: int | None = None

    def add(self, hits: int, of: int, households: int | None = None) -> None:
        """Sum counts; households only where the cells share none."""
        self.hits += hits
        self.of += of
        if households:
            self.households = (self.households or 0) + households

    def told(self) -> dict[str, Any]:
        """For JSON."""
        return {**Share(self.hits, self.of).told(), "households": self.households}


@dataclass
class Found:
    """Tallies of one measure: over all, by department, by street, and by month."""

    all: Tally = field(default_factory=Tally)
    department: dict[str, Tally] = field(default_factory=dict)
    street: dict[str, Tally] = field(default_factory=dict)
    month: dict[str, Tally] = field(default_factory=dict)


def run_report(
    warehouse: Warehouse,
    parameters: Parameters,
    as_of: date,
    months: int,
    arrived: Sequence[Arrived] = (),
    rejected: Sequence[Rejected] = (),
    department: str | None = None,
) -> dict[str, Any]:
    """Everything the table, the JSON and the page say, from what was known on `as_of`.

    months: how many months the series and the rows speak of, the last that of `as_of`. department: only what
    is its to mend. No value of a person is in it, only counts. `UserError` where the date has no parameters.
    """
    calendar = load_calendar(warehouse)
    sight = Sight(warehouse, calendar, Plan(warehouse.connection, "quality"))
    ground = Ground(sight, parameters, as_of, _months(as_of, months), arrived, rejected)
    run = _Run(ground, department)
    households = run.run()
    return {
        "as_of": str(as_of),
        "months": [str(month)[:7] for month in ground.months],
        "department": department,
        "households": households,
        "measures": [_told(MEASURES[code], run.found[code]) for code in MEASURES],
        "mend_first": _mend_first(run.found),
        "tables": _tables(calendar, ground, department),
    }


def _months(as_of: date, count: int) -> list[date]:
    last = as_of.year * 12 + as_of.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - count + 1, last + 1)]


@dataclass
class _Run:
    """One run of every measure; `found` fills as it goes."""

    ground: Ground
    department: str | None
    found: dict[str, Found] = field(default_factory=lambda: {code: Found() for code in MEASURES})
    cells: dict[str, Sequence[Cell]] = field(default_factory=dict)

    def run(self) -> int:
        """Compute everything; the number of households on file."""
        ground, plan = self.ground, self.ground.sight.plan
        flow = Plan(plan.connection, "quality_flow")
        plan.keep("number_of_homes", ground.homes.aggregate(homes=ground.homes.count()))
        self._describe(plan, Timing.STATE)
        self._describe(flow, Timing.FLOW)
        for month, on in zip(ground.months, ground.dates, strict=True):
            if on == ground.as_of or _possible(ground, on):
                _compute(plan, ground, on)
                self._collect(plan, LEVELS if on == ground.as_of else MONTH_ONLY, month)
        households = int(_rows(plan, "number_of_homes")[0]["homes"])
        flow.run({}, {})
        self._collect(flow, LEVELS, None)
        for code, cells in self.cells.items():
            self._sum_cells(MEASURES[code], cells, households)
        flow.forget()
        plan.forget()
        return households

    def _describe(self, plan: Plan, timing: Timing) -> None:
        """Add the measures of a timing to the plan, and their sums; the catalogue's are done at once."""
        parts = []
        for code, measure in MEASURES.items():
            if measure.timing is timing:
                answer = measure.count(self.ground)
                if not isinstance(answer, ibis.Table):
                    self.cells[code] = answer
                    continue
                units = plan.keep(f"of_{code}", counted(answer))
                if self.department is not None:
                    units = units.filter(units.department == self.department)
                parts.append(units.mutate(measure=ibis.literal(code)))
        for level, keys in LEVELS.items():
            sums = [
                part.group_by(["measure", *keys]).aggregate(
                    hits=part.hits.sum(), of=part.of.sum(), households=part.household.nunique()
                )
                for part in parts
            ]
            plan.keep(f"by_{level}", reduce(ibis.union, sums))

    def _collect(self, plan: Plan, levels: Iterable[str], month: date | None) -> None:
        """Read the sums of a plan; `month`: that of a state's date, None where the rows say theirs."""
        for level in levels:
            for row in _rows(plan, f"by_{level}"):
                where = self.found[row["measure"]]
                tally = Tally(int(row["hits"] or 0), int(row["of"] or 0), int(row["households"]))
                if level == "all":
                    where.all = tally
                elif level == "month" and (when := month or row["month"]) is not None:
                    where.month[str(when)[:7]] = tally
                elif level == "department":
                    where.department[row["department"]] = tally
                elif level == "street" and row["street_code"]:
                    where.street[row["street_code"]] = tally

    def _sum_cells(self, measure: Measure, cells: Sequence[Cell], households: int) -> None:
        """A state is that of the last month; what flows is summed over the window."""
        where, last = self.found[measure.code], self.ground.months[-1]
        for cell in cells:
            if self.department not in (None, cell.department):
                continue
            when = str(cell.month)[:7]
            where.month.setdefault(when, Tally()).add(cell.hits, cell.of)
            if measure.timing is Timing.STATE and cell.month != last:
                continue
            of_department = where.department.setdefault(cell.department, Tally())
            for tally in (where.all, of_department):
                tally.add(cell.hits, cell.of)
                if cell.everyone:
                    tally.households = households


def _possible(ground: Ground, on: date) -> bool:
    """Whether the registers had arrived and parameters were in force."""
    first = ground.sight.calendar.first_possible()
    if first is None or first > on:
        return False
    try:
        standards(ground.parameters, on)
    except UserError:
        return False
    return True


def _compute(plan: Plan, ground: Ground, on: date) -> None:
    variables = {**ground.sight.values(on), **standards(ground.parameters, on)}
    since = _months(on, len(ground.months))[0]
    plan.run({**variables, "since": since}, {"values": in_force(ground.parameters, on).to_pyarrow()})


def _rows(plan: Plan, name: str) -> list[dict[str, Any]]:
    return plan.connection.to_pyarrow(plan.table(name)).to_pylist()


def _told(measure: Measure, found: Found) -> dict[str, Any]:
    """A measure with its words and its counts, departments in their declared order."""
    return {
        "code": measure.code,
        "group": measure.group.value,
        "timing": measure.timing.value,
        "headline": measure.headline,
        "complete": measure.complete,
        **{name: getattr(measure, name)._asdict() for name in WORDS},
        **found.all.told(),
        "by_department": [
            {"department": name, **found.department[name].told()}
            for name in DEPARTMENTS
            if name in found.department
        ],
        "by_street": [{"street_code": code, **found.street[code].told()} for code in sorted(found.street)],
        "by_month": [{"month": month, **found.month[month].told()} for month in sorted(found.month)],
    }


def _mend_first(found: Mapping[str, Found]) -> list[dict[str, Any]]:
    """Faults by measure and department, those that touch most households first, then most faults."""
    faults = [
        (measure, department, tally)
        for code, measure in MEASURES.items()
        if measure.ranked
        for department, tally in found[code].department.items()
        if tally.hits
    ]
    faults.sort(key=lambda fault: (-(fault[2].households or 0), -fault[2].hits))
    return [
        {
            "rank": rank,
            "complete": measure.complete,
            "measure": measure.code,
            "department": department,
            "name": measure.name._asdict(),
            "mender": measure.mender._asdict(),
            "why": measure.why._asdict(),
            "remedy": measure.remedy._asdict(),
            **tally.told(),
        }
        for rank, (measure, department, tally) in enumerate(faults[:FIRST], start=1)
    ]


def _tables(calendar: Calendar, ground: Ground, department: str | None) -> list[dict[str, Any]]:
    """Every declared table: when it last came, against its cadence, and its rows in the window."""
    told = []
    for name, source in SOURCES.items():
        if department not in (None, source.department):
            continue
        latest = calendar.latest(name, ground.as_of)
        age = None if latest is None else (ground.as_of - latest).days
        files = [a for a in ground.arrived if a.table == name and a.received_on >= ground.since]
        told.append(
            {
                "table": name,
                "department": source.department,
                "zh": source.zh,
                "en": source.en,
                "last_received_on": None if latest is None else str(latest),
                "age_days": age,
                "cadence_days": source.cadence.days,
                "state": _state(age, source),
                "rows_in": sum(file.rows_in for file in files),
                "rows_taken": sum(file.rows_taken for file in files),
            }
        )
    return told


def _state(age: int | None, source: Source) -> str:
    if age is None:
        return "never"
    if age > source.freshness_days:
        return "silent"
    return "late" if age > source.late_days else "fresh"

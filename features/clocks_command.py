"""`python -m features clocks`: which applications run late, by street, in Chinese working days."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from features import parameters
from features.cli import console, finish, parse_date
from features.engines import Warehouse, open_warehouse
from features.known import first_of, known
from features.parameters import Parameters
from features.parameters.workdays import Workdays, load_workdays
from features.rules.clocks import CLOCKS, Reading, read_clocks
from features.sources import SOURCES

#: Applications made longer ago than this are no work of today.
BACK_DAYS = 365
#: Clocks with a start that is recorded; the others can be told of nobody.
COUNTED = tuple(clock for clock in CLOCKS if clock.starts is not None)


def clocks(
    warehouse: Annotated[Path, typer.Option(help="Folder made by `python -m features intake`.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Date, YYYY-MM-DD: what arrived later is not seen.")],
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Count applications of the last year by street and clock: running, in time, late, and not to be told.

    Working days are those of the State Council's notices; beyond the last one nothing is counted and the
    count says so. Only the day of application and the decision are recorded, so whether a survey, a check of
    records or a letter of refusal was in time is unknown once it was due. Names no household.

    Example: python -m features clocks --warehouse W --as-of 2025-12-31 --json
    """
    on = parse_date(as_of)
    values, workdays = parameters.load(), load_workdays()
    made = applications(open_warehouse(warehouse), on)
    told = count_clocks(made, values, workdays, on)
    unplaced = sum(row["district_code"] not in values.regions for row in made)
    console.print(clock_table(told))
    if on > workdays.last:
        console.print(f"{workdays.last} 之后的放假安排未录入 / no notice of holidays after {workdays.last}")
    finish(
        {
            "as_of": on.isoformat(),
            "applications": len(made),
            "without_parameters": unplaced,
            "workdays_known_until": workdays.last.isoformat(),
            "clocks": told,
        },
        as_json,
    )


def applications(warehouse: Warehouse, on: date) -> list[dict[str, Any]]:
    """Applications of the last year known on a date, with the place of the household on file (or none)."""
    made = known(warehouse.table("applications"), SOURCES["applications"], on)
    made = made.filter((made.applied_on <= on) & (made.applied_on > on - timedelta(days=BACK_DAYS)))
    register = known(warehouse.table("household_register"), SOURCES["household_register"], on)
    homes = first_of(register, "household_no").select("household_no", "region_code", "urban_rural")
    placed = made.left_join(homes, "household_no")
    table = placed.select(
        "applied_on",
        "decided_on",
        "decision",
        "urban_rural",
        street_code=placed.region_code.substr(0, 9),
        district_code=placed.region_code.substr(0, 6),
    )
    rows: list[dict[str, Any]] = warehouse.connection.to_pyarrow(table).to_pylist()
    return rows


def count_clocks(
    made: Iterable[dict[str, Any]], values: Parameters, workdays: Workdays, on: date
) -> list[dict[str, Any]]:
    """One row a street and clock: applications, running, in_time, late, late_running, unknown, worst_days."""
    counted: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for row in made:
        if row["district_code"] in values.regions:
            for reading in read_clocks(row, row["district_code"], row["urban_rural"], values, workdays, on):
                counted[row["street_code"], reading.clock.code].append(reading)
    order = {clock.code: number for number, clock in enumerate(COUNTED)}
    keys = sorted((key for key in counted if key[1] in order), key=lambda key: (key[0], order[key[1]]))
    return [{"street_code": street, "clock": code, **_counts(counted[street, code])} for street, code in keys]


def _counts(readings: list[Reading]) -> dict[str, int]:
    late = [reading for reading in readings if reading.overdue]
    return {
        "applications": len(readings),
        "running": sum(reading.running and reading.overdue is False for reading in readings),
        "in_time": sum(reading.overdue is False and not reading.running for reading in readings),
        "late": len(late),
        "late_running": sum(reading.running for reading in late),
        "unknown": sum(reading.overdue is None for reading in readings),
        "worst_days": max((reading.overdue_by or 0 for reading in late), default=0),
    }


def clock_table(told: list[dict[str, Any]]) -> Table:
    """The counts on screen."""
    names = {clock.code: f"{clock.zh} {clock.en}" for clock in COUNTED}
    headings = ("街道 street", "时限 clock", "进行中 running", "按时 in time", "超期 late")
    table = Table(*headings, "未办结 still running", "无法判断 unknown", "最多超期 worst")
    for row in told:
        figures = (
            row[name] for name in ("running", "in_time", "late", "late_running", "unknown", "worst_days")
        )
        table.add_row(row["street_code"], names[row["clock"]], *map(str, figures))
    return table

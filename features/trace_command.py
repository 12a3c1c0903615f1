"""`python -m features trace`: a household's computation line by line, as data or on one page."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from features import profile, rules
from features.cli import console, finish, parse_date
from features.errors import UserError
from features.household import Universe, standards
from features.identity.masking import masked
from features.known import Sight
from features.parameters import Parameters, in_force, schema
from features.parameters.workdays import load_workdays
from features.plan import Plan
from features.profile_series import Series, check_possible, open_series
from features.quality.page import write_page
from features.rules.clocks import Reading, read_clocks
from features.rules.facts.rows import Tables
from features.rules.trace import shown
from features.rules.trace.lines import Trace
from features.rules.trace.page import page
from features.rules.trace.reading import read_traces

#: Columns of the profile that count records of a source that are probably another person's.
DOUBTFUL = "_doubtful"
#: Days for which the clocks of a decided application still stand on its family's page.
CLOCK_DAYS = 90


def trace(
    warehouse: Annotated[Path, typer.Option(help="Folder made by `python -m features intake`.")],
    household: Annotated[str, typer.Option(help="Its number on file, or its pseudonym (H…).")],
    as_of: Annotated[str, typer.Option("--as-of", help="Date, YYYY-MM-DD: what arrived later is not seen.")],
    page_file: Annotated[
        Path | None, typer.Option("--page", help="HTML file to write: one sheet of A4 for the family.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(help="Why the household's number is needed in full; it stands on the page."),
    ] = None,
    key: Annotated[
        str, typer.Option(envvar="DIBAO_PSEUDONYM_KEY", help="Key of the pseudonyms, as at intake.")
    ] = "practice",
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Show how one household's benefit was worked out: who counts, income, limits, amount, what is missing.

    Every line has its value, the department and table, the record's date, the day it was received and the
    article. It is the rules' own computation over the whole city on that date, never a second one. The
    number is masked unless --reason is given.

    Example: python -m features trace --warehouse W --household NUMBER --as-of 2025-12-31 --page family.html
    """
    if page_file is not None and page_file.is_dir():
        raise UserError(f"--page {page_file} 是文件夹 / is a folder; name an .html file.")
    on = parse_date(as_of)
    series = open_series(warehouse, key, warehouse)
    check_possible(series, [on])
    with console.status("计算中 working it out"):
        found = read_trace(judge_city(series, on), household)
    if page_file is not None:
        write_page(page_file, page(found, series.values.regions[found.district].zh, reason))
        console.print(f"页面 page: {page_file}", highlight=False)
    console.print(trace_table(found))
    record = found.record()
    finish({**record, "number": found.number if reason else masked(found.number)}, as_json)


@dataclass(frozen=True)
class JudgedCity:
    """The households on file as the rules judged them on a date; any number of them can be read."""

    series: Series
    sight: Sight
    tables: Tables
    on: date


def judge_city(series: Series, on: date) -> JudgedCity:
    """Run profile and judgement of a date as `python -m features profile` does, and keep every step.

    Of all households: how late a department is, is seen from everybody's records.
    """
    sight = Sight(series.warehouse, series.calendar, Plan(series.warehouse.connection, "trace"))
    tables = profile.describe(sight, Universe.ON_FILE, series.values, series.key)
    values = sight.plan.given("values", schema())
    rules.describe(tables["profile"], tables, sight.as_of, values, Universe.ON_FILE.value, sight.keep)
    given = {"values": in_force(series.values, on).to_pyarrow()}
    sight.plan.run({**sight.values(on), **standards(series.values, on)}, given)
    return JudgedCity(series, sight, tables, on)


def read_trace(city: JudgedCity, household: str) -> Trace:
    """The lines of one household. `UserError` where it is not on file on that date."""
    sight, values = city.sight, city.series.values
    home = _home(sight, household, city.on)
    people = sight.plan.table("people")
    people = people.filter(people.household_id == home["household_id"]).select("person_id", "relation")
    traces = read_traces(
        sight.plan,
        city.tables,
        sight.as_of,
        values,
        city.on,
        home["household_id"],
        {row["person_id"]: row["relation"] for row in _rows(sight, people)},
        _clocks(sight, city.tables, home, values, city.on),
        {name.removesuffix(DOUBTFUL): home[name] or 0 for name in home if name.endswith(DOUBTFUL)},
    )
    return traces[home["household_id"]]


def _home(sight: Sight, household: str, on: date) -> dict[str, Any]:
    listed = sight.plan.table("profile")
    listed = listed.filter((listed.household_id == household) | (listed.number == household))
    doubts = [name for name in listed.columns if name.endswith(DOUBTFUL)]
    found = _rows(sight, listed.select("household_id", "number", "district_code", "urban_rural", *doubts))
    if not found:
        raise UserError(
            f"{on} 时没有这一户在册 / no such household was on file on {on}; check --household and --as-of."
        )
    return found[0]


def _clocks(
    sight: Sight, tables: Tables, home: dict[str, Any], values: Parameters, on: date
) -> list[Reading]:
    """The clocks of the household's last application, while it runs and for a quarter after its decision."""
    rows = tables["applications"]
    rows = rows.filter((rows.household_no == home["number"]) & (rows.applied_on <= on))
    made = _rows(sight, rows.select("applied_on", "decided_on", "decision").order_by("applied_on"))
    if not made or home["district_code"] not in values.regions:
        return []
    decided_on = made[-1]["decided_on"]
    if decided_on is not None and decided_on < on - timedelta(days=CLOCK_DAYS):
        return []
    return read_clocks(made[-1], home["district_code"], home["urban_rural"], values, load_workdays(), on)


def _rows(sight: Sight, table: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = sight.plan.connection.to_pyarrow(table).to_pylist()
    return rows


def trace_table(found: Trace) -> Table:
    """The lines on screen."""
    zh, en = shown.answer(found)
    columns = ("项目 step", "数额 value", "来源 record of", "日期 dated", "收到 received")
    table = Table(*columns, title=f"{zh} / {en}")
    for heading, lines in shown.sections(found):
        table.add_row(f"[bold]{heading[0]} {heading[1]}[/]")
        for line in lines:
            mark = f" {line.mark[0]} {line.mark[1]}" if line.mark else ""
            value = f"{line.value} {line.unit}{mark}"
            what = f"{line.who} {line.zh} {line.en}".strip()
            table.add_row(what, value, line.source, line.record, line.received)
    zh, en = shown.settles(found)
    table.caption = f"{zh} {en}"
    return table

"""`python -m features profile`: write profiles, judgements and findings for one date or a series of months.

`P/profiles/<universe>/<as_of>.parquet`, `P/judgements/…` and `P/findings/…`, each whole or not at all; the
profile is written last, so where it is, the others are. Each file carries a hash of everything it was made
from: the deliveries known on the date, the parameters, the code and the key. A file whose hash still holds
is not made again.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Annotated

import pyarrow as pa
import pyarrow.parquet as pq
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from features import parameters, profile, rules
from features.cli import console, finish, parse_date
from features.engines import Warehouse, open_warehouse
from features.errors import UserError
from features.household import Universe, standards
from features.identity.pseudonym import person_id
from features.known import Calendar, Sight, load_calendar
from features.parameters import Parameters, in_force
from features.plan import Plan

#: Folder -> table of the plan, in the order of writing.
PARTS = {"findings": "findings", "judgements": "judgements", "profiles": "profile"}
ROW_GROUP = 20_000


@dataclass(frozen=True)
class Series:
    """Everything a run needs: what to read, for whom, and where to write."""

    warehouse: Warehouse
    calendar: Calendar
    values: Parameters
    key: str
    out: Path


def profile_series(
    warehouse: Annotated[Path, typer.Option(help="Folder made by `python -m features intake`.")],
    out: Annotated[Path, typer.Option(help="Folder to write profiles/, judgements/ and findings/ into.")],
    universe: Annotated[
        str, typer.Option(help="on_file (households on file), register (hukou households) or both.")
    ] = "both",
    as_of: Annotated[str | None, typer.Option("--as-of", help="One date, YYYY-MM-DD.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First month end of a series.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last month end of a series.")] = None,
    key: Annotated[
        str, typer.Option(envvar="DIBAO_PSEUDONYM_KEY", help="Key of the pseudonyms, as at intake.")
    ] = "practice",
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Describe every household as it was known on a date, and judge it by the rules.

    Only what had arrived by then is used, so a profile of a past month stays what it was.

    Examples: python -m features profile --warehouse out/warehouse --out out/profiles --as-of 2025-12-31

    python -m features profile --warehouse W --out P --universe on_file --from 2024-06-30 --to 2025-12-31
    """
    dates, universes = _dates(as_of, start, end), _universes(universe)
    opened = open_warehouse(warehouse)
    series = Series(opened, load_calendar(opened), parameters.load(), key, out)
    check_possible(series, dates)
    written = [row for which in universes for row in run_series(series, which, dates)]
    kept = sum(bool(row["skipped"]) for row in written)
    console.print(f"{len(written) - kept} written, {kept} already up to date, in {out}")
    last = [row for row in written if row["as_of"] == dates[-1].isoformat()]
    households = {row["universe"]: row["households"] for row in last}
    finish({"out": str(out), "households": households, "profiles": written}, as_json)


def check_possible(series: Series, dates: list[date]) -> None:
    """`UserError` where the registers had not arrived on the first date, or the key is another."""
    first = series.calendar.first_possible()
    if first is None:
        raise UserError(
            "仓库中缺少在册家庭、家庭成员或户籍人口 / the warehouse lacks household_register,"
            " household_members or residents; run `python -m features intake` on their deliveries first."
        )
    if dates[0] < first:
        raise UserError(
            f"{dates[0]} 之前尚无完整登记 / not all registers had arrived by {dates[0]};"
            f" the first possible date is {first}."
        )
    residents = series.warehouse.table("residents").select("id_no", "person_id").limit(1).to_pandas()
    if any(person_id(row.id_no, series.key) != row.person_id for row in residents.itertuples()):
        raise UserError(
            "假名密钥与仓库不符 / the key is not the one the warehouse was made with;"
            " set DIBAO_PSEUDONYM_KEY to that key."
        )


def run_series(series: Series, universe: Universe, dates: list[date]) -> list[dict[str, object]]:
    """Write the dates that are not up to date; one mapping a date (universe, as_of, households, seconds)."""
    sight: Sight | None = None
    written: list[dict[str, object]] = []
    for as_of in _progress(dates, universe.value):
        started, inputs = perf_counter(), input_hash(series, universe, as_of)
        skipped = _up_to_date(series.out, universe, as_of, inputs)
        if not skipped:
            sight = sight or described(series, universe, as_of)
            write_date(series, sight, universe, as_of, inputs)
        written.append(
            {
                "universe": universe.value,
                "as_of": as_of.isoformat(),
                "households": pq.read_metadata(_path(series.out, "profiles", universe, as_of)).num_rows,
                "skipped": skipped,
                "seconds": round(perf_counter() - started, 2),
            }
        )
    if sight:
        sight.plan.forget()
    return written


def described(series: Series, universe: Universe, as_of: date) -> Sight:
    """The plan of profiles and judgements; the date only lends the parameters' columns."""
    sight = Sight(series.warehouse, series.calendar, Plan(series.warehouse.connection, universe.value))
    tables = profile.describe(sight, universe, series.values, series.key)
    values = sight.plan.given("values", in_force(series.values, as_of).schema())
    judged = rules.describe(tables["profile"], tables, sight.as_of, values, universe.value, sight.keep)
    sight.keep("findings", judged.findings.order_by("household_id", "rule"))
    sight.keep("judgements", judged.judgements.order_by("household_id"))
    return sight


def write_date(series: Series, sight: Sight, universe: Universe, as_of: date, inputs: str) -> None:
    """Compute one date and write its three files."""
    variables = {**sight.values(as_of), **standards(series.values, as_of)}
    sight.plan.run(variables, {"values": in_force(series.values, as_of).to_pyarrow()})
    for part, table in PARTS.items():
        _write(sight.plan.table(table).to_pyarrow(), _path(series.out, part, universe, as_of), inputs)


def input_hash(series: Series, universe: Universe, as_of: date) -> str:
    """A hash of all that a date's files are made from: deliveries known by then, parameters, code, key."""
    entries = series.warehouse.deliveries()
    known = entries.filter(entries.received_on <= as_of, entries.status != "refused")
    lines = known.select("table", "received_on", "delivery_id").distinct().to_pyarrow().to_pylist()
    parts = sorted(f"{row['table']} {row['received_on']} {row['delivery_id']}" for row in lines)
    text = "\n".join([universe.value, as_of.isoformat(), series.key, _code_hash(), *parts])
    return hashlib.sha256(text.encode()).hexdigest()


def _code_hash() -> str:
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml")]):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _up_to_date(out: Path, universe: Universe, as_of: date, inputs: str) -> bool:
    paths = [_path(out, part, universe, as_of) for part in PARTS]
    if not all(path.exists() for path in paths):
        return False
    return all((pq.read_schema(path).metadata or {}).get(b"inputs") == inputs.encode() for path in paths)


def _path(out: Path, part: str, universe: Universe, as_of: date) -> Path:
    return out / part / universe.value / f"{as_of}.parquet"


def _write(rows: pa.Table, path: Path, inputs: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    marked = rows.replace_schema_metadata({b"inputs": inputs.encode()})
    temporary = path.with_suffix(".partial")
    pq.write_table(marked, temporary, compression="zstd", row_group_size=ROW_GROUP)
    os.replace(temporary, path)


def _progress(dates: list[date], title: str) -> Iterator[date]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(f"profiles, {title}", total=len(dates))
        for as_of in dates:
            yield as_of
            bar.advance(task)


def _universes(name: str) -> list[Universe]:
    if name == "both":
        return list(Universe)
    try:
        return [Universe(name)]
    except ValueError:
        raise UserError(
            f"--universe {name} 无效 / is not on_file, register or both; give one of the three."
        ) from None


def _dates(as_of: str | None, start: str | None, end: str | None) -> list[date]:
    if as_of and not (start or end):
        return [parse_date(as_of)]
    if as_of or not (start and end):
        raise UserError("请给出 --as-of，或同时给出 --from 和 --to / give --as-of, or both --from and --to.")
    first, last = parse_date(start, "--from"), parse_date(end, "--to")
    dates = list(month_ends(first, last))
    if not dates:
        raise UserError(
            f"{first} 至 {last} 之间没有月末 / there is no month end between them; widen --from and --to."
        )
    return dates


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last days of months between two dates, both included."""
    day = first
    while day <= last:
        if (day + timedelta(days=1)).day == 1:
            yield day
        day += timedelta(days=1)

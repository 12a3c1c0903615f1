"""`python -m features profile`: profiles, judgements and findings of one date or a series of months."""

import os
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from features.cli import Master, Scratch, Setting, Shared, console, finish, parse_date
from features.engines.cluster import Cluster, spark
from features.errors import UserError
from features.household import Universe
from features.profile_series import (
    Written,
    check_possible,
    open_series,
    run_series,
    series_of,
    write_series,
)

ENGINES = ("duckdb", "spark")


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
    workers: Annotated[
        int, typer.Option(min=1, help="Processes that compute month ends at the same time.")
    ] = os.cpu_count() or 1,
    engine: Annotated[
        str, typer.Option(help="duckdb (this machine) or spark (beyond it); both give the same.")
    ] = "duckdb",
    master: Master = "local[*]",
    shared: Shared = None,
    scratch: Scratch = None,
    setting: Setting = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Describe every household as it was known on a date, and judge it by the rules.

    Only what had arrived by then is used, so a profile of a past month stays what it was.

    Examples: python -m features profile --warehouse out/warehouse --out out/profiles --as-of 2025-12-31

    python -m features profile --warehouse W --out P --universe on_file --from 2024-06-30 --to 2025-12-31

    python -m features profile --warehouse W --out P --as-of 2025-12-31 --engine spark --master local[2]
    """
    dates, universes = _dates(as_of, start, end), universes_of(universe)
    if engine not in ENGINES:
        raise UserError(f"--engine {engine} 无效 / is not duckdb or spark; give one of the two.")
    if engine == "spark":
        cluster = Cluster(master, shared, scratch, settings=tuple(setting or ()))
        series = series_of(spark().open_warehouse(warehouse, cluster), key, out)
        check_possible(series, dates)
        done = write_series(series, universes, dates)
    else:
        check_possible(open_series(warehouse, key, out), dates)
        done = run_series(warehouse, key, out, universes, dates, workers)
    written = sorted(
        _told(done, len(universes) * len(dates)), key=lambda row: (row["universe"], row["as_of"])
    )
    kept = sum(row["skipped"] for row in written)
    console.print(f"{len(written) - kept} written, {kept} already up to date, in {out}")
    households = {row["universe"]: row["households"] for row in written if row["as_of"] == str(dates[-1])}
    finish({"out": str(out), "households": households, "profiles": written}, as_json)


def _told(done: Iterable[Written], total: int) -> Iterator[Written]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("profiles", total=total)
        for row in done:
            yield row
            bar.advance(task)


def universes_of(name: str) -> list[Universe]:
    """The universes `--universe` names; `UserError` where it names none."""
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

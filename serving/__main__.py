"""The command `python -m serving`: batch, plan, scores, serve, lists, settle, migrate, check."""

import importlib
import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from features.cli import Master, Scratch, Setting, console, finish, parse_date, run
from features.engines.cluster import Cluster
from features.errors import UserError
from serving.settings import PREFIX, load_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals hold profiles
    help="Score everybody, draw the four lists, print them, and show them on a page. "
    "A score orders visits and decides nothing. Exit codes: 0 done, 1 our failure, 2 something you can mend.",
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
#: A hash of the log, as `check` tells it.
HASH = re.compile("[0-9a-f]{64}")

Database = Annotated[
    str | None,
    typer.Option(help="Casework database URL: sqlite:///file.db or postgresql+psycopg://user@host/name."),
]
Bundles = Annotated[Path | None, typer.Option(help="Folder with one trained bundle a question.")]
AsOf = Annotated[str, typer.Option(help="Month end the profiles speak of, YYYY-MM-DD.")]
ProfilesFolder = Annotated[Path | None, typer.Option(help="Folder with profiles/, judgements/, findings/.")]
Seed = Annotated[int, typer.Option(help="Seed of the draws, beside the city's secret.")]
Threads = Annotated[int, typer.Option(help="Threads that score; 0 = all cores.")]
Json = Annotated[bool, typer.Option("--json", help="Make the last line one JSON object.")]


def loaded(module: str) -> Any:
    """A module of this package, loaded when its command runs: `serve` starts without what `batch` needs."""
    return importlib.import_module(f"serving.{module}")


@app.command()
def batch(
    as_of: AsOf,
    out: Annotated[Path, typer.Option(help="Folder for lists/<kind>.xlsx.")],
    profiles: ProfilesFolder = None,
    bundles: Bundles = None,
    database: Database = None,
    seed: Seed = 7,
    work: Annotated[
        Path | None,
        typer.Option(help="Folder of answers for the next run, one batch at a time; default OUT/work."),
    ] = None,
    threads: Threads = 0,
    as_json: Json = False,
) -> None:
    """Score all households, draw the four lists, record the run whole or not at all, and write the sheets.

    Only answers about changed households, or by a changed model, are computed; those of the last run are
    used, and those of a run that was killed. Lists are always drawn anew. Without the work folder everything
    is computed, to the same result.

    Example: python -m serving batch --profiles out/demo --bundles out/demo/bundles --as-of 2025-12-31
    --out out/demo
    """
    settings = load_settings()
    day = parse_date(as_of)
    url = database or settings.database_url
    loaded("casework.database").check_address(url)
    with bars() as progress:
        report = stage_bars(progress)
        record = loaded("batch").make_batch(
            profiles or settings.profiles,
            bundles or settings.bundles,
            day,
            pseudonym_key=settings.pseudonym_key,
            seed=seed,
            work=work or out / "work",
            num_threads=threads or os.cpu_count() or 1,
            progress=report,
        )
        # A folder that cannot be made is told before the run is recorded.
        (out / "lists").mkdir(parents=True, exist_ok=True)
        engine = open_migrated(url)
        run_id = loaded("batch").record_batch(engine, record, report)
    written = loaded("export").export_lists(engine, out / "lists", day, by="batch")
    sizes = {kind: record.list_sizes().get(kind, 0) for kind in loaded("casework.tables").KINDS}
    answers, homes = record.answers, len(record.households)
    console.print(f"Run {run_id} as of {day}: {sizes}; lists in {out / 'lists'}")
    console.print(
        f"重新计算 {answers['share_recomputed']:.1%} / computed anew: {answers['recomputed']:,}"
        f" of {answers['asked']:,} answers about {homes:,} households"
    )
    finish(
        {
            "run": run_id,
            "as_of": day,
            "lists": sizes,
            "households": homes,
            "assessments": len(record.assessments),
            **answers,
            "kept": record.kept,
            "files": written,
        },
        as_json,
    )


@app.command()
def plan(
    as_of: AsOf,
    out: Annotated[Path, typer.Option(help="Folder for plan/<as_of>/plan.xlsx and the log of the draw.")],
    profiles: ProfilesFolder = None,
    bundles: Bundles = None,
    database: Database = None,
    share: Annotated[
        float,
        typer.Option(min=0.001, max=1, help="Visits a street can make, over its recipients."),
    ] = 0.1,
    seed: Seed = 7,
    work: Annotated[
        Path | None, typer.Option(help="Folder of the batch's answers; default OUT/work.")
    ] = None,
    threads: Threads = 0,
    as_json: Json = False,
) -> None:
    """Plan whom each street verifies again next month: due dates, the lot, then the chance of exit.

    Writes OUT/plan/<as_of>/plan.xlsx (one sheet a street, ready to print) and draw.parquet beside it, the
    arms and probabilities of the draw: for the office alone, whoever visits must not know them. A plan of the
    same date is replaced, those of other dates stay. The export enters the log of the casework database,
    which is made where there is none. Decides nothing.

    Example: python -m serving plan --profiles out/demo --bundles out/demo/bundles --as-of 2025-12-31
    --out out/demo
    """
    settings, day = load_settings(), parse_date(as_of)
    url = database or settings.database_url
    loaded("casework.database").check_address(url)
    with bars() as progress:
        made = loaded("month_plan").make_plan(
            profiles or settings.profiles,
            bundles or settings.bundles,
            day,
            pseudonym_key=settings.pseudonym_key,
            seed=seed,
            share=share,
            work=work or out / "work",
            num_threads=threads or os.cpu_count() or 1,
            progress=stage_bars(progress),
        )
    files = loaded("plan_files").export_plan(open_migrated(url), made, out / "plan", by="plan")
    told = made.counts()
    console.print(f"{told['visits']} visits in {told['streets']} streets: {told['by_reason']}")
    if told["short"]:
        console.print(
            f"走访量不足，下列家庭到期未列入 / due, without a visit: {told['short']}; give a larger --share."
        )
    finish({"as_of": day, **told, "files": files}, as_json)


@app.command()
def scores(
    as_of: AsOf,
    out: Annotated[Path, typer.Option(help="Folder for scores/<question>/<as_of>.parquet.")],
    profiles: ProfilesFolder = None,
    bundles: Bundles = None,
    master: Master = "local[*]",
    scratch: Scratch = None,
    setting: Setting = None,
    as_json: Json = False,
) -> None:
    """Score and explain every household on Spark, beyond one machine; the answers are those of the batch.

    Example: python -m serving scores --profiles out/demo --bundles out/demo/bundles --as-of 2025-12-31
    --out out/demo --master local[2]
    """
    settings = load_settings()
    cluster = Cluster(master, None, scratch, settings=tuple(setting or ()))
    written = loaded("scores").write_scores(
        profiles or settings.profiles, bundles or settings.bundles, parse_date(as_of), cluster, out
    )
    console.print(f"{written} in {out / 'scores'}")
    finish({"as_of": as_of, "households": written}, as_json)


@app.command()
def serve(
    bundles: Bundles = None,
    database: Database = None,
    host: Annotated[str | None, typer.Option(help="Loopback address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that serve.")] = None,
) -> None:
    """Open interface and console on this machine: http://127.0.0.1:3000/ (nobody signs in yet)."""
    chosen = {
        "DATABASE_URL": database, "BUNDLES": bundles, "HOST": host, "PORT": port, "WORKERS": workers,
    }  # fmt: skip
    os.environ.update({PREFIX + name: str(value) for name, value in chosen.items() if value is not None})
    settings = load_settings()
    if settings.host not in LOOPBACK:
        raise UserError(
            f"{settings.host} 不是本机地址 / {settings.host} is not loopback; nobody signs in yet:"
            " use --host 127.0.0.1."
        )
    console.print(f"http://{settings.host}:{settings.port}/  (Ctrl+C ends it)")
    loaded("service").run(settings.host, settings.port)


@app.command()
def lists(
    out: Annotated[Path, typer.Option(help="Folder for <kind>.xlsx.")],
    database: Database = None,
    as_of: Annotated[str | None, typer.Option(help="Batch of this date instead of the newest.")] = None,
    as_json: Json = False,
) -> None:
    """Write the stored lists again as spreadsheets, one sheet a street, ready to print."""
    engine = open_current(database or load_settings().database_url)
    day: date | None = parse_date(as_of) if as_of else None
    written = loaded("export").export_lists(engine, out, day, by="lists")
    console.print(f"{len(written)} workbooks in {out}")
    finish({"files": written}, as_json)


@app.command()
def settle(
    household: Annotated[str, typer.Option(help="The household's pseudonym (H…).")],
    rule: Annotated[str, typer.Option(help="The rule's code; docs/reference/rules.md lists them.")],
    how: Annotated[
        str, typer.Option(help="verified (a visit or a check settled it) or withdrawn (it was an error).")
    ],
    on: Annotated[str, typer.Option(help="Day it was settled, YYYY-MM-DD.")],
    by: Annotated[str, typer.Option(help="Who settled it; kept in the log.")],
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Close the open findings of one rule about one household; the same fact is not raised again.

    Example: python -m serving settle --household H0123456789abcde --rule vehicle_over_limit --how verified
    --on 2026-01-15 --by grid-worker-7
    """
    settled = [one.value for one in loaded("casework.tables").SETTLED]
    if how not in settled:
        raise UserError(f"--how {how} 无效 / is not one of {', '.join(settled)}; give one of them.")
    engine = open_current(database or load_settings().database_url)
    numbers = loaded("casework.actions").settle_finding(
        engine,
        by=by,
        household_id=household,
        rule=rule,
        how=loaded("casework.tables").Closed(how),
        on=parse_date(on, "--on"),
    )
    console.print(f"{len(numbers)} 项发现已结 / settled: {rule}, {how}")
    finish({"rule": rule, "how": how, "findings": numbers}, as_json)


@app.command()
def migrate(database: Database = None, as_json: Json = False) -> None:
    """Make the casework database, or bring it up to date."""
    url = database or load_settings().database_url
    engine = loaded("casework.database").open_database(url, create=True)
    revision = loaded("casework.database").migrate(engine)
    console.print(f"The casework database is at revision {revision}.")
    finish({"revision": revision}, as_json)


@app.command()
def check(
    url: Annotated[str, typer.Option(help="Address of the running service.")] = "http://127.0.0.1:3000",
    database: Database = None,
    sample: Annotated[int, typer.Option(min=1, help="Households a question.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the sample.")] = 7,
    last_hash: Annotated[
        str | None,
        typer.Option(help="Last hash of the log as an earlier check told it; it must still be in the log."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare the running service with the stored batch, and the log with its chain of hashes.

    Tells the number of events and the last hash. Write that down, or leave it with another office, once a
    day: only --last-hash shows that the newest events were dropped since, or the whole log written anew.

    Exit code 1 where an answer or a reason differs, an event was changed, or that hash is gone.
    """
    if last_hash is not None and not HASH.fullmatch(last_hash):
        raise UserError(
            "--last-hash 需要 64 位十六进制 / needs the 64 digits and letters a-f of an earlier check."
        )
    engine = open_current(database or load_settings().database_url)
    found = loaded("agreement").check_agreement(engine, url.rstrip("/"), sample=sample, seed=seed)
    with loaded("casework.database").reading(engine) as connection:
        events = loaded("casework.events")
        log = events.read_chain(connection, last_hash or events.FIRST)
    console.print(f"{found}; first broken event: {log.first_broken}")
    console.print(
        f"日志 {log.events} 条，末条哈希 / events in the log, the last hash: {log.last_hash}",
        soft_wrap=True,
        highlight=False,
    )
    if not log.holds_noted:
        console.print(
            "日志中没有所给的哈希：末尾事件被删，或日志被重写；请与备份核对 / the log lacks the given hash:"
            " its newest events were dropped, or it was written anew; compare it with a backup.",
            soft_wrap=True,
        )
    finish(
        {
            **found.record(),
            "first_broken_event": log.first_broken,
            "events": log.events,
            "last_hash": log.last_hash,
            "holds_last_hash": log.holds_noted if last_hash else None,
        },
        as_json,
    )
    if not (found.holds and log.holds):
        raise typer.Exit(1)


def open_migrated(url: str) -> Any:
    """The database, made and brought up to date where needed."""
    database = loaded("casework.database")
    engine = database.open_database(url, create=True)
    database.migrate(engine)
    return engine


def open_current(url: str) -> Any:
    """The database, as it must already be."""
    database = loaded("casework.database")
    engine = database.open_database(url)
    database.require_current(engine)
    return engine


def bars() -> Progress:
    """Progress bars on standard error."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)


def stage_bars(progress: Progress) -> Any:
    """A callback that keeps one bar a stage."""
    tasks: dict[str, Any] = {}

    def report(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = progress.add_task(stage, total=total)
        progress.advance(tasks[stage], done)

    return report


if __name__ == "__main__":
    run(app)

"""`python -m features`: take departments' files in, and build what is known about households from them."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from features.cli import console, finish, run
from features.clocks_command import clocks
from features.engines import read_entries
from features.intake import summary
from features.intake.entry import Entry
from features.intake.run import run_intake, try_intake
from features.link_command import link, review
from features.parameters.command import parameters
from features.profile_command import profile_series
from features.quality.command import quality
from features.quarantine_command import quarantine
from features.reference import reference
from features.replay.command import replay
from features.rules.command import situations
from features.trace_command import trace

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What we know about a household on a date: take files in, then build profiles.\n\n"
    "Exit codes: 0 done, 1 our failure, 2 a mistake you can mend (one sentence says which).",
)

Landing = Annotated[
    Path, typer.Option(help="Folder of deliveries: <department>/<received_on>/<table>.csv|xlsx.")
]
WarehouseFolder = Annotated[Path, typer.Option(help="Folder of typed tables; made where it does not exist.")]
Key = Annotated[
    str,
    typer.Option(
        envvar="DIBAO_PSEUDONYM_KEY",
        show_default=False,
        help="Key of the pseudonyms; give it by the environment, never on the command line.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Make the last line of output one JSON object.")]


@app.command()
def intake(
    landing: Landing,
    warehouse: WarehouseFolder,
    key: Key = "practice",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take new deliveries in; good rows to typed tables, bad rows to quarantine with their reason.

    A delivery that cannot be trusted as a whole is refused and the earlier one stays. The same delivery
    twice changes nothing, and a run that was interrupted is simply started again.

    With --json, `rows_in`, `rows_taken` and `rows_quarantined` are by department over all the warehouse
    holds; `run` is what this run did.
    """
    started = time.monotonic()
    take = try_intake if dry_run else run_intake
    with _progress() as bar:
        shown = bar.add_task("读入 taking in", total=None)

        def tell(entry: Entry, done: int, total: int) -> None:
            bar.update(shown, completed=done, total=total, description=f"{entry.table[:24]:<24}")

        entries = take(landing, warehouse, key, tell)
    departments = summary.by_department(entries)
    console.print(summary.intake_table(departments))
    for refusal in summary.refusals(entries):
        console.print(
            f"[yellow]拒收[/] {refusal['file']}：{refusal['reason']}", soft_wrap=True, highlight=False
        )
    arrived = entries if dry_run else [e for s in ("taken", "repeated") for e in read_entries(warehouse, s)]
    silent = summary.silences(arrived)
    for gap in silent:
        console.print(
            f"[yellow]没有交付[/] {gap['table']}：{gap['after']} 至 {gap['until']}"
            f" 缺 {gap['missed']} 次 / missed",
            soft_wrap=True,
            highlight=False,
        )
    held = departments if dry_run else summary.by_department(read_entries(warehouse, "taken"))
    finish(
        {
            "rows_in": summary.rows(held, "rows_in"),
            "rows_taken": summary.rows(held, "rows_taken"),
            "rows_quarantined": summary.rows(held, "rows_quarantined"),
            "run": {**summary.totals(departments), "departments": departments, "dry_run": dry_run},
            "refusals": summary.refusals(entries),
            "silences": silent,
            "seconds": round(time.monotonic() - started, 2),
        },
        as_json,
    )


app.add_typer(quarantine, name="quarantine")
app.command("link")(link)
app.command("review")(review)
app.command("profile")(profile_series)
app.command("quality")(quality)
app.command("reference")(reference)
app.command("replay")(replay)
app.add_typer(parameters, name="parameters")
app.command("situations")(situations)
app.command("trace")(trace)
app.command("clocks")(clocks)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


if __name__ == "__main__":
    run(app)

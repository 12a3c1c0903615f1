"""`python -m synthetic_data`: make a practice world. Exit codes: 0 done, 1 our failure, 2 your mistake."""

import os
import re
import shutil
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from features.cli import console, finish, run
from features.errors import UserError
from synthetic_data.city import City, write_city
from synthetic_data.dirt import Mess
from synthetic_data.fidelity_command import fidelity
from synthetic_data.knobs import YEARLY_STREETS, Knobs, helps

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Make a district to practise on: people and a hidden truth first, departments' files after.",
)
SMALLEST = 300
PANEL = "旋钮 knobs (months count from 1, the first delivered; 0 is never)"


def _knob(name: str) -> Any:
    """The option of one knob, with the knob's own sentence."""
    return typer.Option(help=helps()[name], rich_help_panel=PANEL)


app.command()(fidelity)


@app.callback()
def main() -> None:
    """Nobody in this world exists: area codes 990102 and 990123 were never assigned."""


@app.command()
def generate(
    out: Annotated[Path, typer.Option(help="Folder of the world; made anew, whole or not at all.")],
    households: Annotated[int, typer.Option(help="Hukou households; about 7 in 100 are on dibao.")] = 60_000,
    months: Annotated[int, typer.Option(help="Months of deliveries.")] = 24,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 7,
    start: Annotated[str, typer.Option(help="First month, YYYY-MM.")] = "2024-01",
    mess: Annotated[
        Mess, typer.Option(help="Shapes and damage of the files: none, default, heavy.")
    ] = Mess.DEFAULT,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; the bytes are the same for any number of them.")
    ] = os.cpu_count() or 1,
    scenarios: Annotated[
        bool, typer.Option(help="Plant the named cases of docs/practice-world.md and their look-alikes.")
    ] = True,
    sharpness_spread: Annotated[float, _knob("sharpness_spread")] = 0.0,
    capacity_spread: Annotated[float, _knob("capacity_spread")] = 0.0,
    need_spread: Annotated[float, _knob("need_spread")] = 0.0,
    yearly_streets: Annotated[str, _knob("yearly_streets")] = ",".join(map(str, YEARLY_STREETS)),
    platform_from: Annotated[int, _knob("platform_from")] = 0,
    wallet_from: Annotated[int, _knob("wallet_from")] = 0,
    quiet_from: Annotated[int, _knob("quiet_from")] = 0,
    called_share: Annotated[float, _knob("called_share")] = 0.3,
    raise_from: Annotated[int, _knob("raise_from")] = 0,
    raise_percent: Annotated[float, _knob("raise_percent")] = 5.0,
    silent: Annotated[str, _knob("silent")] = "",
    silent_from: Annotated[int, _knob("silent_from")] = 0,
    silent_months: Annotated[int, _knob("silent_months")] = 2,
    silent_resends: Annotated[bool, _knob("silent_resends")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="End standard output with one JSON object.")
    ] = False,
) -> None:
    """Write OUT/landing (every department's deliveries) and OUT/truth (what nobody in the district knows).

    Example: python -m synthetic_data generate --households 60000 --months 24 --seed 7 --out out/demo/world

    OUT/truth/census_*.parquet is a blind full audit, exact and complete, for evaluation only;
    OUT/truth/scenarios.parquet names the families of planted cases.
    OUT/truth/knobs.json says what the world was made with. A knob changes what it names and, as far as the
    world allows, nothing else, so two worlds of one seed can be laid side by side:

    python -m synthetic_data generate --seed 7 --wallet-from 13 --out out/wallet

    python -m synthetic_data generate --seed 7 --quiet-from 13 --out out/quiet

    python -m synthetic_data generate --seed 7 --silent taxation --silent-from 6 --out out/silence
    """
    began = time.perf_counter()
    _check(households, months, start, out)
    knobs = Knobs(
        sharpness_spread=sharpness_spread,
        capacity_spread=capacity_spread,
        need_spread=need_spread,
        yearly_streets=_numbers(yearly_streets),
        platform_from=platform_from,
        wallet_from=wallet_from,
        quiet_from=quiet_from,
        called_share=called_share,
        raise_from=raise_from,
        raise_percent=raise_percent,
        silent=silent,
        silent_from=silent_from,
        silent_months=silent_months,
        silent_resends=silent_resends,
    ).checked(months)
    working = out.with_name(f".{out.name}.partial")
    shutil.rmtree(working, ignore_errors=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("living the months", total=None)
            city = City(
                households,
                months,
                seed,
                np.datetime64(start, "M"),
                mess,
                knobs=knobs,
                scenarios=scenarios,
            )

            def tell(done: str, steps: int) -> None:
                progress.update(task, advance=1, total=steps, description=done)

            rows = write_city(city, working, tell, workers)
        shutil.rmtree(out, ignore_errors=True)
        working.rename(out)
    finally:
        shutil.rmtree(working, ignore_errors=True)
    seconds = round(time.perf_counter() - began, 1)
    console.print(f"{sum(rows.values()):,} rows in {len(rows)} tables, {seconds} s -> {out}")
    finish(
        {
            "households": households,
            "months": months,
            "seed": seed,
            "mess": mess.value,
            "seconds": seconds,
            "rows": rows,
            "rows_total": sum(rows.values()),
            "landing": str(out / "landing"),
            "truth": str(out / "truth"),
        },
        as_json,
    )


def _numbers(written: str) -> tuple[int, ...]:
    """Numbers parted by commas; none where nothing is written."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    if not all(part.isdigit() for part in parts):
        raise UserError(
            f"--yearly-streets {written} 不是街道序号 / holds no street numbers; write like 2,5,9."
        )
    return tuple(map(int, parts))


def _check(households: int, months: int, start: str, out: Path) -> None:
    if households < SMALLEST:
        raise UserError(
            f"--households {households} 太少 / is too few for a district; give at least {SMALLEST}."
        )
    if not 3 <= months <= 60:
        raise UserError(f"--months {months} 须在 3 至 60 之间 / is outside 3 to 60; give for example 24.")
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", start):
        raise UserError(f"--start {start} 不是月份 / is not a month; write it like 2024-01.")
    if out.exists() and not (out.is_dir() and _replaceable(out)):
        raise UserError(
            f"--out {out} 中有别的东西 / holds something that is no practice world;"
            " name an empty or new folder."
        )


def _replaceable(folder: Path) -> bool:
    names = {entry.name for entry in folder.iterdir()}
    return not names or names <= {"landing", "truth"}


if __name__ == "__main__":
    run(app)

"""`python -m synthetic_data`: make a practice world. Exit codes: 0 done, 1 our failure, 2 your mistake."""

import os
import re
import shutil
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from features.cli import console, finish, run
from features.errors import UserError
from synthetic_data.city import City, write_city
from synthetic_data.dirt import Mess
from synthetic_data.fidelity_command import fidelity

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Make a district to practise on: people and a hidden truth first, departments' files after.",
)
SMALLEST = 300
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
    as_json: Annotated[
        bool, typer.Option("--json", help="End standard output with one JSON object.")
    ] = False,
) -> None:
    """Write OUT/landing (every department's deliveries) and OUT/truth (what nobody in the district knows).

    Example: python -m synthetic_data generate --households 60000 --months 24 --seed 7 --out out/demo/world

    OUT/truth/census_*.parquet is a blind full audit, exact and complete, for evaluation only.
    """
    began = time.perf_counter()
    _check(households, months, start, out)
    working = out.with_name(f".{out.name}.partial")
    shutil.rmtree(working, ignore_errors=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("living the months", total=None)
            city = City(households, months, seed, np.datetime64(start, "M"), mess)

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

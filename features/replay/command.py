"""`python -m features replay`: what other parameters would change, by street, before they are decided."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import ibis
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from features import parameters
from features.cli import console, finish, parse_date
from features.errors import UserError
from features.household import Universe
from features.parameters import Parameters
from features.profile_command import universes_of
from features.profile_files import require_dates
from features.profile_series import Series, check_possible, open_series
from features.quality.page import write_page
from features.replay.baseline import compare
from features.replay.changes import changes
from features.replay.files import write_households, write_streets
from features.replay.page import page
from features.replay.proposal import changed_values, contradictions, next_change, proposed, without_households
from features.replay.report import report
from features.replay.run import Replay
from features.replay.tables import exit_table, findings_table, rules_table, streets_table, values_table

#: What each file is called on screen.
OUTPUTS = {"page": "页面", "streets": "街道", "households": "户"}
#: Steps of one universe that the progress bar counts.
STEPS = 4


@dataclass(frozen=True)
class Asked:
    """What is compared: two sets of values as in force on a date, on the households known on another."""

    now: Parameters
    then: Parameters
    as_of: date
    law_on: date


def replay(
    warehouse: Annotated[Path, typer.Option(help="Folder made by `python -m features intake`.")],
    files: Annotated[
        list[Path],
        typer.Option(
            "--from-parameters", help="Proposed file of a region or of the country; may be repeated."
        ),
    ],
    as_of: Annotated[str, typer.Option("--as-of", help="Households as known on this date, YYYY-MM-DD.")],
    law_on: Annotated[
        str | None,
        typer.Option(
            "--law-on", help="Values in force on this date, such as next month; --as-of if not given."
        ),
    ] = None,
    universe: Annotated[
        str, typer.Option(help="on_file (households on file), register (hukou households) or both.")
    ] = "on_file",
    profiles: Annotated[
        Path | None,
        typer.Option(
            help="Folder of `python -m features profile`: say whether today's values give its answers."
        ),
    ] = None,
    now_folder: Annotated[
        Path | None,
        typer.Option("--parameters", help="Folder of values in force; the product's own if none."),
    ] = None,
    page_file: Annotated[Path | None, typer.Option("--page", help="HTML file to read and to print.")] = None,
    streets_file: Annotated[Path | None, typer.Option("--csv", help="CSV file, one row a street.")] = None,
    households_file: Annotated[
        Path | None,
        typer.Option("--households", help="CSV file of households that would change, by pseudonym."),
    ] = None,
    key: Annotated[
        str, typer.Option(envvar="DIBAO_PSEUDONYM_KEY", help="Key of the pseudonyms, as at intake.")
    ] = "practice",
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Try other parameters on the households there are: who would gain, lose or change, at what cost.

    The rules judge every household twice, by the values in force and by those proposed; nothing is changed
    anywhere and nobody is decided upon. Copy a region's file, add a dated value, and see. Where a household
    would leave dibao, or stands at its exit, what it would lose besides (medical insurance, heating, power,
    education) is told from the locality's own parameters.

    Examples: python -m features replay --warehouse W --from-parameters new.yaml --as-of 2025-12-31

    python -m features replay --warehouse W --from-parameters new.yaml --as-of 2025-12-31 --law-on 2026-07-01
    """
    started = time.monotonic()
    outputs = {"page": page_file, "streets": streets_file, "households": households_file}
    _check_files(outputs)
    on, now, universes = parse_date(as_of), parameters.load(now_folder), universes_of(universe)
    asked = Asked(now, proposed(now, files), on, parse_date(law_on, "--law-on") if law_on else on)
    if profiles is not None:
        _check_profiles(profiles, asked, universes)
    series = open_series(warehouse, key, warehouse)
    check_possible(series, [on])
    told = {"as_of": str(on), "law_on": str(asked.law_on), **_of_values(asked, files)}
    with _progress(STEPS * len(universes)) as step:
        runs = {each: _run(series, asked, each, profiles, step) for each in universes}
    told["universes"] = {each.value: found for each, (found, _) in runs.items()}
    found, rows = runs[universes[0]]
    told["districts_without_households"] = without_households(told["changed"], found["streets"])
    _print(told)
    if page_file is not None:
        write_page(page_file, page(told, asked.then))
    if streets_file is not None:
        write_streets(streets_file, found["streets"])
    if households_file is not None:
        found["households_listed"] = write_households(households_file, rows)
    for name, path in outputs.items():
        if path is not None:
            console.print(f"{OUTPUTS[name]} {name}: {path}", highlight=False)
    finish({**told, "seconds": round(time.monotonic() - started, 2)}, as_json)


def _check_files(outputs: dict[str, Path | None]) -> None:
    for path in outputs.values():
        if path is not None and path.is_dir():
            raise UserError(f"{path} 是文件夹 / is a folder; name a file.")


def _check_profiles(profiles: Path, asked: Asked, universes: list[Universe]) -> None:
    """Before anything is computed."""
    if asked.law_on != asked.as_of:
        raise UserError(
            "--profiles 只能与同一日期的参数核对 / --profiles is compared with the values of its own date:"
            " leave out --law-on, or --profiles."
        )
    for universe in universes:
        require_dates(profiles, universe.value, asked.as_of)


def _of_values(asked: Asked, files: list[Path]) -> dict[str, Any]:
    """What the proposal says: values that differ on the date, the next day any do, and what law it breaks."""
    following = next_change(asked.now, asked.then, asked.law_on)
    return {
        "changed": changed_values(asked.now, asked.then, asked.law_on),
        "next_change_on": following and str(following),
        "contradictions": [finding._asdict() for finding in contradictions(asked.now, files)],
    }


def _run(
    series: Series, asked: Asked, universe: Universe, profiles: Path | None, step: Callable[[str], None]
) -> tuple[dict[str, Any], ibis.Table]:
    """Judge one universe twice: the report, and the rows it counts."""
    step(f"{universe} 准备 describing")
    run = Replay(series.warehouse, series.calendar, asked.then, universe, series.key)
    step(f"{universe} 家庭 households")
    run.see(asked.as_of)
    step(f"{universe} 现行参数 values in force")
    before = run.judge("before", asked.now, asked.law_on)
    step(f"{universe} 拟改参数 values proposed")
    after = run.judge("after", asked.then, asked.law_on)
    rows = run.keep("changes", changes(before, after))
    found = report(rows, before, after, run.rules, money=universe is Universe.ON_FILE)
    if profiles is not None:
        found["baseline"] = compare(before, profiles, universe.value, asked.as_of)
    return found, rows


def _print(told: dict[str, Any]) -> None:
    for finding in told["contradictions"]:
        console.print(f"[yellow]与全国规定不符 contradicts national law[/] {finding['key']}", highlight=False)
        console.print(f"  {finding['zh']}\n  {finding['en']}", markup=False, highlight=False, soft_wrap=True)
    if told["changed"]:
        console.print(values_table(told["changed"]))
        for name in sorted({row["parameter"] for row in told["changed"] if not row["read"]}):
            console.print(f"[yellow]尚无规则读取 {name}，不影响结论 / no rule reads it: no answer changes[/]")
    else:
        console.print(f"[yellow]{told['law_on']} 两套参数相同 / the two are alike on that date[/]")
    if told["next_change_on"]:
        later = told["next_change_on"]
        console.print(f"{later} 起另有不同，可用 --law-on {later} / they differ otherwise from {later} on")
    for code in told["districts_without_households"]:
        console.print(
            f"[yellow]仓库中没有 {code} 的家庭，请核对区划代码 / no household of {code} in the warehouse[/]"
        )
    for universe, found in told["universes"].items():
        _print_found(universe, found)


def _print_found(universe: str, found: dict[str, Any]) -> None:
    table = streets_table if universe == Universe.ON_FILE else findings_table
    console.print(table(found))
    if found["all"]["exits"]["households"] or found["all"]["near_exit"]["households"]:
        console.print(exit_table(found))
    if found["rules"]:
        console.print(rules_table(found))
    if (baseline := found.get("baseline")) and (baseline["differ"] or baseline["in_one_only"]):
        console.print(
            f"[yellow]现行参数重算，{baseline['differ']} 户与已写的判断不同，"
            f"{baseline['in_one_only']} 户只在一边 / the values in force do not give the judgements written:"
            " make the profiles again[/]",
            soft_wrap=True,
        )


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A bar that each call moves on by one step, telling what is under way."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("replay", total=steps)
        started = False

        def step(what: str) -> None:
            nonlocal started
            bar.update(task, description=what, advance=1 if started else 0)
            started = True

        yield step

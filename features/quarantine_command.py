"""`python -m features quarantine`: what is set aside, its correction by the departments, and its release."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from features.cli import console, finish, parse_date
from features.engines import read_releases
from features.errors import UserError
from features.intake import summary
from features.intake.export import run_export
from features.intake.release import Outcome, run_release, try_release, undo_release
from features.intake.released import Release, ReleasedRow
from features.sources import DEPARTMENTS, SOURCES

WarehouseFolder = Annotated[Path, typer.Option(help="Folder made by `python -m features intake`.")]
Department = Annotated[str | None, typer.Option(help="Only this department's folder name.")]
Key = Annotated[
    str,
    typer.Option(
        envvar="DIBAO_PSEUDONYM_KEY",
        show_default=False,
        help="Key of the pseudonyms; give it by the environment, never on the command line.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="End with one line of JSON.")]

#: Faults told on the screen; all of them are in the JSON.
SHOWN_FAULTS = 20
#: Characters by which a release is named.
SHORT = 12

quarantine = typer.Typer(
    add_completion=False,
    help="Rows set aside at intake: show them, have them corrected, and release them.\n\n"
    "1. `quarantine --warehouse W` (or `quarantine show`) counts them by department, table and reason.\n\n"
    "2. `quarantine export --warehouse W --landing L --out correct` writes a workbook a table, for the"
    " department to correct. They hold names and numbers: only you can read them; destroy them after use.\n\n"
    "3. `quarantine release --warehouse W --read table.xlsx --by 0107 --on 2026-01-15` takes a corrected"
    " workbook back (first with `--dry-run`, if you like).\n\n"
    "4. `quarantine undo --warehouse W` takes the newest release back.",
)


@quarantine.callback(invoke_without_command=True)
def overview(
    context: typer.Context,
    warehouse: Annotated[
        Path | None, typer.Option(help="Folder made by `python -m features intake`.")
    ] = None,
    department: Department = None,
    as_json: AsJson = False,
) -> None:
    """Show what is set aside where no step is named; each step takes its own options."""
    if context.invoked_subcommand is None:
        if warehouse is None:
            raise UserError("需要 --warehouse / needs --warehouse, or a step: show, export, release, undo.")
        show(warehouse, department, as_json)
    elif warehouse is not None or department is not None or as_json:
        step = context.invoked_subcommand
        raise UserError(f"选项请写在 {step} 之后 / write the options behind `{step}`, not before it.")


@quarantine.command()
def show(warehouse: WarehouseFolder, department: Department = None, as_json: AsJson = False) -> None:
    """Show how many rows are set aside, by department, table, column and reason, and what was released.

    No row is repeated here: the quarantine names file and line, and the file lies in the landing folder.
    Rows in = rows taken + rows released + rows waiting is checked for every delivery.
    """
    _check_department(department)
    counts = summary.quarantine_counts(warehouse, department)
    accounts = summary.accounts(warehouse, department)
    releases = [_told(*release) for release in _releases(warehouse, department)]
    console.print(summary.quarantine_table(counts))
    console.print(summary.accounts_table(accounts))
    if releases:
        console.print(_releases_table(releases))
    told = {"rows": sum(count["rows"] for count in counts), "quarantine": counts}
    finish({**told, "accounts": accounts, "releases": releases}, as_json)


@quarantine.command()
def export(
    warehouse: WarehouseFolder,
    landing: Annotated[Path, typer.Option(help="The landing folder the warehouse was taken in from.")],
    out: Annotated[Path, typer.Option(help="New folder for <department>/<table>.xlsx.")],
    department: Department = None,
    as_json: AsJson = False,
) -> None:
    """Write the waiting rows as workbooks, one a table, for the departments to correct.

    Each line says what is wrong and repeats the row as it stands in its file. Correct the cells in place
    (the faulty one is coloured), keep the first column and the header, delete lines you cannot correct yet.
    Where the file is gone or has changed since it was taken in, the line says so and its cells are empty.

    Example: python -m features quarantine export --warehouse W --landing L --out out/correct
    """
    _check_department(department)
    with console.status("导出 exporting"):
        found = run_export(warehouse, landing, out, department)
    table = Table(title="待更正的文件 / workbooks to be corrected", title_justify="left")
    table.add_column("文件 file", no_wrap=True)
    for heading in ("行 rows", "没有原文 without text"):
        table.add_column(heading, justify="right")
    for book in found.workbooks:
        table.add_row(book.file, f"{book.rows:,}", f"{book.without_text:,}")
    console.print(table)
    if found.superseded:
        console.print(
            f"另有 {found.superseded:,} 行所在的登记册或文件已被新的送达取代，无需更正"
            " / rows whose register or file has been replaced since: nothing to correct",
            soft_wrap=True,
        )
    if found.refused:
        console.print(
            f"另有 {found.refused:,} 行所在的登记册整份被拒收，须整份重发"
            " / rows of registers that were refused whole: to be sent again whole",
            soft_wrap=True,
        )
    finish(
        {
            "rows": sum(book.rows for book in found.workbooks),
            "files": [vars(book) for book in found.workbooks],
            "superseded": found.superseded,
            "refused": found.refused,
        },
        as_json,
    )


@quarantine.command()
def release(
    warehouse: WarehouseFolder,
    read: Annotated[Path, typer.Option(help="A corrected workbook that `export` wrote.")],
    by: Annotated[str, typer.Option(help="Who releases: a worker's code.")],
    on: Annotated[str, typer.Option(help="Day of the release, YYYY-MM-DD.")],
    key: Key = "practice",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check everything, write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take a corrected workbook back: rows that can be read now are known from the day of the release on.

    Profiles of earlier dates stay what they were. Rows that still cannot be read stay set aside and are told
    with their line. The same file twice changes nothing.

    Example: python -m features quarantine release --warehouse W --read deaths.xlsx --by 0107 --on 2026-01-15
    """
    act = try_release if dry_run else run_release
    found = act(read, warehouse, key, by, parse_date(on, "--on"))
    console.print(_sentence(found, dry_run), soft_wrap=True, highlight=False)
    for fault in found.faults[:SHOWN_FAULTS]:
        console.print(f"[yellow]第 {fault.line} 行[/] {fault.reason_zh}", soft_wrap=True, highlight=False)
    if len(found.faults) > SHOWN_FAULTS:
        console.print(f"… 共 {len(found.faults):,} 行 / {len(found.faults):,} rows in all, see --json")
    finish(
        {
            "release": found.release.release_id[:SHORT] if found.release else None,
            "released": found.released,
            "already": found.already,
            "still_bad": [vars(fault) for fault in found.faults],
            "dry_run": dry_run,
        },
        as_json,
    )


@quarantine.command()
def undo(
    warehouse: WarehouseFolder,
    release: Annotated[
        str | None, typer.Option(help="Take this release back (see `show`); the newest where none is named.")
    ] = None,
    key: Key = "practice",
    as_json: AsJson = False,
) -> None:
    """Take a release back: its rows wait in quarantine again, and everything is as it was before it.

    Run `python -m features link` anew if it ran in between.
    """
    taken_back, rows = undo_release(warehouse, key, release)
    told = _told(taken_back, rows)
    console.print(
        f"已撤销放行 {told['release']}（{SOURCES[taken_back.table].zh}，{rows:,} 行，"
        f"{taken_back.released_by} 于 {taken_back.released_on}）/ taken back",
        soft_wrap=True,
        highlight=False,
    )
    finish(told, as_json)


def _check_department(department: str | None) -> None:
    if department is not None and department not in DEPARTMENTS:
        raise UserError(f"没有部门 {department} / no such department; use one of {', '.join(DEPARTMENTS)}.")


def _sentence(found: Outcome, dry_run: bool) -> str:
    zh, en = SOURCES[found.table].zh, "would be released" if dry_run else "released"
    verb = "可放行" if dry_run else "已放行"
    already = f"；{found.already:,} 行以前已放行，未变" if found.already else ""
    left = f"；{len(found.faults):,} 行仍在隔离区" if found.faults else ""
    return f"{zh}：{verb} {found.released:,} 行{left}{already} / {found.released:,} rows {en}"


def _releases(warehouse: Path, department: str | None) -> list[tuple[Release, int]]:
    releases, rows = read_releases(warehouse)
    own = [r for r in releases if department in (None, SOURCES[r.table].department)]
    return [(release, _count(rows, release)) for release in own]


def _count(rows: list[ReleasedRow], release: Release) -> int:
    return sum(row.release_id == release.release_id for row in rows)


def _told(release: Release, rows: int) -> dict[str, Any]:
    on: date = release.released_on
    return {
        "release": release.release_id[:SHORT],
        "table": release.table,
        "rows": rows,
        "by": release.released_by,
        "on": on.isoformat(),
    }


def _releases_table(releases: list[dict[str, Any]]) -> Table:
    table = Table(title="放行 / releases", title_justify="left")
    for heading in ("编号 release", "表 table", "行 rows", "谁 by", "何时 on"):
        table.add_column(heading)
    for told in releases:
        table.add_row(*(str(cell) for cell in told.values()))
    return table

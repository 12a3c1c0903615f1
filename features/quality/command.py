"""`python -m features quality`: how good the departments' data are, and what to mend first."""

import time
from pathlib import Path
from typing import Annotated

import typer

from features import parameters
from features.cli import console, finish, parse_date
from features.engines import open_warehouse
from features.errors import UserError
from features.quality.catalogue import read_catalogue
from features.quality.page import page, write_page
from features.quality.report import run_report
from features.quality.tables import mend_table, summary_table
from features.sources import DEPARTMENTS

#: What the engine may hold before it spills: the rest of 4 GB is Python's.
MEMORY_GB = 2.5


def quality(
    warehouse: Annotated[Path, typer.Option(help="Folder made by `python -m features intake`.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Date, YYYY-MM-DD: what arrived later is not seen.")],
    months: Annotated[
        int, typer.Option(min=1, max=60, help="Months of the series, the last that of --as-of.")
    ] = 12,
    department: Annotated[
        str | None, typer.Option(help="Only what this department (its folder's name) is to mend.")
    ] = None,
    page_file: Annotated[
        Path | None, typer.Option("--page", help="HTML file to write, to read and to print on A4.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End with one line of JSON.")] = False,
) -> None:
    """Say how good the departments' data are: by department, street and month, and what to mend first.

    It counts what is missing, late, stale, doubled, contradictory or nobody's: tables that did not come,
    contacts and addresses, one fact told two ways by two departments, numbers that are no one's, registers
    that overlap unseen, a year's income written as a month's. It names no person and decides nothing: a
    contradiction is a question to two departments, not a finding about a family.

    A share of fewer than 30 is not given (证据不足). What each measure counts, whose task it is and how to
    mend it stand on the page and in docs/reference/quality.md.

    Examples: python -m features quality --warehouse out/warehouse --as-of 2025-12-31 --page out/quality.html

    python -m features quality --warehouse W --as-of 2025-12-31 --department public_security --json
    """
    started = time.monotonic()
    if department is not None and department not in DEPARTMENTS:
        raise UserError(f"没有部门 {department} / no such department; use one of {', '.join(DEPARTMENTS)}.")
    if page_file is not None and page_file.is_dir():
        raise UserError(f"--page {page_file} 是文件夹 / is a folder; name an .html file.")
    on, values = parse_date(as_of), parameters.load()
    opened = open_warehouse(warehouse, memory_gb=MEMORY_GB)
    arrived, rejected = read_catalogue(warehouse, on)
    with console.status("计算中 counting"):
        report = run_report(opened, values, on, months, arrived, rejected, department)
    if page_file is not None:
        write_page(page_file, page(report, set(values.districts)))
    console.print(summary_table(report))
    console.print(mend_table(report))
    if page_file is not None:
        console.print(f"页面 page: {page_file}", highlight=False)
    finish({**report, "seconds": round(time.monotonic() - started, 2)}, as_json)

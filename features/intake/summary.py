"""What a run did, by department: for the screen and for `--json`."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.box import SIMPLE_HEAD
from rich.table import Table

from features.engines import read_entries, read_releases
from features.intake.entry import Entry
from features.intake.set_aside import account, released_numbers, rows_set_aside
from features.sources import DEPARTMENTS, SOURCES
from features.sources.core import Cadence

COUNTED = ("taken", "known", "repeated", "refused")


def by_department(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Files by what became of them and rows in, taken, quarantined; departments in their declared order."""
    counts: dict[str, Counter[str]] = {}
    for entry in entries:
        counter = counts.setdefault(entry.department or "?", Counter())
        counter[entry.status] += 1
        if entry.status == "taken":
            counter["rows_in"] += entry.rows_in
            counter["rows_taken"] += entry.rows_taken
            counter["rows_quarantined"] += entry.rows_quarantined
    names = (*COUNTED, "rows_in", "rows_taken", "rows_quarantined")
    ordered = [*(d for d in DEPARTMENTS if d in counts), *sorted(set(counts) - set(DEPARTMENTS))]
    return {department: {name: counts[department][name] for name in names} for department in ordered}


def totals(departments: dict[str, dict[str, int]]) -> dict[str, int]:
    """The same over all departments."""
    total: Counter[str] = Counter()
    for counts in departments.values():
        total.update(counts)
    return dict(total)


def rows(departments: dict[str, dict[str, int]], name: str) -> dict[str, int]:
    """One of the counts, by department."""
    return {department: counts[name] for department, counts in departments.items()}


def intake_table(departments: dict[str, dict[str, int]]) -> Table:
    """The table at the end of a run: files by what became of them, then rows."""
    title = "导入结果：文件与行 / intake: files and rows"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("部门\n", no_wrap=True)
    files = ("收下\ntaken", "已有\nknown", "重复\nagain", "拒收\nrefused")
    for heading in (*files, "行数\nrows", "收下\ngood", "隔离\nbad"):
        table.add_column(heading, justify="right", no_wrap=True)
    for department, counts in departments.items():
        table.add_row(DEPARTMENTS.get(department, (department,))[0], *_cells(counts))
    table.add_section()
    table.add_row("合计", *_cells(totals(departments)))
    return table


def _cells(counts: dict[str, int]) -> list[str]:
    names = (*COUNTED, "rows_in", "rows_taken", "rows_quarantined")
    return [f"{counts.get(name, 0):,}" for name in names]


def refusals(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """Every refused file with its reason."""
    return [{"file": e.file, "reason": e.reason or ""} for e in entries if e.status == "refused"]


def silences(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Tables that did not arrive when they were due: once for each gap, and for the time since the last.

    `missed` deliveries are those that a gap of one and a half times the cadence or more leaves room for; a
    table delivered oftener than monthly is due monthly at the least, since nothing happens on most days.
    Today is the last day on which any department delivered: there is no other clock.
    """
    arrived: dict[str, set[date]] = {}
    for entry in entries:
        if entry.received_on and entry.table in SOURCES:
            arrived.setdefault(entry.table, set()).add(entry.received_on)
    today = max((max(days) for days in arrived.values()), default=None)
    found = []
    for table, days in arrived.items():
        due = max(SOURCES[table].cadence.days, Cadence.MONTHLY.days)
        for after, until in pairwise(sorted({*days, today or max(days)})):
            missed = round((until - after).days / due) - (until in days)
            if (until - after).days >= 1.5 * due:
                place = {"department": SOURCES[table].department, "table": table}
                found.append({**place, "after": after, "until": until, "missed": missed})
    return found


def quarantine_counts(warehouse: Path, department: str | None = None) -> list[dict[str, Any]]:
    """Rows still set aside by department, table, column and reason, most first.

    Rows of registers that were refused because most of them cannot be read are counted too.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter()
    released = released_numbers(*read_releases(warehouse))
    for entry in read_entries(warehouse, "taken") + read_entries(warehouse, "refused"):
        if department in (None, entry.department):
            waiting = rows_set_aside(warehouse, entry.delivery_id, released.get(entry.delivery_id, ()))
            for column, reason, rows in _grouped(waiting):
                counts[entry.department, entry.table, column, reason] += rows
    names = ("department", "table", "column", "reason")
    return [dict(zip(names, place, strict=True)) | {"rows": rows} for place, rows in counts.most_common()]


def accounts(warehouse: Path, department: str | None = None) -> dict[str, dict[str, int]]:
    """Where the rows of taken deliveries are now, by department: in, taken, released, waiting.

    AssertionError where a delivery's rows do not add up.
    """
    released = released_numbers(*read_releases(warehouse))
    counts: dict[str, Counter[str]] = {}
    for entry in read_entries(warehouse, "taken"):
        if department in (None, entry.department):
            own = account(warehouse, entry, released.get(entry.delivery_id, ()))
            found = {"rows_in": entry.rows_in, "rows_taken": entry.rows_taken}
            found |= {"released": own.released, "waiting": own.waiting}
            counts.setdefault(entry.department, Counter()).update(found)
    return {name: dict(counts[name]) for name in DEPARTMENTS if name in counts}


def accounts_table(departments: dict[str, dict[str, int]]) -> Table:
    """The table of `accounts`; the last three columns add up to the first."""
    table = Table(title="每一行的去向 / where every row is", title_justify="left")
    table.add_column("部门", no_wrap=True)
    for heading in ("行数 rows", "收下 taken", "已放行 released", "隔离中 waiting"):
        table.add_column(heading, justify="right", no_wrap=True)
    for department, counts in departments.items():
        table.add_row(DEPARTMENTS[department][0], *(f"{rows:,}" for rows in counts.values()))
    return table


def _grouped(rows: pa.Table) -> list[tuple[str, str, int]]:
    grouped = rows.group_by(["column", "reason_zh"]).aggregate([([], "count_all")]).to_pydict()
    return list(zip(grouped["column"], grouped["reason_zh"], grouped["count_all"], strict=True))


def quarantine_table(counts: list[dict[str, Any]]) -> Table:
    """The table of `quarantine`; the reason names the column as the department knows it."""
    table = Table(title="隔离的行 / quarantined rows", title_justify="left")
    table.add_column("部门", no_wrap=True)
    table.add_column("表 table", no_wrap=True)
    table.add_column("列与原因 column and reason")
    table.add_column("行 rows", justify="right", no_wrap=True)
    for count in counts:
        zh = DEPARTMENTS.get(count["department"], (count["department"],))[0]
        table.add_row(zh, count["table"], count["reason"], f"{count['rows']:,}")
    return table

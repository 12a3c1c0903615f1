"""What a run did, by department: for the screen and for `--json`."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.table import Table

from features.engines import Entry, read_entries
from features.sources import DEPARTMENTS

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


def intake_table(departments: dict[str, dict[str, int]]) -> Table:
    """The table at the end of a run."""
    table = Table(title="导入结果 / intake", title_justify="left")
    table.add_column("部门 department")
    for title in (
        "文件已收 taken",
        "早已收 known",
        "重复 repeated",
        "拒收 refused",
        "行 rows in",
        "已收 taken",
    ):
        table.add_column(title, justify="right")
    table.add_column("隔离 quarantined", justify="right")
    for department, counts in departments.items():
        table.add_row(f"{DEPARTMENTS.get(department, ('其他',))[0]} {department}", *_cells(counts))
    table.add_section()
    table.add_row("合计 total", *_cells(totals(departments)))
    return table


def _cells(counts: dict[str, int]) -> list[str]:
    names = (*COUNTED, "rows_in", "rows_taken", "rows_quarantined")
    return [f"{counts.get(name, 0):,}" for name in names]


def refusals(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """Every refused file with its reason."""
    return [{"file": e.file, "reason": e.reason or ""} for e in entries if e.status == "refused"]


def quarantine_counts(warehouse: Path, department: str | None = None) -> list[dict[str, Any]]:
    """Rows set aside by department, table, column and reason, most first.

    Rows of registers that were refused because most of them cannot be read are counted too.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for entry in read_entries(warehouse, "taken") + read_entries(warehouse, "refused"):
        path = warehouse / "quarantine" / f"{entry.delivery_id}.parquet"
        if department in (None, entry.department) and path.is_file():
            for column, reason, rows in _grouped(pq.read_table(path, columns=["column", "reason_zh"])):
                counts[entry.department, entry.table, column, reason] += rows
    names = ("department", "table", "column", "reason")
    return [dict(zip(names, place, strict=True)) | {"rows": rows} for place, rows in counts.most_common()]


def _grouped(rows: pa.Table) -> list[tuple[str, str, int]]:
    grouped = rows.group_by(["column", "reason_zh"]).aggregate([([], "count_all")]).to_pydict()
    return list(zip(grouped["column"], grouped["reason_zh"], grouped["count_all"], strict=True))


def quarantine_table(counts: list[dict[str, Any]]) -> Table:
    """The table of `quarantine`."""
    table = Table(title="隔离的行 / quarantined rows", title_justify="left")
    for title in ("部门 department", "表 table", "列 column", "原因 reason"):
        table.add_column(title)
    table.add_column("行 rows", justify="right")
    for count in counts:
        table.add_row(
            DEPARTMENTS.get(count["department"], (count["department"],))[0],
            count["table"], count["column"] or "—", count["reason"], f"{count['rows']:,}",
        )  # fmt: skip
    return table

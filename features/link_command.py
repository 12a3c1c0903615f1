"""`python -m features link` and `review`: rows without a usable number, and what staff say of them."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook
from rich.table import Table

from features.cli import console, finish, parse_date
from features.engines import Catalogue, require_warehouse
from features.errors import UserError
from features.intake.own_day import check_own_day
from features.sources import SOURCES

WarehouseFolder = Annotated[Path, typer.Option(help="Folder made by `python -m features intake`.")]
Key = Annotated[
    str, typer.Option(envvar="DIBAO_PSEUDONYM_KEY", show_default=False, help="Key of the pseudonyms.")
]
AsJson = Annotated[bool, typer.Option("--json", help="End with one line of JSON.")]

HEADER = (
    "编号",
    "表",
    "行数",
    "最早收到",
    "所写号码",
    "所写姓名",
    "可能是（身份证号）",
    "把握",
    "一致之处",
    "已有决定",
    "决定（是/否/撤销）",
)
#: What is written in the last column -> what it means.
ANSWERS = {
    "是": "confirmed",
    "yes": "confirmed",
    "否": "refused",
    "no": "refused",
    "撤销": "undone",
    "undo": "undone",
}
DECIDED = {"confirmed": "是", "refused": "否"}


def link(warehouse: WarehouseFolder, key: Key = "practice", as_json: AsJson = False) -> None:
    """Find out whose the rows are that came without a usable identity number.

    Names, what is left of the number, birth date, sex, address, and who else is known in the same household
    or firm give each row a probability for each person (Splink). Sure ones are used by profiles from the day
    they were received; doubtful ones wait for `review`. Run it after `intake`; running it again changes
    nothing.

    Example: python -m features link --warehouse out/warehouse
    """
    try:
        from features.linking import link_rows  # noqa: PLC0415  Splink takes a second to load
    except ModuleNotFoundError:
        raise UserError(
            "没有安装 Splink / Splink is not installed; run `uv sync --extra link` (or `--extra all`)."
        ) from None
    with console.status("比对 linking"):
        counts = link_rows(warehouse, key)
    table = Table(title="没有可用身份证号的行 / rows without a usable number", title_justify="left")
    table.add_column("表 table")
    for heading in ("行 rows", "已连上 linked", "待核对 to review", "留在隔离区 left"):
        table.add_column(heading, justify="right")
    for name, count in counts.items():
        left = count["rows"] - count["linked"] - count["to_review"]
        cells = (count["rows"], count["linked"], count["to_review"], left)
        table.add_row(SOURCES[name].zh, *(f"{cell:,}" for cell in cells))
    console.print(table)
    total = {part: sum(count[part] for count in counts.values()) for part in ("rows", "linked", "to_review")}
    finish({**total, "tables": counts}, as_json)


def review(
    warehouse: WarehouseFolder,
    key: Key = "practice",
    write: Annotated[Path | None, typer.Option(help="Write the list to this XLSX, to be filled in.")] = None,
    read: Annotated[Path | None, typer.Option(help="Take the decisions from this XLSX.")] = None,
    by: Annotated[str | None, typer.Option(help="Who decided: a worker's code. Needed with --read.")] = None,
    on: Annotated[
        str | None, typer.Option(help="Day of the decision, YYYY-MM-DD. Needed with --read.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Confirm or refuse the doubtful links; decisions are remembered and hold for rows written alike.

    1. `review --warehouse W --write list.xlsx` writes what is doubtful. The file holds names and numbers:
    only you can read it; destroy it afterwards.

    2. Fill in the last column: 是, 否, or 撤销 to take a decision back.

    3. `review --warehouse W --read list.xlsx --by 0107 --on 2026-01-15`

    A decision, and one taken back, holds from its own day on: profiles of earlier dates stay what they were,
    and who decided stays on record.
    """
    if write and read:
        raise UserError("--write 与 --read 只能用一个 / give either --write or --read, not both.")
    require_warehouse(warehouse)
    catalogue = Catalogue.open(warehouse, key)
    try:
        lines = {_number(line): line for line in catalogue.links_to_review()}
        if read:
            taken = _decide(catalogue, lines, read, by, on)
            lines = {_number(line): line for line in catalogue.links_to_review()}
        else:
            taken = 0
    finally:
        catalogue.close()
    if write:
        _write(lines, write)
    open_lines = [line for line in lines.values() if line["decision"] not in DECIDED]
    console.print(
        f"待核对 {len(open_lines)} 条，涉及 {sum(line['rows'] for line in open_lines):,} 行；已决定"
        f" {len(lines) - len(open_lines)} 条；本次登记 {taken} 条 / to review: {len(open_lines)}"
    )
    decided = len(lines) - len(open_lines)
    finish({"to_review": len(open_lines), "decided": decided, "taken": taken}, as_json)


def _number(line: dict[str, Any]) -> str:
    """A short number by which a line is found again; the same as long as spelling and person are."""
    text = "|".join((line["written"], line["name"], line["person_id"]))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _write(lines: dict[str, dict[str, Any]], path: Path) -> None:
    working = path.with_name(f".{path.name}.partial")
    descriptor = os.open(working, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            sheet = book.add_worksheet("待核对")
            for row, cells in enumerate((HEADER, *map(_cells, lines, lines.values()))):
                for column, cell in enumerate(cells):
                    sheet.write_string(row, column, cell)
            sheet.set_column(0, len(HEADER) - 1, 18)
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
        os.replace(working, path)
    finally:
        working.unlink(missing_ok=True)


def _cells(number: str, line: dict[str, Any]) -> tuple[str, ...]:
    agreeing = (("name_agrees", "姓名"), ("number_agrees", "号码"), ("company_agrees", "同户、同单位或同址"))
    return (
        number,
        "、".join(SOURCES[name].zh for name in line["tables"]),
        str(line["rows"]),
        str(line["first_on"]),
        line["written"] or "（空）",
        line["name"] or "（无）",
        line["id_no"],
        f"{line['probability']:.0%}",
        "、".join(zh for name, zh in agreeing if line[name]) or "—",
        DECIDED.get(line["decision"] or "", ""),
        "",
    )


def _decide(
    catalogue: Catalogue, lines: dict[str, dict[str, Any]], path: Path, by: str | None, on: str | None
) -> int:
    """Take all decisions of the list, or none where one of them cannot be read."""
    if not by or not on:
        raise UserError("--read 需要 --by 与 --on / needs --by (who decided) and --on (YYYY-MM-DD).")
    decided_on = parse_date(on, "--on")
    arrived = (*catalogue.entries("taken"), *catalogue.entries("repeated"))
    check_own_day(decided_on, arrived, ("决定", "decision"), "taken")
    answers = list(_answers(path))
    unknown = [row for row, number, _ in answers if number not in lines]
    if unknown:
        raise UserError(
            f"{path} 第 {unknown[0]} 行等 {len(unknown)} 行的编号不在清单内 / {len(unknown)} lines are not"
            " on the list; write it anew with --write and fill in that one. Nothing was taken."
        )
    for _, number, decision in answers:
        line = lines[number]
        spelling = (line["written"], line["name"], line["person_id"])
        # An undo is a decision too: who took one back, and when, stays on record.
        catalogue.decide_link(*spelling, decision, by, decided_on)
    return len(answers)


def _answers(path: Path) -> Iterator[tuple[int, str, str]]:
    """Row, number and decision of every line that has one."""
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError):
        raise UserError(
            f"{path} 无法读取 / cannot be read as XLSX; give the file that --write made."
        ) from None
    if not rows or [str(cell) for cell in rows[0]][: len(HEADER)] != list(HEADER):
        raise UserError(f"{path} 的表头不是清单的表头 / has another header; give the file that --write made.")
    for row, cells in enumerate(rows[1:], start=2):
        answer = str(cells[len(HEADER) - 1]).strip().lower()
        if not answer:
            continue
        if answer not in ANSWERS:
            raise UserError(
                f"{path} 第 {row} 行“决定”一列只能填 是、否 或 撤销 / line {row}: the last column takes"
                " 是, 否 or 撤销. Nothing was taken."
            )
        yield row, str(cells[0]).strip(), ANSWERS[answer]

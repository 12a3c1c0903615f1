"""Taking files of one table in: read, convert, write the good rows and the bad ones' reasons."""

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

import pyarrow as pa
import pyarrow.parquet as pq

from features.engines import to_sql, write_converted
from features.intake.conversion import Arrived, conversion
from features.intake.delimited import read_delimited
from features.intake.entry import Entry
from features.intake.landing import Arrival
from features.intake.period import said_of_period
from features.intake.problems import reason_zh
from features.intake.records import Records
from features.intake.refusal import Refusal
from features.intake.workbook import read_workbook
from features.sources import SOURCES
from features.sources.core import Delivery, Kind, Source

#: A register with a larger share of unreadable rows is refused: half a register is worse than last month's.
LARGEST_BAD_SHARE = 0.5
SMALLEST_JUDGED = 20
#: A register whose checksum is wrong and that has fewer of the announced rows than this was cut.
SMALLEST_ANNOUNCED_SHARE = 0.98

_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: Ibis builds expressions with process-wide state.
_BUILDING = Lock()

QUARANTINE_SCHEMA = pa.schema(
    [("file", pa.string()), ("row_number", pa.int64()), ("column", pa.string()), ("reason_zh", pa.string())]
)


@dataclass(frozen=True)
class Task:
    """Files of one table that are converted together; `folder` is where Parquet files are written."""

    table: str
    arrivals: tuple[tuple[Arrival, str], ...]  # with their delivery_id
    folder: Path
    key: str


def delivery_id_of(content_sha256: str, table: str) -> str:
    """Identity of a delivery: the same content as the same table is the same delivery, whenever it comes."""
    return hashlib.sha256(f"{content_sha256}|{table}".encode()).hexdigest()


def run_task(task: Task) -> list[Entry]:
    """Take the files; one entry each, in their order. Parquet files stand complete when this returns.

    A failure of ours over one file is that file's refusal, so that it does not keep the others out; what
    the library said is not repeated, since it may quote a cell. A row that is unaccounted for stops the run.
    """
    try:
        return _take(task)
    except AssertionError:
        raise
    except Exception as failure:
        if len(task.arrivals) > 1:
            return [entry for pair in task.arrivals for entry in run_task(replace(task, arrivals=(pair,)))]
        arrival, delivery_id = task.arrivals[0]
        kind = type(failure).__name__
        return [refused(arrival, delivery_id, f"读入程序出错（{kind}），请把这份文件交给维护人员查看。")]


def _take(task: Task) -> list[Entry]:
    source = SOURCES[task.table]
    entries: dict[str, Entry] = {}
    groups: dict[tuple[Arrived, ...], list[tuple[Arrival, str, Records]]] = {}
    for arrival, delivery_id in task.arrivals:
        try:
            records = _read(source, arrival)
            groups.setdefault(records.arrived, []).append((arrival, delivery_id, records))
        except Refusal as refusal:
            entries[delivery_id] = refused(arrival, delivery_id, str(refusal))
    for arrived, group in groups.items():
        entries |= _convert(task, source, arrived, group)
    return [entries[delivery_id] for _, delivery_id in task.arrivals]


def refused(arrival: Arrival, delivery_id: str, reason: str, rows_in: int = 0) -> Entry:
    """The entry of a file that was refused as a whole."""
    return Entry(
        delivery_id=delivery_id,
        department=arrival.department,
        table=arrival.table,
        received_on=arrival.received_on,
        file=arrival.file,
        status="refused",
        rows_in=rows_in,
        reason=reason,
        assumptions=arrival.assumptions,
    )


def _read(source: Source, arrival: Arrival) -> Records:
    content = arrival.path.read_bytes()
    records = read_content(source, content)
    if source.delivery is Delivery.FULL:
        _check_whole(arrival, records, hashlib.sha256(content).hexdigest())
    return records


def read_content(source: Source, content: bytes) -> Records:
    """The records of a file's bytes, whatever form they have. `Refusal` where it cannot be trusted."""
    if content.startswith(_OLD_WORKBOOK):
        raise Refusal("文件是旧版 XLS 或加了密码；请另存为不加密的 XLSX 或 CSV 后重发。")
    if content.startswith(_WORKBOOK):
        return read_workbook(source, content)
    return read_delimited(source, content)


def _check_whole(arrival: Arrival, records: Records, sha256: str) -> None:
    """A full register replaces the earlier one, so a cut or empty one is refused."""
    if records.truncated:
        raise Refusal("全量登记册在一行中间结束，可能传输中断；请重新导出，在此之前沿用上一次的登记册。")
    if records.rows_in == 0:
        raise Refusal("全量登记册没有任何记录；请确认导出条件后重发，在此之前沿用上一次的登记册。")
    note = arrival.note
    fewer = note.rows is not None and records.rows_in < note.rows * SMALLEST_ANNOUNCED_SHARE
    if fewer and note.sha256 is not None and note.sha256 != sha256:
        raise Refusal(
            f"全量登记册只有 {records.rows_in} 行，交付单写的是 {note.rows} 行，校验值也不符，可能被截断；"
            "请重新交付，在此之前沿用上一次的登记册。"
        )


def _convert(
    task: Task, source: Source, arrived: tuple[Arrived, ...], group: Sequence[tuple[Arrival, str, Records]]
) -> dict[str, Entry]:
    raw = pa.concat_tables([_stamped(arrival, delivery_id, rec) for arrival, delivery_id, rec in group])
    parts = {delivery_id: part_file(task.folder, source.name, delivery_id) for _, delivery_id, _ in group}
    apart = {delivery_id: _apart(task.folder, source.name, delivery_id) for delivery_id in parts}
    identities = {column.name for column in source.columns if column.kind is Kind.ID_NO}
    statement = statement_of(source.name, arrived, task.key)
    problems = write_converted(raw, statement, parts, apart, identities).to_pydict()
    found: dict[str, list[tuple[int, str, str]]] = {delivery_id: [] for delivery_id in parts}
    for delivery_id, row_number, problem in zip(*problems.values(), strict=True):
        column, code = problem.split("|")
        found[delivery_id].append((row_number, column, code))
    return {
        delivery_id: _finish(task, source, arrival, delivery_id, records, found[delivery_id])
        for arrival, delivery_id, records in group
    }


def _finish(
    task: Task,
    source: Source,
    arrival: Arrival,
    delivery_id: str,
    records: Records,
    problems: list[tuple[int, str, str]],
) -> Entry:
    """Put the files of one delivery in place and account for every row."""
    part = part_file(task.folder, source.name, delivery_id)
    all_bad = sorted([(row.row_number, "", row.code) for row in records.bad] + problems)
    taken = pq.read_metadata(part).num_rows
    if records.rows_in != taken + len(all_bad):
        raise AssertionError(
            f"{arrival.file}: rows in {records.rows_in}, {taken} taken, {len(all_bad)} set aside"
        )
    _write_quarantine(task.folder, source, arrival, delivery_id, all_bad)
    if source.delivery is Delivery.FULL and _mostly_bad(records.rows_in, len(all_bad)):
        part.unlink()
        _apart(task.folder, source.name, delivery_id).unlink(missing_ok=True)
        return refused(arrival, delivery_id, _mostly_bad_reason(source, all_bad, records), records.rows_in)
    path = part.with_suffix("")
    apart = _apart(task.folder, source.name, delivery_id)
    if apart.exists():
        os.replace(apart, apart.with_suffix(""))
    os.replace(part, path)
    return Entry(
        delivery_id=delivery_id,
        department=arrival.department,
        table=source.name,
        received_on=arrival.received_on,
        file=arrival.file,
        status="taken",
        rows_in=records.rows_in,
        rows_taken=taken,
        rows_quarantined=len(all_bad),
        assumptions=(
            *arrival.assumptions,
            *records.assumptions,
            *_said_of_note(arrival, records),
            *said_of_period(source, arrival.note.period, path),
        ),
        path=path.relative_to(task.folder).as_posix(),
    )


def _stamped(arrival: Arrival, delivery_id: str, records: Records) -> pa.Table:
    rows = records.table.num_rows
    return (
        records.table.append_column(
            "received_on", pa.repeat(pa.scalar(arrival.received_on, pa.date32()), rows)
        )
        .append_column("delivered_on", pa.nulls(rows, pa.date32()))
        .append_column("delivery_id", pa.repeat(delivery_id, rows))
    )


def part_file(folder: Path, table: str, delivery_id: str) -> Path:
    """Where the good rows of a delivery are written before they stand; its folder is made."""
    path = folder / "tables" / table / f"{delivery_id}.parquet.part"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _apart(folder: Path, table: str, delivery_id: str) -> Path:
    path = folder / "unidentified" / table / f"{delivery_id}.parquet.part"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@lru_cache(maxsize=256)
def statement_of(table: str, arrived: tuple[Arrived, ...], key: str) -> str:
    """The conversion of a table's files that have these columns, as the engine runs it."""
    with _BUILDING:
        return to_sql(conversion(SOURCES[table], arrived, key))


def _write_quarantine(
    folder: Path, source: Source, arrival: Arrival, delivery_id: str, bad: list[tuple[int, str, str]]
) -> None:
    path = folder / "quarantine" / f"{delivery_id}.parquet"
    if not bad:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = {
        "file": [arrival.file] * len(bad),
        "row_number": [number for number, _, _ in bad],
        "column": [column for _, column, _ in bad],
        "reason_zh": [reason_zh(source, column, code) for _, column, code in bad],
    }
    part = path.with_suffix(".parquet.part")
    pq.write_table(pa.table(rows, schema=QUARANTINE_SCHEMA), part)
    os.replace(part, path)


def _mostly_bad(rows_in: int, bad: int) -> bool:
    return rows_in >= SMALLEST_JUDGED and bad > rows_in * LARGEST_BAD_SHARE


def _mostly_bad_reason(source: Source, bad: list[tuple[int, str, str]], records: Records) -> str:
    (column, code), count = Counter((column, code) for _, column, code in bad).most_common(1)[0]
    return (
        f"{records.rows_in} 行里有 {len(bad)} 行不能读"
        f"（最多的是“{reason_zh(source, column, code)}”，{count} 行），"
        "全量登记册不能只换一半；请更正后重发，在此之前沿用上一次的登记册。"
    )


def _said_of_note(arrival: Arrival, records: Records) -> list[str]:
    said = ["文件在一行中间结束，可能被截断，最后一行已隔离"] if records.truncated else []
    if arrival.note.rows is not None and arrival.note.rows != records.rows_in:
        said.append(f"交付单写 {arrival.note.rows} 行，实有 {records.rows_in} 行")
    if arrival.note.sha256 is not None:
        actual = hashlib.sha256(arrival.path.read_bytes()).hexdigest()
        if actual != arrival.note.sha256:
            said.append("文件的 sha256 与交付单不符")
    return said

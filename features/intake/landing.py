"""What lies in the landing folder: `<department>/<received_on>/<table>.<csv|xlsx>` with a delivery note."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from features.errors import UserError
from features.sources import DEPARTMENTS, SOURCES

NOTE_NAMES = ("delivery.yaml", "delivery.yml")
ENDINGS = (".csv", ".xlsx")


@dataclass(frozen=True)
class Note:
    """What the delivery note says of one file; null where it says nothing."""

    rows: int | None = None
    sha256: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class Arrival:
    """One file in the landing folder. `refusal` is set where it cannot even be opened as a delivery."""

    department: str
    received_on: date | None
    table: str
    path: Path
    file: str
    note: Note = Note()
    assumptions: tuple[str, ...] = ()
    refusal: str | None = None


def find_arrivals(landing: Path) -> list[Arrival]:
    """All files in the order they were received. `UserError` where the folder is missing or empty."""
    if not landing.is_dir():
        raise UserError(
            f"找不到落地文件夹 {landing} / no such folder; give --landing the folder of deliveries."
        )
    arrivals = [_arrival(landing, path, {}) for path in _files(landing) if len(_parts(landing, path)) != 3]
    for folder in sorted(path for path in landing.glob("*/*") if path.is_dir()):
        files = [path for path in _files(folder) if path.parent == folder]
        notes, complaint = _read_notes(folder)
        arrivals += [_arrival(landing, path, notes, complaint) for path in files]
    if not arrivals:
        raise UserError(
            f"{landing} 里没有交付文件 / holds no deliveries;"
            " expected <department>/<received_on>/<table>.csv or .xlsx."
        )
    return sorted(arrivals, key=lambda a: (a.received_on or date.min, a.department, a.table, a.file))


def _files(folder: Path) -> Iterator[Path]:
    """Files that are deliveries: no notes, no hidden files, no lock files of office programs."""
    for path in sorted(folder.rglob("*")):
        own = path.name.lower() in (*NOTE_NAMES, "thumbs.db", "readme.md", "readme.txt")
        if path.is_file() and not own and not path.name.startswith((".", "~$")):
            yield path


def _parts(landing: Path, path: Path) -> tuple[str, ...]:
    return path.relative_to(landing).parts


def _arrival(landing: Path, path: Path, notes: dict[str, Any], complaint: str = "") -> Arrival:
    parts = _parts(landing, path)
    department = parts[0] if len(parts) > 1 else ""
    received_on = _folder_date(parts[1]) if len(parts) == 3 else None
    table = _table_of(path, notes, department)
    note, assumptions = _note_of(path, table, notes)
    refusal = _refusal(parts, received_on, table, path)
    said = tuple(filter(None, (complaint, *assumptions)))
    return Arrival(department, received_on, table, path, "/".join(parts), note, said, refusal)


def _refusal(parts: tuple[str, ...], received_on: date | None, table: str, path: Path) -> str | None:
    if len(parts) != 3:
        return "文件不在“部门/接收日期/”文件夹里；请放到 <部门>/<YYYY-MM-DD>/ 下重新交付。"
    if parts[0] not in DEPARTMENTS:
        return f"部门文件夹 {parts[0]} 不在约定的十二个部门内；请改用 {'、'.join(DEPARTMENTS)} 之一。"
    if received_on is None:
        return f"接收日期文件夹 {parts[1]} 不是日期；请改为 YYYY-MM-DD。"
    if path.suffix.lower() not in ENDINGS:
        return f"文件类型 {path.suffix or '（无扩展名）'} 不受理；请另存为 CSV 或 XLSX。"
    if table not in SOURCES:
        return f"文件名 {path.name} 不是已声明的表；请按表名命名，或在 delivery.yaml 里写明 table。"
    if SOURCES[table].department != parts[0]:
        owner = DEPARTMENTS[SOURCES[table].department][0]
        return f"表 {table} 应由{owner}交付，却在 {parts[0]} 文件夹里；请核对后重发。"
    return None


def _folder_date(name: str) -> date | None:
    found = re.fullmatch(r"(\d{4})[-._]?(\d{1,2})[-._]?(\d{1,2})", name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _table_of(path: Path, notes: dict[str, Any], department: str) -> str:
    """The table a file holds: by its name, by the note, or by a name with something added to it."""
    stem = path.stem.strip()
    if stem.lower() in SOURCES:
        return stem.lower()
    noted = next((t for t, entry in notes.items() if entry.get("file") == path.name), None)
    if noted in SOURCES:
        return str(noted)
    ours = [source for source in SOURCES.values() if source.department == department]
    for source in sorted(ours, key=lambda s: len(s.name), reverse=True):
        if re.match(rf"({source.name}|{source.zh})(?![a-z])", stem.lower()):
            return source.name
    return stem


def _read_notes(folder: Path) -> tuple[dict[str, Any], str]:
    """Entries of the delivery note by table, and what to say where it is missing or cannot be read."""
    path = next((folder / name for name in NOTE_NAMES if (folder / name).is_file()), None)
    if path is None:
        return {}, "没有 delivery.yaml，行数与校验值未核对"
    try:
        content = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}, "delivery.yaml 无法读取，行数与校验值未核对"
    return _entries_by_table(content), ""


def _entries_by_table(content: Any) -> dict[str, Any]:
    """A list of entries, one entry, or a mapping of table to entry."""
    if isinstance(content, dict) and "table" not in content:
        content = [{**entry, "table": t} for t, entry in content.items() if isinstance(entry, dict)]
    entries = content if isinstance(content, list) else [content]
    return {str(e["table"]): e for e in entries if isinstance(e, dict) and "table" in e}


def _note_of(path: Path, table: str, notes: dict[str, Any]) -> tuple[Note, tuple[str, ...]]:
    entry = next((e for e in notes.values() if e.get("file") == path.name), notes.get(table))
    if entry is None:
        return Note(), ("delivery.yaml 没有提到这个文件，行数与校验值未核对",) if notes else ()
    rows, sha256, period = entry.get("rows"), entry.get("sha256"), entry.get("period")
    return Note(
        rows=rows if isinstance(rows, int) and not isinstance(rows, bool) else None,
        sha256=sha256.strip().lower() if isinstance(sha256, str) else None,
        period=None if period is None else str(period),
    ), ()

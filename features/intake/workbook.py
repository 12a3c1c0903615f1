"""Spreadsheets: the sheet whose header is the table's, below titles and above signatures."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
from python_calamine import CalamineWorkbook

from features.intake.headers import SEARCHED_ROWS, Header, checked_header, find_header
from features.intake.records import Records, records_of
from features.intake.refusal import Refusal
from features.sources.core import Source

#: A workbook that unpacks to more is refused: it would not fit in memory once it is cells.
LARGEST_UNPACKED = 512 * 1024 * 1024
LARGEST_MEMBERS = 10_000
#: Whole numbers beyond this lose digits in a spreadsheet.
_EXACT = 10**15

Rows = list[list[str]]


def read_workbook(source: Source, content: bytes) -> Records:
    """Records of a workbook. `Refusal` where it is damaged, too large, or no sheet is this table."""
    sheets = [(name, rows) for name, rows in read_sheets(content) if any(map(any, rows))]
    if not sheets:
        raise Refusal("工作簿里没有内容；请确认导出成功后重发。")
    chosen = [(name, rows) for name, rows in sheets if _is_table(source, rows)]
    if not chosen:
        closest = max(sheets, key=lambda sheet: _matched(source, sheet[1]))
        checked_header(source, closest[1])
    filled = [(name, rows) for name, rows in chosen if _has_records(source, rows)] or chosen[:1]
    name, rows = filled[0]
    others = [other for other, cells in filled[1:] if cells != rows]
    if others:
        raise Refusal(f"工作表“{'”“'.join([name, *others])}”都是这张表而内容不同；请只保留一张后重发。")
    records = _records(source, checked_header(source, rows), rows)
    said = [f"读取工作表“{name}”"] if len(sheets) > 1 else []
    return replace(records, assumptions=(*said, *records.assumptions))


def _has_records(source: Source, rows: Rows) -> bool:
    header = find_header(source, rows)
    return header is not None and any(map(any, rows[header.row + 1 :]))


def _is_table(source: Source, rows: Rows) -> bool:
    header = find_header(source, rows[:SEARCHED_ROWS])
    return header is not None and header.has_required(source)


def _matched(source: Source, rows: Rows) -> int:
    header = find_header(source, rows[:SEARCHED_ROWS])
    return header.matched if header else 0


def _records(source: Source, header: Header, rows: Rows) -> Records:
    below = rows[header.row + 1 :]
    width = len(header.columns)
    columns = {
        str(place): pa.array([(row[place] if place < len(row) else "") or None for row in below], pa.string())
        for place in range(width)
    }
    numbers = pa.array(range(header.row + 2, header.row + 2 + len(below)), pa.int64())
    return records_of(source, header, pa.table(columns | {"row_number": numbers}), ())


def read_sheets(content: bytes) -> Iterator[tuple[str, Rows]]:
    """Every sheet with its cells as text. `Refusal` where the workbook is damaged or too large."""
    _check_unpacked_size(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, [[_text(cell) for cell in row] for row in cells]
    except Refusal:
        raise
    except Exception as failure:
        # The reader's own messages may quote cells.
        raise Refusal("工作簿无法打开，可能已损坏、被截断或加了密码；请重新导出为 XLSX。") from failure


def _text(cell: Any) -> str:
    """A cell as text. A whole number with more digits than a spreadsheet keeps is written to show it."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) or cell else ""


def _number_text(number: float) -> str:
    if abs(number) >= _EXACT:
        return f"{number:.5E}"
    return str(int(number)) if number == int(number) else repr(number)


def _check_unpacked_size(content: bytes) -> None:
    """`Refusal` where the archive is broken or unpacks to too much; counted, not only as it declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > LARGEST_MEMBERS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
                raise Refusal(_TOO_LARGE)
            _count_unpacked(content, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise Refusal("工作簿已损坏或被截断，无法解压；请重新导出后重发。") from None


_TOO_LARGE = "工作簿解压后过大，疑似压缩炸弹，没有打开；请改用 CSV 分批导出。"


def _count_unpacked(content: bytes, members: Sequence[zipfile.ZipInfo]) -> None:
    """Unpack every member without keeping it, whatever size it claims."""
    left = LARGEST_UNPACKED
    for member in members:
        packed = _packed_bytes(content, member)
        if member.compress_type == zipfile.ZIP_STORED:
            left -= len(packed)
            continue
        if member.compress_type != zipfile.ZIP_DEFLATED:
            raise NotImplementedError
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        while not unpacking.eof:
            piece = unpacking.decompress(packed, 1 << 20)
            if not piece and not unpacking.unconsumed_tail:
                raise EOFError
            left -= len(piece)
            if left < 0:
                raise Refusal(_TOO_LARGE)
            packed = unpacking.unconsumed_tail


def _packed_bytes(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The compressed bytes of a member: behind its local header of 30 bytes, name and extra field."""
    start = member.header_offset
    if content[start : start + 4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    name, extra = (int.from_bytes(content[start + n : start + n + 2], "little") for n in (26, 28))
    begin = start + 30 + name + extra
    return content[begin : begin + member.compress_size]

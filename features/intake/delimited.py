"""Text files: CSV with comma, tab or full-width comma, in whatever encoding they came."""

import csv
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from features.intake.decoding import Decoded, decode
from features.intake.headers import SEARCHED_ROWS, Header, checked_header, find_header
from features.intake.records import BadRow, Records, records_of
from features.intake.refusal import Refusal
from features.sources.core import Source

#: What separates cells, and what it is called.
DELIMITERS = {",": "逗号", "\t": "制表符", "，": "全角逗号", ";": "分号", "|": "竖线"}
#: Stands for a delimiter of more than one byte, which the fast parser does not take.
_STAND_IN = "\x1f"
#: Longest record in physical lines that is believed to hold line breaks inside quotes.
_JOINED_LINES = 10


def read_delimited(source: Source, content: bytes) -> Records:
    """Records of a text file. `Refusal` where it is empty, has no known header or lacks a required column."""
    decoded = decode(content)
    body = with_line_feeds(decoded.content)
    if not body.strip():
        raise Refusal("文件是空的；请确认导出成功后重发。")
    delimiter = _delimiter(source, body)
    header = checked_header(source, _first_rows(body, delimiter))
    cells, bad = _cells(body, delimiter, header)
    if decoded.damaged:
        cells, bad = _without_undecodable(cells, bad, len(header.columns))
    records = records_of(source, header, cells, bad)
    return replace(
        records,
        assumptions=(*_said_of_text(decoded, delimiter), *records.assumptions),
        truncated=decoded.cut or _ends_in_a_row(body, records.bad, len(header.columns)),
    )


def _said_of_text(decoded: Decoded, delimiter: str) -> list[str]:
    said = [] if decoded.encoding == "utf-8" else [f"文件编码按 {decoded.encoding.upper()} 读取"]
    return said + ([f"分隔符是{DELIMITERS[delimiter]}"] if delimiter != "," else [])


def with_line_feeds(content: bytes) -> bytes:
    """Old line ends (carriage return alone) as line feeds."""
    return content.replace(b"\r", b"\n") if b"\n" not in content else content


def _first_rows(body: bytes, delimiter: str) -> list[list[str]]:
    lines = body[: 1 << 16].decode("utf-8", errors="ignore").split("\n")[:SEARCHED_ROWS]
    return [_loose_cells(line.rstrip("\r"), delimiter) for line in lines]


def _loose_cells(line: str, delimiter: str) -> list[str]:
    """Cells of a line above the records; one that is no CSV at all is only split."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _delimiter(source: Source, body: bytes) -> str:
    """The one under which most declared columns are recognised."""

    def matched(delimiter: str) -> int:
        header = find_header(source, _first_rows(body, delimiter))
        return header.matched if header else 0

    return max(DELIMITERS, key=matched)


def _cells(body: bytes, delimiter: str, header: Header) -> tuple[pa.Table, list[BadRow]]:
    """All cells by position and the rows that could not be split: fast where each line is a record."""
    if len(delimiter.encode()) > 1:
        cells, bad = _cells(body.replace(delimiter.encode(), _STAND_IN.encode()), _STAND_IN, header)
        restored = [
            pc.replace_substring(column, _STAND_IN, delimiter) if pa.types.is_string(column.type) else column
            for column in cells.columns
        ]
        return pa.table(restored, names=cells.column_names), bad
    try:
        fast = _fast_cells(body, delimiter, header)
    except pa.ArrowInvalid:
        fast = None
    return fast or _careful_cells(body, delimiter, header)


def _fast_cells(body: bytes, delimiter: str, header: Header) -> tuple[pa.Table, list[BadRow]] | None:
    """The file through Arrow's parser; null where some line is not a record of its own."""
    skipped = header.row + 1
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if lines <= skipped:
        return _empty(header), []
    bad: list[BadRow] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        bad.append(BadRow(row.number, "fields", tuple(row.text.split(delimiter))))
        return "skip"

    names = [str(place) for place in range(len(header.columns))]
    cells = pa_csv.read_csv(
        pa.BufferReader(body),
        pa_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=skipped, block_size=1 << 23),
        pa_csv.ParseOptions(
            delimiter=delimiter,
            quote_char='"' if b'"' in body else False,
            invalid_row_handler=set_aside,
        ),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )
    if cells.num_rows + len(bad) != lines - skipped:
        return None
    taken = {row.row_number for row in bad}
    numbers = [n for n in range(skipped + 1, lines + 1) if n not in taken]
    return cells.append_column("row_number", pa.array(numbers, pa.int64())), bad


def _careful_cells(body: bytes, delimiter: str, header: Header) -> tuple[pa.Table, list[BadRow]]:
    """Line by line: blank lines, line breaks inside quotes, quotes that never close."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    bad: list[BadRow] = []
    lines = body.decode("utf-8", errors="replace").split("\n")[header.row + 1 :]
    for number, cells in _split_lines(lines, delimiter, len(header.columns)):
        row_number = header.row + 2 + number
        if isinstance(cells, list):
            rows.append(cells)
            numbers.append(row_number)
        else:
            bad.append(BadRow(row_number, cells, tuple(lines[number].split(delimiter))))
    columns = {
        str(place): pa.array([row[place] or None for row in rows], pa.string())
        for place in range(len(header.columns))
    }
    return pa.table(columns | {"row_number": pa.array(numbers, pa.int64())}), bad


def _split_lines(lines: list[str], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """(number of the first line, its cells) or (number, code of the problem), one a record, none left out.

    A quote that never closes must not swallow the rows below it: lines are joined only up to where they
    make a record of the right width, and only while none of those joined is a record by itself.
    """
    number = 0
    while number < len(lines):
        line = lines[number].rstrip("\r")
        number += 1
        if not line.strip():
            continue
        cells = _strict_cells(line, delimiter)
        if cells is not None and len(cells) == width:
            yield number - 1, cells
            continue
        joined = _joined(lines, number, line, delimiter, width) if cells is None else None
        if joined:
            yield number - 1, joined[1]
            number = joined[0]
        else:
            yield number - 1, "quotes" if cells is None else "fields"


def _joined(
    lines: list[str], following: int, line: str, delimiter: str, width: int
) -> tuple[int, list[str]] | None:
    """The record that begins with an open quote: (number of the line after it, its cells)."""
    for number in range(following, min(following + _JOINED_LINES, len(lines))):
        alone = _strict_cells(lines[number].rstrip("\r"), delimiter)
        if alone is not None and len(alone) == width > 1:
            return None
        line += "\n" + lines[number].rstrip("\r")
        cells = _strict_cells(line, delimiter)
        if cells is not None:
            return (number + 1, cells) if len(cells) == width else None
    return None


def _strict_cells(text: str, delimiter: str) -> list[str] | None:
    """Cells of one record; null where a quote is left open."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _empty(header: Header) -> pa.Table:
    columns = {str(place): pa.array([], pa.string()) for place in range(len(header.columns))}
    return pa.table(columns | {"row_number": pa.array([], pa.int64())})


def _without_undecodable(cells: pa.Table, bad: list[BadRow], width: int) -> tuple[pa.Table, list[BadRow]]:
    """Rows with a character that could not be decoded are set aside."""
    broken = pc.match_substring(pc.fill_null(cells["0"], ""), "\ufffd")
    for place in range(1, width):
        broken = pc.or_(broken, pc.match_substring(pc.fill_null(cells[str(place)], ""), "\ufffd"))
    numbers = cells.filter(broken)["row_number"].to_pylist()
    found = bad + [BadRow(number, "undecodable") for number in numbers]
    return cells.filter(pc.invert(broken)), sorted(found, key=lambda row: row.row_number)


def _ends_in_a_row(body: bytes, bad: tuple[BadRow, ...], width: int) -> bool:
    """True where the last line has no end and too few cells: the file was cut while being written."""
    if body.endswith(b"\n") or not bad:
        return False
    lines = body.count(b"\n") + 1
    return bad[-1].row_number == lines and (bad[-1].code == "quotes" or len(bad[-1].cells) < width)

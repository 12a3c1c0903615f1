"""Reads back what the practice world delivered, in whatever shape a file came.

Only for looking at a world as a whole: the product reads departments' files through `features.intake`.
"""

import io
from itertools import islice
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from features.errors import UserError
from features.sources import SOURCES
from features.sources.core import Kind, Source

SEPARATORS, UNIT = (",", "\t", "，"), "\x1f"
#: Lines above the records: a title, and a header that may be merged over two.
ABOVE = 4
#: What begins a line of totals or signatures below them.
BELOW = ("合计", "制表人")


def delivered(landing: Path, table: str, *, latest: bool = False) -> pd.DataFrame:
    """Rows of a table's files, declared columns, codes as declared; what cannot be read is missing.

    A row that came again counts once, as it came last. latest: the last file only, which of a register is all
    of it. `UserError` where no file of it is there.
    """
    source = SOURCES[table]
    paths = sorted((landing / source.department).glob(f"*/{table}.*"))
    every = (rows for path in reversed(paths) if (rows := _read(path, source)) is not None)
    files = list(islice(every, 1 if latest else None))[::-1]
    if not files:
        raise UserError(
            f"{landing}：没有能读的 {table} 文件，世界不完整 / holds no readable file of {table}, so the"
            " world is not whole; make it anew: python -m synthetic_data generate --out FOLDER."
        )
    rows = pd.concat(files, ignore_index=True)
    for column in source.columns:
        if column.kind is Kind.CODE:
            codes = {
                word: code for code, written in (column.domain or {}).items() for word in (code, *written)
            }
            rows[column.name] = rows[column.name].map(codes)
        elif column.kind in (Kind.DATE, Kind.MONTH):
            form = "%Y-%m-%d" if column.kind is Kind.DATE else "%Y-%m"
            rows[column.name] = pd.to_datetime(rows[column.name], format=form, errors="coerce")
        elif column.kind in (Kind.YUAN, Kind.NUMBER, Kind.INTEGER):
            rows[column.name] = pd.to_numeric(rows[column.name], errors="coerce")
    return rows if latest else _last_of_each(rows, source)


def _last_of_each(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Events: of rows with the same key the one delivered last; rows without a whole key are all kept."""
    whole = rows[list(source.key)].notna().all(axis=1)
    return pd.concat([rows[whole].drop_duplicates(list(source.key), keep="last"), rows[~whole]])


def _read(file: Path, source: Source) -> pd.DataFrame | None:
    """Text by declared column, '' where a column did not come; None where no line is this table's header."""
    cells = _cells(file)
    names = {text: c.name for c in source.columns for text in (*c.aliases, c.name)}
    names |= {column.zh: column.name for column in source.columns}
    headers = [[names.get(cell, "") for cell in line] for line in cells[:ABOVE].to_numpy().tolist()]
    least = len([column for column in source.columns if column.required])
    place = next((n for n, header in enumerate(headers) if len(set(header) - {""}) >= least), None)
    if place is None:
        return None
    header, first = headers[place], place + 1
    if first < len(headers) and any(headers[first]):  # the first cells of a merged header stand a line lower
        header = [one or other for one, other in zip(header, headers[first], strict=True)]
        first += 1
    rows = cells[first:].set_axis(header, axis=1)[sorted(set(header) - {""})]
    rows = rows.reindex(columns=[column.name for column in source.columns], fill_value="")
    return rows[~cells.loc[first:, 0].str.startswith(BELOW)]


def _cells(file: Path) -> pd.DataFrame:
    """Every line of a file as text, columns by number; none where the file cannot be opened at all."""
    content = file.read_bytes()
    if file.suffix == ".xlsx":
        return _sheet(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    top = text.split("\n", ABOVE)[:ABOVE]
    separator = max(SEPARATORS, key="".join(top).count)
    width = max(line.count(separator) for line in top) + 1
    if not content:
        return pd.DataFrame(columns=range(width))
    if separator != ",":  # the fast parser takes one byte
        text, separator = text.replace(separator, UNIT), UNIT
    lines = pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        names=range(width),
        dtype=str,
        keep_default_na=False,
        on_bad_lines="skip",
    )
    return lines.fillna("")


def _sheet(content: bytes) -> pd.DataFrame:
    """The sheet with most lines."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        return pd.DataFrame()
    sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    return pd.DataFrame(max(sheets, key=len)).astype(str)

"""What is sent in place of a file: nothing, a piece of it, another table, a bomb."""

import csv
import io
import zipfile

import numpy as np

from features.sources import SOURCES
from features.sources.core import Source
from synthetic_data.sheets import Layout
from synthetic_data.writing import Cells, Sheet, as_text, count

#: What a bomb unpacks to; more than intake opens.
BOMB_BYTES = 520 * 1024 * 1024
#: What is left of a file that was cut.
LEFT = 2 / 3
#: Bytes that are left of the line in which it was cut: part of its first cell.
LEFT_OF_LINE = 3


def damaged(content: bytes, layout: Layout, sheet: Sheet) -> tuple[bytes, int]:
    """The bytes that are sent for a file's shapes, and how many lines of records are among them."""
    shapes, records = layout.shapes, len(sheet.rows)
    if "empty" in shapes:
        return b"", 0
    if "bomb" in shapes:
        return _bomb(), 0
    if "other_table" in shapes:
        return _another_table(layout.source, as_text(sheet.clean)), 0
    if "cut_workbook" in shapes:
        return content[: int(len(content) * LEFT)], 0
    if shapes & {"cut_events", "cut_register"}:
        lines = content.splitlines(keepends=True)
        whole = layout.first_row - 1 + int(records * LEFT)
        return b"".join(lines[:whole]) + lines[whole][:LEFT_OF_LINE], int(records * LEFT) + 1
    return content, records


def _another_table(source: Source, cells: Cells) -> bytes:
    """A file of another table of the department (or of the deaths) with what both tables hold."""
    own = [other for other in SOURCES.values() if other.department == source.department]
    other = next(o for o in (*own, SOURCES["deaths"], SOURCES["pensions"]) if _apart(o, source))
    empty = np.full(count(cells), "", dtype=object)
    rows = zip(*(cells.get(column.name, empty).tolist() for column in other.columns), strict=True)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[column.zh for column in other.columns], *rows])
    return text.getvalue().encode()


def _apart(one: Source, other: Source) -> bool:
    """Whether the one requires what the other does not know."""
    return bool({c.zh for c in one.columns if c.required} - {c.zh for c in other.columns})


def _bomb() -> bytes:
    """A small workbook that unpacks to more than anybody opens."""
    packed = io.BytesIO()
    piece = bytes(1 << 20)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        member = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        member.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(member, "w") as file:
            for _ in range(0, BOMB_BYTES, len(piece)):
                file.write(piece)
    return packed.getvalue()

"""Whatever bytes arrive, a reader gives records or a refusal, and every line of a file is accounted for.

`make fuzz` runs the same with many more examples (`INTAKE_FUZZ_EXAMPLES`).
"""

import os
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.forms import CLEAN, HEADER, A, B, book, lines
from features.intake import taking
from features.intake.landing import Arrival
from features.intake.records import Records
from features.intake.refusal import Refusal
from features.sources import SOURCES
from tests.features.landing_folder import Landing

EXAMPLES = int(os.environ.get("INTAKE_FUZZ_EXAMPLES", "40"))
fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WORKBOOK = book({"数据": [("登记表",), HEADER, A, B], "说明": [("无",)]})
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\r\n\x00",，'), max_size=12)
WRITTEN = st.one_of(
    TEXT, st.integers().map(str), st.floats().map(str), st.dates().map(str), st.decimals().map(str)
)


def read(folder: Path, content: bytes, table: str = "deaths") -> Records | None:
    """Records, or None where the file was refused; any other end is a failure of ours."""
    source = SOURCES[table]
    path = folder / f"{table}.csv"
    path.write_bytes(content)
    try:
        return taking._read(source, Arrival(source.department, date(2024, 2, 5), table, path, path.name))
    except Refusal:
        return None


def mutated(content: bytes) -> st.SearchStrategy[bytes]:
    """The content with a few pieces overwritten, dropped or doubled."""
    piece = st.tuples(st.integers(0, len(content)), st.integers(0, 40), st.binary(max_size=12))

    def apply(pieces: list[tuple[int, int, bytes]]) -> bytes:
        changed = content
        for start, length, replacement in pieces:
            changed = changed[:start] + replacement + changed[start + length :]
        return changed

    return st.lists(piece, min_size=1, max_size=4).map(apply)


@fuzz
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for start in (b"", CLEAN.encode(), b"PK\x03\x04"):
        read(tmp_path, start + content)


@fuzz
@given(content=mutated(CLEAN.encode("gb18030")))
def test_a_text_file_mutated_anywhere_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    read(tmp_path, content)


@fuzz
@given(content=mutated(WORKBOOK))
def test_a_workbook_mutated_anywhere_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    read(tmp_path, content)


@fuzz
@given(
    rows=st.lists(st.lists(WRITTEN, min_size=1, max_size=5), max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    separator=st.sampled_from([",", "\t", "，"]),
)
def test_no_line_is_lost_whatever_stands_in_its_cells(
    tmp_path: Path, rows: list[list[str]], encoding: str, separator: str
) -> None:
    """A separator in a cell makes a cell more, which sets the line aside; it never takes the line away."""
    body = [separator.join(cells) for cells in rows]
    content = lines(HEADER, A, separator=separator) + "".join(f"{line}\n" for line in body)
    content += lines(B, separator=separator)
    records = read(tmp_path, content.encode(encoding))
    assert records is not None
    written = [line for line in body if line.replace(separator, "").strip()]
    assert len(written) + 2 <= records.rows_in <= len(body) + 2  # a line of separators alone may count


@settings(fuzz, max_examples=max(5, EXAMPLES // 8))
@given(cells=st.lists(st.tuples(WRITTEN, WRITTEN, WRITTEN), min_size=1, max_size=8))
def test_every_row_of_a_workbook_is_taken_or_set_aside(
    tmp_path: Path, cells: list[tuple[str, str, str]]
) -> None:
    landing = Landing(tmp_path / str(len(list(tmp_path.iterdir()))))
    landing.deliver("civil_affairs/2024-02-05/deaths.xlsx", book({"Sheet1": [HEADER, A, *cells, B]}))
    entry = landing.take()["deaths.xlsx"]
    filled = [row for row in cells if any(cell.strip() for cell in row)]
    assert (entry.status, entry.rows_in) == ("taken", len(filled) + 2), entry.reason
    assert entry.rows_in == entry.rows_taken + entry.rows_quarantined

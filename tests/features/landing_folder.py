"""Landing folders for the tests of intake: real files with real bytes."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter
import yaml

from features.engines import open_warehouse
from features.identity.id_number import check_character
from features.intake.entry import Entry
from features.intake.run import run_intake

KEY = "practice"


def id_no(number: int, born: str = "19700102") -> str:
    """A valid identity number of nobody: area 990102 was never assigned."""
    digits = f"990102{born}{number:03d}"
    return digits + check_character(digits)


def csv(header: Sequence[str], *rows: Sequence[str], separator: str = ",", end: str = "\n") -> str:
    """A delimited file as text."""
    return end.join(separator.join(cells) for cells in (header, *rows)) + end


def xlsx(sheets: dict[str, Sequence[Sequence[Any]]], merged: Sequence[tuple[str, str, str]] = ()) -> bytes:
    """A workbook; `merged` are (sheet, range, text)."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        pages = {name: book.add_worksheet(name) for name in sheets}
        for name, rows in sheets.items():
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if cell is not None:
                        pages[name].write(number, place, cell)
        for name, place, text in merged:
            pages[name].merge_range(place, text)
    return written.getvalue()


class Landing:
    """A landing folder and the warehouse it is taken into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "landing"
        self.warehouse = folder / "warehouse"
        self.folder.mkdir(parents=True)

    def deliver(self, place: str, content: str | bytes) -> Path:
        """Write `<department>/<received_on>/<file>`."""
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def note(self, place: str, **said: Any) -> None:
        """A delivery note beside a file that lies there."""
        path = self.folder / place
        entry = {
            "table": path.stem,
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            **said,
        }
        (path.parent / "delivery.yaml").write_text(yaml.safe_dump([entry], allow_unicode=True))

    def take(self) -> dict[str, Entry]:
        """Run the intake; entries by file name."""
        entries = run_intake(self.folder, self.warehouse, KEY, workers=1)
        return {entry.file.rsplit("/", 1)[-1]: entry for entry in entries}

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Stored rows of a table in file order, only these columns."""
        stored = open_warehouse(self.warehouse).table(table).order_by("received_on", "row_number")
        return [tuple(row.values()) for row in stored.select(*columns).to_pyarrow().to_pylist()]

    def quarantined(self, entry: Entry) -> dict[int, tuple[str, str]]:
        """(column, reason) of the rows of a delivery set aside, by row number."""
        rows = pq.read_table(self.warehouse / "quarantine" / f"{entry.delivery_id}.parquet").to_pylist()
        assert {row["file"] for row in rows} == {entry.file}
        return {row["row_number"]: (row["column"], row["reason_zh"]) for row in rows}

"""Writes files of the landing folder as departments would, and the note of each delivery."""

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import xlsxwriter

from features.sources.core import Column, Delivery, Kind, Source
from synthetic_data.clock import chance
from synthetic_data.departments.rows import SUBJECT, Rows
from synthetic_data.dirt import NAMES_WRITTEN_OTHERWISE, Mess, rewrite_names, spoil
from synthetic_data.habits import Habit, habit_of, headers, words
from synthetic_data.identity_truth import IdentityTruth

UNQUOTED = pa_csv.WriteOptions(include_header=False, quoting_style="none")


@dataclass(frozen=True)
class Written:
    """One file of the landing folder: what its note says, and whose its rows are where they do not say so."""

    table: str
    file: str  # <department>/<received_on>/<name>
    period: str
    rows: int
    sha256: str
    truth: pa.Table


def write_file(landing: Path, source: Source, rows: Rows, seed: int, mess: Mess) -> Written:
    """Write one table of one day."""
    received = str(rows.received[0].astype("datetime64[D]"))
    habit = habit_of(source)
    habit = replace(habit, bad_rows=habit.bad_rows * mess.times)
    file = f"{source.department}/{received}/{source.name}.{'xlsx' if habit.spreadsheet else 'csv'}"
    truth = IdentityTruth()
    content = _content(source, habit, rows, chance(seed, f"dirt_{source.name}_{received}"), truth, file, mess)
    (landing / file).parent.mkdir(parents=True, exist_ok=True)
    (landing / file).write_bytes(content)
    return Written(
        table=source.name,
        file=file,
        period=str(np.datetime64(received, "M") - np.timedelta64(source.delivery is Delivery.EVENTS, "M")),
        rows=len(next(iter(rows.columns.values()))),
        sha256=hashlib.sha256(content).hexdigest(),
        truth=truth.table(),
    )


def write_notes(landing: Path, files: list[Written]) -> None:
    """Write delivery.yaml beside the files."""
    notes: dict[Path, list[str]] = {}
    for file in files:
        path = landing / file.file
        said = (("table", file.table), ("file", path.name), ("period", file.period), ("rows", file.rows))
        lines = [f"{'- ' if key == 'table' else '  '}{key}: {value}" for key, value in said]
        notes.setdefault(path.parent, []).extend([*lines, f"  sha256: {file.sha256}"])
    for folder, lines in notes.items():
        (folder / "delivery.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _content(
    source: Source,
    habit: Habit,
    rows: Rows,
    rng: np.random.Generator,
    truth: IdentityTruth,
    file: str,
    mess: Mess,
) -> bytes:
    columns, renamed = _with_names(source, rows.columns, rng, NAMES_WRITTEN_OTHERWISE * mess.times)
    table = pa.table({c.name: _array(source, c, habit, columns[c.name]) for c in source.columns})
    bad = rng.random(table.num_rows) < habit.bad_rows
    spoilt = None
    if bad.any():
        spoilt = _as_text(table.filter(pa.array(bad)))
        spoilt = spoil(source, spoilt, rng)
        table = table.filter(pa.array(~bad))
    _tell(truth, source, habit, file, rows.columns, bad, spoilt, renamed)
    if habit.spreadsheet:
        return _spreadsheet(source, habit, _as_text(table), spoilt)
    buffer = io.BytesIO()
    buffer.write((",".join(headers(source, habit)) + "\n").encode())
    pa_csv.write_csv(table, buffer, UNQUOTED)
    if spoilt:
        pa_csv.write_csv(pa.table({k: pa.array(v, pa.string()) for k, v in spoilt.items()}), buffer, UNQUOTED)
    content = buffer.getvalue()
    return content if habit.encoding == "utf-8" else content.decode().encode(habit.encoding)


def _with_names(
    source: Source, columns: dict[str, np.ndarray], rng: np.random.Generator, share: float
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The columns with some names written in another way; and which, by identity column.

    The resident register is where names are right.
    """
    if source.name == "residents":
        return columns, {}
    written, renamed = dict(columns), {}
    for column in source.columns:
        if column.name_of:
            names = objects(columns[column.name])
            written[column.name], renamed[column.name_of] = rewrite_names(names, rng, share)
    return written, renamed


def _tell(
    truth: IdentityTruth,
    source: Source,
    habit: Habit,
    file: str,
    columns: dict[str, np.ndarray],
    bad: np.ndarray,
    spoilt: dict[str, np.ndarray] | None,
    renamed: dict[str, np.ndarray],
) -> None:
    """Whose the rows of a file really are; spoilt rows stand after the good ones."""
    first = 3 if habit.spreadsheet else 2
    good = np.flatnonzero(~bad)
    for column in source.columns:
        if column.kind is not Kind.ID_NO:
            continue
        own = SUBJECT if SUBJECT in columns else column.name
        changed = renamed.get(column.name, np.zeros(len(bad), bool))
        if SUBJECT in columns or changed.any():
            true, written = objects(columns[own])[good], objects(columns[column.name])[good]
            truth.add(
                source.name, file, column.name, first + np.arange(len(good)), written, true, changed[good]
            )
        if spoilt:
            own_cells = columns[own]
            kept = own_cells.filter(pa.array(bad)) if isinstance(own_cells, pa.Array) else own_cells[bad]
            true = objects(kept)
            numbers = first + len(good) + np.arange(len(true))
            truth.add(source.name, file, column.name, numbers, spoilt[column.name], true, changed[bad])


def objects(values: np.ndarray | pa.Array) -> np.ndarray:
    """Texts as an object array."""
    if isinstance(values, pa.Array):
        return values.to_numpy(zero_copy_only=False)
    return values.astype(object)


def _array(source: Source, column: Column, habit: Habit, values: np.ndarray | pa.Array) -> pa.Array:
    """A declared column as Arrow would write it to CSV: dates ISO, months YYYY-MM, codes in words."""
    if column.kind is Kind.DATE:
        return pa.array(values.astype("datetime64[D]"))
    if column.kind is Kind.MONTH:
        months, place = np.unique(values.astype("datetime64[M]"), return_inverse=True)
        return pa.array(months.astype(str).astype(object), pa.string()).take(pa.array(place))
    if column.kind in (Kind.YUAN, Kind.NUMBER):
        return pa.array(np.round(values.astype(float), 6), from_pandas=True)
    if column.kind is Kind.INTEGER:
        return pa.array(values.astype(np.int64))
    texts = values if isinstance(values, pa.Array) else pa.array(values, pa.string(), from_pandas=True)
    if column.kind is not Kind.CODE:
        return texts
    encoded = texts.dictionary_encode()
    written = words(source, column.name, habit)
    return pa.array([written.get(c, c) for c in encoded.dictionary.to_pylist()], pa.string()).take(
        encoded.indices
    )


def _as_text(table: pa.Table) -> dict[str, np.ndarray]:
    return {
        name: np.array(pc.fill_null(table[name].cast(pa.string()), "").to_pylist(), dtype=object)
        for name in table.column_names
    }


def _spreadsheet(
    source: Source, habit: Habit, cells: dict[str, np.ndarray], spoilt: dict[str, np.ndarray] | None
) -> bytes:
    """A workbook with a title above the header, as an office would send it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet(source.zh)
    sheet.write_string(0, 0, f"{source.zh}情况表")
    for number, header in enumerate(headers(source, habit)):
        sheet.write_string(1, number, header)
    row = 2
    for part in (cells, spoilt):
        for values in zip(*part.values(), strict=True) if part else ():
            for number, value in enumerate(values):
                sheet.write_string(row, number, str(value))
            row += 1
    book.close()
    return buffer.getvalue()

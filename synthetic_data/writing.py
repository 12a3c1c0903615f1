"""Rows as a department writes them down, some otherwise than meant; and whose they are."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.sources.core import Column, Kind, Source
from synthetic_data.departments.rows import SUBJECT, Rows
from synthetic_data.dirt import NAMES_WRITTEN_OTHERWISE, Mess, rewrite_names, spoil
from synthetic_data.habits import Habit, words
from synthetic_data.identity_truth import IdentityTruth
from synthetic_data.spellings import SPELLINGS, respell

#: Share of rows with a cell in another way of writing that can be read.
RESPELLED = 0.004

Cells = dict[str, np.ndarray]  # text columns by name


@dataclass(frozen=True)
class Sheet:
    """The lines of a file: `clean` rows, then `respelled`, then `spoilt` ones, unless `order` says otherwise.

    rows: for each line, its row of `columns`. order: for each place in the file, which line stands there.
    renamed: whether a row's name was written in another way, by identity column. ways: names of the ways in
    which cells were written or spoilt.
    """

    source: Source
    columns: dict[str, np.ndarray]
    clean: pa.Table
    respelled: Cells
    spoilt: Cells
    rows: np.ndarray
    order: np.ndarray | None
    renamed: dict[str, np.ndarray]
    ways: set[str]

    @property
    def others(self) -> list[Cells]:
        """The lines that are no Arrow table."""
        return [cells for cells in (self.respelled, self.spoilt) if count(cells)]

    @property
    def places(self) -> np.ndarray:
        """Where each line stands in the file, from 0."""
        if self.order is None:
            return np.arange(len(self.rows))
        return np.argsort(self.order)


def count(cells: Cells) -> int:
    """How many rows these are."""
    return len(next(iter(cells.values())))


def sheet_of(
    source: Source, habit: Habit, rows: Rows, rng: np.random.Generator, mess: Mess, *, shuffled: bool
) -> Sheet:
    """Write the rows down, with a share of them spoilt and of names and cells written otherwise."""
    columns, renamed = _with_names(source, rows.columns, rng, NAMES_WRITTEN_OTHERWISE * mess.times)
    table = pa.table({c.name: _array(source, c, habit, columns[c.name]) for c in source.columns})
    draw = rng.random(table.num_rows)
    bad_share = habit.bad_rows * mess.times
    bad = draw < bad_share
    otherwise = ~bad & (draw < bad_share + RESPELLED * mess.times)
    if not any(column.kind in SPELLINGS for column in source.columns):
        otherwise[:] = False
    clean = ~(bad | otherwise)
    respelled, ways = respell(source, as_text(table.filter(pa.array(otherwise))), rng)
    spoilt, unreadable = spoil(source, as_text(table.filter(pa.array(bad))), rng)
    return Sheet(
        source=source,
        columns=rows.columns,
        clean=table if clean.all() else table.filter(pa.array(clean)),
        respelled=respelled,
        spoilt=spoilt,
        rows=np.concatenate([np.flatnonzero(chosen) for chosen in (clean, otherwise, bad)]),
        order=rng.permutation(table.num_rows) if shuffled else None,
        renamed=renamed,
        ways=ways | unreadable | ({"name_otherwise"} if any(map(np.any, renamed.values())) else set()),
    )


def identities(sheet: Sheet, file: str, first_row: int) -> pa.Table:
    """Whose the rows of a file really are, where their number or name does not say so."""
    truth, source = IdentityTruth(), sheet.source
    good = len(sheet.rows) - count(sheet.spoilt)
    numbers = first_row + sheet.places
    for column in source.columns:
        if column.kind is not Kind.ID_NO:
            continue
        own = sheet.columns[SUBJECT if SUBJECT in sheet.columns else column.name]
        changed = sheet.renamed.get(column.name, np.zeros(len(sheet.rows), bool))
        if SUBJECT in sheet.columns or changed.any():
            kept = sheet.rows[:good]
            true, written = objects(own)[kept], objects(sheet.columns[column.name])[kept]
            truth.add(source.name, file, column.name, numbers[:good], written, true, changed[kept])
        if good < len(sheet.rows):
            kept = sheet.rows[good:]
            true, written = objects(taken(own, kept)), sheet.spoilt[column.name]
            truth.add(source.name, file, column.name, numbers[good:], written, true, changed[kept])
    return truth.table()


def taken(values: np.ndarray | pa.Array, places: np.ndarray) -> np.ndarray | pa.Array:
    """The values at these places."""
    return values.take(pa.array(places)) if isinstance(values, pa.Array) else values[places]


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


def as_text(table: pa.Table) -> Cells:
    """Every cell as text, '' where it is empty."""
    return {
        name: np.array(pc.fill_null(table[name].cast(pa.string()), "").to_pylist(), dtype=object)
        for name in table.column_names
    }

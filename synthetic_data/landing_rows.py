"""Reads back what the practice world delivered, by each department's own habit of writing.

Only for looking at a world as a whole: the product reads departments' files through `features.intake`.
"""

from pathlib import Path

import pandas as pd

from features.errors import UserError
from features.sources import SOURCES
from features.sources.core import Kind
from synthetic_data.habits import habit_of, words


def delivered(landing: Path, table: str, *, latest: bool = False) -> pd.DataFrame:
    """Rows of a table's files, declared columns, codes as declared; what cannot be read is missing.

    latest: the last file only, which of a register is all of it. `UserError` where no file of it is there.
    """
    source = SOURCES[table]
    files = sorted((landing / source.department).glob(f"*/{table}.csv"))
    if not files:
        raise UserError(
            f"{landing}：没有 {table} 的 CSV 文件，世界不完整 / holds no CSV file of {table}, so the world is"
            " not whole; make it anew: python -m synthetic_data generate --out FOLDER."
        )
    rows = pd.concat([_read(file, table) for file in (files[-1:] if latest else files)], ignore_index=True)
    habit = habit_of(source)
    for column in source.columns:
        if column.kind is Kind.CODE:
            codes = {written: code for code, written in words(source, column.name, habit).items()}
            rows[column.name] = rows[column.name].map(codes)
        elif column.kind in (Kind.DATE, Kind.MONTH):
            form = "%Y-%m-%d" if column.kind is Kind.DATE else "%Y-%m"
            rows[column.name] = pd.to_datetime(rows[column.name], format=form, errors="coerce")
        elif column.kind in (Kind.YUAN, Kind.NUMBER, Kind.INTEGER):
            rows[column.name] = pd.to_numeric(rows[column.name], errors="coerce")
    return rows


def _read(file: Path, table: str) -> pd.DataFrame:
    source = SOURCES[table]
    names = [column.name for column in source.columns]
    encoding = habit_of(source).encoding
    return pd.read_csv(file, names=names, header=0, dtype=str, encoding=encoding, keep_default_na=False)

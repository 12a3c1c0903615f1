"""The same intake in plain pandas: what a good pandas programmer would write for this city's files.

It reads every file of a landing folder whole, checks and converts each declared column with vectorised
pandas, sets bad rows aside and writes the good ones to Parquet with pseudonyms. It knows the files' forms
beforehand (encodings, title rows, header names), which the product finds out; and it keeps no catalogue,
resumes nothing and refuses nothing. Its good rows must equal the product's, row by row; the comparison
fails otherwise.
"""

import hashlib
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from features.sources import SOURCES
from features.sources.core import Column, Kind, Source

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = np.array(list("10X98765432"))
NOTHING = ("", "无", "/", "-", "不详")


def take(landing: Path, out: Path, key: str) -> dict[str, tuple[int, int]]:
    """Take a landing folder in; rows taken and set aside, by table."""
    counts: dict[str, tuple[int, int]] = {}
    for path in sorted(landing.glob("*/*/*.*")):
        if path.suffix == ".yaml":
            continue
        source = SOURCES[path.stem]
        good, bad = convert(source, read(path), key)
        good.insert(0, "received_on", pd.Timestamp(path.parent.name))
        target = out / source.name / f"{path.parent.name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        good.to_parquet(target, compression="zstd", index=False)
        taken, aside = counts.get(source.name, (0, 0))
        counts[source.name] = (taken + len(good), aside + bad)
    return counts


def read(path: Path) -> pd.DataFrame:
    """All cells as text."""
    if path.suffix == ".xlsx":
        return pd.read_excel(path, header=1, dtype=str, keep_default_na=False, engine="calamine")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(f"{path} has no known encoding")


def convert(source: Source, cells: pd.DataFrame, key: str) -> tuple[pd.DataFrame, int]:
    """Typed good rows with pseudonyms, and the number of bad ones."""
    names = {text: column.name for column in source.columns for text in (*column.aliases, column.name)}
    names |= {column.zh: column.name for column in source.columns}
    cells = cells.rename(columns=names)
    bad = pd.Series(False, index=cells.index)
    typed: dict[str, pd.Series] = {}
    for column in source.columns:
        text = cells[column.name].str.strip()
        text = text.mask(text.isin(NOTHING))
        value = READ[column.kind](text, column)
        wrong = value.isna() & (text.notna() | column.required)
        if column.minimum is not None:
            wrong |= value < column.minimum
        if column.maximum is not None:
            wrong |= value > column.maximum
        bad |= wrong.fillna(False).astype(bool)
        typed[column.name] = value
        if column.person_column:
            typed[column.person_column] = pseudonyms(value, key)
    return pd.DataFrame(typed)[~bad], int(bad.sum())


def pseudonyms(numbers: pd.Series, key: str) -> pd.Series:
    """SHA-256 of each number once."""
    known = {
        number: "P" + hashlib.sha256(f"{key}|person|{number}".encode()).hexdigest()[:15]
        for number in numbers.dropna().unique()
    }
    return numbers.map(known)


def _identity(text: pd.Series, column: Column) -> pd.Series:
    text = text.str.upper()
    shaped = text.where(text.str.fullmatch("[0-9]{17}[0-9X]", na=False))
    known = shaped.dropna()
    if known.empty:
        return shaped
    digits = np.frombuffer("".join(known.str[:17]).encode(), dtype=np.uint8).reshape(-1, 17) - 48
    right = CHECK[(digits * WEIGHTS).sum(axis=1) % 11] == known.str[17].to_numpy()
    born = pd.to_datetime(known.str[6:14], format="%Y%m%d", errors="coerce").notna()
    return shaped.where(
        pd.Series(right & born.to_numpy(), index=known.index).reindex(text.index, fill_value=False)
    )


def _code(text: pd.Series, column: Column) -> pd.Series:
    words = {word: code for code, written in (column.domain or {}).items() for word in (code, *written)}
    value = text.map(words)
    return value.fillna(words[""]) if "" in words else value


def _text(text: pd.Series, column: Column) -> pd.Series:
    return text


READ = {
    Kind.ID_NO: _identity,
    Kind.USCC: _text,
    Kind.REGION: _text,
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.DATE: lambda text, column: pd.to_datetime(text, format="%Y-%m-%d", errors="coerce"),
    Kind.MONTH: lambda text, column: pd.to_datetime(text, format="%Y-%m", errors="coerce"),
    Kind.YUAN: lambda text, column: pd.to_numeric(text, errors="coerce").round(2),
    Kind.NUMBER: lambda text, column: pd.to_numeric(text, errors="coerce"),
    Kind.INTEGER: lambda text, column: pd.to_numeric(text, errors="coerce").astype("Int64"),
}


def main() -> None:
    """`peer_pandas_intake.py LANDING OUT KEY`: one line of JSON with seconds and counts."""
    landing, out, key = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    began = time.perf_counter()
    counts = take(landing, out, key)
    print(json.dumps({"seconds": time.perf_counter() - began, "counts": counts}))


if __name__ == "__main__":
    main()

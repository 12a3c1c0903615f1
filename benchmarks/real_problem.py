"""What is asked of a table, what others reached on it, and how both are told."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import UserError
from training.fit import BAG

Floats = npt.NDArray[np.float64]

#: Folds a table without time is judged on.
FOLDS = 5


@dataclass(frozen=True)
class Problem:
    """A table and what is asked of it.

    label: (n,) 1, 0 or NaN where nobody knows. fields: columns a model may read. outcome: columns the label
    is made of. group: column of what no split may divide. time: column of time: later rows are judged, from
    `judged_from` on. known: column of the time a label became known. nominal: fields whose numbers are
    codes. bag: boosters of a champion.
    """

    name: str
    table: pd.DataFrame
    label: Floats
    fields: tuple[str, ...]
    outcome: tuple[str, ...] = ()
    group: str | None = None
    time: str | None = None
    judged_from: float | None = None
    known: str | None = None
    nominal: frozenset[str] = frozenset()
    folds: int = FOLDS
    bag: int = BAG

    def labelled(self) -> "Problem":
        """Only rows whose outcome is known; `UserError` where they cannot be learnt from."""
        check(self)
        kept = ~np.isnan(self.label)
        return replace(self, table=self.table[kept].reset_index(drop=True), label=self.label[kept])

    @property
    def household(self) -> npt.NDArray[np.object_]:
        """(n,) what stays together; the row itself where nothing is said."""
        if self.group is None:
            return np.arange(len(self.table)).astype(str).astype(object)
        alone = "row " + pd.Series(np.arange(len(self.table))).astype("string")
        return self.table[self.group].astype("string").fillna(alone).to_numpy(dtype=object)


def check(problem: Problem) -> None:
    """`UserError` says which column is missing, and what is lacking in the label or the fields."""
    asked = [*problem.fields, *filter(None, (problem.group, problem.time, problem.known)), *problem.nominal]
    lacking = sorted({one for one in asked if one not in problem.table})
    if lacking:
        raise UserError(
            f"{problem.name}: 表中没有 {len(lacking)} 列 / the table lacks {len(lacking)} columns: "
            f"{', '.join(lacking)}; it has {len(problem.table.columns)}. Correct the names."
        )
    if not problem.fields:
        raise UserError(
            f"{problem.name}: 没有可用的列 / no field is allowed; name some with --allow, or leave it out to "
            "allow every column but label, group and time."
        )
    known = problem.label[~np.isnan(problem.label)]
    if not 0 < known.sum() < len(known):
        raise UserError(
            f"{problem.name}: 结果只有一类 / all {len(known)} labels are of one class, so nothing can be "
            "learnt. Correct --label."
        )


@dataclass(frozen=True)
class Reference:
    """A figure somebody else reached on the same rows; low and high: its 95 % interval where one is told."""

    auc: float
    low: float | None = None
    high: float | None = None
    average_precision: float | None = None
    precision_at_5_percent: float | None = None
    linear_auc: float | None = None


@dataclass(frozen=True)
class Planted:
    """The same set with what must not pass: a leak is caught when a guard names one of `expected`."""

    problem: Problem
    expected: frozenset[str]
    kinds: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class RealSet:
    """A problem, the reference beside it, and variants in which the answer leaks."""

    problem: Problem
    reference: Reference | None
    planted: dict[str, Planted] = field(default_factory=dict)


def words(listed: str) -> list[str]:
    """Names written one after another."""
    return listed.split()


def labels(whole: pd.DataFrame, told: str) -> tuple[npt.NDArray[np.float64], str]:
    """((n,) of 1, 0 or NaN, the column); `UserError` names a column that is missing or not of two values."""
    sign = next((one for one in "=<>" if one in told), None)
    column, _, value = (told, "", "") if sign is None else (part.strip() for part in told.partition(sign))
    if column not in whole:
        raise UserError(
            f"表中没有结果列 {column} / the table has no label column {column}; it has "
            f"{len(whole.columns)} columns. Correct --label."
        )
    cells = whole[column]
    number = pd.to_numeric(cells, errors="coerce")
    if sign in ("<", ">"):
        made = number < _number(value) if sign == "<" else number > _number(value)
        return made.astype(float).where(number.notna()).to_numpy(dtype=float), column
    if sign == "=":
        wanted = [one.strip() for one in value.split(",")]
        same = cells.astype("string").str.strip().isin(wanted) | number.isin(
            [float(one) for one in wanted if _is_number(one)]
        )
        return same.astype(float).where(cells.notna()).to_numpy(dtype=float, na_value=np.nan), column
    if not set(number.dropna()) <= {0, 1} or number.notna().sum() < cells.notna().sum():
        raise UserError(
            f"结果列 {column} 有 {cells.nunique()} 种值 / the label column {column} has {cells.nunique()} "
            f"values and not 1 and 0; say which is positive: --label {column}=VALUE."
        )
    return number.to_numpy(dtype=float, na_value=np.nan), column


def _is_number(text: str) -> bool:
    return bool(pd.notna(pd.to_numeric(text, errors="coerce")))


def _number(text: str) -> float:
    if not _is_number(text):
        raise UserError(f"{text} 不是数 / is no number; write --label COLUMN<NUMBER.")
    return float(text)


#: Cells that say nothing; `None` and the like may be a word of a table, so they stay.
NOTHING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "."]


def read(path: Path) -> pd.DataFrame:
    """A CSV (also compressed) or Parquet file; `UserError` names the file that is not there or is neither."""
    if not path.is_file():
        raise UserError(f"没有文件 {path} / there is no file {path}.")
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if ".csv" not in path.suffixes:
        raise UserError(f"{path.name} 不是 CSV 或 Parquet / is neither .csv, .csv.gz nor .parquet.")
    return pd.read_csv(path, low_memory=False, keep_default_na=False, na_values=NOTHING)

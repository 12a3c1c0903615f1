"""What a batch reads: profiles, judgements and findings as of one date, and the trained bundles.

Everything a person may have forgotten is checked here and told in one sentence.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from features.errors import UserError
from models.bundle import Bundle, load_bundle
from models.questions import SPECS
from serving.assessment import Answers, TableAnswers

UNIVERSES = ("on_file", "register")
STATE = "_state"
#: Columns of a profile that are not features.
PLAIN = (
    "household_id",
    "number",
    "region_code",
    "street_code",
    "urban_rural",
    "category",
    "in_programme",
    "review_class",
    "person_count",
    "vulnerable",
)
BLOCK = 1 << 20


@dataclass(frozen=True)
class Profiles:
    """The households of one universe as of a date, one row each, with what the rules say of them."""

    universe: str
    households: pa.Table
    judgements: pa.Table
    findings: pa.Table

    @cached_property
    def ids(self) -> npt.NDArray[np.object_]:
        """Pseudonyms in the order of the rows."""
        return objects(self.households, "household_id")

    @cached_property
    def sources(self) -> list[str]:
        """Names of the tables whose answers the profile carries."""
        return sorted(
            name.removesuffix(STATE) for name in self.households.column_names if name.endswith(STATE)
        )

    def rows(self, bundle: Bundle, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The bundle's features (n, features) of the rows at `places`, NaN = unknown."""
        chosen = self.households.select(list(bundle.names)).take(pa.array(places))
        columns = [chosen[name].to_numpy(zero_copy_only=False) for name in bundle.names]
        return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])

    def answers(self, names: list[str], places: npt.NDArray[np.int64], *, evidence: bool = True) -> Answers:
        """What the named tables answered for the rows at `places`; dates only where `evidence` is asked."""
        return {name: self._answer(name, places, evidence) for name in names}

    def _answer(self, name: str, places: npt.NDArray[np.int64], evidence: bool) -> TableAnswers:
        chosen = self.households.select(list(self._columns(name))).take(pa.array(places))
        state = objects(chosen, name + STATE)
        if not evidence:
            return TableAnswers(state)
        event_on, known_on, confidence = (chosen[c].to_pylist() for c in self._columns(name)[1:])
        return TableAnswers(state, event_on, known_on, confidence)

    @staticmethod
    def _columns(name: str) -> tuple[str, ...]:
        return (name + STATE, f"{name}_event_on", f"{name}_known_on", f"{name}_confidence")


def load_bundles(folder: Path) -> dict[str, Bundle]:
    """The bundle of every question; `UserError` names the one that is missing."""
    if not folder.is_dir():
        raise UserError(
            f"没有模型文件夹 {folder} / there is no folder of bundles {folder};"
            " run `python -m training run`, or give --bundles."
        )
    return {question: load_bundle(folder / question) for question in SPECS}


def load_profiles(folder: Path, universe: str, as_of: date) -> Profiles:
    """Read the three files of a universe; `UserError` names the file, or the column, that is missing."""
    households = _read(folder, "profiles", universe, as_of)
    absent = [name for name in PLAIN if name not in households.column_names]
    if absent:
        raise UserError(
            f"画像文件缺少列 {', '.join(absent)} / {_path(folder, 'profiles', universe, as_of)} lacks these"
            " columns; run `python -m features profile` again."
        )
    return Profiles(
        universe=universe,
        households=households,
        judgements=_read(folder, "judgements", universe, as_of),
        findings=_read(folder, "findings", universe, as_of),
    )


def check_features(bundle: Bundle, profiles: Profiles) -> None:
    """`UserError` where the profile lacks a feature the model was trained on."""
    absent = [name for name in bundle.names if name not in profiles.households.column_names]
    if absent:
        more = f" …({len(absent)})" if len(absent) > 3 else ""
        raise UserError(
            f"模型 {bundle.question} 需要的特征不在画像中 / the profile lacks features of {bundle.question}:"
            f" {', '.join(absent[:3])}{more}; build profiles and train with the same version."
        )


def digests(profiles: Path, as_of: date, bundles: dict[str, Bundle]) -> dict[str, str]:
    """SHA-256 of every file read, and the version of every bundle."""
    files = {
        f"{part}/{universe}": _digest(_path(profiles, part, universe, as_of))
        for part in ("profiles", "judgements", "findings")
        for universe in UNIVERSES
    }
    return files | {f"bundle/{question}": bundle.version for question, bundle in bundles.items()}


def digest_of(inputs: dict[str, str]) -> str:
    """One SHA-256 of named inputs, whatever their order."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def objects(table: pa.Table, column: str) -> npt.NDArray[np.object_]:
    """A column as an array of Python objects, null = None."""
    return np.array(table[column].to_pylist(), dtype=object)


def flags(table: pa.Table, column: str) -> npt.NDArray[np.bool_]:
    """A column as booleans, null = False."""
    return np.array([bool(value) for value in table[column].to_pylist()], dtype=bool)


def records(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as mappings."""
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _path(folder: Path, part: str, universe: str, as_of: date) -> Path:
    return folder / part / universe / f"{as_of}.parquet"


def _read(folder: Path, part: str, universe: str, as_of: date) -> pa.Table:
    path = _path(folder, part, universe, as_of)
    if not path.is_file():
        there = sorted(p.stem for p in path.parent.glob("*.parquet"))
        known = f"there is {there[-1]}" if there else "there is none"
        raise UserError(
            f"没有 {as_of} 的文件 {path} / no {part} as of {as_of} ({known}); run `python -m features profile"
            f" --as-of {as_of}`, or give another --as-of."
        )
    try:
        return pq.read_table(path)
    except pa.ArrowInvalid:
        raise UserError(f"{path} 不是 Parquet 文件 / is not a Parquet file; make it again.") from None


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()

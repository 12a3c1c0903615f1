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

from features.errors import UserError
from features.profile_files import PARTS, digest_of, profile_file, read_columns, require_columns
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
    "persons_living",
    "co_living",
    "others_at_home",
    "vulnerable",
)
#: Amounts of a judgement; in the files as `<name>_yuan`.
MONEY = ("income_low", "income_high", "standard", "entitled_low", "entitled_high", "benefit", "underpaid")
JUDGED = ("household_id", "eligibility", *(f"{name}_yuan" for name in MONEY), "missing_item", "article")
#: What is told of a finding, beside its verdict, amount and the confidence of the match.
TOLD = ("household_id", "rule", "question", "zh", "en", "article", "department", "event_on", "known_on")
FOUND = (*TOLD, "verdict", "amount_yuan", "confidence")


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


def evidence_columns(names: list[str]) -> list[str]:
    """The columns of a profile that say what the named tables answered, and when."""
    return [column for name in names for column in Profiles._columns(name)]


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
    parts = {part: read_columns(folder, part, universe, as_of) for part in reversed(PARTS)}
    for part, columns in (("profiles", PLAIN), ("judgements", JUDGED), ("findings", FOUND)):
        require_columns(parts[part].column_names, columns, profile_file(folder, part, universe, as_of))
    return Profiles(universe, parts["profiles"], parts["judgements"], parts["findings"])


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
        f"{part}/{universe}": digest_of(profiles, part, universe, as_of)
        for part in PARTS
        for universe in UNIVERSES
    }
    return files | {f"bundle/{question}": bundle.version for question, bundle in bundles.items()}


def one_digest(inputs: dict[str, str]) -> str:
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

"""What a batch reads: profiles, judgements and findings as of one date, and the trained bundles.

Everything a person may have forgotten is checked here and told in one sentence.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.errors import UserError
from features.profile_files import (
    PARTS,
    column_names,
    digest_of,
    profile_file,
    read_columns,
    read_pages,
    require_columns,
)
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
#: What the draws read of judgements and findings; what is recorded of them is read again, page by page.
DRAWN = {
    "judgements": ("household_id", "underpaid_yuan"),
    "findings": ("household_id", "question", "verdict", "confidence"),
}
#: Rows that are read, answered and written together: what a batch holds does not grow with the city.
PAGE = 5_000


@dataclass(frozen=True)
class Profiles:
    """Households of one universe as of a date, one row each: all with few columns, or a page of them."""

    universe: str
    households: pa.Table

    @cached_property
    def ids(self) -> npt.NDArray[np.object_]:
        """Pseudonyms in the order of the rows."""
        return objects(self.households, "household_id")

    def rows(self, bundle: Bundle, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The bundle's features (n, features) of the rows at `places`, NaN = unknown."""
        chosen = self.households.select(list(bundle.names)).take(pa.array(places))
        columns = [chosen[name].to_numpy(zero_copy_only=False) for name in bundle.names]
        return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])

    def answers(self, names: list[str], places: npt.NDArray[np.int64], *, evidence: bool = True) -> Answers:
        """What the named tables answered for the rows at `places`; dates only where `evidence` is asked."""
        return {name: self._answer(name, places, evidence) for name in names}

    def _answer(self, name: str, places: npt.NDArray[np.int64], evidence: bool) -> TableAnswers:
        chosen = self.households.select(list(evidence_columns(name))).take(pa.array(places))
        state = chosen[name + STATE].to_pylist()
        if not evidence:
            return TableAnswers(state)
        event_on, known_on, confidence = (chosen[c].to_pylist() for c in evidence_columns(name)[1:])
        return TableAnswers(state, event_on, known_on, confidence)


def load_bundles(folder: Path) -> dict[str, Bundle]:
    """The bundle of every question; `UserError` names the one that is missing."""
    if not folder.is_dir():
        raise UserError(
            f"没有模型文件夹 {folder} / there is no folder of bundles {folder};"
            " run `python -m training run`, or give --bundles."
        )
    return {question: load_bundle(folder / question) for question in SPECS}


@dataclass(frozen=True)
class City:
    """One universe's files as of a date. profiles: every household, with the columns that are no features."""

    folder: Path
    as_of: date
    profiles: Profiles
    judgements: pa.Table
    findings: pa.Table
    columns: tuple[str, ...]

    @property
    def universe(self) -> str:
        """`on_file` or `register`."""
        return self.profiles.universe

    def pages(self, columns: Iterable[str]) -> Iterator[tuple[int, Profiles]]:
        """The households with these columns, in order: the place of the first, and the page."""
        begin = 0
        for page in self.read("profiles", ("household_id", *columns)):
            yield begin, Profiles(self.universe, page)
            begin += len(page)

    def read(self, part: str, columns: Iterable[str]) -> Iterator[pa.Table]:
        """Pages of one of the files with these columns."""
        wanted = list(dict.fromkeys(columns))
        return read_pages(self.folder, part, self.universe, self.as_of, wanted, PAGE)


def load_city(folder: Path, universe: str, as_of: date) -> City:
    """Look at the three files of a universe; `UserError` names the file, or the column, that is missing."""
    names = {part: column_names(folder, part, universe, as_of) for part in reversed(PARTS)}
    for part, columns in (("profiles", PLAIN), ("judgements", JUDGED), ("findings", FOUND)):
        require_columns(names[part], columns, profile_file(folder, part, universe, as_of))
    drawn = {part: read_columns(folder, part, universe, as_of, columns) for part, columns in DRAWN.items()}
    plain = read_columns(folder, "profiles", universe, as_of, PLAIN)
    return City(folder, as_of, Profiles(universe, plain), **drawn, columns=tuple(names["profiles"]))


def columns_of(bundle: Bundle) -> list[str]:
    """Columns of a profile that an answer to the bundle's question rests on."""
    return [*bundle.names, *(column for name in sources_of(bundle) for column in evidence_columns(name))]


def sources_of(bundle: Bundle) -> list[str]:
    """The tables whose answers the bundle's features rest on."""
    return sorted({name for feature in bundle.features for name in feature.sources})


def evidence_columns(name: str) -> tuple[str, ...]:
    """What a profile says of one table's answer: state, dates and confidence."""
    return (name + STATE, f"{name}_event_on", f"{name}_known_on", f"{name}_confidence")


def check_features(bundle: Bundle, city: City) -> None:
    """`UserError` where the profile lacks a feature the model was trained on."""
    absent = [name for name in bundle.names if name not in city.columns]
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

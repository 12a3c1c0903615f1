"""From profiles and answers to the rows of the casework database, page by page."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from features.evidence import PARTS as EVIDENCE
from serving.casework.columns import Json, encode_json, fen
from serving.casework.records import Row
from serving.inputs import FOUND, JUDGED, MONEY, PLAIN, STATE, TOLD, City, objects, records

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Shown:
    """Of one universe's households, who is in the run, and who with profile, answers and findings: (n,)."""

    city: City
    asked: Flags
    kept: Flags

    @cached_property
    def kept_ids(self) -> pa.Array:
        """Pseudonyms of those kept."""
        return pa.array(self.city.profiles.ids[self.kept], pa.string())

    def rows_kept(self, part: pa.Table) -> int:
        """Of judgements or findings, how many are about those kept."""
        return int(pc.sum(pc.is_in(part["household_id"], value_set=self.kept_ids)).as_py() or 0)


def household_rows(shown: Shown, features: list[str]) -> Iterator[Row]:
    """The households asked about; those kept with their profile and what every table answered."""
    city = shown.city
    there = [name for name in features if name in city.columns]
    sources = sorted(name.removesuffix(STATE) for name in city.columns if name.endswith(STATE))
    evidence = [f"{name}_{part}" for name in sources for part in EVIDENCE]
    plain = [name for name in PLAIN if name != "in_programme"]
    for begin, page in city.pages([*plain, *there, *evidence]):
        here = slice(begin, begin + len(page.households))
        rows = records(page.households.select(plain).filter(pa.array(shown.asked[here])))
        full = page.households.filter(pa.array(shown.kept[here]))
        told = zip(
            objects(full, "household_id"), _profiles(full, there), _sources(full, sources), strict=True
        )
        kept = {household_id: (profile, answers) for household_id, profile, answers in told}
        for row in rows:
            profile, answers = kept.get(row["household_id"], (None, None))
            yield {
                **row,
                "universe": city.universe,
                "vulnerable": bool(row["vulnerable"]),
                "profile": profile,
                "sources": answers,
            }


def judgement_rows(shown: Shown) -> Iterator[Row]:
    """What the rules say of the households kept, money in fen."""
    for row in _kept(shown, "judgements", JUDGED):
        yield {
            "household_id": row["household_id"],
            "eligibility": row["eligibility"],
            **{f"{name}_fen": fen(row[f"{name}_yuan"]) for name in MONEY},
            "missing_item": row["missing_item"],
            "article": row["article"],
        }


def finding_rows(shown: Shown, only: pa.Array | None = None) -> Iterator[Row]:
    """The rule findings of the households kept, or of `only` those."""
    for row in _kept(shown, "findings", FOUND, only):
        yield {
            **{name: row[name] for name in TOLD},
            "verdict": str(row["verdict"]).lower(),
            "amount_fen": fen(row["amount_yuan"]),
            "confidence": _number(row["confidence"]),
        }


def _kept(shown: Shown, part: str, columns: tuple[str, ...], only: pa.Array | None = None) -> Iterator[Row]:
    wanted = shown.kept_ids if only is None else only
    for page in shown.city.read(part, columns):
        yield from records(page.filter(pc.is_in(page["household_id"], value_set=wanted)))


def _profiles(full: pa.Table, features: list[str]) -> Iterator[Json]:
    """The features of each row as JSON, which knows neither NaN nor infinity."""
    if not len(full):
        return
    columns = [full[name].cast(pa.float64()).to_numpy() for name in features]
    values = np.column_stack([np.empty((len(full), 0)), *columns])
    told = values.astype(object)
    told[~np.isfinite(values)] = None
    for row in told.tolist():
        yield Json(encode_json(dict(zip(features, row, strict=True))))


def _sources(full: pa.Table, sources: list[str]) -> Iterator[Json]:
    """What every table answered about each row, as JSON."""
    columns = [
        zip(*[full[f"{name}_{part}"].to_pylist() for part in EVIDENCE], strict=True) for name in sources
    ]
    keys = [f"{encode_json(name)}:" for name in sources]
    for row in zip(*columns, strict=True):
        answers = ",".join([key + _answer(*told) for key, told in zip(keys, row, strict=True)])
        yield Json(f"{{{answers}}}")


@lru_cache(1 << 16, typed=True)
def _answer(state: str, event_on: date | None, known_on: date | None, confidence: Any, doubtful: Any) -> str:
    """One table's answer as JSON: many households have the same."""
    return encode_json(
        {
            "state": state,
            "event_on": _iso(event_on),
            "known_on": _iso(known_on),
            "confidence": _number(confidence),
            "doubtful": doubtful,
        }
    )


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _number(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None

"""Whom a model is judged on: every household of later months, with what a visit would find or did find."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import UserError
from models import outcomes
from models.selection import contact_capacity, visit_capacity
from models.spec import ModelSpec
from training.cohort import Cohort, assemble, month_before
from training.profiles import ProfileStore

Floats = npt.NDArray[np.float64]

#: The arm of a full audit.
CENSUS = "census"


@dataclass(frozen=True)
class Judged:
    """The population of the judged months.

    trust: (n,) how many households each conclusion stands for; 0 where there is none. source: `census` (a
    full audit of a practice world) or `recorded` (random visits by the chance of their lot: what other arms
    found speaks of those they chose). capacity: visits by street-month.
    """

    cohort: Cohort
    trust: Floats
    source: str
    capacity: dict[object, int]

    @property
    def place(self) -> npt.NDArray[np.object_]:
        """(n,) street and month, as the keys of `capacity`."""
        return street_months(self.cohort.facts)


def street_months(facts: pd.DataFrame) -> npt.NDArray[np.object_]:
    """ "990102001 2025-07" for each row."""
    joined = facts["street_code"].astype(str) + " " + facts["as_of"].dt.strftime("%Y-%m")
    return joined.to_numpy(dtype=object)


def read_census(folder: Path | None, universe: str) -> pd.DataFrame | None:
    """What a visit would find, for every household and month; None without a folder."""
    if folder is None:
        return None
    table, key = outcomes.RECORDS[universe]
    path = next(
        (p for p in (folder / f"{table}.parquet", folder / f"census_{table}.parquet") if p.is_file()), None
    )
    if path is None:
        raise UserError(
            f"{folder} 没有 {table}.parquet / holds no {table}.parquet; give --census the truth folder of a "
            "practice world, or leave it out."
        )
    census = pd.read_parquet(path).rename(columns={key: "number"})
    stamps = pd.to_datetime(census.pop("as_of"))
    return census.assign(month=stamps.dt.year * 12 + stamps.dt.month)


def judged_months(
    store: ProfileStore,
    spec: ModelSpec,
    months: Sequence[date],
    records: pd.DataFrame,
    census: pd.DataFrame | None,
) -> Judged:
    """Everyone the question is about in `months`, with the census' conclusions or the recorded ones."""
    found = _found_by_census(census) if census is not None else _found_by_visits(records)
    parts: list[pd.DataFrame] = []
    capacity: dict[object, int] = {}
    for as_of in months:
        profiles = store.read(spec, as_of)
        capacity |= _capacity(spec, profiles, as_of)
        here = found[found["month"] == as_of.year * 12 + as_of.month].drop(columns="month")
        parts.append(profiles.merge(here, on="number", how="inner" if census is not None else "left"))
    joined = pd.concat(parts, ignore_index=True)
    joined["months_back"] = joined["months_back"].fillna(0)
    cohort = assemble(spec, joined)
    concluded = ~np.isnan(cohort.label) & joined["arm"].notna().to_numpy()
    cohort.facts.loc[~concluded, "label"] = np.nan
    chance = cohort.facts["probability"].to_numpy(dtype=float)
    told = concluded & np.isin(cohort.facts["arm"], ("random", CENSUS)) & (chance > 0)
    trust = np.where(told, 1.0 / np.where(told, chance, 1.0), 0.0)
    return Judged(cohort, trust, CENSUS if census is not None else "recorded", capacity)


def _found_by_census(census: pd.DataFrame) -> pd.DataFrame:
    never = pd.Series(pd.NaT, index=census.index)
    return census.assign(arm=CENSUS, probability=1.0, known_on=never, event=-1, months_back=0)


def _found_by_visits(records: pd.DataFrame) -> pd.DataFrame:
    columns = ["number", "month", "arm", "probability", "known_on", "event", "months_back"]
    outcome = ["finding", "action", "months_affected", "verified_income_yuan_month", "result"]
    spoken = month_before(records)
    return spoken[columns + [name for name in outcome if name in spoken]].drop_duplicates(["number", "month"])


def _capacity(spec: ModelSpec, profiles: pd.DataFrame, as_of: date) -> dict[object, int]:
    households = profiles.groupby("street_code").size().to_dict()
    counts = {str(street): int(number) for street, number in households.items()}
    by_street = (
        contact_capacity(counts) if spec.universe == "register" else visit_capacity(counts, spec.question)
    )
    return {f"{street} {as_of:%Y-%m}": places for street, places in by_street.items()}

"""A small city with every feature of the catalogue, a known truth and a champion trained on it."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from features.catalogue import CATALOGUE
from features.engines import Warehouse, memory_warehouse
from features.household import Universe
from features.profile import features_of
from models.bundle import write_bundle
from models.questions import SPECS
from models.scoring import logistic
from tests.training.practice_store import month_ends
from training.profiles import ProfileStore
from training.question import Trained, train
from training.review.case import Case, open_case
from training.review.what_if import made_again, plain_features

HOUSEHOLDS, MONTHS, TEST_MONTHS, STANDARD = 700, 8, 3, 900.0
STREETS = ("990102001", "990102002")


@dataclass(frozen=True)
class ReviewCity:
    """bundles: folder with bundle and evaluation.json of hidden_income; truth: (households,) of 0 and 1."""

    folder: Path
    bundles: Path
    warehouse: Warehouse
    census: pd.DataFrame
    truth: np.ndarray
    trained: Trained

    def case(self, *, census: bool = True, as_of: date | None = None) -> Case:
        """The case of the question, judged by the census or by recorded visits."""
        return open_case(
            self.bundles,
            "hidden_income",
            ProfileStore(self.folder),
            self.warehouse,
            self.census if census else None,
            as_of,
            seed=7,
            threads=1,
        )


def review_city(folder: Path) -> ReviewCity:
    """Hidden income follows deposits and wages; people visit where something is wrong, the lot anywhere."""
    random, ends = np.random.default_rng(11), month_ends(MONTHS)
    plain = _plain(random)
    odds = (
        -3.6
        + 1.6 * (plain["property_deposits_yuan"] > 30_000)
        + 1.4 * (plain["income_wages_yuan_3m"] > 3_000)
    )
    truth = (random.random(HOUSEHOLDS) < logistic(odds.to_numpy(dtype=float))).astype(int)
    names = tuple(feature.name for feature in features_of(Universe.ON_FILE))
    values = pd.DataFrame(made_again("on_file", plain, names), columns=list(names))
    streets = random.choice(STREETS, HOUSEHOLDS)
    for as_of in ends:
        _write(folder, as_of, values, streets, truth)
    told = _visits(random, truth, ends)
    census = _census(truth, ends)
    spec, warehouse = SPECS["hidden_income"](CATALOGUE), memory_warehouse({"verifications": told})
    made = train(
        spec,
        ProfileStore(folder),
        warehouse,
        census,
        ends[-1],
        test_months=TEST_MONTHS,
        seed=7,
        threads=1,
        data_version="practice",
        tell=lambda step: None,
    )
    bundles = folder / "bundles"
    write_bundle(made.bundle, bundles / "hidden_income")
    evaluation = {"hidden_income": made.evaluation | {"version": made.bundle.version}}
    (bundles / "evaluation.json").write_text(json.dumps(evaluation, default=str))
    return ReviewCity(folder, bundles, warehouse, census, truth, made)


def _plain(random: np.random.Generator) -> pd.DataFrame:
    names = plain_features("on_file")
    columns = {name: random.poisson(0.4, HOUSEHOLDS).astype(float) for name in names}
    for name in names:
        if CATALOGUE[name].unit == "yuan":
            columns[name] = random.gamma(0.6, 6_000, HOUSEHOLDS) * (random.random(HOUSEHOLDS) < 0.4)
        if CATALOGUE[name].unit in ("share", "flag"):
            columns[name] = (random.random(HOUSEHOLDS) < 0.2).astype(float)
    columns["property_deposits_yuan"] = random.gamma(0.8, 25_000, HOUSEHOLDS)
    columns["income_wages_yuan_3m"] = random.gamma(0.5, 5_000, HOUSEHOLDS)
    persons = random.integers(1, 5, HOUSEHOLDS).astype(float)
    columns["composition_persons_count"] = persons
    columns["composition_working_age_count"] = np.minimum(persons, random.integers(1, 4, HOUSEHOLDS))
    columns["composition_elderly_count"] = persons - columns["composition_working_age_count"]
    columns["composition_children_count"] = np.zeros(HOUSEHOLDS)
    place = np.where(random.random(HOUSEHOLDS) < 0.5, "urban", "rural")
    return pd.DataFrame(columns).assign(standard_yuan=STANDARD, urban_rural=place)


def _write(folder: Path, as_of: date, values: pd.DataFrame, streets: np.ndarray, truth: np.ndarray) -> None:
    ids = [f"H{k:05d}" for k in range(HOUSEHOLDS)]
    facts = pd.DataFrame(
        {
            "household_id": ids,
            "number": [f"N{k:05d}" for k in range(HOUSEHOLDS)],
            "street_code": streets,
            "category": "dibao",
            "in_programme": True,
            "authorised": True,
            "person_count": values["composition_persons_count"].astype(int),
            "vulnerable": values["health_severe_count"] > 0,
            "urban_rural": np.where(values["housing_rural_flag"] > 0, "rural", "urban"),
            "standard_yuan": STANDARD,
        }
    )
    judged = pd.DataFrame(
        {
            "household_id": ids,
            "standard_yuan": STANDARD,
            "rule_score_hidden_income": (values["income_wages_yuan_3m"] > 9_000).astype(float),
        }
    )
    true = judged.loc[judged["rule_score_hidden_income"] > 0, ["household_id"]]
    findings = true.assign(question="hidden_income", verdict="true", confidence=1.0)
    tables = {"profiles": pd.concat([facts, values], axis=1), "judgements": judged, "findings": findings}
    for kind, table in tables.items():
        path = folder / kind / "on_file" / f"{as_of}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path)


def _found(number: int, positive: bool) -> dict[str, object]:
    return {
        "household_no": f"N{number:05d}",
        "finding": "property_undeclared" if positive else "no_change",
        "action": "stop" if positive else "none",
        "months_affected": 12 if positive else 0,
        "verified_income_yuan_month": 2_000.0,
    }


def _visits(random: np.random.Generator, truth: np.ndarray, ends: list[date]) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    for as_of in ends[:-1]:
        selected = as_of + timedelta(days=5)
        drawn = random.random(HOUSEHOLDS) < 0.06
        routine = ~drawn & (random.random(HOUSEHOLDS) < 0.05 + 0.20 * truth)
        for k in np.flatnonzero(drawn | routine):
            common = {
                "selected_on": selected,
                "arm": "random" if drawn[k] else "report",
                "selection_probability": 0.06 if drawn[k] else None,
                "received_on": selected + timedelta(days=15),
            }
            told.append(common | _found(int(k), bool(truth[k])))
    return told


def _census(truth: np.ndarray, ends: list[date]) -> pd.DataFrame:
    parts = []
    for as_of in ends:
        rows = [_found(k, bool(y)) for k, y in enumerate(truth)]
        parts.append(pd.DataFrame(rows).assign(month=as_of.year * 12 + as_of.month))
    return pd.concat(parts, ignore_index=True).rename(columns={"household_no": "number"})

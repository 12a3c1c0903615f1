"""A small city with a known truth, in the files training reads: profiles, judgements, records, census."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from features.engines import Warehouse, memory_warehouse
from models.spec import ModelSpec
from tests.models.example_bundle import example_rows, example_spec, example_truth
from training.profiles import ProfileStore

STREETS = ("990102001", "990102002", "990123001")
STANDARD = 1000.0


@dataclass(frozen=True)
class City:
    """Everything `training.question.train` needs, and the truth it must not see."""

    spec: ModelSpec
    store: ProfileStore
    warehouse: Warehouse
    census: pd.DataFrame
    chance: np.ndarray
    months: list[date]


def month_ends(count: int, last: date = date(2025, 12, 31)) -> list[date]:
    """`count` month ends up to `last`, oldest first."""
    found = [last]
    while len(found) < count:
        found.append(found[-1].replace(day=1) - timedelta(days=1))
    return found[::-1]


def city(
    folder: Path,
    question: str = "hidden_income",
    *,
    households: int = 1200,
    months: int = 9,
    seed: int = 0,
    shuffled: bool = False,
    planted: bool = False,
    parted: bool = False,
) -> City:
    """Households whose outcome follows `example_truth`; a fifth of them is visited each month.

    shuffled: outcomes that nothing predicts. planted: the first feature repeats the outcome. parted: the
    first two features repeat it together and hardly apart.
    """
    random = np.random.default_rng(seed)
    spec, ends = example_spec(question), month_ends(months)
    rows = example_rows(spec, households, seed)
    chance = 1 / (1 + np.exp(-example_truth(spec, rows)))
    outcome = random.random(households) < chance
    if shuffled:
        outcome = random.permutation(outcome)
    if planted:
        rows[:, 0] = outcome * 5000.0 + random.normal(0, 500, households)
    if parted:
        secret = random.normal(10_000, 3_000, households)
        rows[:, 0], rows[:, 1] = secret + 3_000 * outcome, 25_000 - secret + 3_000 * outcome
    numbers = np.array([f"N{k:05d}" for k in range(households)])
    streets = random.choice(STREETS, households)
    receives = np.zeros(households, bool)
    if spec.universe == "register":
        receives = random.random(households) < 0.2 + 0.5 * chance
    for as_of in ends:
        moved = rows * random.normal(1.0, 0.02, rows.shape)
        _write_month(folder, spec, as_of, numbers, streets, moved, rows, receives)
    table = "outreach" if spec.universe == "register" else "verifications"
    told = _records(spec, numbers, outcome, ends, random)
    return City(
        spec,
        ProfileStore(folder),
        memory_warehouse({table: told}),
        _census(spec, numbers, outcome, ends),
        chance,
        ends,
    )


def _write_month(
    folder: Path,
    spec: ModelSpec,
    as_of: date,
    numbers: np.ndarray,
    streets: np.ndarray,
    moved: np.ndarray,
    rows: np.ndarray,
    receives: np.ndarray,
) -> None:
    facts = pd.DataFrame(
        {
            "household_id": [f"H{number}" for number in numbers],
            "number": numbers,
            "street_code": streets,
            "category": "dibao",
            "in_programme": receives,
            "authorised": True,
            "person_count": 2,
            "vulnerable": False,
        }
    )
    features = pd.DataFrame(moved, columns=list(spec.names))
    judged = pd.DataFrame(
        {
            "household_id": facts["household_id"],
            "standard_yuan": STANDARD,
            f"rule_score_{spec.question}": np.nan_to_num(rows[:, 1]) > 4000,
        }
    )
    for kind, table in (("profiles", pd.concat([facts, features], axis=1)), ("judgements", judged)):
        path = folder / kind / spec.universe / f"{as_of}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path)


def _records(
    spec: ModelSpec, numbers: np.ndarray, outcome: np.ndarray, ends: list[date], random: np.random.Generator
) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    for as_of in ends[:-1]:
        selected = as_of + timedelta(days=6)
        drawn = random.random(len(numbers)) < 0.08
        routine = ~drawn & (random.random(len(numbers)) < 0.08 + 0.10 * outcome)
        for k in np.flatnonzero(drawn | routine):
            common = {
                "selected_on": selected,
                "arm": "random" if drawn[k] else "routine",
                "selection_probability": 0.08 if drawn[k] else None,
                "received_on": selected + timedelta(days=20),
            }
            told.append(common | _finding(spec, str(numbers[k]), bool(outcome[k]), random.random() < 0.04))
    return told


def _finding(spec: ModelSpec, number: str, positive: bool, absent: bool) -> dict[str, object]:
    if spec.universe == "register":
        result = "unreachable" if absent else "eligible_applied" if positive else "not_eligible"
        return {"household_key": number, "result": result}
    finding = {"hidden_income": "income_undeclared", "exit_due": "ineligible"}[spec.question]
    return {
        "household_no": number,
        "finding": "unreachable" if absent else finding if positive else "no_change",
        "action": "stop" if positive else "none",
        "months_affected": 12 if positive else 0,
        "verified_income_yuan_month": 2 * STANDARD * (1.4 if positive else 0.9),
    }


def _census(spec: ModelSpec, numbers: np.ndarray, outcome: np.ndarray, ends: list[date]) -> pd.DataFrame:
    parts = []
    for as_of in ends:
        rows = [_finding(spec, str(n), bool(y), False) for n, y in zip(numbers, outcome, strict=True)]
        month = as_of.year * 12 + as_of.month
        parts.append(pd.DataFrame(rows).assign(month=month))
    whole = pd.concat(parts, ignore_index=True)
    return whole.rename(columns={"household_no": "number", "household_key": "number"})

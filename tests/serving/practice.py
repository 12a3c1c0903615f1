"""A small practice city for the tests of serving: files as the profile command writes them, and bundles.

Figures are drawn at random; what is tested is what serving makes of them. The features are those of the small
catalogue of the models' tests, so nothing here waits for a world to be made.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from models.bundle import write_bundle
from models.questions import SPECS
from serving.casework.columns import plain
from serving.casework.records import BatchRecord
from serving.inputs import Profiles
from tests.models.example_bundle import example_bundle, example_rows, example_spec

AS_OF = date(2025, 12, 31)
KEY = "test-key"
ON_FILE, REGISTER = 600, 400
STREETS = ("990102001", "990102002", "990123001")
PROFILE_SOURCES = (
    "withholding", "balances", "residents", "other_benefits", "public_rental", "unemployment_benefits",
    "household_register", "certificates", "settlements",
)  # fmt: skip
MONEY = pa.decimal128(18, 2)
FINDINGS = pa.schema(
    {
        **dict.fromkeys(("household_id", "rule", "question", "verdict"), pa.string()),
        "amount_yuan": MONEY,
        **dict.fromkeys(("zh", "en", "article", "department"), pa.string()),
        **dict.fromkeys(("event_on", "known_on"), pa.date32()),
        "confidence": pa.float64(),
    }
)


def write_city(folder: Path, *, seed: int = 3, as_of: date = AS_OF) -> Path:
    """Profiles, judgements and findings of both universes below `folder`."""
    random = np.random.default_rng(seed)
    for universe, count, question in (
        ("on_file", ON_FILE, "hidden_income"),
        ("register", REGISTER, "unapplied_eligible"),
    ):
        households = _households(universe, count, question, random, as_of)
        write(folder, "profiles", universe, as_of, households)
        ids = households["household_id"].to_pylist()
        write(folder, "judgements", universe, as_of, _judgements(ids, random))
        write(folder, "findings", universe, as_of, _findings(ids, universe, random))
    return folder


def write_bundles(folder: Path) -> Path:
    """A small trained bundle for each question."""
    for question in SPECS:
        write_bundle(example_bundle(question), folder / question)
    return folder


def whole(record: BatchRecord) -> BatchRecord:
    """The same batch with all its rows in memory, as the database gives them back."""
    tables = ("households", "assessments", "judgements", "findings")
    return replace(record, **{name: [_plain(row) for row in getattr(record, name)] for name in tables})


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {name: plain(value) for name, value in row.items()}


def read_profiles(folder: Path, universe: str, as_of: date = AS_OF) -> Profiles:
    """All households of a universe with all columns."""
    return Profiles(universe, pq.read_table(folder / "profiles" / universe / f"{as_of}.parquet"))


def write(folder: Path, part: str, universe: str, as_of: date, table: pa.Table) -> None:
    """One Parquet file where a batch looks for it."""
    path = folder / part / universe / f"{as_of}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)


def _households(
    universe: str, count: int, question: str, random: np.random.Generator, as_of: date
) -> pa.Table:
    on_file = universe == "on_file"
    streets = [STREETS[place % len(STREETS)] for place in range(count)]
    letter = "a" if on_file else "b"
    columns: dict[str, object] = {
        "household_id": [f"H{letter}{place:014x}" for place in range(count)],
        "number": [f"={street}+{place:06d}" for place, street in enumerate(streets)],
        "as_of": [as_of] * count,
        "universe": [universe] * count,
        "region_code": [f"{street}001" for street in streets],
        "street_code": streets,
        "district_code": [street[:6] for street in streets],
        "urban_rural": ["urban"] * count,
        "category": random.choice(["dibao", "dibao_marginal", "tekun"], count, p=[0.7, 0.2, 0.1]).tolist()
        if on_file
        else ["none"] * count,
        "in_programme": [on_file or place % 10 == 0 for place in range(count)],
        "authorised": [on_file] * count,
        "review_class": ["B" if on_file else None] * count,
        "person_count": pa.array(random.integers(1, 5, count)),
        "persons_living": random.uniform(1, 4, count).tolist(),
        "co_living": random.uniform(0.3, 1, count).tolist(),
        "others_at_home": pa.array(random.integers(0, 2, count)),
        "vulnerable": (random.random(count) < 0.3).tolist(),
    }  # fmt: skip
    features = _features(question, "exit_due" if on_file else question, count)
    return pa.table({**columns, **features, **_answers(count, features, random)})


def _features(first: str, second: str, count: int) -> dict[str, np.ndarray]:
    columns: dict[str, np.ndarray] = {}
    for question in (first, second):
        spec = example_spec(question)
        rows = example_rows(spec, count, seed=11)
        columns |= {name: rows[:, k] for k, name in enumerate(spec.names) if name not in columns}
    return columns


def _answers(count: int, features: dict[str, np.ndarray], random: np.random.Generator) -> dict[str, object]:
    columns: dict[str, object] = {}
    for source in PROFILE_SOURCES:
        state = random.choice(["found", "nothing_found", "not_returned"], count, p=[0.8, 0.15, 0.05]).tolist()
        if source == "balances":  # the last household has withdrawn its authorisation
            state[-1] = "not_authorised"
        found = [s == "found" for s in state]
        columns[f"{source}_state"] = state
        columns[f"{source}_event_on"] = pa.array(
            [date(2025, 11, 1) if f else None for f in found], pa.date32()
        )
        columns[f"{source}_known_on"] = pa.array(
            [date(2025, 12, 8) if f else None for f in found], pa.date32()
        )
        match = np.where(random.random(count) < 0.1, 0.8, 1.0)
        columns[f"{source}_confidence"] = pa.array(
            [m if f else None for m, f in zip(match, found, strict=True)]
        )
        columns[f"{source}_doubtful"] = pa.array(random.integers(0, 20, count) // 19)
    return columns


def _judgements(ids: list[str], random: np.random.Generator) -> pa.Table:
    count = len(ids)
    low = random.integers(0, 200_000, count)
    owed = np.where(random.random(count) < 0.1, random.integers(1_000, 30_000, count), 0)

    def money(fen: np.ndarray) -> pa.Array:
        return pa.array([f"{value // 100}.{value % 100:02d}" for value in fen.tolist()]).cast(MONEY)

    return pa.table(
        {
            "household_id": ids,
            "eligibility": random.choice(["eligible", "not_eligible", "unknown"], count).tolist(),
            "income_low_yuan": money(low),
            "income_high_yuan": money(low + 5_000),
            "standard_yuan": money(np.full(count, 121_000)),
            "entitled_low_yuan": money(owed + 60_000),
            "entitled_high_yuan": money(owed + 65_000),
            "benefit_yuan": money(np.full(count, 60_000)),
            "missing_item": [None] * count,
            "article": ["《最低生活保障审核确认办法》第十三条"] * count,
            "rule_score_hidden_income": np.zeros(count),
            "rule_score_exit_due": np.zeros(count),
            "rule_score_unapplied_eligible": np.zeros(count),
            "underpaid_yuan": money(owed),
        }
    )


def _findings(ids: list[str], universe: str, random: np.random.Generator) -> pa.Table:
    questions = ("hidden_income", "exit_due") if universe == "on_file" else ("unapplied_eligible",)
    rows = [
        {
            "household_id": household_id,
            "rule": "vehicle_over_limit",
            "question": question,
            "verdict": verdict,
            "amount_yuan": None,
            "zh": "=HYPERLINK(\"x\") 名下车辆超过限额",
            "en": "a vehicle over the limit",
            "article": "第十四条",
            "department": "public_security",
            "event_on": date(2025, 10, 3),
            "known_on": date(2025, 11, 7),
            "confidence": 1.0,
        }
        for household_id in ids
        for question in questions
        for verdict in [random.choice(["true", "unknown", "none"], p=[0.05, 0.05, 0.9])]
        if verdict != "none"
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, FINDINGS)

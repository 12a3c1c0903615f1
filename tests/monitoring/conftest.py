"""A small city for monitoring: profiles of a few months, one linear bundle a question, a warehouse.

What is true of each household is one latent number; the visit finds it, the features see it with noise.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as parquet
import pytest

from features.engines import Catalogue
from features.intake.entry import Entry
from features.intake.stored import typed_table
from features.sources import SOURCES
from models.bundle import (
    Bundle,
    BundleBand,
    BundleFeature,
    Calibration,
    Component,
    Linear,
    load_bundle,
    write_bundle,
)

TRAINED = date(2025, 8, 31)
NOW = date(2025, 12, 31)
MONTHS = (*(date(2025, month + 1, 1) - timedelta(days=1) for month in range(8, 12)), NOW)
FEATURES = {
    "income_wages_yuan_12m": "withholding",
    "income_contributions_months_12m": "contributions",
    "property_deposits_yuan": "balances",
    "employment_platform_share": "withholding",
}
SEE = {"on_file": 900, "register": 1200}
QUESTIONS = {"hidden_income": "on_file", "exit_due": "on_file", "unapplied_eligible": "register"}


@dataclass
class City:
    """Folders of the small city, and ways to harm it."""

    root: Path

    @property
    def profiles(self) -> Path:
        return self.root / "profiles_out"

    @property
    def bundles(self) -> Path:
        return self.root / "bundles"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    def options(self, *more: str) -> list[str]:
        """The command's arguments."""
        folders = ("--profiles", self.profiles, "--bundles", self.bundles, "--warehouse", self.warehouse)
        out = ("--as-of", NOW, "--out", self.root / "out")
        return ["report", *map(str, (*folders, *out)), *more]

    @property
    def report(self) -> Path:
        return self.root / "out" / "monitoring" / NOW.isoformat()

    def change(self, universe: str, as_of: date, alter: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Rewrite one month's profiles."""
        path = self.profiles / "profiles" / universe / f"{as_of}.parquet"
        alter(pd.read_parquet(path)).to_parquet(path)

    def bundle(self, question: str) -> Bundle:
        return load_bundle(self.bundles / question)


@pytest.fixture(scope="session")
def quiet_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Nothing wrong: every month is drawn from the same distribution, and the bundles are calibrated."""
    made = City(tmp_path_factory.mktemp("city"))
    generator = np.random.default_rng(2025)
    latent = {universe: generator.normal(size=count) for universe, count in SEE.items()}
    for universe, values in latent.items():
        folder = made.profiles / "profiles" / universe
        folder.mkdir(parents=True)
        for month in MONTHS:
            month_profiles(universe, month, values, generator).to_parquet(folder / f"{month}.parquet")
    for question, universe in QUESTIONS.items():
        write_bundle(linear_bundle(question, universe), made.bundles / question)
    fill_warehouse(made.warehouse, latent, generator)
    return made


@pytest.fixture
def city(quiet_city: City, tmp_path: Path) -> City:
    """A copy of the quiet city that a test may harm."""
    return City(Path(shutil.copytree(quiet_city.root, tmp_path / "city")))


def month_profiles(
    universe: str, as_of: date, latent: np.ndarray, generator: np.random.Generator
) -> pd.DataFrame:
    count = len(latent)
    seen = {name: latent + generator.normal(0, 1, count) for name in FEATURES}
    seen["income_contributions_months_12m"] = np.clip(np.round(6 + 3 * latent), 0, 12)
    states = {f"{source}_state": "found" for source in set(FEATURES.values())}
    return pd.DataFrame(
        {
            "household_id": [f"H{universe}{place:06d}" for place in range(count)],
            "number": [f"{universe}-{place}" for place in range(count)],
            "as_of": as_of,
            "universe": universe,
            "street_code": [f"99010200{place % 3 + 1}" for place in range(count)],
            "category": "dibao" if universe == "on_file" else None,
            "in_programme": universe == "on_file",
            "authorised": universe == "on_file",
            "person_count": 2,
            "standard_yuan": 1210.0,
            **seen,
            **states,
        }
    )


def chance(latent: np.ndarray) -> np.ndarray:
    """What a visit finds, as a probability: the truth behind the bundles."""
    return 1 / (1 + np.exp(-(latent - 1.5)))


def linear_bundle(question: str, universe: str) -> Bundle:
    """A calibrated linear model: three noisy sights of the latent number; exits come by chance alone."""
    count, by_chance = len(FEATURES), question == "exit_due"
    weights = np.zeros(count) if by_chance else np.array([0.25, 0.0, 0.25, 0.25])
    return Bundle(
        question=question,
        zh={"hidden_income": "隐性收入", "exit_due": "应退未退", "unapplied_eligible": "应保未保"}[question],
        en=question,
        version="2025-08-31-test",
        kind="logistic",
        trained_as_of=TRAINED,
        universe=universe,
        categories=("dibao", "dibao_marginal") if question == "hidden_income" else (),
        punitive=universe == "on_file",
        features=tuple(bundle_feature(name, source) for name, source in FEATURES.items()),
        intercept=-2.5 if by_chance else -1.45,
        components=(
            Component(
                weight=1.0,
                linear=Linear(
                    mean=np.zeros(count),
                    scale=np.ones(count),
                    logged=np.zeros(count, dtype=bool),
                    coefficient=weights,
                    when_unknown=np.zeros(count),
                    low=np.full(count, -1e9),
                    high=np.full(count, 1e9),
                ),
            ),
        ),
        calibration=Calibration(),
        bands=(BundleBand("usual", "一般", "usual", 0.0),),
        data_version="test",
        seed=7,
    )


def bundle_feature(name: str, source: str) -> BundleFeature:
    return BundleFeature(
        name=name,
        zh=f"特征{name[-6:]}",
        en=name.replace("_", " "),
        unit="yuan",
        topic="wages",
        topic_zh="工资收入",
        topic_en="wages",
        department=SOURCES[source].department,
        department_zh="部门",
        department_en="department",
        source=source,
        sources=(source,),
        monthly=True,
        need=False,
        raises=0,
        unknown=None,
    )


def fill_warehouse(folder: Path, latent: dict[str, np.ndarray], generator: np.random.Generator) -> None:
    """Visits of each month, delivered at its end, and monthly deliveries of every other table."""
    catalogue = Catalogue.open(folder, "practice")
    for month in MONTHS[1:]:
        first = month.replace(day=1)
        deliver(catalogue, "verifications", month, verifications(latent["on_file"], first, generator))
        deliver(catalogue, "outreach", month, outreach(latent["register"], first, generator))
    for name, source in SOURCES.items():
        if name not in ("verifications", "outreach"):
            path = write_rows(catalogue, name, "empty", MONTHS[0], [])
            for month in MONTHS:
                catalogue.record(entry(source.department, name, month, 100, path=path))
    catalogue.close()


def deliver(catalogue: Catalogue, table: str, received_on: date, rows: list[dict[str, object]]) -> None:
    path = write_rows(catalogue, table, str(received_on), received_on, rows)
    catalogue.record(entry(SOURCES[table].department, table, received_on, len(rows), path=path))


def write_rows(
    catalogue: Catalogue, table: str, name: str, received_on: date, rows: list[dict[str, object]]
) -> str:
    path = catalogue.folder / "tables" / table / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(typed_table(SOURCES[table], rows, "practice", received_on), path)
    return str(path.relative_to(catalogue.folder))


def entry(
    department: str, table: str, received_on: date, rows: int, status: str = "taken", path: str | None = None
) -> Entry:
    """A line of the catalogue."""
    return Entry(
        delivery_id=f"{table}{received_on}{status}",
        department=department,
        table=table,
        received_on=received_on,
        file=f"{department}/{received_on}/{table}.csv",
        status=status,
        rows_in=rows,
        rows_taken=rows,
        path=path,
    )


def verifications(latent: np.ndarray, first: date, generator: np.random.Generator) -> list[dict[str, object]]:
    """A tenth of the households: half drawn at random, half the highest; one in ten is not met."""
    count = len(latent) // 10
    drawn = generator.choice(len(latent), count // 2, replace=False)
    scored = np.argsort(-latent)[: count // 2]
    rows = []
    for arm, places in (("random", drawn), ("score", np.setdiff1d(scored, drawn))):
        for place in places:
            concealed, ended = generator.random() < chance(latent[place]), generator.random() < 0.1
            finding = "income_undeclared" if concealed else "ineligible" if ended else "no_change"
            rows.append(
                {
                    "household_no": f"on_file-{place}",
                    "selected_on": first,
                    "visited_on": first + timedelta(days=9),
                    "arm": arm,
                    "selection_probability": count / 2 / len(latent) if arm == "random" else 1.0,
                    "finding": "unreachable" if generator.random() < 0.1 else finding,
                    "verified_income_yuan_month": 4000 if concealed else 800,
                    "months_affected": 6 if finding != "no_change" else 0,
                    "action": "stop" if finding == "ineligible" else "none",
                }
            )
    return rows


def outreach(latent: np.ndarray, first: date, generator: np.random.Generator) -> list[dict[str, object]]:
    drawn = generator.choice(len(latent), len(latent) // 20, replace=False)
    return [
        {
            "household_key": f"register-{place}",
            "selected_on": first,
            "contacted_on": first + timedelta(days=9),
            "arm": "random",
            "selection_probability": 0.05,
            "result": "eligible_applied" if generator.random() < chance(latent[place]) else "not_eligible",
        }
        for place in drawn
    ]

"""Households on file drawn at random, as many as a city has, in the departments' stored tables.

Not a world: amounts and counts are drawn to reach every branch of the few rules that are compared (income,
line, property, amount), with every department having answered. The tables are as intake stores them.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.intake.stored import arrow_schema
from features.rules.core import Universe
from features.rules.facts.assemble import READS
from features.sources import SOURCES

AS_OF = date(2025, 12, 31)
RECEIVED = date(2025, 12, 20)
LATEST_MONTH = np.datetime64("2025-11")
REGIONS = ("990102", "990123")  # urban, rural
#: A street of each region that declares by the month, and one that declares by the year.
STREETS = (("990102001001", "990102003001"), ("990123001001", "990123002001"))
CATEGORIES = ("dibao", "dibao_marginal", "tekun")


def write_city(folder: Path, households: int, seed: int) -> None:
    """Write profile, members and every table that rules on file read, one Parquet file each.

    Whole numbers of fen everywhere; a department's table that nobody is in is written empty.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    rural = rng.random(households) < 0.4
    home = np.repeat(np.arange(households), rng.integers(1, 5, households))
    person = _pseudonyms("P", len(home))
    _write(folder, "profile", _profile(rng, rural))
    _write(folder, "members", _members(rng, home, person))
    drawn = _records(rng, person) | {"household_register": _register(rng, rural)}
    for name in READS[Universe.ON_FILE]:
        _write(folder, name, _stored(name, drawn.get(name, {})))


def _pseudonyms(letter: str, count: int) -> np.ndarray:
    """Texts as long as real pseudonyms, in no order."""
    mixed = (np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(4)
    return np.array([f"{letter}{number:015x}" for number in mixed.tolist()], dtype=object)


def _numbers(count: int) -> pa.Array:
    return pa.array([f"DB{number:08d}" for number in range(count)])


def _profile(rng: np.random.Generator, rural: np.ndarray) -> pa.Table:
    count = len(rural)
    return pa.table(
        {
            "household_id": pa.array(_pseudonyms("H", count), pa.string()),
            "number": _numbers(count),
            "district_code": pa.array(np.array(REGIONS)[rural.astype(int)]),
            "urban_rural": pa.array(np.array(["urban", "rural"])[rural.astype(int)]),
            "category": pa.array(rng.choice(CATEGORIES, count, p=[0.8, 0.12, 0.08])),
            "in_programme": pa.repeat(True, count),
            "authorised": pa.repeat(True, count),
        }
    )


def _members(rng: np.random.Generator, home: np.ndarray, person: np.ndarray) -> pa.Table:
    born = np.datetime64("1940-01-01") + rng.integers(0, 30_000, len(home)).astype("timedelta64[D]")
    return pa.table(
        {
            "household_id": pa.array(_pseudonyms("H", int(home[-1]) + 1)[home], pa.string()),
            "person_id": pa.array(person, pa.string()),
            "born_on": pa.array(born, pa.date32()),
            "joined_on": pa.nulls(len(home), pa.date32()),
        }
    )


def _register(rng: np.random.Generator, rural: np.ndarray) -> dict[str, pa.Array]:
    """What families declared, by the period of their street; one in twenty declared nothing."""
    count = len(rural)
    yearly = rng.random(count) < 0.5
    declared = rng.integers(0, np.where(yearly, 2_000_000, 200_000))
    nothing = pa.array(rng.random(count) < 0.05)
    return {
        "household_no": _numbers(count),
        "declared_income_yuan": pc.if_else(nothing, None, _yuan(declared)),
        "income_period": pa.array(np.where(yearly, "year", "month")),
        "benefit_yuan_month": _yuan(rng.integers(0, 2_000, count) * 100),
        "granted_on": pa.repeat(pa.scalar(date(2024, 6, 1)), count),
        "region_code": pa.array(np.array(STREETS)[rural.astype(int), yearly.astype(int)]),
    }


def _records(rng: np.random.Generator, person: np.ndarray) -> dict[str, dict[str, pa.Array]]:
    """Rows by source: stored column -> values."""
    found: dict[str, dict[str, pa.Array]] = {}
    who, month = _monthly(rng, len(person), 0.3)
    found["withholding"] = {
        "person_id": _of(person, who),
        "month": month,
        "kind": pa.array(rng.choice(("wages", "labour", "platform", "business"), len(who))),
        "income_yuan": _yuan(rng.integers(0, 350_000, len(who))),
    }
    who, month = _monthly(rng, len(person), 0.3)
    base = np.where(rng.random(len(who)) < 0.5, rng.integers(0, 700_000, len(who)), 425_000)
    firm = np.where(rng.random(len(who)) < 0.7, "某厂", None)
    found["contributions"] = {
        "person_id": _of(person, who), "month": month, "employer_name": pa.array(firm, pa.string()),
        "base_yuan": _yuan(base),
    }  # fmt: skip
    who, month = _monthly(rng, len(person), 0.2)
    found["pensions"] = {
        "person_id": _of(person, who),
        "month": month,
        "kind": pa.array(rng.choice(("employee", "resident"), len(who))),
        "amount_yuan": _yuan(rng.integers(0, 150_000, len(who))),
    }
    who, month = _monthly(rng, len(person), 0.1)
    found["unemployment_benefits"] = {
        "person_id": _of(person, who),
        "month": month,
        "amount_yuan": _yuan(rng.integers(0, 150_000, len(who))),
    }
    who = _struck(rng, len(person), 0.3)
    found["balances"] = {
        "person_id": _of(person, who),
        "institution": pa.repeat("甲银行", len(who)),
        "kind": pa.repeat("deposit", len(who)),
        "balance_yuan": _yuan(rng.integers(0, 3_000_000, len(who))),
        "as_of_on": pa.repeat(pa.scalar(date(2025, 9, 30)), len(who)),
    }
    who = _struck(rng, len(person), 0.2)
    days = np.datetime64("2024-06-15") + rng.integers(0, 540, len(who)).astype("timedelta64[D]")
    found["settlements"] = {
        "person_id": _of(person, who),
        "settled_on": pa.array(days, pa.date32()),
        "self_paid_yuan": _yuan(rng.integers(0, 2_000_000, len(who))),
    }
    who = _struck(rng, len(person), 0.05)
    found["vehicles"] = {
        "owner_person_id": _of(person, who),
        "kind": pa.repeat("car", len(who)),
        "listed_price_yuan": _yuan(rng.integers(0, 5_000_000, len(who))),
        "registered_on": pa.repeat(pa.scalar(date(2020, 1, 1)), len(who)),
    }
    who = _struck(rng, len(person), 0.3)
    found["real_estate"] = {
        "person_id": _of(person, who),
        "unit_no": pa.array([f"U{number:08d}" for number in rng.permutation(len(who)).tolist()]),
        "use": pa.array(rng.choice(("dwelling", "homestead", "shop"), len(who), p=[0.85, 0.12, 0.03])),
        "area_m2": _yuan(rng.integers(2_000, 15_000, len(who))),
        "registered_on": pa.repeat(pa.scalar(date(2015, 1, 1)), len(who)),
    }
    return found


def _struck(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    return np.flatnonzero(rng.random(count) < share)


def _monthly(rng: np.random.Generator, count: int, share: float) -> tuple[np.ndarray, pa.Array]:
    """Persons and months of rows that run for some months and end in November, or some months before."""
    who = _struck(rng, count, share)
    last = LATEST_MONTH - rng.choice(4, len(who), p=[0.8, 0.08, 0.06, 0.06]).astype("timedelta64[M]")
    length = rng.integers(3, 9, len(who))
    rows = np.repeat(np.arange(len(who)), length)
    back = np.arange(len(rows)) - np.repeat(np.cumsum(length) - length, length)
    month = (last[rows] - back.astype("timedelta64[M]")).astype("datetime64[D]")
    return who[rows], pa.array(month, pa.date32())


def _of(person: np.ndarray, who: np.ndarray) -> pa.Array:
    return pa.array(person[who], pa.string())


def _yuan(fen: np.ndarray) -> pa.Array:
    """Whole fen as DECIMAL(18, 2) yuan."""
    return pc.multiply(
        pa.array(fen, pa.int64()).cast(pa.decimal128(19, 0)), pa.scalar("0.01").cast(pa.decimal128(3, 2))
    ).cast(pa.decimal128(18, 2))


def _stored(name: str, columns: Mapping[str, pa.Array]) -> pa.Table:
    schema = arrow_schema(SOURCES[name])
    rows = len(next(iter(columns.values()))) if columns else 0
    given = dict(columns) | {"received_on": pa.repeat(pa.scalar(RECEIVED), rows)}
    return pa.table({field.name: given.get(field.name, pa.nulls(rows, field.type)) for field in schema}).cast(
        schema
    )


def _write(folder: Path, name: str, table: pa.Table) -> None:
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")

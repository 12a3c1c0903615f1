"""Households, members and names in plain pandas: what `peer_pandas_profiles` sets its columns beside.

Reads of each file only the columns and the rows it needs (Arrow skips the others), holds money in whole fen,
and compares names that differ once each, in Python. It imports nothing of the product.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import dataset

PROGRAMMES = ["dibao", "dibao_marginal", "tekun", "rigid_expenditure"]
AGREES, NUMBER_ONLY, DISAGREES, VISIT = 0.99, 0.97, 0.60, 0.9
BLANKS = re.compile(r"[\s\u3000\xa0·•・‧．･⋅∙.]")
UNWRITABLE = re.compile(r"[?？�□■*＊]")


class Given:
    """What both sides are told: files, the values of the date, characters with a simplified form."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        self.files: dict[str, list[str]] = told["files"]
        self.values: dict[str, Any] = told["values"]
        self.key: str = told["key"]
        self.plain = str.maketrans(*told["variants"])
        self.as_of = pd.Timestamp(self.values["as_of"])

    def day(self, what: str, table: str) -> pd.Timestamp:
        """The last arrival of a table, or another of its days; NaT where there is none."""
        return pd.Timestamp(self.values[f"{what}_{table}"])

    def read(self, table: str, columns: Sequence[str], where: pc.Expression) -> pd.DataFrame:
        """Columns of the rows that had arrived and that `where` holds; money in fen, dates as timestamps."""
        today = pa.scalar(self.as_of.date())
        replaced = pc.field("replaced_on")
        seen = (pc.field("received_on") <= today) & (replaced.is_null() | (replaced > today))
        found = dataset.dataset(self.files[table]).to_table(columns=list(columns), filter=seen & where)
        for number, field in enumerate(found.schema):
            if pa.types.is_decimal(field.type):
                yuan = found.column(number).cast(pa.float64())
                found = found.set_column(number, field.name, pc.round(pc.multiply(yuan, 100.0)))
        return found.to_pandas(date_as_object=False)

    def register(self, table: str, columns: Sequence[str]) -> pd.DataFrame:
        """The rows of the latest delivery of a full register."""
        day = pa.scalar(self.day("register", table).date())
        delivered = pc.field("delivered_on")
        own = (delivered.is_null() & (pc.field("received_on") == day)) | (delivered == day)
        return self.read(table, columns, own)


def first_of(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """One row of each key: the first of its delivery."""
    return rows.sort_values("row_number", kind="stable").drop_duplicates(key)


def month_number(days: Any) -> Any:
    """Months since year 0."""
    return days.dt.year * 12 + days.dt.month


class Names:
    """How far two names agree."""

    def __init__(self, plain: dict[int, int]) -> None:
        self.plain = plain
        self.agree = cache(self._agree)

    def compare(self, ours: pd.Series, theirs: pd.Series) -> np.ndarray:
        """Confidence of each pair (n,); those written alike are not looked at."""
        sure = np.where(ours.isna() | theirs.isna(), NUMBER_ONLY, AGREES)
        other = (ours.notna() & theirs.notna() & (ours != theirs)).to_numpy()
        pairs = zip(ours[other], theirs[other], strict=True)
        sure[other] = [self.agree(one, another) for one, another in pairs]
        blank = (ours.str.strip() == "") & ~other
        return np.where(blank, NUMBER_ONLY, sure)

    def _agree(self, one: str, other: str) -> float:
        one, other = (BLANKS.sub("", name).upper() for name in (one, other))
        if not one or not other:
            return NUMBER_ONLY
        ours, theirs = one.translate(self.plain), other.translate(self.plain)
        if one == other or ours == theirs:
            return AGREES
        if UNWRITABLE.search(one) or UNWRITABLE.search(other):
            return AGREES if fits(ours, theirs) or fits(theirs, ours) else DISAGREES
        return DISAGREES


def fits(damaged: str, whole: str) -> bool:
    """Whether the letters of the one stand in the other; what is no letter stands for any character."""
    pattern = "".join(letter if letter.isalnum() else "." for letter in damaged)
    return re.fullmatch(pattern, whole) is not None


def households(given: Given) -> pd.DataFrame:
    """Households on file on the date, numbered from 0: number, household_id, place, authorised, standard."""
    columns = ["household_no", "head_id_no", "head_person_id", "region_code", "urban_rural", "category"]
    days = ["granted_on", "ended_on", "authorised_on", "authorised_until"]
    rows = given.register("household_register", [*columns, *days, "address", "row_number"])
    rows, today = first_of(rows, "household_no"), given.as_of
    granted = rows["granted_on"].isna() | (rows["granted_on"] <= today)
    ended = rows["ended_on"] <= today
    rows = rows[rows["category"].isin(PROGRAMMES) & granted & ~ended].reset_index(drop=True)
    until = rows["authorised_until"].isna() | (rows["authorised_until"] >= today)
    rows = rows.assign(
        number=rows["household_no"],
        in_programme=True,
        authorised=(rows["authorised_on"] <= today) & until,
    )
    return named_households(given, rows)


def named_households(given: Given, rows: pd.DataFrame) -> pd.DataFrame:
    """Households (number, region_code, urban_rural) numbered from 0, with pseudonym, place and standard."""
    texts = (f"{given.key}|household|{number}" for number in rows["number"])
    standards = (rows["region_code"].str[:6] + "_" + rows["urban_rural"]).map(
        lambda side: given.values.get(f"standard_{side}"), na_action="ignore"
    )
    return rows.assign(
        home=np.arange(len(rows)),
        household_id=["H" + hashlib.sha256(text.encode()).hexdigest()[:15] for text in texts],
        standard_yuan=standards.astype(float),
        street_code=rows["region_code"].str[:9],
        district_code=rows["region_code"].str[:6],
    )


def listed(given: Given, homes: pd.DataFrame) -> pd.DataFrame:
    """Who is on the files of these households: home, person_id, id_no, name, is_member; the heads too."""
    columns = ["household_no", "person_id", "id_no", "name", "joined_on", "left_on"]
    rows = given.register("household_members", columns)
    rows = rows.merge(homes[["household_no", "home"]], on="household_no")
    joined = rows["joined_on"].isna() | (rows["joined_on"] <= given.as_of)
    rows = rows[rows["person_id"].notna() & joined]
    rows = rows.assign(is_member=rows["left_on"].isna() | (rows["left_on"] > given.as_of))
    heads = homes[["home", "head_person_id", "head_id_no"]].dropna(subset="head_person_id")
    heads = heads.rename(columns={"head_person_id": "person_id", "head_id_no": "id_no"})
    there = pd.MultiIndex.from_frame(rows[["home", "person_id"]])
    heads = heads[~pd.MultiIndex.from_frame(heads[["home", "person_id"]]).isin(there)]
    kept = ["home", "person_id", "id_no", "name", "is_member"]
    everybody = pd.concat([rows[kept], heads.assign(name=None, is_member=True)[kept]], ignore_index=True)
    twice = everybody.duplicated(["home", "person_id"], keep=False)
    merged = (
        everybody[twice]
        .groupby(["home", "person_id"], as_index=False)
        .agg(id_no=("id_no", "min"), name=("name", "min"), is_member=("is_member", "max"))
    )
    return pd.concat([everybody[~twice], merged], ignore_index=True)


def residents(given: Given, persons: pd.Series | None, *more: str) -> pd.DataFrame:
    """These persons, or all, in the resident register known on the date; more: further columns."""
    columns = ["person_id", "name", "born_on", "sex", "hukou_region_code", "residence_region_code"]
    columns += ["residence_address", "residence_since", "row_number", *more]
    rows = given.register("residents", columns)
    whose = rows["person_id"].notna() if persons is None else rows["person_id"].isin(persons)
    rows = first_of(rows[whose], "person_id").drop(columns="row_number")
    since = rows["residence_since"]
    return rows.assign(residence_since=since.where(since <= given.as_of), in_residents=True)


def names_ever(given: Given, persons: pd.Series | None) -> pd.DataFrame:
    """Every name the register had of these persons, or of all, by the date: person_id, former_name."""
    today = pa.scalar(given.as_of.date())
    whose = pc.field("person_id").is_valid() & pc.field("name").is_valid()
    if persons is not None:
        whose &= pc.field("person_id").isin(pa.array(persons.unique()))
    source = dataset.dataset(given.files["residents"])
    found = source.to_table(columns=["person_id", "name"], filter=(pc.field("received_on") <= today) & whose)
    rows = found.group_by(["person_id", "name"]).aggregate([]).to_pandas()
    return rows.rename(columns={"name": "former_name"})


def people(given: Given, homes: pd.DataFrame, names: Names) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Members with age, sex, residence, register_name and confidence; and the names ever known."""
    rows = listed(given, homes)
    ever = names_ever(given, rows["person_id"])
    known = residents(given, rows["person_id"]).rename(columns={"name": "register_name"})
    rows = rows.merge(known, on="person_id", how="left")
    confidence = names.compare(rows["name"], rows["register_name"])
    unsure = rows.loc[confidence < VISIT, ["person_id", "name"]].drop_duplicates()
    both = unsure.merge(ever, on="person_id")
    formerly = both[names.compare(both["name"], both["former_name"]) == AGREES]
    pairs = pd.MultiIndex.from_frame(formerly[["person_id", "name"]])
    renamed = pd.MultiIndex.from_frame(rows[["person_id", "name"]]).isin(pairs)
    written = rows["id_no"].where(rows["id_no"].str.len() == 18).str[6:14]
    born_on = rows["born_on"].fillna(pd.to_datetime(written, format="%Y%m%d", errors="coerce"))
    rows = rows.assign(
        confidence=np.where((confidence < VISIT) & renamed, AGREES, confidence),
        age=age(given, born_on),
        in_residents=rows["in_residents"].notna(),
    )
    return rows, ever


def age(given: Given, born_on: pd.Series) -> pd.Series:
    """Completed years on the date."""
    months = given.as_of.year * 12 + given.as_of.month - month_number(born_on)
    return np.floor((months - (born_on.dt.day > given.as_of.day)) / 12)

"""What every source needs in plain pandas: rows beside the members, counted by household, and evidence.

It imports nothing of the product.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.peer_pandas_people import AGREES, VISIT, Given, Names, households, month_number, people
from benchmarks.peer_pandas_register import registered, registered_households, registered_people

#: Columns without a value where nothing was found; the others are nought then.
NO_VALUE = {
    "composition_oldest_years",
    "composition_youngest_years",
    "composition_mean_years",
    "income_months_since_taxed",
    "income_pension_newest_months",
    "property_vehicle_newest_years",
    "employment_base_lowest_yuan_12m",
    "employment_newest_job_months",
    "employment_months_since_contribution",
    "housing_away_from_hukou_share",
    "housing_months_since_move",
    "housing_power_kwh_month_3m",
}
#: Tables that need the family's authorisation.
AUTHORISED = {"withholding", "pensions", "contributions", "balances", "vehicles", "real_estate"}
#: What is read of each table: columns; person and name; what identifies a row; day, counted from the
#: latest month delivered or from the date.
TABLES: dict[str, dict[str, Any]] = {
    "withholding": {
        "columns": ["payer_uscc", "kind", "month", "income_yuan"],
        "key": ["payer_uscc", "kind", "month"],
        "day": "month",
    },
    "pensions": {"columns": ["kind", "month", "amount_yuan"], "key": ["kind", "month"], "day": "month"},
    "contributions": {
        "columns": ["employer_uscc", "month", "base_yuan"],
        "key": ["employer_uscc", "month"],
        "day": "month",
    },
    "balances": {
        "columns": ["institution", "kind", "balance_yuan", "as_of_on"],
        "key": ["institution", "kind", "as_of_on"],
        "day": "as_of_on",
    },
    "vehicles": {
        "columns": ["plate_masked", "kind", "listed_price_yuan", "registered_on", "transferred_on"],
        "key": ["plate_masked"],
        "day": "registered_on",
        "person": "owner_person_id",
        "name": "owner_name",
    },
    "real_estate": {
        "columns": [
            "unit_no",
            "share_percent",
            "use",
            "area_m2",
            "assessed_yuan",
            "registered_on",
            "cancelled_on",
        ],
        "key": ["unit_no"],
        "day": "registered_on",
    },
    "settlements": {
        "columns": ["settled_on", "kind", "total_yuan", "self_paid_yuan"],
        "key": ["settled_on", "kind"],
        "day": "settled_on",
    },
    "enrolments": {
        "columns": ["stage", "fee_yuan_year", "aid_yuan_year", "from", "to"],
        "key": ["stage", "from"],
        "day": "from",
    },
    "certificates": {
        "columns": ["category", "grade", "issued_on", "valid_until"],
        "key": ["category"],
        "day": "issued_on",
    },
}


class Table:
    """Rows of one source beside the households' members, and what is counted of them by household."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows

    def by_home(self, column: str, where: Any) -> Any:
        """The chosen rows' column, grouped."""
        chosen = self.rows.loc[where, ["home", column]]
        return chosen.groupby("home", sort=False)[column]

    def total(self, column: str, where: Any) -> pd.Series:
        """Sum of a column in fen, as yuan."""
        return self.by_home(column, where).sum(min_count=1) / 100

    def most(self, column: str, where: Any) -> pd.Series:
        """Largest of a column."""
        return self.by_home(column, where).max()

    def least(self, column: str, where: Any) -> pd.Series:
        """Smallest of a column."""
        return self.by_home(column, where).min()

    def count(self, where: Any) -> pd.Series:
        """Rows."""
        return self.rows.loc[where, "home"].value_counts()

    def distinct(self, column: str, where: Any) -> pd.Series:
        """Different values."""
        return self.rows.loc[where, ["home", column]].drop_duplicates().dropna()["home"].value_counts()

    def last(self, months: int) -> pd.Series:
        """Events of the last months."""
        return self.rows["months_ago"] < months

    def earlier(self, after: int, until: int) -> pd.Series:
        """Events of the months before."""
        return (self.rows["months_ago"] >= after) & (self.rows["months_ago"] < until)


class Profiles:
    """Everything of one date and universe: the wide table grows source by source."""

    def __init__(self, given: Given, universe: str) -> None:
        self.given, self.names = given, Names(given.plain)
        self.shared_only = universe == "register"
        if self.shared_only:
            register = registered(given)
            self.homes = registered_households(given, register)
            everybody, self.ever = registered_people(given, register, self.homes)
        else:
            self.homes = households(given)
            everybody, self.ever = people(given, self.homes, self.names)
        self.members = everybody[everybody["is_member"]].reset_index(drop=True)
        self.registered = self.members.drop_duplicates("person_id").set_index("person_id")["register_name"]
        persons = self.members.groupby("home")["person_id"].nunique()
        self.persons = persons.reindex(self.homes["home"], fill_value=0).to_numpy()
        self.wide: dict[str, Any] = {
            "household_id": self.homes["household_id"],
            "in_programme": self.homes["in_programme"],
            "authorised": self.homes["authorised"],
            "standard_yuan": self.homes["standard_yuan"],
            "urban_rural": self.homes["urban_rural"],
            "persons_matched": self.persons,
        }
        self.evidence: dict[str, Any] = {}
        self.as_of_month = given.as_of.year * 12 + given.as_of.month

    def known(self, name: str, members: pd.DataFrame) -> pd.DataFrame:
        """Rows of a table about these members known on the date, with `match`; corrected ones are gone."""
        told = TABLES[name]
        person, written = told.get("person", "person_id"), told.get("name", "name")
        columns = [person, written, *told["columns"], "received_on", "delivered_on", "link_probability"]
        whose = pc.field(person).isin(pa.array(members["person_id"].unique()))
        rows = self.given.read(name, columns, whose).rename(columns={person: "person_id", written: "name"})
        rows = newest(rows, ["person_id", *told["key"]])
        register_name = rows["person_id"].map(self.registered)
        match = self.names.compare(rows["name"], register_name)
        former = rows.loc[match < AGREES, ["person_id", "name"]].drop_duplicates().merge(self.ever)
        agreed = self.names.compare(former["name"], former["former_name"])
        best = former.assign(agreed=agreed).groupby(["person_id", "name"])["agreed"].max()
        pairs = pd.MultiIndex.from_frame(rows[["person_id", "name"]])
        ever = best.reindex(pairs).to_numpy()
        differs = (rows["name"].notna() & register_name.notna()).to_numpy() & (rows["name"] != register_name)
        match = np.where(differs, np.fmax(match, ever), match)
        return rows.assign(match=np.fmin(match, rows["link_probability"].fillna(1.0)))

    def events(self, name: str) -> Table:
        """Known rows that may be used, beside household and member, with months_ago and days_ago."""
        members = self.members[["home", "person_id", "age", "confidence"]]
        if name in AUTHORISED:
            members = members[self.homes["authorised"].to_numpy()[members["home"]]]
        members = members.assign(person=pd.factorize(members["person_id"])[0])
        rows = self.known(name, members).merge(members, on="person_id").drop(columns="person_id")
        doubtful = rows.loc[rows["match"] < VISIT, "home"].value_counts()
        rows = rows[rows["match"] >= VISIT]
        rows = rows.assign(confidence=np.minimum(rows["confidence"], rows["match"]))
        table = self.timed(rows, name, TABLES[name]["day"])
        self.tell(name, table, doubtful)
        return table

    def timed(self, rows: pd.DataFrame, name: str, day: str) -> Table:
        """Add the clock; what lies ahead of the date is left out."""
        rows = rows[~(rows[day] > self.given.as_of)]
        start = self.as_of_month
        if day == "month":
            anchor = self.given.day("anchor", name)
            start = anchor.year * 12 + anchor.month
        months = np.maximum(start - month_number(rows[day]), 0)
        return Table(rows.assign(event_on=rows[day], months_ago=months).reset_index(drop=True))

    def since(self, days: pd.Series) -> pd.Series:
        """Calendar months from days to the date; none where they lie ahead."""
        return (self.as_of_month - month_number(days)).where(days <= self.given.as_of)

    def current(self, until: pd.Series) -> pd.Series:
        """Whether a state that ends then still holds."""
        return until.isna() | (until >= self.given.as_of)

    def spread(self, values: pd.Series) -> np.ndarray:
        """Values by home, one a household; NaN or NaT where there is none."""
        return values.reindex(self.homes["home"]).to_numpy()

    def tell(self, name: str, table: Table, doubtful: pd.Series | None = None) -> None:
        """A source's evidence, one value a household."""
        found = table.rows.groupby("home", sort=False).agg(
            event_on=("event_on", "max"), known_on=("received_on", "max"), confidence=("confidence", "min")
        )
        found = found.reindex(self.homes["home"])
        there = np.isin(self.homes["home"], table.rows["home"].unique())
        state = np.where(there, "found", "nothing_found").astype(object)
        if name != "usage":
            state[self.persons == 0] = "not_matched"
        if not self.given.values[f"returned_{name}"]:
            state[:] = "not_returned"
        if name in AUTHORISED:
            state[~self.homes["authorised"].to_numpy()] = "not_authorised"
        answered = np.isin(state, ["found", "nothing_found"])
        latest = found["known_on"].fillna(self.given.day("latest", name))
        unsure = pd.Series(dtype="int64") if doubtful is None else doubtful
        self.evidence |= {
            f"{name}_state": state,
            f"{name}_event_on": found["event_on"].where(answered).to_numpy(),
            f"{name}_known_on": latest.where(answered | (state == "not_returned")).to_numpy(),
            f"{name}_confidence": found["confidence"].where(answered).to_numpy(),
            f"{name}_doubtful": unsure.reindex(self.homes["home"], fill_value=0).to_numpy(),
        }
        self.answered = answered

    def add(self, columns: dict[str, pd.Series]) -> None:
        """Features of the source told last: nought where nothing was found, unknown where nobody answered."""
        for name, values in columns.items():
            number = self.spread(values).astype(float)
            if name not in NO_VALUE:
                number = np.nan_to_num(number)
            self.wide[name] = np.where(self.answered, number, np.nan)


def newest(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Without rows that a later delivery of the same key replaces; few are delivered twice."""
    stands = rows["delivered_on"].fillna(rows["received_on"])
    twice = rows.duplicated(key, keep=False)
    again = rows[twice].assign(stands=stands[twice])
    last = again.groupby(key, dropna=False)["stands"].transform("max")
    return rows.drop(again.index[again["stands"] < last])


def counted(wide: dict[str, Any]) -> Any:
    """Persons to divide by: a household of nobody has no mean."""
    return np.where(wide["composition_persons_count"] == 0, np.nan, wide["composition_persons_count"])

"""The same profiles in plain pandas: what a good analyst would write for the same stored tables.

    python -m benchmarks.peer_pandas_profiles GIVEN OUT UNIVERSE

UNIVERSE is on_file or register. Households and members are read by `peer_pandas_people`, of the resident
register by `peer_pandas_register`; every column is computed with merges, masks and
group-bys, households and persons as integers; the last line is the seconds of its parts as JSON. It imports
nothing of the product. `benchmarks/profiles.py` holds its columns against the product's.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.peer_pandas_people import (
    AGREES,
    VISIT,
    Given,
    Names,
    households,
    month_number,
    people,
)
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


def registers(all_of: Profiles) -> None:
    """Features of the members as the resident register knows them."""
    given, rows = all_of.given, all_of.members
    rows = rows.merge(all_of.homes[["home", "street_code", "district_code"]], on="home")
    arrived = pd.Series(given.day("latest", "residents"), index=rows.index)
    rows = rows.assign(received_on=arrived.where(rows["in_residents"]), event_on=rows["residence_since"])
    table, age = Table(rows), rows["age"]
    all_of.tell("residents", table)
    every = pd.Series(True, index=rows.index)
    region, there = rows["residence_region_code"], rows["residence_region_code"].notna()
    hukou = rows["hukou_region_code"]
    both = there & hukou.notna()
    street = there & rows["street_code"].notna() & (region.str[:9] != rows["street_code"])
    district = there & rows["district_code"].notna() & (region.str[:6] != rows["district_code"])
    rows["away"] = (region != hukou).astype(float)
    rows["since_move"] = all_of.since(rows["residence_since"])
    all_of.add(
        {
            "composition_persons_count": table.count(every),
            "composition_children_count": table.count(age < 18),
            "composition_elderly_count": table.count(age >= 60),
            "composition_very_old_count": table.count(age >= 80),
            "composition_working_age_count": table.count((age >= 16) & (age < 60)),
            "composition_oldest_years": table.most("age", every),
            "composition_youngest_years": table.least("age", every),
            "composition_mean_years": table.by_home("age", every).mean(),
            "composition_born_count_12m": table.count(age < 1),
            "housing_away_from_hukou_share": table.by_home("away", both).mean(),
            "housing_other_street_count": table.count(street),
            "housing_other_district_count": table.count(district),
            "housing_addresses_count": table.distinct("residence_address", every),
            "housing_months_since_move": table.least("since_move", every),
            "change_moved_count_12m": table.count(rows["since_move"] < 12),
            "change_moved_away_count_24m": table.count((rows["since_move"] < 24) & street),
        }
    )


def withholding(all_of: Profiles) -> None:
    """Income with tax withheld."""
    table = all_of.events("withholding")
    kind, year, quarter = table.rows["kind"], table.last(12), table.last(3)
    every = pd.Series(True, index=table.rows.index)
    all_of.add(
        {
            "income_wages_yuan_12m": table.total("income_yuan", (kind == "wages") & year),
            "income_wages_yuan_3m": table.total("income_yuan", (kind == "wages") & quarter),
            "income_labour_yuan_12m": table.total("income_yuan", (kind == "labour") & year),
            "income_platform_yuan_12m": table.total("income_yuan", (kind == "platform") & year),
            "income_platform_yuan_3m": table.total("income_yuan", (kind == "platform") & quarter),
            "income_platform_months_12m": table.distinct("month", (kind == "platform") & year),
            "income_taxed_yuan_12m": table.total("income_yuan", year),
            "income_taxed_yuan_3m": table.total("income_yuan", quarter),
            "income_taxed_months_12m": table.distinct("month", year),
            "income_payers_count_12m": table.distinct("payer_uscc", year),
            "income_earners_count_3m": table.distinct("person", quarter),
            "income_largest_payment_yuan_12m": table.most("income_yuan", year) / 100,
            "income_months_since_taxed": table.least("months_ago", every),
            "business_income_yuan_12m": table.total("income_yuan", (kind == "business") & year),
        }
    )


def begun(table: Table, *person: str) -> pd.Series:
    """Months since each member's first payment; unknown where the data begin with it."""
    ago = table.rows["months_ago"]
    first = table.rows.groupby(["home", *person], dropna=False)["months_ago"].transform("max")
    return first.where(first < ago.max())


def pensions(all_of: Profiles) -> None:
    """Pensions."""
    table = all_of.events("pensions")
    table.rows["began"] = begun(table, "person", "kind")
    kind, year, quarter = table.rows["kind"], table.last(12), table.last(3)
    employee = kind == "employee"
    new = employee & (table.rows["began"] < 12) & quarter
    all_of.add(
        {
            "income_pension_employee_yuan_12m": table.total("amount_yuan", employee & year),
            "income_pension_resident_yuan_12m": table.total("amount_yuan", (kind == "resident") & year),
            "income_pension_largest_yuan_3m": table.most("amount_yuan", quarter) / 100,
            "income_pension_yuan_3m": table.total("amount_yuan", quarter),
            "income_pension_new_yuan_12m": table.most("amount_yuan", new) / 100,
            "income_pension_newest_months": table.least("began", employee & quarter),
            "income_pensioners_count_3m": table.distinct("person", quarter),
        }
    )


def contributions(all_of: Profiles) -> None:
    """Contributions to social insurance."""
    table = all_of.events("contributions")
    table.rows["began"] = begun(table, "person")
    year, quarter = table.last(12), table.last(3)
    every = pd.Series(True, index=table.rows.index)
    all_of.add(
        {
            "income_contribution_base_yuan_12m": table.total("base_yuan", year),
            "income_contribution_base_yuan_3m": table.total("base_yuan", quarter),
            "employment_contribution_months_12m": table.distinct("month", year),
            "employment_contributors_count_3m": table.distinct("person", quarter),
            "employment_contributors_count_prior": table.distinct("person", table.earlier(3, 12)),
            "employment_base_largest_yuan_3m": table.most("base_yuan", quarter) / 100,
            "employment_base_lowest_yuan_12m": table.least("base_yuan", year) / 100,
            "employment_base_new_yuan_12m": table.most("base_yuan", (table.rows["began"] < 12) & quarter)
            / 100,
            "employment_newest_job_months": table.least("began", quarter),
            "employment_employers_count_12m": table.distinct("employer_uscc", year),
            "employment_months_since_contribution": table.least("months_ago", every),
        }
    )


def balances(all_of: Profiles) -> None:
    """Accounts: of each the latest answer, the one before it and three before."""
    table = all_of.events("balances")
    rows = table.rows.sort_values(["as_of_on", "balance_yuan"], ascending=False, ignore_index=True)
    account = rows.groupby(["home", "person", "institution", "kind"], sort=False)
    rows["rank"], rows["before"] = account.cumcount(), account["balance_yuan"].shift(-1)
    rows["grown"] = rows["balance_yuan"] - account["balance_yuan"].shift(-3)
    rows["changed"] = rows["balance_yuan"] - rows["before"]
    table = Table(rows)
    held = (rows["rank"] == 0) & (rows["months_ago"] < 8)
    deposit = held & (rows["kind"] == "deposit")
    risen = (rows["kind"] == "deposit") & (rows["changed"] > 0)
    investment = rows["kind"].isin(["wealth_product", "fund", "security"])
    all_of.add(
        {
            "property_deposits_yuan": table.total("balance_yuan", deposit),
            "property_financial_yuan": table.total("balance_yuan", held),
            "property_investments_yuan": table.total("balance_yuan", held & investment),
            "property_insurance_yuan": table.total("balance_yuan", held & (rows["kind"] == "insurance")),
            "property_institutions_count": table.distinct("institution", held & (rows["balance_yuan"] > 0)),
            "property_largest_balance_yuan_24m": table.most("balance_yuan", table.last(24)) / 100,
            "property_deposits_change_yuan_quarter": table.total("changed", deposit),
            "property_deposits_before_yuan": table.total("before", deposit),
            "property_deposits_growth_yuan_9m": table.total("grown", deposit),
            "property_deposits_inflow_yuan_12m": table.total("changed", risen & table.last(12)),
            "property_deposits_untouched_yuan": table.total("balance_yuan", deposit & (rows["changed"] == 0)),
        }
    )


def vehicles(all_of: Profiles) -> None:
    """Vehicles."""
    table = all_of.events("vehicles")
    rows = table.rows
    owned = rows["transferred_on"].isna() | (rows["transferred_on"] > all_of.given.as_of)
    light = rows["kind"].isin(["motorcycle", "tricycle"])
    rows["years"] = (all_of.given.as_of - rows["registered_on"]).dt.days / 365.25
    all_of.add(
        {
            "property_vehicles_count": table.count(owned & ~light),
            "property_light_vehicles_count": table.count(owned & light),
            "property_vehicles_listed_yuan": table.total("listed_price_yuan", owned),
            "property_vehicle_dearest_yuan": table.most("listed_price_yuan", owned) / 100,
            "property_vehicle_newest_years": table.least("years", owned),
            "property_vehicles_bought_count_24m": table.count(table.last(24)),
            "property_vehicles_sold_count_24m": table.count(all_of.since(rows["transferred_on"]) < 24),
        }
    )


def real_estate(all_of: Profiles) -> None:
    """Dwellings, shops, homesteads; area and value by share, to four places."""
    table = all_of.events("real_estate")
    rows, use = table.rows, table.rows["use"]
    share = np.rint(rows["share_percent"].fillna(100.0) * 100)
    rows["own_area"] = np.floor((np.rint(rows["area_m2"] * 100) * share + 50) / 100)
    rows["own_value"] = np.floor((rows["assessed_yuan"] * share + 50) / 100)
    held = rows["cancelled_on"].isna() | (rows["cancelled_on"] > all_of.given.as_of)
    dwelling, other = held & (use == "dwelling"), use != "homestead"
    given_up = all_of.since(rows["cancelled_on"]) < 24
    all_of.add(
        {
            "property_dwellings_count": table.distinct("unit_no", dwelling),
            "property_dwellings_m2": table.total("own_area", dwelling) / 100,
            "property_real_estate_yuan": table.total("own_value", held & other) / 100,
            "property_shops_count": table.distinct("unit_no", held & (use == "shop")),
            "property_homesteads_count": table.distinct("unit_no", held & (use == "homestead")),
            "property_real_estate_bought_count_24m": table.distinct("unit_no", table.last(24) & other),
            "property_real_estate_sold_count_24m": table.distinct("unit_no", given_up),
        }
    )


def settlements(all_of: Profiles) -> None:
    """Medical cost."""
    table = all_of.events("settlements")
    kind, year = table.rows["kind"], table.last(12)
    inpatient = (kind == "inpatient") & year
    all_of.add(
        {
            "health_self_paid_yuan_12m": table.total("self_paid_yuan", year),
            "health_self_paid_yuan_3m": table.total("self_paid_yuan", table.last(3)),
            "health_self_paid_yuan_prior": table.total("self_paid_yuan", table.earlier(12, 24)),
            "health_inpatient_self_paid_yuan_12m": table.total("self_paid_yuan", inpatient),
            "health_inpatient_count_12m": table.count(inpatient),
            "health_chronic_count_12m": table.count((kind == "chronic") & year),
            "health_total_yuan_12m": table.total("total_yuan", year),
        }
    )


def enrolments(all_of: Profiles) -> None:
    """School."""
    table = all_of.events("enrolments")
    rows, stage, now = table.rows, table.rows["stage"], all_of.current(table.rows["to"])
    leaving = stage.isin(["senior", "vocational", "bachelor", "postgraduate"])
    working = (rows["age"] >= 16) & (rows["age"] < 60)
    compulsory = stage.isin(["primary", "junior"])
    all_of.add(
        {
            "education_students_count": table.distinct("person", now),
            "education_compulsory_count": table.distinct("person", now & compulsory),
            "education_college_count": table.distinct("person", now & (stage == "bachelor")),
            "education_students_working_age_count": table.distinct("person", now & working),
            "education_aid_yuan_year": table.total("aid_yuan_year", now),
            "education_aided_count": table.distinct("person", now & (rows["aid_yuan_year"] > 0)),
            "education_left_count_12m": table.distinct("person", leaving & (all_of.since(rows["to"]) < 12)),
        }
    )
    if not all_of.shared_only:
        all_of.add({"education_fee_yuan_year": table.total("fee_yuan_year", now)})


def certificates(all_of: Profiles) -> None:
    """Disability."""
    table = all_of.events("certificates")
    rows, valid = table.rows, all_of.current(table.rows["valid_until"])
    severe = rows["grade"] <= 2
    mental = (rows["grade"] == 3) & rows["category"].isin(["intellectual", "mental"])
    working = (rows["age"] >= 16) & (rows["age"] < 60)
    all_of.add(
        {
            "health_disabled_count": table.distinct("person", valid),
            "health_severe_count": table.distinct("person", valid & severe),
            "health_single_person_count": table.distinct("person", valid & (severe | mental)),
            "health_severe_working_age_count": table.distinct("person", valid & severe & working),
            "health_certificates_new_count_12m": table.count(table.last(12)),
        }
    )


def usage(all_of: Profiles) -> None:
    """Power used at the household's address; only the latest six months are read."""
    given, homes = all_of.given, all_of.homes[["home", "address"]].dropna()
    first = given.day("anchor", "usage").to_period("M").to_timestamp() - pd.DateOffset(months=5)
    here = pc.field("meter_address").isin(pa.array(homes["address"].unique()))
    recent = here & (pc.field("month") >= pa.scalar(first.date()))
    columns = ["meter_address", "month", "kwh", "received_on", "delivered_on"]
    rows = newest(given.read("usage", columns, recent), ["meter_address", "month"])
    rows = rows.merge(homes, left_on="meter_address", right_on="address").assign(confidence=0.8)
    rows["kwh"] = np.rint(rows["kwh"] * 10_000)
    table = all_of.timed(rows, "usage", "month")
    all_of.tell("usage", table)
    power = table.total("kwh", table.last(3)) / 100
    months = table.distinct("month", table.last(3))
    all_of.add({"housing_power_kwh_month_3m": power / months})


def made_of_shared(wide: dict[str, Any]) -> None:
    """Features made of other features of what is shared by statute; unknown where one of those is."""
    persons = counted(wide)
    unknown = np.isnan(wide["composition_persons_count"])
    elderly, children = wide["composition_elderly_count"], wide["composition_children_count"]
    exempt = wide["health_severe_working_age_count"] + wide["education_students_working_age_count"]
    able = wide["composition_working_age_count"] - exempt
    able = np.where(able > 0, able, 0.0 * able)
    year, before = wide["health_self_paid_yuan_12m"], wide["health_self_paid_yuan_prior"]
    alone = (persons == 1) & (elderly == 1)
    wide |= {
        "composition_old_alone_flag": np.where(unknown, np.nan, alone),
        "composition_only_old_flag": np.where(unknown, np.nan, elderly == persons),
        "composition_single_parent_flag": np.where(
            unknown, np.nan, (children > 0) & (persons - children == 1)
        ),
        "composition_dependants_share": 1 - wide["composition_working_age_count"] / persons,
        "health_self_paid_months_standard_12m": year / persons / wide["standard_yuan"].to_numpy(),
        "employment_able_adults_count": able,
        "employment_able_share": able / persons,
        "housing_rural_flag": (wide["urban_rural"] == "rural").astype(float),
        "change_self_paid_yuan_12m": year - before,
    }


def counted(wide: dict[str, Any]) -> Any:
    """Persons to divide by: a household of nobody has no mean."""
    return np.where(wide["composition_persons_count"] == 0, np.nan, wide["composition_persons_count"])


def made_of(wide: dict[str, Any]) -> None:
    """Those of what needs the family's authorisation."""
    persons, standard = counted(wide), wide["standard_yuan"].to_numpy()
    taxed, base = wide["income_taxed_yuan_3m"], wide["income_contribution_base_yuan_3m"]
    seen = np.where(taxed >= base, taxed, base) + wide["income_pension_yuan_3m"]
    recent = seen / persons / 3
    drawn = wide["property_largest_balance_yuan_24m"] - wide["property_deposits_yuan"]
    moving = wide["property_deposits_yuan"] - wide["property_deposits_untouched_yuan"]
    financial = wide["property_financial_yuan"] / persons
    insured, earners = wide["employment_contributors_count_3m"], wide["income_earners_count_3m"]
    months = {
        "property_deposits_change_months_standard": "property_deposits_change_yuan_quarter",
        "property_deposits_growth_months_standard_9m": "property_deposits_growth_yuan_9m",
        "property_deposits_before_months_standard": "property_deposits_before_yuan",
        "property_deposits_inflow_months_standard_12m": "property_deposits_inflow_yuan_12m",
    }
    wide |= {name: wide[yuan] / persons / standard for name, yuan in months.items()} | {
        "income_taxed_ratio_standard_3m": taxed / persons / 3 / standard,
        "income_recent_per_capita_yuan_month_3m": recent,
        "income_recent_ratio_standard_3m": recent / standard,
        "property_deposits_drawn_yuan_24m": np.where(drawn > 0, drawn, 0.0 * drawn),
        "property_deposits_moving_months_standard": moving / persons / standard,
        "property_financial_per_capita_yuan": financial,
        "property_financial_months_standard": financial / standard,
        "property_dwellings_per_capita_m2": wide["property_dwellings_m2"] / persons,
        "employment_visible_workers_count": np.where(insured >= earners, insured, earners),
        "change_taxed_yuan_month_3m": taxed / 3 - (wide["income_taxed_yuan_12m"] - taxed) / 9,
        "change_contributors_count_3m": insured - wide["employment_contributors_count_prior"],
    }


#: What of both universes is read, and what of the households on file beside it.
SHARED = (registers, settlements, enrolments, certificates)
AUTHORISED_ONLY = (withholding, pensions, contributions, balances, vehicles, real_estate, usage)


def main(path: Path, out: Path, universe: str = "on_file") -> None:
    """Everything of one date and universe."""
    mark = time.perf_counter()
    all_of = Profiles(Given(path), universe)
    parts = {"households": time.perf_counter() - mark}
    for source in SHARED if all_of.shared_only else (*SHARED, *AUTHORISED_ONLY):
        mark = time.perf_counter()
        source(all_of)
        parts[source.__name__] = time.perf_counter() - mark
    mark = time.perf_counter()
    made_of_shared(all_of.wide)
    if not all_of.shared_only:
        made_of(all_of.wide)
    frame = pd.DataFrame(all_of.wide | all_of.evidence).sort_values("household_id", ignore_index=True)
    written = pa.Table.from_pandas(frame, preserve_index=False)
    for place, name in enumerate(written.column_names):
        if name.endswith(("_event_on", "_known_on")):
            written = written.set_column(place, name, written.column(name).cast(pa.date32()))
    pq.write_table(written, out, compression="zstd")
    parts["written"] = time.perf_counter() - mark
    print(json.dumps({name: round(seconds, 2) for name, seconds in parts.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

"""Columns of what is shared by statute, in plain pandas: both universes have them.

It imports nothing of the product.
"""

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peer_pandas_tables import Profiles, Table, counted


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
        # What a school costs is auxiliary: of households on file only.
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


def made_of(wide: dict[str, Any]) -> None:
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


SOURCES = (registers, settlements, enrolments, certificates)

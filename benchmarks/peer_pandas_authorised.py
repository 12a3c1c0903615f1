"""Columns of the households on file alone, in plain pandas: what needs their authorisation, and power used.

It imports nothing of the product.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.peer_pandas_tables import Profiles, Table, counted, newest


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


def made_of(wide: dict[str, Any]) -> None:
    """Features made of other features; unknown where one of those is."""
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


SOURCES = (withholding, pensions, contributions, balances, vehicles, real_estate, usage)

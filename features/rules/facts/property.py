"""Property in the members' names (art. 14): financial assets, vehicles, homes and shops, market entities."""

from typing import Any

import ibis

from features.rules.facts.rows import Tables, joined, latest, open_on
from features.rules.money import MILLION, fen
from features.windows import holds_before

#: A balance older than this (two quarters and a delivery's lag) no longer speaks for today.
BALANCE_DAYS = 215


def deposits(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """deposit_fen: the latest balance of each account kind at each institution, summed."""
    rows = joined(tables, "balances", present)
    days = as_of.epoch_days() - rows.as_of_on.epoch_days()
    rows = rows.filter((days >= 0) & (days < BALANCE_DAYS))
    accounts = rows.group_by(["household_id", "person_id", "institution", "kind"]).agg(
        balance=latest(fen(rows.balance_yuan), rows.as_of_on),
        balance_on=rows.as_of_on.max(),
        balance_known_on=rows.received_on.max(),
    )
    return accounts.group_by("household_id").agg(
        deposit_fen=ibis.greatest(accounts.balance.sum().cast("int64"), 0),
        deposit_on=accounts.balance_on.max(),
        deposit_known_on=accounts.balance_known_on.max(),
    )


def vehicles(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Cars owned on the date: cars, over the value limit, of unknown price; dearest listed price."""
    rows = joined(tables, "vehicles", present, "owner_person_id")
    owned = (rows.registered_on <= as_of) & holds_before(rows.transferred_on, as_of)
    rows = rows.filter(owned & (rows.kind == "car"))
    price = fen(rows.listed_price_yuan)
    return rows.group_by("household_id").agg(
        cars=rows.count(),
        cars_over=(price > rows.law_vehicle_value_limit_fen).sum().cast("int64"),
        cars_unpriced=price.isnull().sum().cast("int64"),
        car_price_fen=price.max(),
        car_on=rows.registered_on.max(),
        car_known_on=rows.received_on.max(),
    )


def homes(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Units registered on the date, each counted once however many members share it.

    dwellings: those that count, with their floor area together (millionths of m2); homesteads; shops.
    """
    rows = joined(tables, "real_estate", present)
    held = (rows.registered_on <= as_of) & holds_before(rows.cancelled_on, as_of)
    rows = rows.filter(held & rows.unit_no.notnull())
    counts = (rows.use == "dwelling") | ((rows.use == "homestead") & rows.law_homestead_counted)
    units = rows.group_by(["household_id", "unit_no"]).agg(
        dwelling=counts.any(),
        homestead=(rows.use == "homestead").any(),
        shop=(rows.use == "shop").any(),
        area=(rows.area_m2 * MILLION).round().cast("int64").max(),
        home_on=rows.registered_on.max(),
        home_known_on=rows.received_on.max(),
    )
    return units.group_by("household_id").agg(
        dwellings=units.dwelling.sum().cast("int64"),
        homesteads=units.homestead.sum().cast("int64"),
        shops=units.shop.sum().cast("int64"),
        dwelling_area=units.area.sum(where=units.dwelling).cast("int64"),
        home_on=units.home_on.max(),
        home_known_on=units.home_known_on.max(),
    )


def businesses(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Active market entities led or co-owned by members, each once: companies, their greatest capital."""
    led = joined(tables, "entities", present, "legal_representative_person_id")
    led = led.select("household_id", "uscc")
    held = joined(tables, "shareholders", present)
    held = held.filter(open_on(held, as_of)).select("household_id", "uscc")
    linked = ibis.union(led, held, distinct=True)
    entities = tables["entities"]
    active = entities.filter((entities.registered_on <= as_of) & (entities.status == "active"))
    rows = linked.inner_join(active, "uscc")
    is_company = rows.kind == "company"
    return rows.group_by("household_id").agg(
        companies=is_company.sum().cast("int64"),
        individual_businesses=(rows.kind == "individual_business").sum().cast("int64"),
        company_capital_fen=fen(rows.registered_capital_yuan).max(where=is_company),
        entity_on=rows.registered_on.max(),
        entity_known_on=rows.received_on.max(),
    )

"""Countable income by kind (art. 13), a year in fen, from the latest months each department delivered."""

from typing import Any

import ibis

from features.rules.facts.rows import Tables, joined, month_number, recent
from features.rules.money import MONTHS, fen


def earnings(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Wages, labour and platform pay per household.

    A person's wages in a month are the greater of tax withheld on and contribution base, because both
    speak of the same job; labour and platform pay are added and the necessary cost of working taken off,
    month by month, so that more pay never counts for less. earned_year_fen: the window's mean, a year.
    earned_before_year_fen: the same for the window before it.
    """
    withheld = recent(joined(tables, "withholding", present), as_of)
    withheld = withheld.filter(withheld.kind != "business")
    paid = recent(joined(tables, "contributions", present), as_of)
    nothing = ibis.literal(0, "int64")
    is_wage = withheld.kind == "wages"
    lines = ibis.union(
        _line(withheld, is_wage.ifelse(fen(withheld.income_yuan), 0), nothing, fen(withheld.income_yuan)),
        _line(paid, nothing, fen(paid.base_yuan), nothing),
    )
    months = lines.group_by(["household_id", "person_id", "back"]).agg(
        wage=lines.wage.sum(),
        base=lines.base.sum(),
        other=(lines.pay - lines.wage).sum(),
        window=lines.window.max(),
        cost=lines.cost.max(),
        earned_on=lines.month.max(),
        earned_known_on=lines.received_on.max(),
    )
    gross = ibis.greatest(months.wage, months.base) + months.other
    months = months.mutate(net=ibis.greatest(gross - months.cost, 0))
    now, before = months.back < months.window, months.back >= months.window
    before = before & (months.back < 2 * months.window)
    by_household = months.group_by("household_id").agg(
        now=months.net.sum(where=now).cast("int64").fill_null(0),
        before=months.net.sum(where=before).cast("int64").fill_null(0),
        window=months.window.max(),
        based=months.person_id.nunique(where=now & (months.base > 0)),
        other=months.other.sum(where=now).cast("int64").fill_null(0),
        earned_on=months.earned_on.max(where=now),
        earned_known_on=months.earned_known_on.max(where=now),
    )
    scale = _per_year(by_household.window)
    return by_household.select(
        "household_id",
        "based",
        "earned_on",
        "earned_known_on",
        earned_year_fen=by_household.now * scale,
        earned_before_year_fen=by_household.before * scale,
        irregular_year_fen=by_household.other * scale,
    )


def _line(rows: ibis.Table, wage: Any, base: Any, pay: Any) -> ibis.Table:
    return rows.select(
        "household_id",
        "person_id",
        "back",
        "month",
        "received_on",
        wage=wage.cast("int64"),
        base=base.cast("int64"),
        pay=pay.cast("int64"),
        window=rows.law_income_window_months,
        cost=rows.law_necessary_employment_cost_fen,
    )


def _per_year(window: Any) -> Any:
    """Windows of a year over the window's months: whole, because windows divide twelve."""
    return (ibis.literal(MONTHS) / window).cast("int64")


def _monthly(rows: ibis.Table, amount_fen: Any, name: str) -> ibis.Table:
    kept = rows.mutate(amount=amount_fen).filter(rows.back < rows.law_income_window_months)
    sums = kept.group_by("household_id").agg(
        amount=kept.amount.sum().cast("int64"),
        window=kept.law_income_window_months.max(),
        on=kept.month.max(),
        known_on=kept.received_on.max(),
    )
    return sums.select(
        "household_id",
        **{
            f"{name}_year_fen": sums.amount * _per_year(sums.window),
            f"{name}_on": sums.on,
            f"{name}_known_on": sums.known_on,
        },
    )


def business(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Business income withheld on: business_year_fen with dates."""
    rows = recent(joined(tables, "withholding", present), as_of)
    rows = rows.filter(rows.kind == "business")
    return _monthly(rows, fen(rows.income_yuan), "business")


def pensions(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Pensions: employees' in full; residents' less the part the plan period leaves out of account."""
    rows = recent(joined(tables, "pensions", present), as_of)
    amount = fen(rows.amount_yuan)
    beyond = ibis.greatest(amount - rows.law_resident_basic_pension_not_counted_fen, 0)
    return _monthly(rows, (rows.kind == "resident").ifelse(beyond, amount), "pension")


def unemployment(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Unemployment benefit: unemployment_year_fen with dates."""
    rows = recent(joined(tables, "unemployment_benefits", present), as_of)
    return _monthly(rows, fen(rows.amount_yuan), "unemployment")


def land(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Land subsidy of the latest year delivered, where the locality counts it: land_year_fen."""
    rows = joined(tables, "land_subsidies", present)
    rows = rows.filter(rows.law_land_subsidy_counted & (rows.year >= as_of.year() - 1))
    rows = rows.mutate(latest=rows.year.max().over(ibis.window()))
    rows = rows.filter(rows.year == rows.latest)
    return rows.group_by("household_id").agg(land_year_fen=fen(rows.amount_yuan).sum().cast("int64"))


def self_paid(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Medical costs families paid in the twelve calendar months that end with the date's, with dates."""
    rows = joined(tables, "settlements", present)
    this_year = month_number(rows.settled_on) > month_number(as_of) - MONTHS
    rows = rows.filter(this_year & (rows.settled_on <= as_of))
    return rows.group_by("household_id").agg(
        self_paid_year_fen=fen(rows.self_paid_yuan).sum().cast("int64"),
        self_paid_on=rows.settled_on.max(),
        self_paid_known_on=rows.received_on.max(),
    )

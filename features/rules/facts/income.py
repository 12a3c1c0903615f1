"""Countable income by kind (art. 13), a year in fen, from the latest months each department delivered."""

from typing import Any

import ibis

from features.incomes import year_fen
from features.rules.facts.rows import Tables, employed, joined, month_number, recent
from features.rules.money import MONTHS, fen


def earnings(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Wages, labour and platform pay per household, a year, in the latest window of months.

    A person's wages in a month are the greater of tax withheld on and contribution base, because both
    speak of the same job; labour and platform pay are added and the necessary cost of working taken off,
    month by month, so that more pay never counts for less. A base at the legal floor shows a job but not
    its wage, so it counts in `earned_high_year_fen` and not in `earned_year_fen`; what people pay for
    themselves counts in neither. earned_before_year_fen: the best earlier window of the last year.
    """
    withheld = recent(joined(tables, "withholding", present), as_of)
    withheld = withheld.filter(withheld.kind != "business")
    paid = recent(employed(tables, present), as_of)
    nothing = ibis.literal(0, "int64")
    is_wage = withheld.kind == "wages"
    pay, base = fen(withheld.income_yuan), fen(paid.base_yuan)
    telling = (base > paid.law_contribution_base_floor_fen).ifelse(base, 0)
    lines = ibis.union(
        _line(
            withheld, wage=is_wage.ifelse(pay, 0), other=is_wage.ifelse(0, pay), base=nothing, telling=nothing
        ),
        _line(paid, wage=nothing, other=nothing, base=base, telling=telling),
    )
    months = lines.group_by(["household_id", "person_id", "back"]).agg(
        **{name: lines[name].sum() for name in ("wage", "other", "base", "telling")},
        window=lines.window.max(),
        cost=lines.cost.max(),
        earned_on=lines.month.max(),
        earned_known_on=lines.received_on.max(),
    )
    low = ibis.greatest(months.wage, months.telling) + months.other
    high = ibis.greatest(months.wage, months.base) + months.other
    months = months.mutate(
        low=ibis.greatest(low - months.cost, 0).cast("int64"),
        high=ibis.greatest(high - months.cost, 0).cast("int64"),
        turn=months.back // months.window,
    )
    windows = months.group_by(["household_id", "turn"]).agg(
        window=months.window.max(),
        low=months.low.sum().cast("int64"),
        high=months.high.sum().cast("int64"),
        other=months.other.sum().cast("int64"),
        based=months.person_id.nunique(where=months.base > 0),
        earned_on=months.earned_on.max(),
        earned_known_on=months.earned_known_on.max(),
    )
    latest, scale = windows.turn == 0, _per_year(windows.window)
    return windows.group_by("household_id").agg(
        earned_year_fen=(windows.low * scale).max(where=latest),
        earned_high_year_fen=(windows.high * scale).max(where=latest),
        earned_before_year_fen=(windows.low * scale).max(where=~latest),
        irregular_year_fen=(windows.other * scale).max(where=latest),
        based=windows.based.max(where=latest),
        earned_on=windows.earned_on.max(where=latest),
        earned_known_on=windows.earned_known_on.max(where=latest),
    )


def _line(rows: ibis.Table, **amounts: Any) -> ibis.Table:
    return rows.select(
        "household_id",
        "person_id",
        "back",
        "month",
        "received_on",
        window=rows.law_income_window_months,
        cost=rows.law_necessary_employment_cost_fen,
        **{name: amount.cast("int64") for name, amount in amounts.items()},
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
    return rows.group_by("household_id").agg(
        land_year_fen=year_fen(rows, "land_subsidies.amount_yuan").sum().cast("int64")
    )


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

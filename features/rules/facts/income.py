"""Countable income by kind (art. 13), a year in fen, from the latest months each department delivered."""

from typing import Any

import ibis

from features.incomes import year_fen
from features.rules.facts.rows import Tables, employed, joined, recent
from features.rules.money import MONTHS, fen
from features.windows import month_number


def earned_months(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Wages, labour and platform pay, fen, one row a person and month; `turn` is 0 in the latest window.

    A person's wages in a month are the greater of tax withheld on and contribution base, because both
    speak of the same job; labour and platform pay are added and the necessary cost of working taken off,
    month by month, so that more pay never counts for less. A base at the legal floor shows a job but not
    its wage, so it counts in `high` and not in `low`; what people pay for themselves counts in neither.
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
    sure = ibis.greatest(months.wage, months.telling)
    high = ibis.greatest(months.wage, months.base) + months.other
    return months.mutate(
        sure=sure,
        low=ibis.greatest(sure + months.other - months.cost, 0).cast("int64"),
        high=ibis.greatest(high - months.cost, 0).cast("int64"),
        turn=months.back // months.window,
    )


def earnings(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """`earned_months` per household, a year, in the latest window; and the year's best earlier window."""
    months = earned_months(tables, present, as_of)
    windows = months.group_by(["household_id", "turn"]).agg(
        window=months.window.max(),
        low=months.low.sum().cast("int64"),
        high=months.high.sum().cast("int64"),
        other=months.other.sum().cast("int64"),
        based=months.person_id.nunique(where=months.base > 0),
        earned_on=months.earned_on.max(),
        earned_known_on=months.earned_known_on.max(),
    )
    latest, scale = windows.turn == 0, per_year(windows.window)
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


def per_year(window: Any) -> Any:
    """Windows of a year over the window's months: whole, because windows divide twelve."""
    return (ibis.literal(MONTHS) / window).cast("int64")


def _in_window(rows: ibis.Table, amount_fen: Any, gross_fen: Any = None) -> ibis.Table:
    """Rows of the latest window with `amount` that counts, and `gross` before what is left out of account."""
    gross = amount_fen if gross_fen is None else gross_fen
    return rows.mutate(amount=amount_fen, gross=gross).filter(rows.back < rows.law_income_window_months)


def _of_household(kept: ibis.Table, name: str) -> ibis.Table:
    sums = kept.group_by("household_id").agg(
        amount=kept.amount.sum().cast("int64"),
        window=kept.law_income_window_months.max(),
        on=kept.month.max(),
        known_on=kept.received_on.max(),
    )
    return sums.select(
        "household_id",
        **{
            f"{name}_year_fen": sums.amount * per_year(sums.window),
            f"{name}_on": sums.on,
            f"{name}_known_on": sums.known_on,
        },
    )


def business_months(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Business income withheld on, in the latest window."""
    rows = recent(joined(tables, "withholding", present), as_of)
    rows = rows.filter(rows.kind == "business")
    return _in_window(rows, fen(rows.income_yuan))


def business(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Business income withheld on: business_year_fen with dates."""
    return _of_household(business_months(tables, present, as_of), "business")


def pension_months(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Pensions: employees' in full; residents' less the part the plan period leaves out of account."""
    rows = recent(joined(tables, "pensions", present), as_of)
    amount = fen(rows.amount_yuan)
    beyond = ibis.greatest(amount - rows.law_resident_basic_pension_not_counted_fen, 0)
    return _in_window(rows, (rows.kind == "resident").ifelse(beyond, amount), amount)


def pensions(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Pensions as far as they count: pension_year_fen with dates."""
    return _of_household(pension_months(tables, present, as_of), "pension")


def unemployment_months(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Unemployment benefit in the latest window."""
    rows = recent(joined(tables, "unemployment_benefits", present), as_of)
    return _in_window(rows, fen(rows.amount_yuan))


def unemployment(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Unemployment benefit: unemployment_year_fen with dates."""
    return _of_household(unemployment_months(tables, present, as_of), "unemployment")


def land_rows(tables: Tables, present: ibis.Table, as_of: Any, counted: bool = True) -> ibis.Table:
    """Land subsidies of the latest year delivered, where the locality counts them (or does not)."""
    rows = joined(tables, "land_subsidies", present)
    rows = rows.filter((rows.law_land_subsidy_counted == counted) & (rows.year >= as_of.year() - 1))
    rows = rows.mutate(latest=rows.year.max().over(ibis.window()))
    rows = rows.filter(rows.year == rows.latest)
    return rows.mutate(amount=year_fen(rows, "land_subsidies.amount_yuan"))


def land(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Land subsidy of the latest year delivered, where the locality counts it: land_year_fen."""
    rows = land_rows(tables, present, as_of)
    return rows.group_by("household_id").agg(land_year_fen=rows.amount.sum().cast("int64"))


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

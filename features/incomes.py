"""Amounts of every department brought to one standard: yuan a month, with the period and the basis kept.

Departments count in months and in years, and some streets write a year's income under the header of a
month's. What each amount is, is declared here once; dimensions, rules and measures of quality read it. An
amount is never corrected silently: where its period is missing or cannot be right, both readings are kept
(`readings`) and the doubt is a fact of its own.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import ibis

MONTHS = 12
FEN = 100


class Period(StrEnum):
    """What time an amount is for. STATED: as the row itself says in `period_column`."""

    MONTH = "month"
    YEAR = "year"
    STATED = "stated"


class Basis(StrEnum):
    """What kind of figure an amount is, from the family's word to money that was paid."""

    DECLARED = "declared"
    VERIFIED = "verified"
    WITHHELD = "withheld"
    CONTRIBUTION_BASE = "contribution_base"
    FUND_DEPOSIT = "fund_deposit"
    PAID_OUT = "paid_out"
    CHARGED = "charged"


BASES: dict[Basis, tuple[str, str]] = {
    Basis.DECLARED: ("家庭申报", "what the family declared"),
    Basis.VERIFIED: ("入户核实", "what a visit verified"),
    Basis.WITHHELD: ("扣缴个税的收入额（税前）", "income on which tax was withheld, before tax"),
    Basis.CONTRIBUTION_BASE: (
        "社保缴费基数，有上下限，按下限缴的不说明工资",
        "a base within legal bounds: at the floor it says nothing of the wage",
    ),
    Basis.FUND_DEPOSIT: (
        "住房公积金缴存额，是工资的一部分",
        "a share of the wage, employer and employee together",
    ),
    Basis.PAID_OUT: ("部门实际发放", "what a department paid out"),
    Basis.CHARGED: ("家庭支付的费用，不是收入", "what the family pays: no income"),
}


@dataclass(frozen=True)
class Amount:
    """One column of money that flows: what time it is for and what kind of figure it is.

    counted: part of a family's income under art. 13 (some only as far as a region's parameters say).
    """

    table: str
    column: str
    period: Period
    basis: Basis
    counted: bool = True
    period_column: str | None = None

    @property
    def name(self) -> str:
        """`table.column`."""
        return f"{self.table}.{self.column}"


AMOUNTS: dict[str, Amount] = {
    amount.name: amount
    for amount in (
        Amount(
            "household_register",
            "declared_income_yuan",
            Period.STATED,
            Basis.DECLARED,
            period_column="income_period",
        ),
        Amount("verifications", "verified_income_yuan_month", Period.MONTH, Basis.VERIFIED),
        Amount("withholding", "income_yuan", Period.MONTH, Basis.WITHHELD),
        Amount("contributions", "base_yuan", Period.MONTH, Basis.CONTRIBUTION_BASE),
        Amount("housing_fund", "deposit_yuan", Period.MONTH, Basis.FUND_DEPOSIT),
        Amount("pensions", "amount_yuan", Period.MONTH, Basis.PAID_OUT),
        Amount("unemployment_benefits", "amount_yuan", Period.MONTH, Basis.PAID_OUT),
        Amount("land_subsidies", "amount_yuan", Period.YEAR, Basis.PAID_OUT),
        Amount("household_register", "benefit_yuan_month", Period.MONTH, Basis.PAID_OUT, counted=False),
        Amount("other_benefits", "amount_yuan_month", Period.MONTH, Basis.PAID_OUT, counted=False),
        Amount("enrolments", "aid_yuan_year", Period.YEAR, Basis.PAID_OUT, counted=False),
        Amount("enrolments", "fee_yuan_year", Period.YEAR, Basis.CHARGED, counted=False),
        Amount("public_rental", "rent_yuan", Period.MONTH, Basis.CHARGED, counted=False),
    )
}
#: Columns of money that are worth or cost something once, and flow in no period.
NOT_FLOWS = frozenset(
    {
        "household_register.declared_deposit_yuan",
        "balances.balance_yuan",
        "entities.registered_capital_yuan",
        "real_estate.assessed_yuan",
        "settlements.total_yuan",
        "settlements.self_paid_yuan",
        "vehicles.listed_price_yuan",
    }
)


def yuan_month(rows: Any, name: str) -> Any:
    """An amount as yuan a month; null where the row does not say for what period it is."""
    amount = AMOUNTS[name]
    if amount.period is Period.MONTH:
        return rows[amount.column]
    # A double on every engine: Spark would keep six decimals of a divided decimal.
    value = rows[amount.column].cast("float64")
    if amount.period is Period.YEAR:
        return value / MONTHS
    return rows[amount.period_column].cases(("month", value), ("year", value / MONTHS), else_=None)


def year_fen(rows: Any, name: str) -> Any:
    """The same exactly, as fen a year (int64): a yearly figure is never rebuilt from a rounded month."""
    amount = AMOUNTS[name]
    fen = (rows[amount.column] * FEN).cast("int64")
    if amount.period is Period.MONTH:
        return fen * MONTHS
    if amount.period is Period.YEAR:
        return fen
    return rows[amount.period_column].cases(("month", fen * MONTHS), ("year", fen), else_=None)


class Readings(NamedTuple):
    """What a declared income may be, fen a year. `stated` is null where it is doubtful."""

    stated: Any
    low: Any
    high: Any
    doubtful: Any


def readings(
    amount_fen: Any, period: Any, by_year_here: Any, persons: Any, standard_fen: Any, most_standards: Any
) -> Readings:
    """A declared income as stated, and as the other period would have it.

    amount_fen: the figure as written (int64). period: month, year or null. by_year_here: whether the street
    declares by the year (null: its parameters do not say). persons: people it is for. standard_fen: the
    standard of a person a month (int64). most_standards: more standards a person and month than a family on
    file can have declared (null: not said). Doubtful are amounts over 0 without a period, with a period that
    is not the street's, and a month's that no family on file can have and a year's can.
    """
    per_month, per_year = amount_fen * MONTHS, amount_fen
    most = persons * standard_fen * most_standards
    too_much = ((period == "month") & (amount_fen > most) & (amount_fen <= most * MONTHS)).fill_null(False)
    other = ((period == "year") != by_year_here).fill_null(False)
    doubtful = ((amount_fen > 0) & (period.isnull() | other | too_much)).fill_null(False)
    stated = period.cases(("month", per_month), ("year", per_year), else_=None)
    # Nothing declared is nothing in any period.
    stated = (amount_fen == 0).ifelse(0, stated).cast("int64")
    return Readings(
        stated=doubtful.ifelse(ibis.null("int64"), stated),
        low=doubtful.ifelse(per_year, stated),
        high=doubtful.ifelse(per_month, stated),
        doubtful=doubtful,
    )

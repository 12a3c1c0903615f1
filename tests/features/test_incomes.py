"""Amounts of every department to yuan a month; a doubt about the period keeps both readings."""

from decimal import Decimal
from typing import Any

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.incomes import AMOUNTS, BASES, NOT_FLOWS, Basis, Period, readings, year_fen, yuan_month
from features.sources import SOURCES
from features.sources.core import Kind

ENGINE = ibis.duckdb.connect()


def test_every_amount_of_money_that_is_declared_has_a_period_or_is_no_flow() -> None:
    money = {f"{s.name}.{c.name}" for s in SOURCES.values() for c in s.columns if c.kind is Kind.YUAN}
    assert money == set(AMOUNTS) | NOT_FLOWS
    assert not set(AMOUNTS) & NOT_FLOWS
    assert set(BASES) == set(Basis)


def test_a_column_whose_name_says_its_period_is_declared_with_it() -> None:
    for amount in AMOUNTS.values():
        for period in (Period.MONTH, Period.YEAR):
            if amount.column.endswith(f"_{period}"):
                assert amount.period is period


def _value(name: str, **row: Any) -> tuple[Any, Any]:
    amount = AMOUNTS[name]
    columns = {amount.column: "decimal(18, 2)"}
    if amount.period_column:
        columns[amount.period_column] = "string"
    table = ibis.memtable([row], schema=ibis.schema(columns))
    found = ENGINE.to_pyarrow(table.select(month=yuan_month(table, name), year=year_fen(table, name)))
    return tuple(found.to_pylist()[0].values())


DECLARED = "household_register.declared_income_yuan"


@given(fen=st.integers(min_value=0, max_value=10**9))
@settings(max_examples=25, deadline=None)
def test_a_month_is_a_twelfth_of_its_year_and_a_year_is_exact(fen: int) -> None:
    yuan = Decimal(fen) / 100
    month, year = _value(DECLARED, declared_income_yuan=yuan, income_period="month")
    assert (float(month), year) == (pytest.approx(fen / 100), 12 * fen)
    month, year = _value(DECLARED, declared_income_yuan=yuan, income_period="year")
    assert year == fen
    assert float(month) == pytest.approx(fen / 1200, abs=0.0051)  # told to the fen


def test_without_its_period_an_amount_says_nothing() -> None:
    assert _value(DECLARED, declared_income_yuan=Decimal(12), income_period=None) == (None, None)


@pytest.mark.parametrize(
    ("name", "month"),
    [("land_subsidies.amount_yuan", 100), ("pensions.amount_yuan", 1200), ("enrolments.aid_yuan_year", 100)],
)
def test_each_source_is_brought_to_the_month(name: str, month: int) -> None:
    assert float(_value(name, **{AMOUNTS[name].column: Decimal(1200)})[0]) == month


#: amount (yuan), period, by year here, persons -> stated, low, high (yuan a year), doubtful. Standard 1,210.
CASES = [
    (500, "month", False, 1, (6_000, 6_000, 6_000, False)),
    (6_000, "year", True, 1, (6_000, 6_000, 6_000, False)),
    (500, "month", None, 1, (6_000, 6_000, 6_000, False)),  # the region's parameters say nothing
    (500, None, None, 1, (None, 500, 6_000, True)),
    (500, "month", True, 1, (None, 500, 6_000, True)),
    (6_000, "year", False, 1, (None, 6_000, 72_000, True)),
    (12_000, "month", False, 1, (None, 12_000, 144_000, True)),  # ten standards a person and month
    (12_000, "month", False, 3, (144_000, 144_000, 144_000, False)),
    (90_000, "month", False, 1, (1_080_000, 1_080_000, 1_080_000, False)),  # nor can it be a year's
    (0, None, True, 1, (0, 0, 0, False)),
    (0, "month", True, 1, (0, 0, 0, False)),
    (None, None, True, 1, (None, None, None, False)),
]


@pytest.mark.parametrize(("yuan", "period", "by_year", "persons", "expected"), CASES)
def test_a_doubt_keeps_both_readings_and_corrects_nothing(yuan, period, by_year, persons, expected) -> None:
    types = {"fen": "int64", "period": "string", "by_year": "boolean", "persons": "int64"}
    row = {"fen": None if yuan is None else yuan * 100, "period": period}
    table = ibis.memtable([{**row, "by_year": by_year, "persons": persons}], schema=ibis.schema(types))
    found = readings(table.fen, table.period, table.by_year, table.persons, 121_000, 4)
    stated, low, high, doubtful = ENGINE.to_pyarrow(table.select(**found._asdict())).to_pylist()[0].values()
    told = tuple(None if value is None else value / 100 for value in (stated, low, high))
    assert (*told, doubtful) == expected

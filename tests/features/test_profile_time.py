"""Time travel: what arrives after a date changes nothing in the profile as of that date."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engines import memory_warehouse
from features.known import load_calendar
from features.sources import SOURCES
from features.sources.core import Kind
from tests.features.small_city import AS_OF, COMMUNITY, Case, City, described, identity, tables_of

NOW = Case(
    "now",
    {"a": {"born_on": "1980-01-01"}, "b": {"born_on": "2012-01-01"}},
    tables={
        "withholding": [
            {"id_no": "a", "payer_uscc": "u", "kind": "wages", "month": "2025-12-01", "income_yuan": 3000}
        ],
        "balances": [
            {
                "id_no": "a",
                "institution": "n",
                "kind": "deposit",
                "balance_yuan": 10,
                "as_of_on": "2025-09-30",
            }
        ],
        "entities": [
            {
                "uscc": "c1",
                "legal_representative_id_no": "a",
                "kind": "company",
                "registered_on": "2020-01-01",
                "status": "active",
            }
        ],
        "certificates": [{"id_no": "b", "category": "mental", "grade": 2, "issued_on": "2020-01-01"}],
        "applications": [{"applied_on": "2023-05-01", "decision": "granted"}],
    },
)
LATER = date(2026, 1, 1)


@pytest.fixture(scope="module", params=["on_file", "register"])
def town(request: pytest.FixtureRequest) -> tuple[City, dict[str, Any], dict[str, Any]]:
    tables = tables_of([NOW])
    warehouse = memory_warehouse(tables, received_on=date(2025, 12, 20))
    town = described(warehouse, load_calendar(warehouse), request.param)
    return town, tables, town.profiles()


@st.composite
def poison(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Rows of a few tables that arrive later: corrections of what is known, and new facts."""
    names = draw(st.lists(st.sampled_from(sorted(SOURCES)), min_size=4, max_size=len(SOURCES), unique=True))
    return {name: [_row(draw, name) for _ in range(draw(st.integers(1, 2)))] for name in names}


def _row(draw: st.DrawFn, name: str) -> dict[str, Any]:
    values = {
        Kind.ID_NO: st.sampled_from([identity("now", "a"), identity("now", "b"), identity("other", "c")]),
        Kind.USCC: st.sampled_from(["u", "c1", "c2"]),
        Kind.REGION: st.sampled_from([COMMUNITY, "990123001001"]),
        Kind.TEXT: st.sampled_from(["now", "other", "n", "home of now"]),
        Kind.DATE: st.dates(date(2010, 1, 1), date(2026, 6, 1)),
        Kind.MONTH: st.dates(date(2024, 1, 1), date(2026, 6, 1)).map(lambda day: day.replace(day=1)),
        Kind.YUAN: st.integers(0, 10**6),
        Kind.NUMBER: st.floats(0, 100),
        Kind.INTEGER: st.integers(1, 4),
    }
    source = SOURCES[name]
    row = {
        column.name: draw(st.sampled_from(sorted(column.domain)) if column.domain else values[column.kind])
        for column in source.columns
    }
    if "year" in row:
        row["year"] = draw(st.integers(2024, 2026))
    row["received_on"] = draw(st.dates(LATER, date(2026, 6, 1)))
    return row


@pytest.mark.long
@settings(max_examples=12, deadline=None, derandomize=True)
@given(later=poison())
def test_nothing_known_after_the_date_moves_anything(
    town: tuple[City, dict[str, Any], dict[str, Any]], later: dict[str, list[dict[str, Any]]]
) -> None:
    small, tables, before = town
    grown = {name: [*rows, *later.get(name, [])] for name, rows in tables.items()}
    assert _with_rows(small, grown).profiles(AS_OF) == before


def test_a_correction_moves_the_profile_from_its_arrival_on(
    town: tuple[City, dict[str, Any], dict[str, Any]],
) -> None:
    small, tables, before = town
    died = {"id_no": identity("now", "b"), "name": "b", "died_on": "2025-11-01", "received_on": LATER}
    grown = _with_rows(small, {**tables, "deaths": [*tables["deaths"], died]})
    assert grown.profiles(AS_OF) == before
    after = grown.profiles(date(2026, 1, 31))["now"]
    assert after["change_deaths_count_12m"] == 1
    assert before["now"]["change_deaths_count_12m"] == 0


def _with_rows(small: City, tables: dict[str, list[dict[str, Any]]]) -> City:
    """The same plan over other rows: tables of the connection are replaced, not described again."""
    warehouse = memory_warehouse(tables, received_on=date(2025, 12, 20))
    for name in SOURCES:
        rows = warehouse.table(name).to_pyarrow()
        small.warehouse.connection.create_table(name, rows, overwrite=True)
    small.sight.calendar = load_calendar(small.warehouse)
    return small

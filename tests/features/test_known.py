"""What was known on a date: arrival decides, not the event; a correction counts from its own arrival."""

from datetime import date

import pytest

from features.engines import memory_warehouse
from features.known import known, load_calendar
from features.sources import SOURCES

A, B = "a" * 18, "b" * 18


def _wages(as_of: date, *rows: tuple[str, str, float]) -> list[tuple[str, float]]:
    """Month and amount known on a date, of rows (received_on, month, amount) of one person and payer."""
    table = [
        {
            "id_no": A,
            "payer_uscc": "u",
            "kind": "wages",
            "month": month,
            "income_yuan": amount,
            "received_on": on,
        }
        for on, month, amount in rows
    ]
    warehouse = memory_warehouse({"withholding": table})
    found = known(warehouse.table("withholding"), SOURCES["withholding"], as_of)
    return sorted(
        (str(row["month"])[:10], float(row["income_yuan"])) for row in found.to_pyarrow().to_pylist()
    )


def test_what_arrives_after_the_date_is_not_there() -> None:
    rows = [("2025-02-10", "2025-01-01", 100.0), ("2025-03-10", "2025-02-01", 200.0)]
    assert _wages(date(2025, 3, 9), *rows) == [("2025-01-01", 100.0)]
    assert len(_wages(date(2025, 3, 10), *rows)) == 2


def test_a_correction_replaces_from_its_own_arrival() -> None:
    rows = [("2025-02-10", "2025-01-01", 100.0), ("2025-05-10", "2025-01-01", 900.0)]
    assert _wages(date(2025, 5, 9), *rows) == [("2025-01-01", 100.0)]
    assert _wages(date(2025, 5, 10), *rows) == [("2025-01-01", 900.0)]


def test_a_late_correction_of_an_old_month_does_not_hide_the_newer_month() -> None:
    rows = [
        ("2025-02-10", "2025-01-01", 100.0),
        ("2025-03-10", "2025-02-01", 200.0),
        ("2025-05-10", "2025-01-01", 110.0),
    ]
    assert _wages(date(2025, 6, 1), *rows) == [("2025-01-01", 110.0), ("2025-02-01", 200.0)]


def test_two_rows_of_one_key_in_one_delivery_are_both_kept() -> None:
    rows = [("2025-02-10", "2025-01-01", 100.0), ("2025-02-10", "2025-01-01", 50.0)]
    assert _wages(date(2025, 3, 1), *rows) == [("2025-01-01", 50.0), ("2025-01-01", 100.0)]


@pytest.mark.parametrize("told", [None, date(2025, 2, 10)])
def test_of_a_full_register_only_the_latest_delivery_is_read(told: date | None) -> None:
    rows = [
        {"id_no": A, "born_on": "1980-01-01", "hukou_household_no": "1", "received_on": "2025-01-10"},
        {"id_no": B, "born_on": "1980-01-01", "hukou_household_no": "1", "received_on": "2025-01-10"},
        {"id_no": A, "born_on": "1980-01-01", "hukou_household_no": "2", "received_on": "2025-02-10"},
        {"id_no": B, "born_on": "1980-01-01", "hukou_household_no": "3", "received_on": "2025-03-10"},
    ]
    table = memory_warehouse({"residents": rows}).table("residents")
    found = known(table, SOURCES["residents"], date(2025, 3, 9), told).to_pyarrow().to_pylist()
    assert [(row["id_no"], row["hukou_household_no"]) for row in found] == [(A, "2")]


def test_nothing_was_known_before_the_first_delivery() -> None:
    assert _wages(date(2025, 1, 1), ("2025-02-10", "2025-01-01", 100.0)) == []


def _pensions(*rows: tuple[str, str]) -> list[dict[str, object]]:
    return [
        {"id_no": f"{n:018d}", "kind": "resident", "month": month, "amount_yuan": 1, "received_on": on}
        for n, (on, month) in enumerate(rows)
    ]


def test_months_are_counted_from_the_latest_month_delivered() -> None:
    rows = _pensions(("2025-11-10", "2025-10-01"), ("2025-12-10", "2025-11-01"), ("2025-12-20", "2025-06-01"))
    calendar = load_calendar(memory_warehouse({"pensions": rows}))
    assert calendar.anchor("pensions", date(2025, 12, 31)) == date(2025, 11, 1)
    assert calendar.anchor("pensions", date(2025, 11, 30)) == date(2025, 10, 1)


def test_one_stray_month_does_not_move_everybodys_window() -> None:
    rows = _pensions(*[("2025-11-10", "2025-10-01")] * 9, ("2025-11-10", "2025-11-01"))
    calendar = load_calendar(memory_warehouse({"pensions": rows}))
    assert calendar.anchor("pensions", date(2025, 11, 30)) == date(2025, 10, 1)


def test_a_department_silent_for_longer_than_its_cadence_has_not_returned() -> None:
    calendar = load_calendar(memory_warehouse({"pensions": _pensions(("2025-06-10", "2025-05-01"))}))
    assert calendar.returned("pensions", date(2025, 6, 10))
    assert calendar.returned("pensions", date(2025, 9, 11))  # 93 days: twice a month and 31 days
    assert not calendar.returned("pensions", date(2025, 9, 12))
    assert not calendar.returned("pensions", date(2025, 6, 9))
    assert not calendar.returned("vehicles", date(2025, 6, 10))

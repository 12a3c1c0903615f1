"""What a silence means, what stands as evidence, and who is protected."""

from datetime import date
from typing import Any

import pytest

from tests.features.small_city import ARRIVED, Case, city, tables_of

WAGE = {"id_no": "a", "payer_uscc": "u", "kind": "wages", "month": "2025-12-01", "income_yuan": 3000}
CASES = [
    Case("plain", {"a": {"born_on": "1980-01-01"}}, tables={"withholding": [WAGE]}),
    Case(
        "unauthorised",
        {"a": {"born_on": "1980-01-01"}},
        tables={"withholding": [WAGE]},
        household={"authorised_until": "2025-01-01"},
    ),
    Case("misnamed", {"a": {"born_on": "1980-01-01"}}, tables={"withholding": [WAGE]}),
    Case(
        "disabled",
        {"a": {"born_on": "1980-01-01"}},
        tables={
            "certificates": [
                {
                    "id_no": "a",
                    "category": "mental",
                    "grade": 1,
                    "issued_on": "2020-01-01",
                    "received_on": "2025-01-05",
                }
            ]
        },
    ),
    Case("old pair", {"a": {"born_on": "1940-01-01"}, "b": {"born_on": "1941-01-01"}}),
]


@pytest.fixture(scope="module")
def profiles() -> dict[str, dict[str, Any]]:
    tables = tables_of(CASES, quiet=("certificates", "vehicles"))
    for row in tables["residents"]:
        if row["hukou_household_no"] == "misnamed":
            row["name"] = "another person"
    for row in tables["household_register"]:
        if row["household_no"] == "nobody":
            row["head_id_no"] = None
    return city(tables).profiles()


def test_found_carries_its_dates_and_confidence(profiles: dict[str, Any]) -> None:
    plain = profiles["plain"]
    assert plain["withholding_state"] == "found"
    assert plain["withholding_event_on"] == date(2025, 12, 1)
    assert plain["withholding_known_on"] == ARRIVED
    assert plain["withholding_confidence"] == 0.97


def test_without_authorisation_nothing_of_plane_a_is_said(profiles: dict[str, Any]) -> None:
    row = profiles["unauthorised"]
    assert row["withholding_state"] == "not_authorised"
    said = ["income_taxed_yuan_12m", "withholding_event_on", "withholding_known_on", "withholding_confidence"]
    assert [row[column] for column in said] == [None] * 4
    assert row["income_observed_ratio_standard_12m"] is None
    assert row["pensions_state"] == row["balances_state"] == "not_authorised"
    assert row["deaths_state"] == "nothing_found"


def test_a_department_that_never_answered_says_nothing(profiles: dict[str, Any]) -> None:
    row = profiles["plain"]
    assert row["vehicles_state"] == "not_returned"
    assert row["property_vehicles_count"] is None
    assert row["vehicles_known_on"] is None


def test_an_answer_too_old_is_no_answer_but_its_age_is_told(profiles: dict[str, Any]) -> None:
    row = profiles["disabled"]
    assert row["certificates_state"] == "not_returned"
    assert row["health_severe_count"] is None
    assert row["certificates_known_on"] == date(2025, 1, 5)


def test_silence_does_not_take_protection_away(profiles: dict[str, Any]) -> None:
    assert profiles["disabled"]["vulnerable"]
    assert not profiles["plain"]["vulnerable"]
    assert not profiles["old pair"]["vulnerable"]


def test_a_name_that_disagrees_lowers_the_confidence_of_all_that_rests_on_the_number(
    profiles: dict[str, Any],
) -> None:
    assert profiles["misnamed"]["withholding_confidence"] == 0.6
    assert profiles["misnamed"]["residents_confidence"] == 0.6


def test_a_household_without_a_member_who_can_be_looked_up_is_not_matched() -> None:
    tables = tables_of([CASES[0]])
    tables["household_register"].append(
        {**tables["household_register"][-1], "household_no": "nobody", "head_id_no": None}
    )
    row = city(tables).profiles()["nobody"]
    assert row["person_count"] == 0
    assert row["withholding_state"] == row["certificates_state"] == "not_matched"
    assert row["income_taxed_yuan_12m"] is None
    assert row["applications_state"] == "nothing_found"


def test_events_ahead_of_the_date_are_not_seen() -> None:
    ahead = {"id_no": "a", "category": "mental", "grade": 1, "issued_on": "2026-01-15"}
    tables = tables_of([Case("early", {"a": {"born_on": "1980-01-01"}}, tables={"certificates": [ahead]})])
    row = city(tables).profiles()["early"]
    assert row["health_disabled_count"] == 0
    assert row["certificates_state"] == "nothing_found"

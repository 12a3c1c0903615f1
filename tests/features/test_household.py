"""Who is profiled, and who belongs to them, in both universes."""

from typing import Any

import pytest

from tests.features.small_city import Case, city, tables_of

ADULT = {"born_on": "1980-01-01"}


def _file(name: str, **household: Any) -> Case:
    return Case(name, {"a": ADULT}, household=household)


ON_FILE = [
    _file("recipient"),
    _file("ended", ended_on="2025-06-30"),
    _file("ends later", ended_on="2026-06-30"),
    _file("not yet granted", granted_on="2026-01-01"),
    _file("refused", category="none"),
    _file("authorisation over", authorised_until="2025-12-30"),
    _file("authorised to the last day", authorised_until="2025-12-31"),
    _file("never authorised", authorised_on=None),
    _file("authorised later", authorised_on="2026-01-01"),
    Case("not yet joined", {"a": ADULT, "b": {**ADULT, "joined_on": "2026-01-01"}}),
    Case("leaves later", {"a": ADULT, "b": {**ADULT, "left_on": "2026-01-01"}}),
]


@pytest.fixture(scope="module")
def on_file() -> dict[str, dict[str, Any]]:
    tables = tables_of(ON_FILE)
    # The same household twice in one delivery, and a member listed twice.
    tables["household_register"].append(dict(tables["household_register"][1]))
    tables["household_members"].append(dict(tables["household_members"][1]))
    return city(tables).profiles()


def test_households_on_file_are_those_in_a_programme_on_the_date(on_file: dict[str, Any]) -> None:
    assert {"recipient", "ends later"} <= set(on_file)
    assert not {"ended", "not yet granted", "refused"} & set(on_file)


def test_a_household_or_member_written_twice_counts_once(on_file: dict[str, Any]) -> None:
    assert on_file["recipient"]["person_count"] == 1
    assert on_file["recipient"]["composition_persons_count"] == 1


def test_authorisation_holds_between_its_dates(on_file: dict[str, Any]) -> None:
    authorised = {number for number, row in on_file.items() if row["authorised"]}
    assert "authorised to the last day" in authorised
    assert not {"authorisation over", "never authorised", "authorised later"} & authorised


def test_members_are_those_who_have_joined_and_not_left(on_file: dict[str, Any]) -> None:
    assert on_file["not yet joined"]["person_count"] == 1
    assert on_file["leaves later"]["person_count"] == 2


def test_households_come_in_the_order_of_their_id(on_file: dict[str, Any]) -> None:
    ids = [row["household_id"] for row in on_file.values()]
    assert ids == sorted(ids)


REGISTER = [
    Case(
        "family",
        {
            "a": {"born_on": "1950-01-01", "residence_region_code": "990102002001"},
            "b": {"born_on": "1985-01-01"},
            "c": {"born_on": "1960-01-01", "died_or_cancelled_on": "2025-10-01"},
        },
        universe="register",
        tables={
            "deaths": [{"id_no": "c", "name": "c", "died_on": "2025-10-01"}],
            "grid_reports": [
                {"reported_on": "2025-11-01", "id_no": "a", "kind": "work_seen"},
                {"reported_on": "2025-11-01", "id_no": "a", "kind": "hardship"},
            ],
            "poverty_watch": [{"listed_on": "2025-08-20"}],
            "withholding": [
                {"id_no": "b", "payer_uscc": "u", "kind": "wages", "month": "2025-12-01", "income_yuan": 9}
            ],
        },
    ),
    Case("gone", {"a": {**ADULT, "died_or_cancelled_on": "2020-01-01"}}, universe="register"),
    Case("far away", {"a": {**ADULT, "residence_region_code": "110101001001"}}, universe="register"),
    Case("recipient", {"a": ADULT}),
]


@pytest.fixture(scope="module")
def register() -> dict[str, dict[str, Any]]:
    return city(tables_of(REGISTER), "register").profiles()


def test_hukou_households_are_those_of_the_living(register: dict[str, Any]) -> None:
    assert register["family"]["person_count"] == 2
    assert "gone" not in register


def test_a_death_in_the_family_is_still_seen(register: dict[str, Any]) -> None:
    assert register["family"]["change_deaths_count_12m"] == 1
    assert register["family"]["change_dead_members_count"] == 0


def test_the_place_is_the_home_of_the_oldest_unless_it_is_outside_the_city(register: dict[str, Any]) -> None:
    assert register["family"]["region_code"] == "990102002001"
    assert register["far away"]["region_code"] == "990102001001"


def test_those_with_a_member_on_file_are_in_a_programme(register: dict[str, Any]) -> None:
    assert register["recipient"]["in_programme"]
    assert not register["family"]["in_programme"]
    assert not register["family"]["authorised"]


def test_only_what_is_shared_by_statute_is_there(register: dict[str, Any]) -> None:
    family = register["family"]
    assert family["benefits_hardship_reports_count_12m"] == 1
    assert family["benefits_poverty_watch_flag"] == 1
    assert not [column for column in family if column.startswith(("income_taxed", "withholding", "balances"))]

"""`python -m features trace` and `clocks` on a small warehouse, as a street would call them."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from features import trace_command
from features.__main__ import app
from features.errors import UserError
from features.profile_series import open_series
from features.trace_command import JudgedCity, judge_city
from tests.features.small_city import Case, tables_of
from tests.features.test_profile_command import deliver

WAGES = [
    {"id_no": "a", "payer_uscc": "X", "kind": "wages", "month": f"2025-{month:02d}-01", "income_yuan": 1800}
    for month in (8, 9, 10, 11)
]
LENT = {
    "owner_id_no": "a", "owner_name": "王五", "plate_masked": "甲A1", "kind": "car",
    "listed_price_yuan": 300000, "registered_on": "2020-01-01",
}  # fmt: skip
MEMBERS = {
    "a": {"born_on": "1980-01-01", "relation": "户主", "name": "张三"},
    "b": {"born_on": "2012-01-01", "relation": "子女"},
    "c": {"born_on": "1950-01-01", "relation": "父母"},
}
HOUSEHOLD = {"declared_income_yuan": 500, "benefit_yuan_month": 2000}
FAMILY = Case(
    "99010200100007",
    MEMBERS,
    {
        "withholding": WAGES,
        "vehicles": [LENT],
        "deaths": [{"id_no": "c", "died_on": "2025-09-30"}],
        "applications": [{"applied_on": "2025-11-04", "decision": "pending"}],
    },
    HOUSEHOLD,
)
SILENT = Case(
    "99010200100008",
    MEMBERS,
    {"withholding": WAGES, "vehicles": [{"owner_id_no": "a", "kind": "car", "registered_on": "2020-01-01"}]},
    HOUSEHOLD | {"authorised_until": "2025-06-30"},
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city") / "warehouse"
    tables = tables_of([FAMILY, SILENT], quiet=("applications",))
    deliver(folder, tables, date(2025, 12, 20))
    return folder


@pytest.fixture(scope="module")
def city(warehouse: Path) -> JudgedCity:
    """Judged once: describing the profiles takes seconds."""
    return judge_city(open_series(warehouse, "practice", warehouse), date(2025, 12, 31))


@pytest.fixture
def judged(city: JudgedCity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_command, "judge_city", lambda _series, _on: city)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def told(result: Any) -> dict[str, Any]:
    assert result.exception is None, result.exception
    answer: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return answer


def common(warehouse: Path, household: str) -> tuple[object, ...]:
    return ("trace", "--warehouse", warehouse, "--household", household, "--as-of", "2025-12-31", "--json")


@pytest.mark.usefixtures("judged")
def test_a_family_on_file_gets_its_lines_and_its_page(warehouse: Path, tmp_path: Path) -> None:
    page = tmp_path / "family.html"
    answer = told(run(*common(warehouse, FAMILY.name), "--page", page))
    lines = {(line["code"], line["member"]): line for line in answer["lines"]}
    assert answer["number"] == "****0007"
    # Eldest first: the grandparent who died, the head, the child.
    assert [member["relation"] for member in answer["members"]] == ["父母", "户主", "子女"]
    assert lines["member_death", 1]["event_on"] == "2025-09-30"
    wages = lines["wages", 2]
    assert Decimal(wages["value"]) == 1800 * 12
    assert (wages["department"], wages["source"], wages["event_on"], wages["known_on"]) == (
        "taxation", "withholding", "2025-11-01", "2025-12-20",
    )  # fmt: skip
    assert lines["persons", None]["value"] == 2
    lent = lines["doubtful", None]
    assert (lent["value"], lent["source"], lent["counts"]) == (1, "vehicles", False)
    assert lines["cars", None]["value"] == 0
    assert {reading["code"]: reading["overdue"] for reading in answer["clocks"]}["street_decision"] is True
    text = page.read_text(encoding="utf-8")
    assert "成员2（户主，45岁）" in text
    assert FAMILY.name not in text
    assert SILENT.name not in text
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("judged")
def test_without_authorisation_neither_page_nor_data_tells_of_plane_a(warehouse: Path) -> None:
    result = run(*common(warehouse, SILENT.name), "--reason", "本人查询")
    answer = told(result)
    assert answer["number"] == SILENT.name
    assert answer["missing_item"] == "authorisation"
    assert not any(line["code"] == "wages" for line in answer["lines"])
    states = {line["state"] for line in answer["lines"] if line["section"] == "property"}
    assert states == {"not_authorised"}


@pytest.mark.usefixtures("judged")
def test_a_household_that_is_not_on_file_is_told_without_repeating_its_number(warehouse: Path) -> None:
    result = run(*common(warehouse, "99010299999999"))
    assert isinstance(result.exception, UserError)
    assert "--household" in str(result.exception)
    assert "99010299999999" not in str(result.exception)


def test_clocks_are_counted_by_street_and_name_nobody(warehouse: Path) -> None:
    answer = told(run("clocks", "--warehouse", warehouse, "--as-of", "2025-12-31", "--json"))
    counted = {(row["street_code"], row["clock"]): row for row in answer["clocks"]}
    street = counted["990102001", "street_decision"]
    assert (street["late"], street["late_running"], street["worst_days"]) == (1, 1, 21)
    assert counted["990102001", "survey"]["unknown"] == 1
    assert counted["990102001", "longest"]["running"] == 1
    assert answer["workdays_known_until"] == "2026-12-28"
    assert FAMILY.name not in json.dumps(answer)

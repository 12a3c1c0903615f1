"""Records under a member's number that carry another name: not used, told as records to check."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from features.engines import memory_warehouse
from features.identity.exact import NAME_AGREES, NAME_DISAGREES, NUMBER_ONLY
from features.known import load_calendar
from features.rows import matched_by_name, spellings
from features.sources import SOURCES
from tests.features.small_city import Case, city, described, identity, tables_of

ADULT = {"born_on": "1980-01-01"}
WAGE = {"id_no": "a", "payer_uscc": "u", "kind": "wages", "month": "2025-12-01", "income_yuan": 3000}


def _wage(name: str | None, **other: Any) -> dict[str, Any]:
    return {**WAGE, "name": name, **other}


def _case(name: str, *wages: dict[str, Any], member: str = "a", **household: Any) -> Case:
    return Case(name, {"a": {**ADULT, "name": member}}, {"withholding": wages}, household=household)


CASES = [
    _case("own", _wage("张三"), member="张三"),
    _case("nameless", _wage(None), member="张三"),
    _case("stranger's", _wage("李四"), member="张三"),
    _case("both", _wage("张三"), _wage("李四", payer_uscc="v"), member="张三"),
    _case("written otherwise", _wage("張　三?"), member="张三丰"),
    _case("not asked", _wage("李四"), member="张三", authorised_until="2025-01-01"),
    Case(
        "another died",
        {"a": {**ADULT, "name": "张三"}},
        {"deaths": [{"id_no": "a", "name": "李四", "died_on": "2025-11-01"}]},
    ),
    Case(
        "lent number",
        {"a": {**ADULT, "name": "张三"}},
        {
            "entities": [
                {
                    "uscc": "c1",
                    "legal_representative_id_no": "a",
                    "legal_representative_name": "张三",
                    "kind": "company",
                    "registered_on": "2020-01-01",
                    "status": "active",
                }
            ]
        },
    ),
    Case(
        "spouse misnamed",
        {"a": {**ADULT, "name": "张三"}},
        {
            "marriages": [
                {
                    "id_no_a": "a",
                    "name_a": "张三",
                    "id_no_b": "z",
                    "name_b": "王五",
                    "married_on": "2020-01-01",
                }
            ]
        },
    ),
]


@pytest.fixture(scope="module")
def profiles() -> dict[str, dict[str, Any]]:
    return city(tables_of(CASES)).profiles()


@pytest.mark.parametrize(
    ("name", "taxed", "state", "confidence", "doubtful"),
    [
        ("own", 3000, "found", 0.99, 0),
        ("nameless", 3000, "found", 0.97, 0),
        ("stranger's", 0, "nothing_found", None, 1),
        ("both", 3000, "found", 0.99, 1),
        ("written otherwise", 3000, "found", 0.99, 0),
        ("not asked", None, "not_authorised", None, 0),
    ],
)
def test_only_records_of_the_person_named_are_facts(
    profiles: dict[str, Any],
    name: str,
    taxed: float | None,
    state: str,
    confidence: float | None,
    doubtful: int,
) -> None:
    row = profiles[name]
    assert row["income_taxed_yuan_12m"] == taxed
    assert row["withholding_state"] == state
    assert row["withholding_confidence"] == confidence
    assert row["withholding_doubtful"] == doubtful


def test_the_death_of_somebody_else_is_no_death_in_the_family(profiles: dict[str, Any]) -> None:
    row = profiles["another died"]
    assert row["change_dead_members_count"] == 0
    assert row["deaths_doubtful"] == 1


def test_a_company_on_a_lent_number_stands_under_the_right_name(profiles: dict[str, Any]) -> None:
    """The name cannot tell: the company stays a fact, and the visit finds out whose it is."""
    row = profiles["lent number"]
    assert row["entities_state"] == "found"
    assert row["entities_doubtful"] == 0


def test_a_spouse_nobody_here_knows_is_no_doubt(profiles: dict[str, Any]) -> None:
    assert profiles["spouse misnamed"]["composition_spouse_elsewhere_count"] == 1


def test_a_name_that_was_changed_still_agrees_and_only_once_it_was_known() -> None:
    tables = tables_of([_case("renamed", _wage("张新"), member="张旧")])
    for row in tables["residents"]:
        row["received_on"] = date(2025, 11, 25)
    before = [dict(row) for row in tables["residents"]]
    for row in before:
        row["received_on"] = date(2025, 12, 25)
        if row["id_no"] == identity("renamed", "a"):
            row["name"] = "张新"
    tables["residents"] += before
    # A record under the old name, delivered after the change.
    tables["withholding"].append({**_wage("张旧", month="2025-11-01"), "id_no": identity("renamed", "a")})
    warehouse = memory_warehouse(tables)
    town = described(warehouse, load_calendar(warehouse), "on_file")
    earlier, later = (
        town.profiles(date(2025, 12, 24))["renamed"],
        town.profiles(date(2025, 12, 31))["renamed"],
    )
    assert (earlier["withholding_doubtful"], later["withholding_doubtful"]) == (1, 0)
    assert later["income_taxed_yuan_12m"] == 6000
    # Civil affairs' file still has the old name: the member is the same person, and no doubt falls on them.
    assert (earlier["residents_confidence"], later["residents_confidence"]) == (0.99, 0.99)


#: The other person of a record, the name written of them, and how sure the record is.
PAIRS = [
    ("known", "王五", NAME_AGREES),
    ("known", "赵六", NAME_DISAGREES),
    ("known", "王无", NAME_AGREES),  # what the register called them before
    ("known", None, NUMBER_ONLY),
    ("not in the register", "王五", NUMBER_ONLY),
    ("unnamed there", "王五", NUMBER_ONLY),
    (None, "王五", NUMBER_ONLY),
]


def test_a_record_of_two_is_as_sure_as_the_less_sure() -> None:
    connection = memory_warehouse({}).connection
    others, written, sure = zip(*PAIRS, strict=True)
    records = {
        "row": range(len(PAIRS)),
        "person_id_a": ["own"] * len(PAIRS),
        "name_a": ["张三"] * len(PAIRS),
        "person_id_b": others,
        "name_b": written,
        "link_probability": pa.nulls(len(PAIRS), pa.float64()),
    }
    now = {"person_id": ["own", "known", "unnamed there"], "register_name": ["张三", "王五", None]}
    former = {"person_id": ["known", "not in the register"], "former_name": ["王无", "周七"]}
    rows, *names = (
        connection.create_table(name, pa.table(columns))
        for name, columns in (("pairs", records), ("now", now), ("former", former))
    )
    spelt = spellings({"marriages": rows}, tuple(names))
    found = matched_by_name(rows, SOURCES["marriages"], spelt).order_by("row")
    assert found.match.to_pyarrow().to_pylist() == list(sure)

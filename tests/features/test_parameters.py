"""Values by region and date; and what is refused, naming the file, the key and the remedy."""

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pytest

from features import parameters
from features.errors import UserError
from features.parameters.declared import DECLARED, Scope
from features.parameters.reading import DIRECTORY
from synthetic_data import law
from synthetic_data.knobs import YEARLY_STREETS
from synthetic_data.places import RURAL_STREETS, URBAN_STREETS

URBAN, RURAL = "990102", "990123"


@pytest.fixture(scope="module")
def loaded() -> parameters.Parameters:
    return parameters.load()


@pytest.mark.parametrize(
    ("district", "on", "standard"),
    [
        (URBAN, date(2023, 1, 1), 1080),
        (URBAN, date(2023, 12, 31), 1080),
        (URBAN, date(2024, 1, 1), 1150),
        (URBAN, date(2025, 6, 30), 1150),
        (URBAN, date(2025, 7, 1), 1210),
        (RURAL, date(2024, 6, 1), 820),
        (RURAL, date(2025, 12, 31), 870),
    ],
)
def test_the_standard_in_force(loaded, district: str, on: date, standard: int) -> None:
    assert loaded.value("standard", district, "rural" if district == RURAL else "urban", on) == standard


def test_national_values_hold_in_every_district(loaded) -> None:
    on = date(2025, 12, 31)
    assert loaded.value("marginal_factor", URBAN, "urban", on) == Decimal("1.5")
    assert loaded.value("hidden_income_materiality_share", RURAL, "rural", on) == Decimal("0.10")
    assert loaded.value("hidden_income_materiality_months", RURAL, "rural", on) == 3


def test_the_resident_pension_is_left_out_of_account_until_the_end_of_the_plan_period(loaded) -> None:
    name = "resident_basic_pension_not_counted_yuan"
    assert loaded.value(name, RURAL, "rural", date(2025, 12, 31)) == 143
    assert loaded.value(name, RURAL, "rural", date(2026, 1, 1)) == 0


def test_the_practice_world_applies_the_same_values(loaded) -> None:
    on = date(2025, 12, 31)
    for district, side in ((URBAN, "urban"), (RURAL, "rural")):
        for since, standard in law.STANDARDS[district]:
            assert loaded.value("standard", district, side, date.fromisoformat(since)) == standard
        assert loaded.value("deposit_limit_months", district, side, on) == law.DEPOSIT_MONTHS[district]
        assert loaded.value("vehicle_value_limit_yuan", district, side, on) == law.VEHICLE_LIMIT_YUAN
        assert float(loaded.value("marginal_factor", district, side, on)) == law.MARGINAL_FACTOR


def test_every_parameter_says_what_it_is_and_what_it_rests_on(loaded) -> None:
    for name, declared in DECLARED.items():
        districts = [URBAN] if declared.scope is Scope.NATIONAL else [URBAN, RURAL]
        for district in districts:
            parameter = loaded.parameter(name, district)
            assert parameter.zh
            assert parameter.en
            assert parameter.reference
            assert parameter.unit is declared.unit


def test_the_table_of_values_joins_exactly(loaded) -> None:
    table = parameters.in_force(loaded, date(2025, 6, 30))
    assert table.schema() == parameters.schema()
    rows = ibis.duckdb.connect().to_pyarrow(table).to_pylist()
    found = {(row["district_code"], row["urban_rural"]): row for row in rows}
    assert found[URBAN, "urban"]["standard"] == Decimal("1150.00")
    assert found[RURAL, "rural"]["homestead_counted"] is False
    assert found[RURAL, "rural"]["marginal_factor"] == Decimal("1.500000")


def test_a_district_or_a_date_without_values_is_named(loaded) -> None:
    with pytest.raises(UserError, match=r"region_440000\.yaml"):
        loaded.value("standard", "440000", "urban", date(2025, 1, 1))
    with pytest.raises(UserError, match=r"standard.*2020-05-01"):
        loaded.value("standard", URBAN, "urban", date(2020, 5, 1))


def test_what_a_region_may_leave_out_is_null_and_judges_nothing(tmp_path: Path) -> None:
    shutil.copytree(DIRECTORY, tmp_path, dirs_exist_ok=True)
    for file in tmp_path.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        for name in (name for name, declared in DECLARED.items() if declared.optional):
            text = re.sub(rf"  {name}:\n(    .*\n)+", "", text)
        file.write_text(text, encoding="utf-8")
    values = parameters.load(tmp_path)
    assert not values.says("streets_declaring_by_year", URBAN)
    rows = ibis.duckdb.connect().to_pyarrow(parameters.in_force(values, date(2025, 6, 30))).to_pylist()
    for row in rows:
        assert row["streets_declaring_by_year"] is None
        assert row["declared_income_month_limit_standards"] is None
        assert row["linked_heating_yuan"] is None


def test_the_streets_that_declare_by_the_year_are_those_of_the_practice_world(loaded) -> None:
    told = [
        code
        for district in (URBAN, RURAL)
        for code in loaded.value("streets_declaring_by_year", district, "urban", date(2025, 6, 30))
    ]
    streets = [f"{URBAN}{n + 1:03d}" for n in range(len(URBAN_STREETS))]
    streets += [f"{RURAL}{n + 1:03d}" for n in range(len(RURAL_STREETS))]
    assert told == [streets[number] for number in YEARLY_STREETS]


STANDARD = "      2024-01-01: {value: 1150, reference: 练习甲区民发〔2023〕21号}\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  standard:\n", "  standrad:\n", r"parameters\.standrad.*did you mean standard"),
        ("unit: yuan/person/month\n", "unit: yuan/month\n", r"unit.*yuan/person/month"),
        (STANDARD, STANDARD * 2, r"2024-01-01.*twice"),
        (STANDARD, "      2024-13-01: 1150\n", r"read|2024-13-01"),
        (STANDARD, "      spring: 1150\n", r"standard\.values\.spring.*YYYY-MM-DD"),
        (STANDARD, "      2024-01-01: 11500\n", r"standard\.values\.2024-01-01.*11500"),
        (STANDARD, "      2024-01-01: 1150.005\n", r"two decimals"),
        (STANDARD, "      2024-01-01: true\n", r"write a number"),
        (STANDARD, "      2024-01-01: {value: 1150, til: 2024-05-01}\n", r"til.*did you mean until"),
        (
            STANDARD,
            "      2024-01-01: {value: 1150, until: 2025-05-31}\n",
            r"until.*gap: no value between 2025-05-31 and 2025-07-01",
        ),
        (STANDARD, "      2024-01-01: {value: 1150, until: 2025-07-31}\n", r"until.*overlaps.*2025-07-01"),
        ("in_force_from: 2023-01-01", "in_force_from: 2022-01-01", r"gap: no value between 2022-01-01"),
        ("in_force_from: 2023-01-01\n", "", r"in_force_from.*missing"),
        ("    zh: 最低生活保障标准\n", "", r"standard\.zh.*missing"),
        ('district_code: "990102"', 'district_code: "990199"', r"region_990199"),
        ("      2023-01-01: true\n", "      2023-01-01: 1\n", r"homestead_counted.*true or false"),
        ('2023-01-01: ["990102003"', '2023-01-01: ["9901"', r"streets_declaring_by_year.*9 digits"),
        ("      2023-01-01: 3\n", "      2023-01-01: 5\n", r"income_window_months.*divisor of 12"),
    ],
)
def test_a_mistake_is_refused_with_file_key_and_remedy(old: str, new: str, said: str, tmp_path: Path) -> None:
    for file in DIRECTORY.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    region = tmp_path / "region_990102.yaml"
    text = region.read_text(encoding="utf-8")
    assert old in text
    region.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError, match=said) as refused:
        parameters.load(tmp_path)
    assert "region_990102.yaml" in str(refused.value)


def test_a_folder_without_national_values_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"national\.yaml"):
        parameters.load(tmp_path)


def test_a_side_of_its_own_may_have_its_own_values(tmp_path: Path) -> None:
    for file in DIRECTORY.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    region = tmp_path / "region_990102.yaml"
    text = region.read_text(encoding="utf-8")
    start = text.index("      2023-01-01: {value: 1080")
    end = text.index("  income_window_months:")
    sides = "      urban:\n        2023-01-01: 1080\n      rural:\n        2023-01-01: 900\n"
    region.write_text(text[:start] + sides + text[end:], encoding="utf-8")
    loaded = parameters.load(tmp_path)
    assert loaded.value("standard", URBAN, "rural", date(2025, 1, 1)) == 900
    assert loaded.value("standard", URBAN, "urban", date(2025, 1, 1)) == 1080

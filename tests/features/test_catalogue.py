"""The catalogue: every feature well named, lawfully placed, and reading no more than it says."""

import re
from collections import Counter

import ibis
import pytest

from features import rows
from features.catalogue import CATALOGUE, PUBLIC, SIDES, TOPICS, UNITS, features_on
from features.declaration import REGISTRY, feature
from features.household import Universe
from features.known import Sight, load_calendar
from features.parameters import load
from features.plan import Plan
from features.profile import describe, features_of
from features.sources import SOURCES
from features.sources.core import Kind, Plane
from tests.features.small_city import memory_warehouse

#: Columns a row has whatever its source: dates, place and the member; they are not a department's secret.
COMMON = {
    "household_id", "person_id", "age", "sex", "is_member", "confidence", "as_of", "event_on", "known_on",
    "days_ago", "months_ago", "street_code", "district_code", "spouse_in_household", "latest_year",
    "account_rank", "began_months_ago",
}  # fmt: skip
#: Prepared columns and the declared column each stands for.
STANDS_FOR = {
    "balance_before_yuan": "balance_yuan",
    "balance_three_before_yuan": "balance_yuan",
    "own_area_m2": "area_m2",
    "own_assessed_yuan": "assessed_yuan",
    "area_exact_mu": "area_mu",
    "kwh_exact": "kwh",
}


def test_ten_sides_each_with_four_features_or_more() -> None:
    counts = Counter(declared.side for declared in CATALOGUE.values())
    assert set(counts) == set(SIDES)
    assert min(counts.values()) >= 4
    assert len(CATALOGUE) >= 80


@pytest.mark.parametrize("declared", CATALOGUE.values(), ids=lambda declared: declared.name)
def test_a_feature_is_told_in_both_languages_and_named_by_side_and_unit(declared) -> None:
    assert declared.name.startswith(declared.side + "_")
    assert re.fullmatch(r"[a-z0-9_]+", declared.name)
    assert declared.unit in UNITS
    assert declared.topic in TOPICS
    assert re.search(r"[一-鿿]", declared.zh)
    assert declared.en.isascii()
    parts = declared.name.split("_")
    assert declared.unit in parts or "since" in parts or "standard" in parts, "the name says the unit"


def test_every_topic_is_used() -> None:
    assert set(TOPICS) == {declared.topic for declared in CATALOGUE.values()}


def test_what_needs_authorisation_or_is_auxiliary_never_reaches_discovery() -> None:
    for declared in features_of(Universe.REGISTER):
        planes = {SOURCES[read.split(".")[0]].plane_of(read.split(".")[1]) for read in declared.reads}
        assert planes == {Plane.B}, declared.name
    assert len(features_on(Plane.B)) >= 40


def test_reports_of_work_or_property_seen_never_reach_discovery() -> None:
    discovery = {declared.name for declared in features_of(Universe.REGISTER)}
    assert "benefits_hardship_reports_count_12m" in discovery
    assert not discovery & {
        "employment_work_seen_count_12m",
        "property_seen_count_12m",
        "housing_empty_home_count_12m",
    }


def test_auxiliary_features_are_few() -> None:
    assert {declared.name for declared in features_on(Plane.X)} == {
        "education_fee_yuan_year",
        "housing_power_kwh_month_3m",
    }


def test_disability_illness_age_and_dependants_are_need() -> None:
    for declared in CATALOGUE.values():
        if declared.topic in ("disability", "illness", "medical_cost"):
            assert declared.need, declared.name
        assert not (declared.need and declared.raises), f"{declared.name}: need never raises a risk"


def test_what_was_declared_is_marked_through_every_derivation() -> None:
    spoken = {"declared_income_yuan", "declared_deposit_yuan", "benefit_yuan_month"}
    for declared in CATALOGUE.values():
        rests = {read.split(".")[1] for read in declared.reads} & spoken
        assert declared.declared == bool(rests), declared.name


@pytest.fixture(scope="module")
def prepared() -> dict[str, ibis.Table]:
    """Rows as features see them, for every source of households on file."""
    warehouse = memory_warehouse({})
    sight = Sight(warehouse, load_calendar(warehouse), Plan(warehouse.connection, "catalogue"))
    seen: dict[str, ibis.Table] = {}
    original = rows.rows

    def remember(sight: Sight, name: str, *tables: ibis.Table) -> ibis.Table:
        seen[name] = original(sight, name, *tables)
        return seen[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("features.profile.rows", remember)
        describe(sight, Universe.ON_FILE, load(), "practice")
    return seen


def test_a_feature_reads_only_the_columns_it_declares(prepared: dict[str, ibis.Table]) -> None:
    """The lawful plane is derived from `reads`: a column used and not declared would escape it."""
    for declared in CATALOGUE.values():
        if declared.source is None:
            continue
        table, source = prepared[declared.source], SOURCES[declared.source]
        own = {read.split(".")[1] for read in declared.reads} | COMMON
        own |= {column for column, of in STANDS_FOR.items() if of in own}
        own |= {c.name for c in source.columns if c.kind is Kind.ID_NO}
        declared.expression(table.select(*[column for column in table.columns if column in own]))


def test_a_feature_made_of_others_uses_those_and_the_public_columns_only() -> None:
    for declared in CATALOGUE.values():
        if declared.source is None:
            columns = dict.fromkeys(declared.of, "float64") | {
                "standard_yuan": "float64",
                "urban_rural": "string",
            }
            assert set(columns) == {*declared.of, *PUBLIC}
            declared.expression(ibis.table(columns, name="household"))


def _refused(message: str, name: str = "composition_new_count", **changes: object) -> None:
    declaration = {
        "source": "deaths", "reads": ("died_on",), "unit": "count", "topic": "death", "zh": "新", "en": "new",
    } | changes  # fmt: skip

    def function(rows: object) -> object:
        return rows

    function.__name__ = name
    with pytest.raises((ValueError, KeyError), match=message):
        feature(**declaration)(function)
    assert name not in REGISTRY or name in CATALOGUE


def test_a_wrong_declaration_names_what_is_wrong() -> None:
    _refused("declares no column 'salary'", reads=("salary",))
    _refused("unit 'euro'", unit="euro")
    _refused("topic 'weather'", topic="weather")
    _refused("declared twice", name="composition_persons_count")
    _refused("made of composition_missing", source=None, reads=(), of=("composition_missing",))
    _refused("needs either a source", source=None, reads=())
    _refused("must name the columns", reads=())
    _refused(
        "rests on marks of need", source=None, reads=(), of=("health_severe_count",), need=False,
        topic="work_capacity",
    )  # fmt: skip

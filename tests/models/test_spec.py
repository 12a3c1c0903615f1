from dataclasses import replace

import pytest

from features.catalogue import CATALOGUE
from features.sources.core import Plane
from models import hidden_income
from models.questions import SPECS
from models.spec import Band
from tests.models.small_catalogue import small_catalogue

PUNITIVE = ("hidden_income", "exit_due")


def test_discovery_refuses_a_feature_that_needs_consent():
    spec = SPECS["unapplied_eligible"](small_catalogue())
    taxed = small_catalogue()["income_taxed_yuan_12m"]
    with pytest.raises(
        ValueError, match="unapplied_eligible may read planes B; income_taxed_yuan_12m is of A"
    ):
        replace(spec, features=(*spec.features, taxed))


def test_widening_the_planes_does_not_let_consent_data_into_discovery():
    spec = SPECS["unapplied_eligible"](small_catalogue())
    taxed = small_catalogue()["income_taxed_yuan_12m"]
    with pytest.raises(ValueError, match="never applied"):
        replace(spec, planes=(Plane.B, Plane.A), features=(*spec.features, taxed))


@pytest.mark.parametrize("question", PUNITIVE)
def test_a_mark_of_need_is_refused_where_it_could_cost_money(question):
    spec = SPECS[question](small_catalogue())
    ill = small_catalogue()["health_disabled_count"]
    with pytest.raises(ValueError, match="may never raise a risk"):
        replace(spec, features=(*spec.features, ill))


@pytest.mark.parametrize("question", PUNITIVE)
def test_what_silence_could_turn_against_a_family_is_refused(question):
    spec, rental = SPECS[question](small_catalogue()), small_catalogue()["housing_rental_flag"]
    with pytest.raises(ValueError, match="housing_rental_flag has no direction"):
        replace(spec, features=(*spec.features, rental))
    assert replace(spec, features=(*spec.features, replace(rental, raises=-1)))


@pytest.mark.parametrize("question", SPECS)
def test_auxiliary_data_enters_no_model(question):
    assert all(f.plane is not Plane.X for f in SPECS[question](CATALOGUE).features)
    spec = SPECS[question](small_catalogue())
    with pytest.raises(ValueError, match="housing_power_kwh_3m"):
        replace(spec, features=(*spec.features, small_catalogue()["housing_power_kwh_3m"]))


def test_the_real_catalogue_gives_lawful_specs():
    specs = {question: make(CATALOGUE) for question, make in SPECS.items()}
    assert all(len(spec.features) >= 10 for spec in specs.values())
    assert {f.plane for f in specs["unapplied_eligible"].features} == {Plane.B}
    assert not any(f.need for question in PUNITIVE for f in specs[question].features)
    assert not any(f.declared for f in specs["hidden_income"].features)


def test_only_punitive_models_are_bound_in_direction():
    assert any(SPECS["hidden_income"](small_catalogue()).monotone)
    assert not any(SPECS["unapplied_eligible"](small_catalogue()).monotone)


def test_bands_rise():
    spec = SPECS["exit_due"](small_catalogue())
    with pytest.raises(ValueError, match="bands must rise"):
        replace(spec, bands=(Band("a", "甲", "a", 1.0), Band("b", "乙", "b", 0.5)))


def test_challengers_of_hidden_income_add_what_was_declared_and_nothing_else():
    default = set(hidden_income.spec(CATALOGUE).names)
    added = {name: set(one.names) - default for name, one in hidden_income.challengers(CATALOGUE).items()}
    assert all(CATALOGUE[name].declared for names in added.values() for name in names)
    assert added["gap"] < added["declared"]
    assert all("minus_declared" in name for name in added["gap"])
    assert "income_declared_yuan_month" in added["declared"]

"""Families alike but for illness, disability and want: what a punitive model sees may only speak for them."""

import numpy as np
import pandas as pd
import pytest

from features.catalogue import CATALOGUE
from models.questions import SPECS
from tests.features.small_city import Case, city, tables_of
from training.review.what_if import departments, made_again, plain_features, silence

PUNITIVE = [question for question, make in SPECS.items() if make(CATALOGUE).punitive]
MEMBERS = {
    "a": {"born_on": "1975-03-01", "sex": "M", "relation": "head"},
    "b": {"born_on": "1978-06-01", "sex": "F", "relation": "spouse"},
    "c": {"born_on": "2012-09-01", "sex": "F", "relation": "child"},
}
SEEN = {
    "withholding": [{"id_no": "a", "month": "2025-10-01", "income_yuan": 900, "kind": "labour"}],
    "contributions": [{"id_no": "b", "month": "2025-11-01", "base_yuan": 4000}],
}
WANT = {
    "disability certificate": {
        "certificates": [{"id_no": "a", "category": "physical", "grade": 1, "issued_on": "2025-09-01"}]
    },
    "disability allowance": {
        "other_benefits": [
            {"id_no": "a", "programme": "disability", "amount_yuan_month": 200, "from": "2025-09-01"}
        ]
    },
    "temporary relief": {
        "other_benefits": [
            {"id_no": "a", "programme": "temporary_relief", "amount_yuan_month": 900, "from": "2025-10-01"}
        ]
    },
    "serious illness": {
        "settlements": [
            {"id_no": "b", "settled_on": "2025-10-09", "kind": "inpatient", "total_yuan": 90_000,
             "self_paid_yuan": 40_000}
        ]
    },
    "hardship reported": {
        "grid_reports": [
            {"reported_on": "2025-11-02", "id_no": "a", "kind": kind} for kind in ("hardship", "illness")
        ]
    },
    "on the poverty watch": {
        "poverty_watch": [{"listed_on": "2025-05-01", "reason": "illness"}]
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def profiles():
    """The plain family, and one for each want."""
    cases = [Case("plain", MEMBERS, SEEN)]
    cases += [Case(f"want-{k}", MEMBERS, {**SEEN, **more}) for k, more in enumerate(WANT.values())]
    return city(tables_of(cases)).profiles()


def want_of(profiles, want):
    return profiles[f"want-{list(WANT).index(want)}"]


@pytest.mark.parametrize("want", WANT)
def test_the_want_is_seen(profiles, want):
    told = [f.name for f in CATALOGUE.values() if f.need]
    assert any(want_of(profiles, want)[name] != profiles["plain"][name] for name in told)


@pytest.mark.parametrize("question", PUNITIVE)
@pytest.mark.parametrize("want", WANT)
def test_want_moves_no_punitive_feature_against_the_family(profiles, want, question):
    plain, wanting = profiles["plain"], want_of(profiles, want)
    for feature in SPECS[question](CATALOGUE).features:
        before, after = plain[feature.name], wanting[feature.name]
        if before == after:
            continue
        assert feature.raises, feature.name
        assert after is None or (before is not None and feature.raises * (after - before) < 0), feature.name


@pytest.fixture(scope="module")
def plain():
    """Plain features of households of every kind, all departments having answered."""
    random, names = np.random.default_rng(0), plain_features("on_file")
    columns = {name: random.integers(0, 4, 400).astype(float) for name in names}
    for name in names:
        if CATALOGUE[name].unit == "yuan":
            columns[name] *= random.gamma(1, 1000, 400)
    columns["composition_persons_count"] = random.integers(1, 6, 400).astype(float)
    return pd.DataFrame(columns).assign(standard_yuan=800.0, urban_rural="urban")


@pytest.mark.parametrize("question", PUNITIVE)
def test_no_departments_silence_moves_a_punitive_feature_against_a_family(plain, question):
    spec = SPECS[question](CATALOGUE)
    told = made_again("on_file", plain, spec.names)
    for department in departments(spec):
        gone = silence(department, "on_file")
        silent = made_again("on_file", plain.assign(**dict.fromkeys(gone, np.nan)), spec.names)
        for column, feature in enumerate(spec.features):
            before, after = told[:, column], silent[:, column]
            if feature.raises:
                assert not (feature.raises * (after - before) > 1e-9).any(), (department, feature.name)
            else:
                assert np.array_equal(before, after, equal_nan=True), (department, feature.name)


def test_what_is_made_of_others_is_made_again_as_it_was(profiles):
    names = [feature.name for feature in CATALOGUE.values() if feature.name in profiles["plain"]]
    for profile in profiles.values():
        columns = {
            name: [profile[name]] for name in (*plain_features("on_file"), "standard_yuan", "urban_rural")
        }
        plain = pd.DataFrame(columns)
        floats = plain.drop(columns="urban_rural").astype(float).assign(urban_rural=plain["urban_rural"])
        made = made_again("on_file", floats, tuple(names))[0]
        stored = np.array([np.nan if profile[name] is None else float(profile[name]) for name in names])
        assert np.allclose(made, stored, equal_nan=True)

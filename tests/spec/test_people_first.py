"""Families alike but for illness, disability and want: what a punitive model sees may only speak for them."""

import pytest

from features.catalogue import CATALOGUE
from models.questions import SPECS
from tests.features.small_city import Case, city, tables_of

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

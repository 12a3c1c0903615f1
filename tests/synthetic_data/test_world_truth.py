"""Shares and marginals of the hidden truth, and the law's borders between tables."""

import numpy as np

from synthetic_data import law, verification
from synthetic_data.departments import EVENTS
from synthetic_data.files import DIBAO, MARGINAL, RIGID, TEKUN
from synthetic_data.world import World

PLANE_A = (
    "contributions", "pensions", "withholding", "vehicles", "custody", "entities", "shareholders", "balances",
    "real_estate", "housing_fund",
)  # fmt: skip
PERSON = {"vehicles": "owner_id_no", "entities": "legal_representative_id_no"}


def audits(world: World) -> dict[str, np.ndarray]:
    parts = world.work.audits
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def test_the_register_has_the_planned_size(district: World) -> None:
    share = np.bincount(district.work.snapshots[-1]["category"], minlength=6) / district.people.households
    assert 0.055 < share[DIBAO] < 0.08
    assert 0.007 < share[MARGINAL] < 0.017
    assert 0.001 < share[TEKUN] < 0.006
    assert 0.0004 < share[RIGID] < 0.003


def test_material_hidden_income_is_near_the_published(district: World) -> None:
    audit = audits(district)
    factor = np.where(audit["category"] == MARGINAL, law.MARGINAL_FACTOR, 1.0)
    line = factor * district.household.standard[audit["household"], audit["month"] + 1]
    per_capita = audit["income"] / np.maximum(audit["persons"], 1)
    own = audit["finding"] == verification.PROPERTY
    hidden = np.isin(audit["finding"], (verification.INCOME, verification.PROPERTY)) & (audit["months"] >= 3)
    hidden &= own | (per_capita >= law.MATERIAL_FACTOR * line)
    assert 0.05 < hidden.mean() < 0.11


def test_undetected_exits_and_underpayment_are_rare(district: World) -> None:
    audit = audits(district)
    left = np.isin(audit["action"], (verification.STOP, verification.GRADUAL))
    left &= np.isin(audit["finding"], (verification.INELIGIBLE, verification.DECEASED, verification.LEFT,
                                       verification.MOVED))  # fmt: skip
    assert 0.015 < left.mean() < 0.055
    assert 0.02 < (audit["action"] == verification.INCREASE).mean() < 0.11


def test_eligible_families_without_benefit_are_near_the_published(district: World) -> None:
    result = np.concatenate([part["result"] for part in district.work.outreach_audits])
    assert 0.045 < (result <= 1).mean() < 0.09


def test_two_thirds_of_recipients_are_visited_a_year_with_a_stored_random_arm(district: World) -> None:
    recipients = np.mean([len(part["household"]) for part in district.work.audits])
    visits = {name: np.concatenate([part[name] for part in district.work.verifications]) for name in ("arm",
              "probability", "selected", "visited", "recorded", "finding")}  # fmt: skip
    months = len(district.work.verifications)
    assert 0.55 < len(visits["arm"]) / months * 12 / recipients < 0.75
    random = visits["arm"] == verification.RANDOM
    assert not np.isnan(visits["probability"][random]).any()
    assert np.isnan(visits["probability"][~random]).all()
    waits = (visits["visited"] - visits["selected"]).astype(int)
    assert waits.min() >= 3
    assert waits.max() <= 20
    assert (visits["recorded"] > visits["visited"]).all()


def test_the_random_arm_estimates_what_the_audit_knows(district: World) -> None:
    audit = audits(district)
    truly = np.isin(audit["action"], (verification.STOP, verification.GRADUAL)).mean()
    visits = district.work.verifications[district.clock.first :]
    found = np.concatenate([v["action"][v["arm"] == verification.RANDOM] for v in visits])
    estimate = np.isin(found, (verification.STOP, verification.GRADUAL)).mean()
    spread = np.sqrt(truly * (1 - truly) / len(found))
    assert abs(estimate / 0.78 - truly) < 4 * spread / 0.78  # workers find about 78 in 100


def test_plane_a_answers_only_about_families_on_file(district: World) -> None:
    membership = district.work.membership
    authorised = set(district.people.id_no[np.array(membership.person)].tolist())
    assert len(authorised) < 0.3 * district.people.persons
    for table in PLANE_A:
        asked = set(EVENTS[table](district).columns[PERSON.get(table, "id_no")].tolist())
        assert asked, table
        assert asked <= authorised, table


def test_keys_of_events_do_not_repeat_within_a_delivery(district: World) -> None:
    for table, key in (
        ("contributions", ("id_no", "employer_uscc", "month")),
        ("withholding", ("id_no", "payer_uscc", "kind", "month")),
        ("verifications", ("household_no", "selected_on")),
        ("entities", ("uscc",)),
    ):
        rows = EVENTS[table](district)
        seen = list(zip(*(rows.columns[name].tolist() for name in key), rows.received.tolist(), strict=True))
        assert len(seen) == len(set(seen)), table


def test_no_single_sighting_gives_the_hidden_truth_away(district: World) -> None:
    month = district.clock.last
    homes = district.work.files.recipients
    facts = verification.concealment(_facts(district, homes, month))
    seen = district.sightings.income[homes, month] / np.maximum(district.household.persons[homes, month], 1)
    savings = district.household.deposits[homes, month] * district.sightings.deposit_share[homes]
    for sighting in (seen, savings):
        assert 0.4 < _auc(sighting, facts) < 0.9


def _facts(world: World, homes: np.ndarray, month: int) -> verification.Facts:
    household, zero = world.household, np.zeros(len(homes))
    no = np.zeros(len(homes), bool)
    return verification.Facts(
        persons=household.persons[homes, month], countable=household.countable[homes, month],
        line=household.standard[homes, month], would_declare=world.reporting.would_declare[homes, month],
        stated=world.work.files.stated[homes], stated_persons=zero, standard=household.standard[homes, month],
        property_over=household.property_over[homes, month], all_dead=no, moved=no, member_died=no,
        member_left=no, in_gradual_exit=no, months_concealed=zero, months_changed=zero, files_error=no,
    )  # fmt: skip


def _auc(score: np.ndarray, label: np.ndarray) -> float:
    rank = np.argsort(np.argsort(score, kind="stable"), kind="stable")
    positive, negative = label.sum(), (~label).sum()
    return float((rank[label].sum() - positive * (positive - 1) / 2) / (positive * negative))

"""Shares and marginals of the hidden truth, and the law's borders between tables."""

import numpy as np
import pandas as pd

from synthetic_data import law, verification
from synthetic_data.departments import EVENTS
from synthetic_data.economy import BUSINESS, INFORMAL, PLATFORM
from synthetic_data.files import DIBAO, MARGINAL, NO_MONTH, RIGID, TEKUN
from synthetic_data.world import World

PLANE_A = (
    "contributions", "pensions", "withholding", "vehicles", "custody", "entities", "shareholders", "balances",
    "real_estate", "housing_fund",
)  # fmt: skip
FLEXIBLE = (INFORMAL, PLATFORM, BUSINESS)
PERSON = {"vehicles": "owner_id_no", "entities": "legal_representative_id_no"}


def audits(world: World) -> dict[str, np.ndarray]:
    parts = world.work.audits
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def test_the_register_has_the_planned_size(district: World) -> None:
    share = np.bincount(district.work.snapshots[-1]["category"], minlength=6) / district.people.households
    assert 0.06 < share[DIBAO] < 0.073
    assert 0.02 < share[MARGINAL] < 0.04
    assert 0.575 < share[DIBAO] / share[DIBAO : RIGID + 1].sum() < 0.702  # 385 of a town's 603
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
    assert 0.07 < hidden.mean() < 0.10


def test_undetected_exits_and_underpayment_are_rare(district: World) -> None:
    audit = audits(district)
    left = np.isin(audit["action"], (verification.STOP, verification.GRADUAL))
    left &= np.isin(audit["finding"], (verification.INELIGIBLE, verification.DECEASED, verification.LEFT,
                                       verification.MOVED))  # fmt: skip
    assert 0.02 < left.mean() < 0.033  # 2 to 3 in 100, and what a district of this size may miss it by
    assert 0.02 < (audit["action"] == verification.INCREASE).mean() < 0.11


def test_eligible_families_without_benefit_are_near_the_published(district: World) -> None:
    result = np.concatenate([part["result"] for part in district.work.outreach_audits])
    assert 0.05 < (result <= 1).mean() < 0.07


def low_income(world: World) -> np.ndarray:
    household, month = world.household, world.clock.last
    line = law.MARGINAL_FACTOR * household.standard[:, month]
    return (household.persons[:, month] > 0) & (household.per_capita[:, month] < line)


def test_migrants_are_covered_less_than_locals_as_published(district: World) -> None:
    dibao = np.zeros(district.people.households, bool)
    last = district.work.snapshots[-1]
    dibao[last["household"][last["category"] == DIBAO]] = True
    low, migrant = low_income(district), district.people.migrant
    assert 0.153 - 0.03 < dibao[low & migrant].mean() < 0.153 + 0.03  # some 500 families
    assert 0.227 - 0.025 < dibao[low & ~migrant].mean() < 0.227 + 0.03


def test_two_in_five_of_the_eligible_in_flexible_work_never_applied(district: World) -> None:
    month = district.clock.last
    unit, job = district.truth.unit[:, month], district.truth.job[:, month]
    workers = np.bincount(unit[(unit >= 0) & np.isin(job, FLEXIBLE)], minlength=district.people.households)
    workers = workers * district.household.eligible[:, month]
    never = district.work.files.ever_authorised == NO_MONTH
    assert 0.41 - 0.06 < workers[never].sum() / workers.sum() < 0.41 + 0.06  # some 300 people


def test_under_three_in_ten_changes_of_income_are_reported_unasked(district: World) -> None:
    last = district.work.snapshots[-1]
    told = (last["end_reason"] == "家庭主动申报收入超过标准").sum()
    found = np.isin(last["end_reason"], ("核查发现未申报收入", "家庭收入超过标准")).sum()
    assert 0.15 < told / (told + found) < 0.32


def test_the_share_of_recipients_verified_in_a_year_is_the_published(district: World) -> None:
    month = district.clock.last
    recipients = np.mean([len(part["household"]) for part in district.work.audits])
    year = district.work.verifications[-12:]
    visited = np.unique(np.concatenate([part["household"] for part in year]))
    assert len(district.work.verifications) == month
    assert 0.60 < len(visited) / recipients < 0.70


def test_three_in_a_hundred_records_stand_under_anothers_number(district: World) -> None:
    columns = EVENTS["contributions"](district).columns
    assert 0.022 < (columns["id_no"] != columns["_subject"]).mean() < 0.04


def test_a_strangers_money_moves_like_anybodys(district: World) -> None:
    rows = EVENTS["balances"](district).columns
    held = pd.DataFrame(
        {name: rows[name] for name in ("id_no", "institution", "kind", "as_of_on", "_subject")}
    )
    held["log"] = np.log(rows["balance_yuan"])
    account = ["id_no", "institution", "kind", "_subject"]
    held = held.sort_values([*account, "as_of_on"])
    moved = held.groupby(account)["log"].diff().dropna()
    strange = (held["_subject"] == "")[moved.index]
    assert strange.sum() > 300
    still = moved.abs() < 0.005
    assert still[strange].mean() < 1.3 * still[~strange].mean() + 0.01
    middle = moved.abs().groupby(strange).median()
    assert 0.7 < middle[True] / middle[False] < 1.4


def test_visits_are_as_many_as_planned_with_a_stored_random_arm(district: World) -> None:
    recipients = np.mean([len(part["household"]) for part in district.work.audits])
    visits = {name: np.concatenate([part[name] for part in district.work.verifications]) for name in ("arm",
              "probability", "selected", "visited", "recorded", "finding")}  # fmt: skip
    months = len(district.work.verifications)
    assert 0.8 < len(visits["arm"]) / months * 12 / recipients < 0.95
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

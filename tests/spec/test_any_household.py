"""What the law promises of any household whatever, tried on households hypothesis makes up and shrinks.

The promises are tried on the reference, which `test_reference_eligibility` holds equal to the rules.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from features import parameters
from features.rules.situations import Situation
from tests.spec.random_households import random_situation
from tests.spec.reference_eligibility import PROPERTY, yuan
from tests.spec.reference_statuses import StatusClerk

#: A household from any random choices: fewer and smaller choices make the plainer household.
households = st.builds(random_situation, st.randoms(use_true_random=False), st.integers(0, 1))
#: Answers, the better for the family the later.
KINDNESS = ("not_eligible", "unknown", "eligible")
quickly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def values() -> parameters.Parameters:
    return parameters.load()


def clerk(situation: Situation) -> StatusClerk:
    return StatusClerk(situation, values())


def told(situation: Situation) -> dict[str, Any]:
    one = clerk(situation)
    return one.judge() | one.statuses() | {"missing_item": one.missing_item()}


def with_records(situation: Situation, source: str, *more: dict[str, Any]) -> Situation:
    rows = [*situation.records.get(source, []), *more]
    return replace(situation, records={**situation.records, source: rows})


@quickly
@given(households)
def test_the_head_counts_once(situation: Situation) -> None:
    twice = replace(situation, members=(*situation.members, situation.members[0]))
    assert told(twice) == told(situation)


@quickly
@given(households, st.randoms(use_true_random=False))
def test_the_order_of_members_and_records_is_irrelevant(situation: Situation, chance: Any) -> None:
    members = list(situation.members)
    chance.shuffle(members)
    records = {name: chance.sample(rows, len(rows)) for name, rows in situation.records.items()}
    # Two balances of one account on one day are one too many to have an order.
    records["balances"] = situation.records.get("balances", [])
    assert told(replace(situation, members=tuple(members), records=records)) == told(situation)


@quickly
@given(households, st.integers(1, 400_000))
def test_more_unemployment_benefit_never_pays_more(situation: Situation, fen: int) -> None:
    assume("transfer" in clerk(situation).value("income_kinds_counted"))
    months = {"from_month": "2025-09", "to_month": "2025-11"}
    who = situation.members[0]["who"]
    paid = {"who": who, "amount_yuan": f"{fen / 100:.2f}", **months}
    before, after = told(situation), told(with_records(situation, "unemployment_benefits", paid))
    assert after["entitled_low_yuan"] <= before["entitled_low_yuan"]
    assert after["entitled_high_yuan"] <= before["entitled_high_yuan"]
    assert after["status_dibao_yuan"] <= before["status_dibao_yuan"]


@quickly
@given(households, st.integers(0, 3_000_000))
def test_a_years_declaration_is_divided_once(situation: Situation, fen: int) -> None:
    """The benefit is the year's sum rounded up, and never one of twelve rounded months."""
    file = {**situation.household, "declared_income_yuan": f"{fen / 100:.2f}", "income_period": "year"}
    alone = replace(situation, household=file, records={}, silent=(), category="dibao", parameters=())
    one = clerk(alone)
    left = one.line() * len(one.members) - Fraction(fen, 100)
    expected = ceil(left / 12) if left > 0 else 0
    assert one.judge()["entitled_high_yuan"] == expected
    by_month = ceil(yuan(one.value("standard")) * len(one.members) - Fraction(ceil(fen / 12), 100))
    assert expected in (max(by_month, 0), max(by_month, 0) + 1)


@quickly
@given(households, st.sampled_from(["full", "half", "full_then_half", "stepped_down"]), st.integers(1, 9))
def test_a_death_in_gradual_exit_takes_one_share_whoever_dies(
    situation: Situation, formula: str, back: int
) -> None:
    """The head is a member like any other; with nobody left nothing is kept."""
    start = date(2025, 12 - back, 15)
    decided = {"visited_on": start, "finding": "ineligible", "action": "gradual_exit"}
    file = {**situation.household, "granted_on": date(2024, 6, 1), "benefit_yuan_month": "812.37"}
    records = {"verifications": [decided]}
    chosen = (("gradual_exit_formula", formula),)
    exiting = replace(situation, household=file, records=records, silent=(), parameters=chosen)
    whole = told(exiting)["status_gradual_exit_yuan"]
    kept = {
        told(with_records(exiting, "deaths", {"who": member["who"], "died_on": date(2025, 12, 1)}))[
            "status_gradual_exit_yuan"
        ]
        for member in situation.members
    }
    assert len(kept) == 1
    (left,) = kept
    share = Fraction(len(situation.members) - 1, len(situation.members))
    assert left <= ceil(whole * share)
    assert left == 0 if len(situation.members) == 1 else (left > 0) == (whole > 0)


@quickly
@given(households)
def test_amounts_are_rounded_once_to_whole_yuan(situation: Situation) -> None:
    one = clerk(situation)
    answer = one.judge()
    income, limit = one.bounds()[1], one.line() * len(one.members)
    if situation.category == "dibao" and answer["eligibility"] == "eligible":
        exact = (limit - income) / 12
        assert 0 <= answer["entitled_low_yuan"] - one.supplements() - exact < 1


@quickly
@given(households)
def test_illness_and_disability_never_take_anything(situation: Situation) -> None:
    who = situation.members[-1]["who"]
    certificate = {"who": who, "category": "mental", "grade": 1, "issued_on": date(2020, 1, 1)}
    ill = {"who": who, "illness_class": "尿毒症", "registered_on": date(2024, 1, 1)}
    before = told(situation)
    after = told(with_records(with_records(situation, "certificates", certificate), "serious_illness", ill))
    assert after["entitled_low_yuan"] >= before["entitled_low_yuan"]
    assert after["entitled_high_yuan"] >= before["entitled_high_yuan"]
    # Who cannot work is not taken to earn, so a refusal may open; nothing closes.
    assert KINDNESS.index(after["eligibility"]) >= KINDNESS.index(before["eligibility"])


def resolved(situation: Situation, item: str) -> Situation:
    """The same household once the item is known, in the family's favour."""
    silent = tuple(source for source in situation.silent if source != item)
    if item == "declared_income":
        file = {**situation.household, "declared_income_yuan": 0, "income_period": "month"}
        return replace(situation, household=file)
    dropped = {"business_check": "entities", "withholding": "withholding"}.get(item)
    records = {name: rows for name, rows in situation.records.items() if name != dropped}
    return replace(situation, silent=silent, records=records)


@settings(quickly, max_examples=150)
@given(households)
def test_where_one_item_alone_would_decide_the_missing_item_is_such_a_one(situation: Situation) -> None:
    one = clerk(situation)
    item = one.missing_item()
    if item in (None, "authorisation"):
        return
    items = [*PROPERTY, "pensions", "withholding", "declared_income", "business_check"]
    decide = [each for each in items if clerk(resolved(situation, each)).eligibility() != "unknown"]
    if item == "wage_proof":
        low, high = one.bounds()
        left = low + one.wage_bound() + one.pension_bound()
        decide += ["wage_proof"] * (one.rest_known() and left < one.line() * len(one.members) <= high)
    assert not decide or item in decide, decide

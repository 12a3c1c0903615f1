"""Rules against the naive reference, to the fen, and what must hold of any household whatever."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from features import parameters
from features.rules import STATUSES
from features.rules.core import Universe
from features.rules.situations import Situation, run_situations
from tests.spec.random_households import differing, random_households
from tests.spec.reference_statuses import StatusClerk

HOUSEHOLDS = 300
SEED = 20251231


@pytest.fixture(scope="module")
def drawn() -> list[Situation]:
    return random_households(HOUSEHOLDS, SEED)


def with_more_pay(situation: Situation) -> Situation:
    """The same household with one more wage on record, small enough to cross no named threshold twice."""
    who = situation.members[0]["who"]
    months = {"from_month": "2025-09", "to_month": "2025-11"}
    more = {"who": who, "kind": "wages", "income_yuan": 137.77, **months}
    paid = [*situation.records.get("withholding", []), more]
    return replace(situation, records={**situation.records, "withholding": paid})


def with_shuffled_members(situation: Situation) -> Situation:
    """The members written in another order, and the first of them twice, as a head listed again is."""
    return replace(situation, members=(*reversed(situation.members), situation.members[0]))


@pytest.fixture(scope="module")
def answers(drawn: list[Situation]) -> dict[str, list[dict]]:
    """One city holds the households, the same with more pay, and the same written in another order."""
    variants = {
        "plain": drawn,
        "paid_more": [with_more_pay(one) for one in drawn],
        "shuffled": [with_shuffled_members(one) for one in drawn],
    }
    listed = [one for variant in variants.values() for one in variant]
    judged = run_situations(listed, parameters.load())
    return {
        name: judged[index * HOUSEHOLDS : (index + 1) * HOUSEHOLDS] for index, name in enumerate(variants)
    }


def test_rules_equal_the_naive_reference_to_the_fen(drawn, answers) -> None:
    values = parameters.load()
    found = [differing(one, answer, values) for one, answer in zip(drawn, answers["plain"], strict=True)]
    assert [line for lines in found for line in lines] == []


def test_the_reference_tells_every_status_with_its_amount_and_day(drawn) -> None:
    told = StatusClerk(drawn[0], parameters.load()).statuses()
    wanted = {f"status_{one.code}" for one in STATUSES if Universe.ON_FILE in one.universes}
    wanted |= {f"status_{one.code}_yuan" for one in STATUSES if one.amount}
    wanted |= {f"status_{one.code}_on" for one in STATUSES if one.due}
    assert set(told) == wanted


def test_the_random_households_reach_every_answer(answers) -> None:
    plain = answers["plain"]
    assert {answer["eligibility"] for answer in plain} == {"eligible", "not_eligible", "unknown"}
    assert sum(answer["entitled_low_yuan"] > 0 for answer in plain) > HOUSEHOLDS / 10
    for status in STATUSES:
        words = Counter(answer[f"status_{status.code}"] for answer in plain)
        assert {"true", "false"} < set(words), status.code
    assert len({answer["missing_item"] for answer in plain}) > 8


def test_more_income_never_gives_a_higher_benefit(drawn, answers) -> None:
    for one, before, after in zip(drawn, answers["plain"], answers["paid_more"], strict=True):
        assert after["income_low_yuan"] >= before["income_low_yuan"]
        assert after["entitled_high_yuan"] <= before["entitled_high_yuan"]
        # The one threshold: a wage on record may be the answer to whether wages had stopped.
        if before["eligibility"] != "unknown":
            assert after["entitled_low_yuan"] <= before["entitled_low_yuan"], one


def test_order_of_members_and_a_head_listed_twice_change_nothing(answers) -> None:
    for before, after in zip(answers["plain"], answers["shuffled"], strict=True):
        assert {**after, "household_id": ""} == {**before, "household_id": ""}


def test_the_bounds_hold_each_other(answers) -> None:
    for answer in answers["plain"]:
        assert answer["income_low_yuan"] <= answer["income_high_yuan"]
        assert answer["entitled_low_yuan"] <= answer["entitled_high_yuan"]
        assert (answer["missing_item"] is None) == (answer["eligibility"] != "unknown")


def test_statuses_do_not_contradict_each_other(answers) -> None:
    for answer in answers["plain"]:
        by_income = {answer["status_dibao"], answer["status_dibao_marginal"]}
        assert "true" not in by_income or by_income == {"true", "false"}
        classes = Counter(answer[f"status_review_class_{letter}"] for letter in "abc")
        assert classes["true"] <= 1
        assert (classes["true"] == 1) == (classes["unknown"] == 0 and classes["false"] == 2)
        if answer["status_single_person_dibao"] == "true":
            assert answer["status_dibao_marginal"] == "true"


def test_benefits_without_supplements_are_whole_yuan(drawn, answers) -> None:
    values = parameters.load()
    for one, answer in zip(drawn, answers["plain"], strict=True):
        if paid := Fraction(answer["entitled_low_yuan"]):
            assert (paid - StatusClerk(one, values).supplements()).denominator == 1

"""Rules against the naive reference, to the fen, and what must hold of any household whatever."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from features import parameters
from features.rules.situations import Situation, run_situations
from tests.spec.reference_eligibility import Clerk

AS_OF = date(2025, 12, 31)
HOUSEHOLDS = 300


def money(chance: random.Random, most: int) -> str:
    """Any amount in fen, often awkward."""
    return f"{chance.randint(0, most * 100) / 100:.2f}"


def months(chance: random.Random) -> dict[str, str]:
    """Five to nine months that end in November, or a few that ended before it."""
    if chance.random() < 0.2:
        return {"from_month": "2025-05", "to_month": chance.choice(["2025-08", "2025-09", "2025-10"])}
    return {"from_month": f"2025-0{chance.randint(3, 9)}", "to_month": "2025-11"}


def random_situation(chance: random.Random, number: int) -> Situation:
    """A household with a few of everything the reference understands."""
    region = chance.choice(["990102", "990123"])
    people = [f"m{index}" for index in range(chance.randint(1, 4))]
    members = tuple(
        {
            "who": who,
            "born_on": date(chance.randint(1940, 2022), chance.randint(1, 12), chance.randint(1, 28)),
        }
        for who in people
    )
    records: dict[str, list[dict]] = {}

    def add(source: str, share: float, make) -> None:
        for who in people:
            if chance.random() < share:
                records.setdefault(source, []).append({"who": who, **make()})

    kinds = ["wages", "labour", "platform", "business"]
    add(
        "withholding",
        0.3,
        lambda: {"kind": chance.choice(kinds), "income_yuan": money(chance, 3500), **months(chance)},
    )
    add(
        "contributions",
        0.3,
        lambda: {
            "employer_name": chance.choice(["某厂", "某厂", None]),
            "base_yuan": chance.choice([money(chance, 7000), "4250", "3700"]),
            **months(chance),
        },
    )
    pension = ["employee", "resident"]
    add(
        "pensions",
        0.2,
        lambda: {"kind": chance.choice(pension), "amount_yuan": money(chance, 1500), **months(chance)},
    )
    add("unemployment_benefits", 0.1, lambda: {"amount_yuan": money(chance, 1500), **months(chance)})
    add(
        "balances",
        0.3,
        lambda: {
            "institution": chance.choice(["甲", "乙"]),
            "kind": "deposit",
            "balance_yuan": money(chance, 30000),
            "as_of_on": date(2025, chance.choice([6, 9]), 30),
        },
    )
    add(
        "settlements",
        0.2,
        lambda: {
            "kind": "inpatient",
            "settled_on": date(chance.choice([2024, 2025]), chance.randint(1, 12), 15),
            "total_yuan": 90000,
            "self_paid_yuan": money(chance, 20000),
        },
    )
    add(
        "vehicles",
        0.05,
        lambda: {
            "plate_masked": f"P{number}{chance.random()}",
            "kind": "car",
            "listed_price_yuan": money(chance, 50000),
            "registered_on": date(2020, 1, 1),
        },
    )
    add(
        "real_estate",
        0.3,
        lambda: {
            "unit_no": f"{number}-{chance.randint(1, 3)}",
            "use": chance.choice(["dwelling", "dwelling", "homestead", "shop"])
            if chance.random() < 0.3
            else "dwelling",
            "registered_on": date(2015, 1, 1),
        },
    )
    add("deaths", 0.04, lambda: {"died_on": chance.choice([date(2025, 11, 1), date(2026, 1, 2)])})
    add("custody", 0.03, lambda: {"from": date(2025, 3, 1), "to": chance.choice([None, date(2025, 9, 1)])})
    sources = ["withholding", "contributions", "pensions", "balances", "vehicles", "real_estate", "entities"]
    declared: dict[str, object] = {"granted_on": date(2024, 6, 1), "benefit_yuan_month": 500}
    if chance.random() < 0.9:
        declared |= {
            "declared_income_yuan": money(chance, 20000 if number % 2 else 2000),
            "income_period": "year" if number % 2 else "month",
        }
    return Situation(
        name=f"random household {number}",
        as_of=AS_OF,
        region=region,
        urban_rural="urban" if region == "990102" else "rural",
        category=chance.choice(["dibao", "dibao", "dibao", "dibao_marginal", "tekun"]),
        authorised=chance.random() < 0.95,
        members=members,
        expect={},
        household=declared,
        records=records,
        silent=(chance.choice(sources),) if chance.random() < 0.3 else (),
    )


@pytest.fixture(scope="module")
def random_households() -> list[Situation]:
    chance = random.Random(20251231)
    return [random_situation(chance, number) for number in range(HOUSEHOLDS)]


def with_more_pay(situation: Situation) -> Situation:
    """The same household with one more wage on record, small enough to cross no named threshold twice."""
    who = situation.members[0]["who"]
    more = {
        "who": who,
        "kind": "wages",
        "income_yuan": 137.77,
        "from_month": "2025-09",
        "to_month": "2025-11",
    }
    paid = [*situation.records.get("withholding", []), more]
    return replace(situation, records={**situation.records, "withholding": paid})


def with_shuffled_members(situation: Situation) -> Situation:
    """The members written in another order, and the first of them twice, as a head listed again is."""
    return replace(situation, members=(*reversed(situation.members), situation.members[0]))


@pytest.fixture(scope="module")
def answers(random_households: list[Situation]) -> dict[str, list[dict]]:
    """One city holds the households, the same with more pay, and the same written in another order."""
    variants = {
        "plain": random_households,
        "paid_more": [with_more_pay(one) for one in random_households],
        "shuffled": [with_shuffled_members(one) for one in random_households],
    }
    listed = [one for variant in variants.values() for one in variant]
    judged = run_situations(listed, parameters.load())
    return {
        name: judged[index * HOUSEHOLDS : (index + 1) * HOUSEHOLDS] for index, name in enumerate(variants)
    }


def test_rules_equal_the_naive_reference_to_the_fen(random_households, answers) -> None:
    values = parameters.load()
    for situation, answer in zip(random_households, answers["plain"], strict=True):
        expected = Clerk(situation, values).judge()
        got = {name: answer[name] if name == "eligibility" else Fraction(answer[name]) for name in expected}
        assert got == expected, situation


def test_the_random_households_reach_every_answer(answers) -> None:
    counts = {answer["eligibility"] for answer in answers["plain"]}
    assert counts == {"eligible", "not_eligible", "unknown"}
    assert sum(answer["entitled_low_yuan"] > 0 for answer in answers["plain"]) > HOUSEHOLDS / 10


def test_more_income_never_gives_a_higher_benefit(answers) -> None:
    for before, after in zip(answers["plain"], answers["paid_more"], strict=True):
        assert after["entitled_low_yuan"] <= before["entitled_low_yuan"]
        assert after["entitled_high_yuan"] <= before["entitled_high_yuan"]
        assert after["income_low_yuan"] >= before["income_low_yuan"]


def test_order_of_members_and_a_head_listed_twice_change_nothing(answers) -> None:
    for before, after in zip(answers["plain"], answers["shuffled"], strict=True):
        assert {**after, "household_id": ""} == {**before, "household_id": ""}


def test_the_bounds_hold_each_other(answers) -> None:
    for answer in answers["plain"]:
        assert answer["income_low_yuan"] <= answer["income_high_yuan"]
        assert answer["entitled_low_yuan"] <= answer["entitled_high_yuan"]
        assert (answer["missing_item"] is None) == (answer["eligibility"] != "unknown")

"""Households of any kind whatever, and the rules beside the naive reference on as many of them as asked.

mismatches(households=5000, seed=1)   -> [] where every answer is the same, to the fen
"""

import random
from datetime import date
from fractions import Fraction
from typing import Any

from features import parameters
from features.rules.situations import Situation, run_situations
from tests.spec.reference_statuses import StatusClerk

AS_OF = date(2025, 12, 31)
REGIONS = {"990102": "urban", "990123": "rural"}
SILENT = (
    "withholding", "contributions", "pensions", "balances", "vehicles", "real_estate", "entities",
    "certificates", "serious_illness", "enrolments", "other_benefits", "settlements", "verifications",
    "deaths", "public_rental",
)  # fmt: skip
CATEGORIES = ("dibao", "dibao", "dibao", "dibao_marginal", "tekun", "rigid_expenditure")
#: Local values that a household's district may have otherwise.
OTHERWISE: dict[str, tuple[Any, ...]] = {
    "supplement_severe_disability_yuan": (0, 120),
    "supplement_serious_illness_yuan": (0, "80.50"),
    "supplement_child_yuan": (0, 60),
    "supplement_old_age_yuan": (0, 50),
    "gradual_exit_formula": ("full", "half", "full_then_half", "stepped_down"),
    "gradual_exit_months": (0, 3, 5, 12),
    "income_exempt": ((), ("old_age_allowance", "disability_allowance")),
    "income_deductible": (("employment_cost",), ("illness_cost",)),
    "income_kinds_counted": (("wages", "business", "property", "transfer"), ("wages", "transfer")),
    "earnings_assumed": (True, False),
    "review_class_a_when": (("income_unstable",), ("newly_granted", "able_to_work")),
    "review_class_c_when": (("none_able_to_work",), ("income_stable",)),
    "review_class_b_months": (3, 9),
    "dwelling_area_limit_m2": (30, "45.25"),
    "homestead_counted": (True, False),
    "rigid_expenditure_ratio": ("0.6", "0.85"),
}


def money(chance: random.Random, most: int) -> str:
    """Any amount in fen, often awkward."""
    return f"{chance.randint(0, most * 100) / 100:.2f}"


def months(chance: random.Random) -> dict[str, str]:
    """Five to nine months that end in November, or a few that ended before it."""
    if chance.random() < 0.2:
        return {"from_month": "2025-05", "to_month": chance.choice(["2025-08", "2025-09", "2025-10"])}
    return {"from_month": f"2025-0{chance.randint(3, 9)}", "to_month": "2025-11"}


def any_day(chance: random.Random, first: int, last: int) -> date:
    """Any day of the first 28 of a month, or the last of January, of these years."""
    if chance.random() < 0.1:
        return date(chance.randint(first, last), 1, 31)
    return date(chance.randint(first, last), chance.randint(1, 12), chance.randint(1, 28))


def _withheld(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(["wages", "labour", "platform", "business"])
    return {"kind": kind, "income_yuan": money(chance, 3500), **months(chance)}


def _contributed(chance: random.Random) -> dict[str, Any]:
    base = chance.choice([money(chance, 7000), "4250", "3700"])
    return {"employer_name": chance.choice(["某厂", "某厂", None]), "base_yuan": base, **months(chance)}


def _pension(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(["employee", "resident"])
    return {"kind": kind, "amount_yuan": money(chance, 1500), **months(chance)}


def _balance(chance: random.Random) -> dict[str, Any]:
    on = date(2025, chance.choice([6, 9]), 30)
    bank = chance.choice(["甲", "乙"])
    return {
        "institution": bank,
        "kind": "deposit",
        "balance_yuan": money(chance, 30000),
        "as_of_on": on,
    }


def _settled(chance: random.Random) -> dict[str, Any]:
    on = date(chance.choice([2024, 2025]), chance.randint(1, 12), 15)
    paid = money(chance, 40000)
    return {"kind": "inpatient", "settled_on": on, "total_yuan": 90000, "self_paid_yuan": paid}


def _car(chance: random.Random) -> dict[str, Any]:
    plate = f"P{chance.random()}"
    return {
        "plate_masked": plate,
        "kind": "car",
        "listed_price_yuan": money(chance, 40000),
        "registered_on": date(2020, 1, 1),
    }


def _home(chance: random.Random) -> dict[str, Any]:
    use = (
        chance.choice(["dwelling", "dwelling", "homestead", "shop"]) if chance.random() < 0.3 else "dwelling"
    )
    unit = f"{use}-{chance.randint(1, 3)}"
    # The area is the unit's: whoever shares it is told the same.
    area = {"1": 38.5, "2": 61.25, "3": 90}[unit[-1]]
    return {"unit_no": unit, "use": use, "area_m2": area, "registered_on": date(2015, 1, 1)}


def _company(chance: random.Random) -> dict[str, Any]:
    return {
        "uscc": f"E{chance.random()}",
        "kind": chance.choice(["company", "individual_business"]),
        "registered_capital_yuan": money(chance, 60000),
        "registered_on": date(2022, 1, 1),
        "status": chance.choice(["active", "active", "cancelled"]),
    }


def _certificate(chance: random.Random) -> dict[str, Any]:
    until = chance.choice([None, None, date(2025, 12, 31), date(2025, 6, 30)])
    kind = chance.choice(["physical", "mental", "intellectual", "visual"])
    return {
        "category": kind,
        "grade": chance.randint(1, 4),
        "issued_on": date(2018, 5, 1),
        "valid_until": until,
    }


def _illness(chance: random.Random) -> dict[str, Any]:
    return {"illness_class": "尿毒症", "registered_on": chance.choice([date(2024, 2, 1), date(2026, 1, 5)])}


def _schooling(chance: random.Random) -> dict[str, Any]:
    return {
        "stage": chance.choice(["primary", "junior", "senior", "vocational", "bachelor", "postgraduate"]),
        "school_kind": chance.choice(["public", "public", "private", None]),
        "fee_yuan_year": chance.choice([None, money(chance, 20000)]),
        "aid_yuan_year": chance.choice([None, money(chance, 9000)]),
        "from": date(2023, 9, 1),
        "to": chance.choice([AS_OF, date(2025, 6, 30)]),  # the last day is one of the spell
    }


def _allowance(chance: random.Random) -> dict[str, Any]:
    programme = chance.choice(
        ["old_age", "disability", "orphan", "temporary_relief", "preferential_allowance", "bravery_award"]
    )
    ends = chance.choice([None, AS_OF, date(2025, 10, 1)])
    return {
        "programme": programme,
        "amount_yuan_month": money(chance, 900),
        "from": date(2025, 2, 1),
        "to": ends,
    }


#: Table -> in how many members' names it has a row, and the row.
RECORDS = {
    "withholding": (0.3, _withheld),
    "contributions": (0.3, _contributed),
    "pensions": (0.2, _pension),
    "unemployment_benefits": (0.1, lambda c: {"amount_yuan": money(c, 1500), **months(c)}),
    "balances": (0.3, _balance),
    "settlements": (0.2, _settled),
    "vehicles": (0.1, _car),
    "real_estate": (0.3, _home),
    "entities": (0.08, _company),
    "certificates": (0.15, _certificate),
    "serious_illness": (0.1, _illness),
    "enrolments": (0.15, _schooling),
    "other_benefits": (0.15, _allowance),
    "public_rental": (0.1, lambda c: {"from": date(2022, 1, 1), "rent_yuan": money(c, 300)}),
    "deaths": (0.05, lambda c: {"died_on": c.choice([any_day(c, 2025, 2025), date(2026, 1, 2)])}),
    "custody": (0.03, lambda c: {"from": date(2025, 3, 1), "to": c.choice([AS_OF, date(2025, 9, 1)])}),
}


def random_situation(chance: random.Random, number: int) -> Situation:
    """A household with a few of everything the reference understands."""
    region = chance.choice(list(REGIONS))
    people = [f"m{index}" for index in range(chance.randint(1, 4))]
    records: dict[str, list[dict[str, Any]]] = {}
    for source, (share, row) in RECORDS.items():
        found = [{"who": who, **row(chance)} for who in people if chance.random() < share]
        if found:
            records[source] = found
    if chance.random() < 0.4:
        records["verifications"] = [_visit(chance) for _ in range(chance.randint(1, 3))]
    silent = chance.sample(SILENT, chance.choice([1, 1, 2, 3])) if chance.random() < 0.4 else []
    return Situation(
        name=f"random household {number}",
        as_of=AS_OF,
        region=region,
        urban_rural=REGIONS[region],
        category=chance.choice(CATEGORIES),
        authorised=chance.random() < 0.95,
        members=tuple({"who": who, "born_on": _born_on(chance)} for who in people),
        expect={},
        household=_file(chance, yearly=bool(number % 2)),
        records=records,
        silent=tuple(silent),
        parameters=_otherwise(chance) if chance.random() < 0.3 else (),
    )


def _born_on(chance: random.Random) -> date | None:
    return None if chance.random() < 0.03 else any_day(chance, 1940, 2022)


def _visit(chance: random.Random) -> dict[str, Any]:
    on = any_day(chance, 2025, 2025)
    return {
        "selected_on": on,
        "arm": "routine",
        "visited_on": on,
        "finding": chance.choice(["no_change", "ineligible", "unreachable"]),
        "action": chance.choice(["none", "gradual_exit", None]),
    }


def _file(chance: random.Random, yearly: bool) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "granted_on": chance.choice([date(2024, 6, 1), date(2025, 8, 31), None]),
        "benefit_yuan_month": chance.choice([money(chance, 3000), 500, None]),
        "review_class": chance.choice([None, None, "A", "B", "C"]),
        "staff_relative": chance.choice([None, "yes", "no"]),
    }
    if chance.random() < 0.9:
        stated["declared_income_yuan"] = money(chance, 30000 if yearly else 2500)
        stated["income_period"] = "year" if yearly else "month"
    return stated


def _otherwise(chance: random.Random) -> tuple[tuple[str, Any], ...]:
    names = chance.sample(list(OTHERWISE), chance.randint(1, 6))
    return tuple((name, chance.choice(OTHERWISE[name])) for name in sorted(names))


def random_households(count: int, seed: int) -> list[Situation]:
    """So many of them, the same for the same seed."""
    chance = random.Random(seed)
    return [random_situation(chance, number) for number in range(count)]


def mismatches(households: int, seed: int) -> list[str]:
    """What the rules and the reference say differently of so many households; empty where nothing."""
    listed, values = random_households(households, seed), parameters.load()
    answers = run_situations(listed, values)
    found = [differing(one, answer, values) for one, answer in zip(listed, answers, strict=True)]
    return [line for lines in found for line in lines]


def differing(situation: Situation, answer: dict[str, Any], values: parameters.Parameters) -> list[str]:
    """`household: key: expected, got` of everything the reference tells and the rules tell otherwise."""
    clerk = StatusClerk(situation, values)
    expected = clerk.judge() | clerk.statuses() | {"missing_item": clerk.missing_item()}
    return [
        f"{situation.name}: {key}: {value}, got {answer[key]}"
        for key, value in expected.items()
        if (Fraction(answer[key]) if key.endswith("_yuan") else answer[key]) != value
    ]

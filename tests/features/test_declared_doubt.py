"""A declared income whose period is in doubt never raises a household's risk."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from features import parameters
from features.rules.situations import Situation, run_situations

RISKS = ("rule_score_hidden_income", "rule_score_exit_due")
AMOUNTS = (300, 1_300, 6_000, 12_000, 90_000)
PAID = (0, 600, 2_000, 9_000)


def _situation(amount: int, paid: int, period: str | None) -> Situation:
    monthly = {"who": "a", "from_month": "2025-01", "to_month": "2025-11"}
    pay = {**monthly, "payer_uscc": "u", "kind": "labour", "income_yuan": paid}
    return Situation(
        name="doubt",
        as_of=date(2025, 12, 31),
        region="990102",
        members=({"who": "a", "born_on": date(1970, 2, 1)},),
        household={"declared_income_yuan": amount, "income_period": period, "benefit_yuan_month": 400},
        records={
            "withholding": [pay] if paid else [],
            "unemployment_benefits": [{**monthly, "amount_yuan": 500}],
        },
        expect={},
    )


@pytest.fixture(scope="module")
def answers() -> dict[tuple[int, int, str | None], dict[str, Any]]:
    keys = list(product(AMOUNTS, PAID, ("month", "year", None)))
    # The street's own period is not said here, nor is there a limit: only the missing period is a doubt.
    values = parameters.load()
    national = dict(values.national.parameters)
    national.pop("declared_income_month_limit_standards")
    bare = parameters.Parameters(replace(values.national, parameters=national), values.regions.values())
    return dict(zip(keys, run_situations([_situation(*key) for key in keys], bare), strict=True))


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("paid", PAID)
def test_a_doubt_is_no_riskier_than_either_reading(answers, amount: int, paid: int) -> None:
    doubtful = answers[amount, paid, None]
    for period in ("month", "year"):
        stated = answers[amount, paid, period]
        assert all(doubtful[risk] <= stated[risk] for risk in RISKS)


def test_a_doubt_settles_nothing_unless_records_do(answers) -> None:
    for (amount, paid, period), found in answers.items():
        if period is None:
            assert found["eligibility"] in ("unknown", "not_eligible")
            if found["eligibility"] == "not_eligible":
                assert answers[amount, paid, "year"]["eligibility"] == "not_eligible"

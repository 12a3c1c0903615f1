"""The world's copy of the law agrees with the product's dated parameters."""

from datetime import date

import numpy as np
import pytest

from features.parameters import load
from synthetic_data import law
from synthetic_data.clock import Clock
from synthetic_data.knobs import Knobs

SIDES = {law.URBAN: "urban", law.RURAL: "rural"}


@pytest.mark.parametrize("district_code", [law.URBAN, law.RURAL])
def test_standards_and_limits_are_the_products(district_code: str) -> None:
    parameters, side = load(), SIDES[district_code]
    for since, value in law.STANDARDS[district_code]:
        assert parameters.value("standard", district_code, side, date.fromisoformat(since)) == value

    def now(name: str) -> float:
        return float(parameters.value(name, district_code, side, date(2025, 12, 31)))

    assert now("deposit_limit_months") == law.DEPOSIT_MONTHS[district_code]
    assert now("vehicle_value_limit_yuan") == law.VEHICLE_LIMIT_YUAN
    assert now("marginal_factor") == law.MARGINAL_FACTOR
    assert now("necessary_employment_cost_yuan") == law.EMPLOYMENT_COST[district_code]
    assert now("medical_deduction_share_max") == law.MEDICAL_SHARE
    assert 1 + now("hidden_income_materiality_share") == law.MATERIAL_FACTOR
    assert now("hidden_income_materiality_months") == law.MATERIAL_MONTHS


def test_the_standard_rises_on_its_day() -> None:
    clock = Clock(np.datetime64("2025-05", "M"), 6)
    yuan = law.standard(clock, np.array([False, True]), Knobs())
    july = clock.number(np.datetime64("2025-07", "M"))
    assert yuan[:, july - 1].tolist() == [1150, 820]
    assert yuan[:, july].tolist() == [1210, 870]


def test_the_benefit_is_rounded_up_once_and_never_negative() -> None:
    paid = law.benefit(
        np.array([1150.0, 1150.0, 820.0]), np.array([2, 1, 3]), np.array([999.01, 4000.0, 0.0])
    )
    assert paid.tolist() == [1301.0, 0.0, 2460.0]

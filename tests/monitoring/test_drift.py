"""Thresholds fire at the stated rate when nothing changed, and fire when something did."""

import numpy as np
import pytest

from monitoring import drift

RATE = 0.05
DRAWS = 200


def zero_inflated(generator: np.random.Generator, n: int) -> np.ndarray:
    values = np.where(generator.random(n) < 0.7, 0.0, generator.lognormal(6, 1, n))
    return np.where(generator.random(n) < 0.15, np.nan, values)


@pytest.mark.parametrize("sizes", [(400, 400), (2000, 500)])
def test_two_draws_from_one_distribution_alarm_at_the_stated_rate(sizes: tuple[int, int]) -> None:
    generator = np.random.default_rng(11)
    pairs = [[zero_inflated(generator, n) for n in sizes] for _ in range(DRAWS)]
    found = [drift.column_drift("x", reference, current, RATE) for reference, current in pairs]
    shifts = np.mean([column.shift.status == drift.FIRED for column in found])
    absent = np.mean([column.missing.status == drift.FIRED for column in found])
    allowed = RATE + 3 * np.sqrt(RATE * (1 - RATE) / DRAWS)
    assert shifts <= allowed
    assert absent <= allowed
    assert shifts > 0, "a threshold that never fires on 200 draws at 5 % is no threshold"


def test_threshold_shrinks_with_the_sample_and_leaves_the_rule_of_thumb_behind() -> None:
    assert drift.psi_threshold(200, 200, 10, 0.01) > 0.1
    assert drift.psi_threshold(60_000, 60_000, 10, 0.01) < 0.001


def test_outage_of_sixty_per_cent_is_seen_in_missing_values_and_not_in_the_psi() -> None:
    generator = np.random.default_rng(3)
    reference, current = generator.normal(size=4000), generator.normal(size=4000)
    current[generator.random(4000) < 0.6] = np.nan
    found = drift.column_drift("wages", reference, current, 0.001)
    assert found.missing.status == drift.FIRED
    assert found.missing.change == pytest.approx(0.6, abs=0.03)
    assert found.shift.status == drift.OK


def test_a_small_shift_of_a_large_sample_fires_though_psi_is_under_a_tenth() -> None:
    generator = np.random.default_rng(5)
    found = drift.column_drift("x", generator.normal(size=4000), generator.normal(0.15, 1, 4000), 0.001)
    assert found.shift.status == drift.FIRED
    assert found.shift.psi < 0.1


def test_a_column_that_was_constant_and_no_longer_is_fires() -> None:
    current = np.zeros(1000)
    current[:60] = 500.0
    assert drift.column_drift("x", np.zeros(1000), current, 0.001).shift.status == drift.FIRED


def test_a_flag_that_is_nearly_always_one_keeps_its_zeros() -> None:
    reference, current = np.ones(2000), np.ones(2000)
    reference[:40], current[:160] = 0.0, 0.0
    assert drift.column_drift("flag", reference, current, 0.001).shift.status == drift.FIRED


def test_constant_empty_and_single_rows_say_so() -> None:
    assert drift.column_drift("x", np.zeros(100), np.zeros(100), RATE).shift.status == drift.CONSTANT
    empty = drift.column_drift("x", np.full(100, np.nan), np.full(100, np.nan), RATE)
    assert empty.shift.status == drift.INSUFFICIENT
    assert empty.missing.status == drift.OK
    one = drift.column_drift("x", np.array([1.0]), np.array([2.0]), RATE)
    assert (one.shift.status, one.missing.status) == (drift.INSUFFICIENT, drift.INSUFFICIENT)


def test_a_household_seen_in_three_reference_months_is_one_draw() -> None:
    generator = np.random.default_rng(8)
    month = generator.normal(size=500)
    pooled, current = np.tile(month, 3), generator.normal(size=500)
    once = drift.column_drift("x", month, current, RATE)
    thrice = drift.column_drift("x", pooled, current, RATE, effective_reference=500)
    assert thrice.shift.threshold == pytest.approx(once.shift.threshold)
    unaware = drift.column_drift("x", pooled, current, RATE)
    assert unaware.shift.threshold < 0.75 * once.shift.threshold


def test_the_index_of_known_histograms() -> None:
    equal = np.array([100.0, 100.0])
    assert drift.psi(equal, equal) == 0.0
    near = drift.psi(np.array([5e6, 5e6]), np.array([6e6, 4e6]))
    assert near == pytest.approx(0.1 * np.log(0.6 / 0.5) - 0.1 * np.log(0.4 / 0.5), rel=1e-6)

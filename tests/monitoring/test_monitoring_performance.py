"""What visits found against what was predicted: bounds, calibration, and too little to say."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from monitoring import performance
from monitoring.visits import labels, month_before, recorded, scored_visits

RATE = 1 / 60


def drawn(n: int, generator: np.random.Generator, inflate: float = 1.0) -> pd.DataFrame:
    said = generator.beta(1, 8, n)
    return pd.DataFrame(
        {
            "household_id": [f"H{place}" for place in range(n)],
            "arm": "random",
            "selection_probability": 0.05,
            "label": (generator.random(n) < said * inflate).astype(float),
            "raw": np.log(said / (1 - said)),
            "probability": said,
        }
    )


def test_a_calibrated_model_alarms_at_the_stated_rate() -> None:
    generator = np.random.default_rng(9)
    found = [performance.calibrated(drawn(300, generator), 0.05) for _ in range(300)]
    rate = np.mean([part.status == performance.FIRED for part in found if part])
    assert 0 < rate <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_twice_as_many_as_predicted_is_caught() -> None:
    found = performance.window(drawn(900, np.random.default_rng(2), inflate=2.0), RATE, seed=1)
    assert found.status == performance.FIRED
    assert found.calibration is not None
    assert found.calibration.gap.low > 0
    assert found.ranking is not None
    assert 0.5 < found.ranking.low < found.ranking.value < found.ranking.high


def test_below_the_least_number_nothing_is_told() -> None:
    found = performance.window(drawn(performance.LEAST_LABELLED - 1, np.random.default_rng(2)), RATE, seed=1)
    assert (found.status, found.prevalence, found.calibration) == ("insufficient_evidence", None, None)
    empty = performance.window(drawn(0, np.random.default_rng(2)), RATE, seed=1)
    assert (empty.status, empty.chosen.low) == ("insufficient_evidence", None)


def test_a_pending_visit_is_neither_confirmed_nor_refuted() -> None:
    visits = drawn(6, np.random.default_rng(1)).assign(
        arm="score", label=[1.0, 1.0, 0.0, np.nan, np.nan, 0.0]
    )
    chosen = performance.window(visits, RATE, seed=1).chosen
    assert (chosen.low, chosen.high, chosen.pending) == (pytest.approx(2 / 6), pytest.approx(4 / 6), 2)


def test_chosen_visits_never_enter_the_estimates_of_the_random_arm() -> None:
    random = drawn(200, np.random.default_rng(3))
    chosen = random.assign(arm="score", label=1.0, selection_probability=1.0)
    alone = performance.window(random, RATE, seed=1)
    together = performance.window(pd.concat([random, chosen]), RATE, seed=1)
    assert together.prevalence == alone.prevalence
    assert together.calibration == alone.calibration


def test_predictions_are_made_on_the_month_before_the_selection(city: "City") -> None:  # noqa: F821
    from features.engines import open_warehouse

    as_of = date(2025, 12, 31)
    records = recorded(open_warehouse(city.warehouse), "on_file", as_of)
    bundle = city.bundle("hidden_income")
    visits, unmatched = scored_visits(bundle, city.profiles, records, as_of, months=6)
    assert set(visits["month"]) == {
        date(2025, 8, 31),
        date(2025, 9, 30),
        date(2025, 10, 31),
        date(2025, 11, 30),
    }
    assert len(visits) + unmatched == len(records)
    assert visits["after_training"].all()
    shorter, _ = scored_visits(bundle, city.profiles, records, as_of, months=2)
    assert set(shorter["month"]) == {date(2025, 10, 31), date(2025, 11, 30)}


def test_a_visit_recorded_after_the_date_is_not_seen(city: "City") -> None:  # noqa: F821
    from features.engines import open_warehouse

    store = open_warehouse(city.warehouse)
    assert len(recorded(store, "register", date(2025, 10, 31))) == 2 * 60
    assert len(recorded(store, "register", date(2025, 12, 31))) == 4 * 60


def test_a_change_that_began_in_the_month_of_the_visit_was_not_due_before() -> None:
    visits = pd.DataFrame(
        {
            "finding": ["ineligible", "ineligible", "refused", "no_change"],
            "action": ["stop", "stop", None, "none"],
            "months_affected": [0, 2, None, None],
        }
    )
    np.testing.assert_array_equal(labels("exit_due", visits), [0.0, 1.0, np.nan, 0.0])


def test_month_before() -> None:
    assert month_before(date(2025, 3, 1)) == date(2025, 2, 28)
    assert month_before(date(2025, 1, 31)) == date(2024, 12, 31)

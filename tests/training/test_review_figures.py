"""Known answers of the small pieces a review is made of."""

import numpy as np
import pandas as pd
import pytest

from models.metrics import HouseholdBootstrap
from tests.models.example_bundle import example_rows, example_spec
from training.cohort import Cohort
from training.gates import GATES, gates, not_held, unknown
from training.provenance import code_version, data_version
from training.review.curves import reliability
from training.review.equal_visits import three_states, top_precision
from training.review.learning import drawn, sizes
from training.review.refit import household_sample
from training.review.stability import gate, jaccard, spread
from training.review.user_figures import paid_rightly
from training.review.worth import gates as worth_gates


def test_three_states_count_confirmed_and_pending_of_the_places():
    label = np.array([1.0, 0.0, np.nan, np.nan, 1.0])
    found = three_states(label, np.array([1.0, 1.0, 1.0, 0.0, 0.5]))
    assert found == {"places": 3.5, "confirmed": 1.5, "pending": 1.0, "low": 0.4286, "high": 0.7143}
    assert three_states(label, np.zeros(5)) is None


def test_the_top_five_percent_is_counted_in_weight():
    label, score = np.array([1.0, 0.0, 1.0, 0.0]), np.array([4.0, 3.0, 2.0, 1.0])
    # 5 % of 100: the first stands for 2, the second for 3 of its 8.
    assert top_precision(label, score, np.array([2.0, 8.0, 40.0, 50.0])) == pytest.approx(2 / 5)


def test_jaccard_of_sets():
    assert jaccard({"a", "b"}, {"b", "c"}) == pytest.approx(1 / 3)
    assert jaccard(set(), set()) == 1.0
    assert spread([]) == {"value": None, "low": None, "high": None}


@pytest.mark.parametrize(
    ("reasons", "labels", "holds"),
    [
        (0.81, 6_000, True),
        (0.79, 6_000, False),
        (0.85, 40_000, False),
        (0.99, 400, None),
        (None, 6_000, False),
    ],
)
def test_reasons_must_be_as_stable_as_that_many_labels_make_them(reasons, labels, holds):
    assert gate(reasons, labels) is holds


def cohort(households, months=2):
    spec = example_spec("hidden_income")
    facts = pd.DataFrame(
        {"household_id": np.repeat([f"h{k}" for k in range(households)], months), "label": 0.0}
    )
    return Cohort(spec, example_rows(spec, len(facts)), facts)


def test_larger_draws_contain_smaller_ones_and_keep_households_together():
    whole = cohort(200)
    small, large = drawn(whole, 100, 3), drawn(whole, 200, 3)
    assert len(small.label) == 100
    assert set(small.household) <= set(large.household)
    assert (pd.Series(small.household).value_counts() == 2).all()
    assert drawn(whole, 900, 3) is whole


@pytest.mark.parametrize(("labels", "tried"), [(400, [250, 400]), (1_100, [250, 500, 1_100]), (200, [200])])
def test_the_sizes_tried_end_with_all_labels(labels, tried):
    assert sizes(labels) == tried


def test_a_household_drawn_twice_brings_all_its_rows_twice():
    again = household_sample(cohort(300, months=3), seed=1)
    counts = pd.Series(again.household).value_counts()
    assert (counts % 3 == 0).all()
    assert counts.max() > 3
    assert counts.sum() == len(again.label) == len(again.rows)


def test_a_calibrated_model_has_slope_one_and_a_boastful_one_less():
    random = np.random.default_rng(0)
    odds = random.normal(-1.5, 1.2, 6_000)
    said = 1 / (1 + np.exp(-odds))
    label = (random.random(6_000) < said).astype(float)
    household = np.arange(6_000).astype(object)
    right = reliability(label, said, np.ones(6_000), household, 0)
    boast = reliability(label, 1 / (1 + np.exp(-2 * odds)), np.ones(6_000), household, 0)
    assert right["slope"] == pytest.approx(1.0, abs=0.08)
    assert right["error"] < 0.02
    assert boast["slope"] == pytest.approx(0.5, abs=0.05)
    assert sum(one["found"]["low"] <= one["said"] <= one["found"]["high"] for one in right["bins"]) >= 8
    assert reliability(label[:50], said[:50], np.ones(50), household[:50], 0)["enough"] is False


def test_totals_of_the_bootstrap_have_the_mean_and_spread_of_a_sum():
    drawn_sums = HouseholdBootstrap(np.arange(400).astype(object), seed=0, replicates=2_000).totals(
        [np.ones(400), np.full(400, 2.0)]
    )
    assert drawn_sums.mean(axis=0) == pytest.approx([400, 800], rel=0.01)
    assert drawn_sums[:, 0].std() == pytest.approx(20, rel=0.08)


def records(findings, actions):
    n = len(findings)
    return pd.DataFrame(
        {
            "number": [f"n{k}" for k in range(n)],
            "arm": "random",
            "probability": 0.1,
            "finding": findings,
            "action": actions,
            "months_affected": 6.0,
        }
    )


def test_paid_rightly_leaves_out_exits_and_increases_and_then_concealment():
    findings = ["ineligible"] * 10 + ["no_change"] * 10 + ["income_undeclared"] * 20 + ["no_change"] * 160
    actions = ["stop"] * 10 + ["increase"] * 10 + ["decrease"] * 20 + ["none"] * 160
    found = paid_rightly(records([*findings, "refused"], [*actions, "none"]))
    assert found["strict"]["value"] == pytest.approx(0.90)
    assert found["any_change"]["value"] == pytest.approx(0.80)
    assert found["without_conclusion"] == 1
    assert paid_rightly(records(["no_change"] * 20, ["none"] * 20)) == {
        "enough": False,
        "n": 20,
        "needed": 100,
    }


def silence(low, high, mean=0.01, raised=0):
    against = {"value": (low + high) / 2, "low": low, "high": high}
    return {"silence": {"against_blind": against, "mean_score_change": mean, "raised": raised}}


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        ([silence(-0.005, 0.01)], (True, True, True)),
        ([silence(-0.08, -0.02)], (True, False, True)),
        ([silence(-0.05, 0.05)], (True, None, True)),
        ([silence(0.0, 0.01, mean=-0.4)], (True, True, False)),
        ([silence(0.0, 0.01, raised=1)], (False, True, True)),
    ],
)
def test_an_outage_is_held_against_the_model_that_never_knew_the_department(lines, held):
    assert tuple(worth_gates(lines, punitive=True).values()) == held


EVALUATION = {
    "difference_over_rules": {"low": 0.01, "high": 0.2},
    "difference_over_logistic": {"low": -0.1, "high": 0.1},
    "labels_by_arm": {"random": {"concluded": 30}},
    "calibration_error": {"random_arm": 0.012, "n": 1_500},
    "false_positives_near_line": {"value": 1.8},
}


def test_a_version_that_nobody_reviewed_is_not_promoted():
    assert "reviewed" in [gate.code for gate in not_held(gates(EVALUATION))]
    assert gates(EVALUATION, {"burdens": {"gates": {}}})["reviewed"] is True


@pytest.mark.parametrize(
    ("change", "code", "holds"),
    [
        ({}, "beats_rules", True),
        ({"difference_over_rules": {"low": -0.2, "high": -0.01}}, "beats_rules", False),
        ({"difference_over_rules": {"low": -0.2, "high": 0.1}}, "beats_rules", None),
        ({"difference_over_logistic": {"low": -0.2, "high": -0.1}}, "not_below_logistic", False),
        ({"labels_by_arm": {}}, "random_arm", False),
        ({"calibration_error": {"random_arm": 0.03, "n": 1_500}}, "calibrated", False),
        ({"calibration_error": {"random_arm": 0.03, "n": 150}}, "calibrated", None),
        ({"false_positives_near_line": {"value": 2.9}}, "near_line", False),
        ({"false_positives_near_line": None}, "near_line", None),
    ],
)
def test_each_gate_follows_its_figure(change, code, holds):
    held = gates(EVALUATION | change)
    assert held[code] is holds
    assert (code in [one.code for one in not_held(held)]) is (holds is False)
    assert (code in [one.code for one in unknown(held)]) is (holds is None)
    assert all(one.remedy_en for one in GATES)


def test_an_assistive_model_is_asked_for_none_of_the_punitive_gates():
    review = {
        "monotone": {"applies": False},
        "archetypes": {"punitive": False, "holds": None},
        "worth": {"gates": {"no_score_rises": None, "as_good_as_never_known": True}},
    }
    held = gates(EVALUATION, review)
    assert held["monotone"] is held["twins"] is held["silence"] is True


def test_a_data_version_moves_with_any_hash_and_not_with_their_order():
    one = data_version({"a": "1", "b": "2"})
    assert one == data_version({"b": "2", "a": "1"})
    assert one != data_version({"a": "1", "b": "3"})
    assert len(one) == 16


def test_the_code_version_is_a_commit_or_the_packages_version(tmp_path):
    assert code_version() != "unknown"
    assert code_version(tmp_path)

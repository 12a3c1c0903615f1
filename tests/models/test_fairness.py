import dataclasses
import math

import numpy as np
import pytest

from features.catalogue import CATALOGUE
from models import fairness
from models.groups import MARKS, intersections, memberships, seen_by, told
from models.metrics import visits
from models.questions import SPECS
from models.scoring import logistic


def met_of(group, label, visited):
    """Rows with everybody's label known."""
    return fairness.outcomes(np.asarray(label, float), np.ones(len(group)), np.asarray(visited, float))


def line_of(lines, group, measure):
    (found,) = [line for line in lines if (line["group"], line["measure"]) == (group, measure)]
    return found


def households(n):
    return np.array([f"h{k}" for k in range(n)], dtype=object)


@pytest.fixture
def counted():
    """Group of 100: 80 negatives, 8 visited; 20 positives, 4 visited. Others 400: 360, 18; 40, 20."""
    cells = [
        (True, 0, 1, 8), (True, 0, 0, 72), (True, 1, 1, 4), (True, 1, 0, 16),
        (False, 0, 1, 18), (False, 0, 0, 342), (False, 1, 1, 20), (False, 1, 0, 20),
    ]  # fmt: skip
    rows = [(g, y, v) for g, y, v, count in cells for _ in range(count)]
    group, label, visited = (np.array(column) for column in zip(*rows, strict=True))
    return group.astype(bool), label.astype(float), visited.astype(float)


@pytest.mark.parametrize(
    ("punitive", "measure", "own", "other"),
    [
        (True, "false_positive_rate", 8 / 80, 18 / 360),
        (True, "false_discovery_rate", 8 / 12, 18 / 38),
        (True, "selection_rate", 12 / 100, 38 / 400),
        (False, "false_negative_rate", 16 / 20, 20 / 40),
        (False, "recall_at_capacity", 4 / 20, 20 / 40),
        (False, "selection_rate", 12 / 100, 38 / 400),
    ],
)
def test_rates_and_ratios_are_those_counted_by_hand(counted, punitive, measure, own, other):
    group, label, visited = counted
    met = met_of(group, label, visited)
    lines = fairness.fairness_table(met, households(len(group)), {"g": group}, punitive=punitive)
    line = line_of(lines, "g", measure)
    assert line["rate"] == round(own, 4)
    assert line["others"] == round(other, 4)
    assert line["ratio"]["value"] == round(own / other, 3)
    assert line["ratio"]["low"] < line["ratio"]["value"] < line["ratio"]["high"]


def test_the_interval_is_that_of_the_logarithm_of_two_proportions(counted):
    group, label, visited = counted
    lines = fairness.fairness_table(
        met_of(group, label, visited), households(len(group)), {"g": group}, punitive=True
    )
    ratio = line_of(lines, "g", "false_positive_rate")["ratio"]
    # Katz et al. 1978
    error = 1.96 * math.sqrt(1 / 8 - 1 / 80 + 1 / 18 - 1 / 360)
    assert math.log(ratio["high"] / ratio["value"]) == pytest.approx(error, rel=0.15)
    assert math.log(ratio["value"] / ratio["low"]) == pytest.approx(error, rel=0.15)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    random, held = np.random.default_rng(5), 0
    for draw in range(120):
        group = random.random(900) < 0.3
        visited = random.random(900) < np.where(group, 0.24, 0.16)
        met = met_of(group, np.zeros(900), visited)
        lines = fairness.fairness_table(met, households(900), {"g": group}, punitive=True, seed=draw)
        ratio = line_of(lines, "g", "false_positive_rate")["ratio"]
        held += ratio["low"] <= 1.5 <= ratio["high"]
    assert 0.90 <= held / 120 <= 0.99


def test_repeating_every_row_of_a_household_narrows_nothing(counted):
    group, label, visited = counted
    met = met_of(group, label, visited)
    once = fairness.fairness_table(met, households(len(group)), {"g": group}, punitive=True)
    thrice = fairness.fairness_table(
        met_of(np.tile(group, 3), np.tile(label, 3), np.tile(visited, 3)),
        np.tile(households(len(group)), 3),
        {"g": np.tile(group, 3)},
        punitive=True,
    )
    for line, again in zip(once, thrice, strict=True):
        assert line["ratio"] == again["ratio"]
        assert line["evidence"] == again["evidence"]


def test_a_gap_of_ten_points_at_thirty_percent_needs_about_350():
    assert fairness.equal_groups(0.30, 0.10) == pytest.approx(353, abs=1)
    # against others without number it is about half, and the formula of both sizes agrees with the equal one
    assert fairness.needed(0.30, 0.10) == pytest.approx(188, abs=1)
    assert fairness.needed(0.30, 0.10, others=353.2) == pytest.approx(353, abs=1)
    assert fairness.needed(0.30, 0.10, others=100) == math.inf


def test_what_is_needed_has_the_power_it_promises():
    rate, gap = 0.30, 0.10
    n, random, told_apart = math.ceil(fairness.equal_groups(rate, gap)), np.random.default_rng(1), 0
    for _ in range(4_000):
        low, high = random.binomial(n, rate) / n, random.binomial(n, rate + gap) / n
        error = math.sqrt((low * (1 - low) + high * (1 - high)) / n)
        told_apart += abs(high - low) / error > 1.96
    assert told_apart / 4_000 == pytest.approx(0.80, abs=0.03)


def selection(n_group, n_other, own, other, seed=0):
    """Everybody is negative; visits are drawn at the two rates."""
    group = np.arange(n_group + n_other) < n_group
    random = np.random.default_rng(seed)
    visited = random.random(len(group)) < np.where(group, own, other)
    return fairness.fairness_table(
        met_of(group, np.zeros(len(group)), visited), households(len(group)), {"g": group}, punitive=True
    )


@pytest.mark.parametrize(
    ("n_group", "own", "said"),
    [
        (8_000, 0.20, "held"),
        (8_000, 0.40, "exceeded"),
        (60, 0.20, "insufficient"),
        (60, 0.00, "held"),
        (300, 0.75, "exceeded"),
        (20, 0.00, "insufficient"),
    ],
)
def test_verdicts_follow_the_evidence(n_group, own, said):
    line = line_of(selection(n_group, 20_000, own, 0.20), "g", "false_positive_rate")
    assert line["verdict"] == said, line


def test_a_group_without_anybody_or_anything_known_is_insufficient_evidence():
    none = np.zeros(50, bool)
    met = met_of(none, np.zeros(50), np.ones(50))
    for line in fairness.fairness_table(met, households(50), {"none": none, "all": ~none}, punitive=True):
        assert line["verdict"] == "insufficient"
        assert line["ratio"]["value"] is None


def test_the_ideal_scorer_has_a_ratio_where_base_rates_differ_and_none_where_they_are_alike():
    random = np.random.default_rng(2)
    group = np.arange(40_000) < 10_000
    place = np.zeros(len(group), dtype=object)

    def ratio(shift):
        chance = logistic(random.normal(-2.5, 1, len(group)) + shift * group)
        visited = visits(chance, place, {0: 4_000})
        ideal = fairness.outcomes(chance, np.ones(len(group)), visited)
        return fairness.ideal_ratio("false_positive_rate", ideal, group), ideal, chance, visited

    alike, *_ = ratio(0.0)
    higher, ideal, chance, visited = ratio(0.7)
    assert alike == pytest.approx(1.0, abs=0.1)
    assert higher > 1.5
    label = (random.random(len(group)) < chance).astype(float)
    lines = fairness.fairness_table(
        met_of(group, label, visited),
        households(len(group)),
        {"g": group},
        punitive=True,
        ideal=ideal,
        excuses=True,
    )
    line = line_of(lines, "g", "false_positive_rate")
    assert line["bar"] == pytest.approx(higher, abs=0.01)
    assert line_of(lines, "g", "false_discovery_rate")["bar"] == 1.25


def test_a_models_own_probabilities_are_shown_and_excuse_nothing():
    """A model that thinks ill of a group finds, by its own probabilities, that its burden is only right."""
    random, group = np.random.default_rng(4), np.arange(20_000) < 5_000
    believed = logistic(random.normal(-2.5, 1, len(group)) + 1.0 * group)
    label = (random.random(len(group)) < 0.08).astype(float)
    visited = visits(believed, np.zeros(len(group), dtype=object), {0: 2_000})
    own = fairness.outcomes(believed, np.ones(len(group)), visited)
    lines = fairness.fairness_table(
        met_of(group, label, visited), households(len(group)), {"g": group}, punitive=True, ideal=own
    )
    line = line_of(lines, "g", "false_positive_rate")
    assert line["ideal"] > 2
    assert line["bar"] == 1.25
    assert line["verdict"] == "exceeded"


def test_no_ratio_reaches_beyond_what_a_rate_of_one_allows():
    lines = selection(60, 400, 0.9, 0.85)
    line = line_of(lines, "g", "false_positive_rate")
    assert line["ratio"]["high"] <= 1 / line["others"] + 1e-3


def test_weights_stand_for_households_and_unknown_labels_for_nobody():
    group = np.array([True, True, True, False, False, False])
    label = np.array([0.0, 0.0, np.nan, 0.0, 0.0, np.nan])
    trust = np.array([3.0, 1.0, 0.0, 1.0, 1.0, 0.0])
    visited = np.array([1.0, 0, 1, 1, 0, 0])
    met = fairness.outcomes(label, trust, visited)
    lines = fairness.fairness_table(met, households(6), {"g": group}, punitive=True)
    line = line_of(lines, "g", "false_positive_rate")
    assert (line["rate"], line["others"]) == (0.75, 0.5)
    assert line_of(lines, "g", "selection_rate")["rate"] == pytest.approx(2 / 3, abs=1e-4)


def test_peoples_own_visits_are_counted_and_not_weighted():
    label, trust = np.array([0.0, 1.0, np.nan]), np.array([50.0, 0.0, 0.0])
    met = fairness.own_visits(label, trust, np.array([1.0, 1.0, 1.0]))
    assert met.false_visits.sum() == 1
    assert met.true_visits.sum() == 1
    assert met.negatives.sum() == 50


def test_membership_is_read_by_name_and_unknown_belongs_to_none():
    marks = {name: np.array([np.nan, 0.0, 1.0]) for name in MARKS}
    members = memberships(marks)
    assert members["old_alone"].tolist() == [False, False, True]
    assert members["urban"].tolist() == [False, True, False]
    assert "ethnic_minority" not in members


def test_intersections_leave_out_what_adds_nothing():
    a, b, c = np.array([1, 1, 0, 0], bool), np.array([1, 0, 0, 0], bool), np.array([0, 1, 1, 0], bool)
    assert set(intersections({"a": a, "b": b, "c": c})) == {"a × c"}
    assert told("old_alone × rural") == ("独居老人 × 农村家庭", "an old person alone × rural")


def test_every_mark_is_a_column_of_both_universes_profiles():
    assert set(MARKS) <= set(CATALOGUE)
    assert all(CATALOGUE[name].plane.name == "B" for name in MARKS)


@pytest.mark.parametrize("question", [q for q, make in SPECS.items() if make(CATALOGUE).punitive])
def test_no_punitive_model_sees_the_mark_of_a_group(question):
    spec = SPECS[question](CATALOGUE)
    assert seen_by(spec.names) == ()
    for mark in MARKS:
        with pytest.raises(ValueError, match=f"{question}.*{mark}"):
            dataclasses.replace(spec, features=(*spec.features, CATALOGUE[mark]))

"""What is told of a model on a city whose truth is known: known answers of every check."""

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks import bench_models, models_city
from benchmarks.bench_models import summary
from benchmarks.flexible import FOLDS, fit_flexible, left_out
from benchmarks.models_checks import at_top, naive, recalibrated, recall_beside, since_check
from benchmarks.models_city import place_of, shares, so_many
from benchmarks.models_coverage import coverage
from benchmarks.models_page import page
from benchmarks.true_labels import read_labelled
from models.scoring import logistic
from tests.training.practice_store import City, city
from training.judged import Judged, judged_months
from training.splits import household_folds


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> City:
    return city(tmp_path_factory.mktemp("judged"), households=1_500, months=4, seed=31)


@pytest.fixture(scope="module")
def judged(made) -> Judged:
    return judged_months(made.store, made.spec, made.months[-2:], pd.DataFrame(), made.census)


@pytest.fixture(scope="module")
def chance(made, judged) -> np.ndarray:
    """True probability of each judged row: households stand in the order of their numbers every month."""
    return np.tile(made.chance, 2)


def test_the_true_probability_keeps_every_promise(judged, chance):
    told = coverage(judged, chance, 400, seed=1, repeats=60)
    assert told["hajek"]["coverage"] >= 0.85
    assert abs(told["difference"]["bias_points"]) < 0.8
    assert told["difference"]["half_width_points"] <= told["hajek"]["half_width_points"] * 1.02


def test_a_wrong_level_is_seen_by_month_since_the_check_and_mended_by_recalibration(judged, chance):
    since = np.tile([1.0, 3.0, 5.0], len(chance) // 3)
    right, double = since_check(judged, chance, since), since_check(judged, 2 * chance, since)
    assert [one["months"] for one in right] == [[0, 2], [2, 4], [4, 6]]
    assert all(0.8 < one["said_over_true"] < 1.25 for one in right)
    assert all(
        b["said_over_true"] == pytest.approx(2 * a["said_over_true"], rel=0.01)
        for a, b in zip(right, double, strict=True)
    )
    wide = np.log(chance / (1 - chance)) * 1.7 + 2.5
    assert abs(logistic(wide).mean() / judged.cohort.label.mean() - 1) > 0.2
    assert abs(recalibrated(judged, wide, seed=1)["mean"] - 1) < 0.03


def test_who_was_ended_for_concealment_is_not_judged_on_exits(tmp_path):
    made = city(tmp_path, "exit_due", households=200, months=8, seed=2)
    concealed = made.census["number"].isin(made.census["number"].unique()[:30])
    ended = {"finding": "income_undeclared", "action": "stop", "months_affected": 12}
    census = made.census.assign(
        **{name: made.census[name].mask(concealed, end) for name, end in ended.items()}
    )
    bench = models_city.City(tmp_path, made.spec, made.store, census, made.months[-1], 2, seed=0, threads=1)
    judged = bench.judged()
    assert len(judged.cohort.facts) == len(judged.trust) == 2 * (200 - 30)
    # A mark marks everybody who is judged.
    labelled = read_labelled(made.store, made.spec, bench.plan.judged, census)
    assert len(place_of(labelled.facts, judged)) == len(judged.trust)


def test_judging_on_the_visited_alone_is_shown_to_be_wrong(judged, chance):
    label = judged.cohort.label
    only_confirmed = np.where((label == 1) | (np.arange(len(label)) % 10 == 0), label, np.nan)
    told = naive(judged, np.log(chance), only_confirmed)
    assert told["wrong_by"] > 0.05
    assert told["true"] == pytest.approx(at_top(label, chance), abs=1e-4)


def test_recall_of_a_group_is_set_beside_the_marks(judged, chance):
    here = np.zeros(len(chance), bool)
    here[::2] = True
    worse = np.where(here, -1.0, chance)
    told = recall_beside(judged, worse, chance, {"half": here, "nobody": np.zeros(len(chance), bool)})
    assert told["half"]["recall"] == 0
    assert "nobody" not in told


def test_the_share_of_the_mark_is_one_for_the_mark_itself(judged, chance):
    told = shares(judged, {"mark": chance, "champion": chance, "rules": np.zeros(len(chance))}, "champion")
    assert told["share_of_oracle"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 0}
    assert told["over_rules"]["value"] > 1.2


def test_a_cross_fitted_mark_asks_no_booster_of_its_own_households(made, judged):
    rows, label, household = judged.cohort.rows, judged.cohort.label, judged.cohort.household
    noise = np.random.default_rng(0).permutation(label)
    names = made.spec.names
    fitted = fit_flexible(names, rows, noise, household, seed=2, threads=1)
    said = left_out(fitted, rows, household, seed=2, threads=1)
    fold = household_folds(household, FOLDS, 2)
    first = fitted.boosters[0].predict(rows[fold == 0], raw_score=True)
    expected = logistic(fitted.calibrations[0].slope * first + fitted.calibrations[0].shift)
    assert np.allclose(said[fold == 0], expected)


@pytest.mark.parametrize("direction", [1, 0])
def test_a_mark_in_law_never_turns_against_a_direction_and_a_free_one_does(direction):
    random = np.random.default_rng(3)
    rows = random.normal(size=(6_000, 2))
    label = (random.random(6_000) < logistic(np.sin(3 * rows[:, 0]) * 2)).astype(float)
    household = np.arange(6_000).astype(object)
    mark = fit_flexible(
        ("saved", "other"), rows, label, household, seed=1, threads=1, directions=(direction, 0)
    )
    asked = np.column_stack([np.linspace(-2, 2, 200), np.zeros(200)])
    falls = [np.diff(booster.predict(asked, raw_score=True)).min() < -1e-9 for booster in mark.boosters]
    assert falls == [not direction] * FOLDS


def test_rows_are_found_by_household_and_month_whatever_their_order(judged):
    table = judged.cohort.facts.sample(frac=1.0, random_state=0).reset_index(drop=True)
    place = place_of(table, judged)
    assert (table["household_id"].to_numpy()[place] == judged.cohort.household).all()
    with pytest.raises(AssertionError, match="missing"):
        place_of(table.iloc[1:], judged)


def test_so_many_visits_are_drawn_whole(judged):
    facts = judged.cohort.facts.assign(event=np.arange(len(judged.cohort.facts)) // 2)
    cohort = judged.cohort.__class__(judged.cohort.spec, judged.cohort.rows, facts)
    drawn = so_many(cohort, 100, seed=1)
    assert drawn is not None
    assert len(drawn.label) == 200
    assert so_many(cohort, 10**6, seed=1) is None


CHECKS = {
    "precision_at_5_percent_over_mark": 0.95,
    "recalibrated": {"mean": 1.01},
    "naive": {"wrong_by": -0.06},
    "recall": {},
}


def test_a_run_that_ended_goes_on_from_what_it_had_judged(made, judged, tmp_path, monkeypatch):
    calls = []
    path = tmp_path / "kept" / "hidden_income_1.json"
    bench = models_city.City(tmp_path, made.spec, made.store, made.census, made.months[-1], 2, 1, 1)

    def trained(*_):
        calls.append("trained")
        return {"labels": 5, "seconds": 60.0}, np.array([0.5]), np.array([0.25])

    def killed(_, __, mark, *___):
        calls.append(mark.tolist())
        raise KeyboardInterrupt

    monkeypatch.setattr(bench_models, "trained_and_judged", trained)
    monkeypatch.setattr(models_city.City, "judged", lambda self: judged)
    monkeypatch.setattr(bench_models, "by_labels", killed)
    with pytest.raises(KeyboardInterrupt):
        bench_models.judged_question(bench, path, tmp_path / "bundle", 0, True)
    monkeypatch.setattr(bench_models, "by_labels", lambda *_: [{"conclusions": 5_000}])
    told = bench_models.judged_question(bench, path, tmp_path / "bundle", 0, True)
    assert calls == ["trained", [0.25]]
    written = json.loads(path.read_text())
    assert written["labels"] == told["labels"] == 5
    assert written["by_labels"] == [{"conclusions": 5_000}]
    assert written["seconds"] >= 60


def test_a_gate_fails_where_its_figure_does():
    one = {
        "share_of_oracle": {"value": 0.95},
        "evaluation": {"lift_over_rules": {"value": 1.4}, "lift_over_random": {"low": 3.0}, "ece": 0.03},
        "coverage": {"difference": {"coverage": 0.95}},
        "checks": CHECKS,
    }
    told = summary({"hidden_income": [one]})
    assert told["hidden_income"]["share_of_oracle"] == 0.95
    failed = [gate for gate, holds in told["gates"].items() if holds is False]
    assert len(failed) == 2
    assert any("rules" in gate for gate in failed)
    assert any("calibration" in gate for gate in failed)


def test_too_few_random_visits_are_told_as_no_evidence():
    one = {
        "share_of_oracle": {"value": 0.95},
        "evaluation": {"lift_over_rules": {"value": 1.6}, "lift_over_random": {"low": 3.0}, "ece": None},
        "coverage": {"difference": {"coverage": 0.95}},
        "checks": CHECKS,
    }
    gates = summary({"hidden_income": [one]})["gates"]
    assert [gate for gate, holds in gates.items() if holds is None] == [
        "hidden_income: calibration error on the random arm ≤ 0.02",
        "hidden_income: share of the mark with 5,000 labels ≥ 0.8",
        "hidden_income: share of the mark with 10,000 labels ≥ 0.86",
    ]
    assert list(gates.values()).count(True) == len(gates) - 3


def test_the_page_tells_every_figure_with_its_bar(judged, chance):
    interval = {"value": 0.5, "low": 0.4, "high": 0.6}
    peer = {"average_precision": 0.4, "ours_ahead": interval, "seconds": 3.0}
    lifts = {"lift_over_rules": {"value": 1.4}, "lift_over_random": {"low": 3.0}}
    city = {
        "seed": 1,
        "labels": 12_345,
        "training_seconds": 9.0,
        "share_of_oracle": {"value": 0.95},
        "average_precision": dict.fromkeys(("champion", "mark", "rules"), interval),
        "auc": {"champion": interval},
        "evaluation": {"champion": "bag", "ece": 0.03, **lifts},
        "coverage": {"difference": {"coverage": 0.95}},
        "by_labels": [{"conclusions": 5_000, "champion": "blend", "share_of_oracle": interval}],
        "checks": {
            "naive": naive(judged, chance, judged.cohort.label),
            "recalibrated": recalibrated(judged, chance, seed=1),
            "precision_at_5_percent_over_mark": 1.0,
            "recall": {"old_alone": {"recall": 0.2, "over_mark": 0.9}},
        },
        "peers": {"ours": {"average_precision": interval}, "xgboost": peer},
    }
    result = summary({"hidden_income": [city]}) | {"households": 10, "discovery_households": 5}
    result |= {"machine": {"cores": 2, "python": "3"}}
    told = page(result)
    expected = (
        "0.95 (≥ 0.92) ✓",
        "1.4 (≥ 1.5) ✗",
        "0.5 (≥ 0.8) ✗",  # of the mark with 5,000 labels
        "– (≥ 0.86) 证据不足",
        "12,345",
        "old_alone",
        "| 1 | 5,000 | blend |",
        "xgboost | 0.4000",
    )
    assert [words for words in expected if words not in told] == []

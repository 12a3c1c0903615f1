"""Each guard finds its planted leak without being told where, and leaves honest columns alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from training.guards.columns import filled_in, labelled_too_early, later_than, single_columns, single_figures
from training.guards.evidence import Seen, drawn
from training.guards.gate import find_leaks
from training.guards.households import divided_households
from training.guards.joint import joint_columns
from training.guards.shuffled import chance_spread, shuffled_labels
from training.guards.twins import twin_columns

ROWS = 1_600


def honest(seed: int = 0, rows: int = ROWS) -> Seen:
    """Eight fields of counts, amounts and flags with gaps; three of them tell something of the outcome."""
    random = np.random.default_rng(seed)
    fields = np.column_stack(
        [
            random.poisson(2, rows),
            np.round(random.gamma(1.0, 800.0, rows)),
            random.random(rows) < 0.3,
            random.normal(45, 15, rows).round(),
            random.poisson(1, rows),
            np.round(random.gamma(1.0, 300.0, rows)) * (random.random(rows) < 0.4),
            random.integers(1, 5, rows),
            random.random(rows) < 0.1,
        ]
    ).astype(float)
    log_odds = -2.6 + 0.4 * fields[:, 0] + 0.0006 * fields[:, 1] + 0.9 * fields[:, 2]
    label = (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)
    fields[random.random(fields.shape) < 0.05] = np.nan
    return seen(fields, label)


def seen(fields: np.ndarray, label: np.ndarray) -> Seen:
    names = tuple(f"field_{k}" for k in range(fields.shape[1]))
    return Seen(names, names, fields, label, np.arange(len(label)).astype(str).astype(object))


def with_columns(one: Seen, **columns: np.ndarray) -> Seen:
    names = (*one.names, *columns)
    return replace(one, names=names, origin=names, rows=np.column_stack([one.rows, *columns.values()]))


@pytest.mark.parametrize("seed", range(2))
def test_honest_columns_pass_every_guard(seed: int) -> None:
    assert find_leaks(honest(seed)) == []


def test_few_labels_accuse_no_column() -> None:
    few = honest(rows=60)
    few = with_columns(few, lucky=few.label + 0.4 * np.random.default_rng(0).normal(size=60))
    assert find_leaks(few.take(np.arange(40))) == []


def test_a_column_that_is_almost_the_outcome_is_named() -> None:
    one = honest()
    planted = with_columns(one, verdict=one.label + 0.3 * np.random.default_rng(1).normal(size=ROWS))
    assert [leak.columns for leak in single_columns(planted, single_figures(planted))] == [("verdict",)]
    assert [leak.columns for leak in find_leaks(planted)] == [("verdict",)]


def test_one_of_a_columns_indicators_names_the_column() -> None:
    one = honest()
    planted = with_columns(one, code_is_2=one.label.copy(), code_is_3=np.zeros(ROWS))
    planted = replace(planted, origin=(*one.names, "code", "code"))
    assert [leak.columns for leak in find_leaks(planted)] == [("code",)]


def test_a_column_filled_in_by_the_visit_is_named_whatever_it_says() -> None:
    one, random = honest(), np.random.default_rng(2)
    filled = random.random(ROWS) < np.where(one.label == 1, 0.5, 0.01)
    planted = with_columns(one, visit_note=np.where(filled, random.normal(size=ROWS), np.nan))
    (leak,) = filled_in(planted)
    assert leak.columns == ("visit_note",)
    assert "visit_note" in {column for leak in find_leaks(planted) for column in leak.columns}


def test_an_amount_reported_and_audited_is_named_as_a_pair() -> None:
    one, random = honest(), np.random.default_rng(3)
    reported = np.round(random.gamma(2.0, 500.0, ROWS)) + 1
    corrected = reported - np.round(reported * random.uniform(0.1, 0.5, ROWS)) * one.label
    # Where nothing was wrong the auditor still rounds a few.
    slip = np.round(random.normal(0, 20, ROWS)) * (random.random(ROWS) < 0.1)
    planted = with_columns(one, reported=reported, audited=np.maximum(corrected + slip, 0))
    (leak,) = twin_columns(planted)
    assert set(leak.columns) == {"reported", "audited"}
    assert leak.strength > 0.9


def test_two_versions_that_differ_by_chance_are_no_leak() -> None:
    one, random = honest(), np.random.default_rng(4)
    first = np.round(random.gamma(2.0, 500.0, ROWS)) + 1
    second = first + np.round(random.normal(0, 200, ROWS)) * (random.random(ROWS) < 0.3)
    assert twin_columns(with_columns(one, first=first, second=second)) == []


def test_columns_that_only_together_are_the_outcome_are_named_and_no_others() -> None:
    one, random = honest(), np.random.default_rng(5)
    first = random.normal(0, 2, ROWS)
    second = 2 * one.label - first + 0.4 * random.normal(size=ROWS)
    planted = with_columns(one, first=first, second=second)
    (leak,) = joint_columns(planted)
    assert set(leak.columns) == {"first", "second"}
    assert "joint" in {leak.kind for leak in find_leaks(planted)}


def test_dates_after_the_rows_own_time_are_named() -> None:
    until = pd.Series(pd.to_datetime(["2003-04-30"] * 100))
    before = until - pd.to_timedelta(np.arange(100), unit="D")
    after = before + pd.to_timedelta(np.where(np.arange(100) < 30, 90, 0), unit="D")
    (leak,) = later_than(pd.DataFrame({"opened_on": before, "found_on": after}), until)
    assert leak.columns == ("found_on",)
    assert leak.strength == pytest.approx(0.3)


def test_labels_known_before_their_profile_are_counted() -> None:
    as_of = pd.Series(pd.to_datetime(["2025-01-31", "2025-01-31", "2025-02-28"]))
    known = pd.Series(pd.to_datetime(["2025-02-20", "2025-01-20", None]))
    (leak,) = labelled_too_early(as_of, known)
    assert leak.strength == pytest.approx(0.5)
    assert "1 labels were known" in leak.told_en
    assert labelled_too_early(as_of, known + pd.Timedelta(days=60)) == []


def households(seed: int = 0, number: int = 500) -> tuple[Seen, np.ndarray]:
    """Three persons a household with one rent and one outcome, and the households they belong to."""
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(number), 3)
    outcome = (random.random(number) < 0.3).astype(float)[place]
    rent = random.gamma(4.0, 150.0, number).round(2)[place]
    dwelling = np.column_stack([random.integers(0, 6, number) for _ in range(6)])[place]
    person = np.column_stack([random.integers(0, 90, 3 * number), random.integers(1, 3, 3 * number)])
    return seen(np.column_stack([rent, dwelling, person]).astype(float), outcome), place


def test_persons_of_a_household_on_both_sides_are_found_without_its_number() -> None:
    persons, _ = households()
    (leak,) = divided_households(persons)
    assert "field_0" in leak.columns
    assert leak.strength > 0.5


def test_a_number_beside_the_table_that_no_model_reads_is_found() -> None:
    persons, place = households()
    persons = replace(persons.without({"field_0"}), beside=pd.DataFrame({"dwelling_no": place}))
    (leak,) = divided_households(persons)
    assert leak.columns[0] == "dwelling_no"


def test_rows_copied_with_slips_are_found_where_no_column_is_a_number() -> None:
    random = np.random.default_rng(6)
    fields = random.integers(0, 4, (1_500, 12)).astype(float)
    label = (random.random(1_500) < 0.3).astype(float)
    copies = fields[:300].copy()
    copies[np.arange(300), random.integers(0, 12, 300)] = 9
    both = seen(np.vstack([fields, copies]), np.r_[label, label[:300]])
    (leak,) = divided_households(both)
    assert leak.kind == "divided households"
    assert leak.strength > 0.5


def test_households_that_a_split_keeps_whole_are_no_leak() -> None:
    persons, place = households()
    assert divided_households(replace(persons, household=place.astype(str).astype(object))) == []


def test_a_panel_is_found_across_a_split_in_time() -> None:
    persons, _ = households()
    later = np.tile(["learn", "learn", "judge"], 500).astype(object)
    (leak,) = divided_households(replace(persons, side=later))
    assert "field_0" in leak.columns


def test_a_column_that_only_tells_the_outcome_is_no_household() -> None:
    one = honest()
    amounts = np.where(one.label == 1, np.random.default_rng(7).integers(1, 60, ROWS), np.nan)
    beside = pd.DataFrame({"error_amount": np.where(np.random.default_rng(8).random(ROWS) < 0.5, amounts, 0)})
    assert divided_households(replace(one, beside=beside)) == []


def test_dealt_outcomes_teach_nothing_where_only_what_was_learnt_is_used() -> None:
    one = honest()
    learn, judge = np.arange(0, ROWS, 2), np.arange(1, ROWS, 2)

    def means(label: np.ndarray, learnt: np.ndarray, judged: np.ndarray) -> np.ndarray:
        kind = one.rows[:, 6]
        by_kind = {k: label[learnt][kind[learnt] == k].mean() for k in range(1, 5)}
        return np.array([by_kind.get(k, 0.0) for k in kind[judged]])

    value, spread, leaks = shuffled_labels(means, one.label, learn, judge, seed=0)
    assert leaks == []
    assert abs(value - 0.5) < 3 * spread


def test_means_of_every_label_are_caught_by_dealt_outcomes() -> None:
    one = honest()
    learn, judge = np.arange(0, ROWS, 2), np.arange(1, ROWS, 2)
    street = np.random.default_rng(9).integers(0, 300, ROWS)

    def means(label: np.ndarray, _learnt: np.ndarray, judged: np.ndarray) -> np.ndarray:
        by_street = np.bincount(street, weights=label) / np.maximum(np.bincount(street), 1)
        return by_street[street[judged]]

    value, _, leaks = shuffled_labels(means, one.label, learn, judge, seed=0)
    assert value > 0.6
    assert [leak.kind for leak in leaks] == ["shuffled labels"]


def test_the_spread_by_chance_is_that_of_simulation() -> None:
    random = np.random.default_rng(10)
    label = (np.arange(200) < 40).astype(float)
    ranks = np.array([random.permutation(200)[:40].mean() for _ in range(4_000)])
    assert chance_spread(label) == pytest.approx((ranks / 160).std(), rel=0.05)


def test_rows_drawn_keep_households_whole() -> None:
    persons, place = households()
    told = replace(persons, household=place.astype(str).astype(object))
    kept = drawn(told, 300)
    assert 200 < len(kept.label) < 400
    assert set(np.unique(kept.household, return_counts=True)[1]) == {3}

from datetime import date

import numpy as np
import pytest

from models.reasons_many import topic_names
from serving.assessment import TableAnswers, assess, why_silent
from tests.models.example_bundle import example_bundle, example_rows, example_spec

COUNT = 6


@pytest.fixture(scope="module")
def bundle():
    return example_bundle("hidden_income")


@pytest.fixture(scope="module")
def household_rows():
    return example_rows(example_spec("hidden_income"), COUNT, seed=5, missing=0.0)


def answers(bundle, state="found", **states):
    tables = {feature.source for feature in bundle.features}
    day = date(2025, 11, 30)
    return {
        table: TableAnswers(
            np.array([states.get(table, state)] * COUNT, dtype=object),
            [day] * COUNT,
            [day] * COUNT,
            [1.0] * COUNT,
        )
        for table in tables
    }


def test_one_household_is_answered_as_many_are(bundle, household_rows):
    many = assess(bundle, household_rows, answers(bundle), num_threads=2)
    for place in range(COUNT):
        row = household_rows[place : place + 1]
        one = assess(
            bundle,
            row,
            {
                n: TableAnswers(t.state[:1], t.event_on[:1], t.known_on[:1], t.confidence[:1])
                for n, t in answers(bundle).items()
            },
        )[0]
        assert one.raw == pytest.approx(many[place].raw, abs=1e-9)
        assert one.probability == pytest.approx(many[place].probability, abs=1e-9)
        assert [r["feature"] for r in one.reasons] == [r["feature"] for r in many[place].reasons]


def test_reasons_change_no_figure(bundle, household_rows):
    with_reasons = assess(bundle, household_rows, answers(bundle))
    without = assess(bundle, household_rows, answers(bundle), reasons=False)
    by_topic = assess(bundle, household_rows, answers(bundle), reasons=False, topics=True)
    assert [a.raw for a in with_reasons] == [a.raw for a in without] == [a.raw for a in by_topic]
    assert all(a.reasons is None for a in [*without, *by_topic])
    assert all(a.topics is None for a in [*with_reasons, *without])
    assert all(len(a.topics) == len(topic_names(bundle)) for a in by_topic)


def test_the_interval_holds_the_figure(bundle, household_rows):
    for answer in assess(bundle, household_rows, answers(bundle)):
        assert answer.of_100["low"] <= answer.of_100["about"] <= answer.of_100["high"]


def test_silence_of_most_departments_gives_no_prediction(bundle, household_rows):
    unknown = np.full_like(household_rows, np.nan)
    assert why_silent(bundle, unknown, answers(bundle, "not_returned")) == ["sources_not_returned"] * COUNT
    assert why_silent(bundle, unknown, {}) == ["sources_not_returned"] * COUNT
    answer = assess(bundle, unknown, answers(bundle, "not_returned"))[0]
    assert (answer.status, answer.raw, answer.reasons) == ("no_prediction", None, None)


def test_that_nothing_was_found_is_an_answer(bundle, household_rows):
    unknown = np.full_like(household_rows, np.nan)
    assert why_silent(bundle, unknown, answers(bundle, "nothing_found")) == [None] * COUNT


def test_hidden_income_is_not_asked_without_authorisation(bundle, household_rows):
    refused = answers(bundle, balances="not_authorised")
    assert why_silent(bundle, household_rows, refused) == ["not_authorised"] * COUNT


def test_exit_due_still_answers_from_what_needs_no_authorisation(household_rows):
    exit_due = example_bundle("exit_due")
    rows = example_rows(example_spec("exit_due"), COUNT, missing=0.0)
    assert why_silent(exit_due, rows, answers(exit_due, balances="not_authorised")) == [None] * COUNT

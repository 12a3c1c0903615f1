"""A finding is raised once: the ledger compared with what runs find, as a game of facts that come and go."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.casework.standing import Asked, Changes, asked_by, is_new, key_of, monthly_rules, reconcile
from serving.casework.tables import SETTLED, Closed

JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
SOURCES = {
    "vehicle_over_limit": "vehicles",
    "wages_new_after_grant": "contributions",
    "declared": "household_register",
}
MONTHLY = monthly_rules(SOURCES)


def finding(rule: str = "vehicle_over_limit", home: str = "H1", **changed: Any) -> dict[str, Any]:
    row = {"household_id": home, "rule": rule, "question": "hidden_income", "verdict": "true"}
    return {**row, "amount_fen": 100, "event_on": JANUARY, **changed}


def life(found: dict[str, Any], closed_by: str | None = None, raised_id: int = 1) -> dict[str, Any]:
    return {
        **found,
        "fact_on": found["event_on"],
        "universe": "on_file",
        "closed_by": closed_by,
        "raised_id": raised_id,
    }


def always(_life: dict[str, Any]) -> Asked:
    return Asked.YES


def test_a_finding_is_raised_once_and_then_seen_again() -> None:
    first = reconcile([], [finding()], always, MONTHLY)
    assert first.counts() == {"opened": 1, "reopened": 0, "seen_again": 0, "closed": 0, "settled": 0}
    again = reconcile([life(finding())], [finding(event_on=FEBRUARY, amount_fen=900)], always, MONTHLY)
    assert again.counts() == {"opened": 0, "reopened": 0, "seen_again": 1, "closed": 0, "settled": 0}


def test_it_is_closed_when_its_facts_are_gone() -> None:
    changes = reconcile([life(finding())], [], always, MONTHLY)
    assert [how for _, how in changes.closed] == [Closed.FACTS_GONE]


@pytest.mark.parametrize(
    ("answer", "ends"),
    [(Asked.NO, []), (Asked.GONE_FROM_FILE, [Closed.LEFT_FILE]), (Asked.YES, [Closed.FACTS_GONE])],
)
def test_silence_is_not_an_end(answer: Asked, ends: list[Closed]) -> None:
    changes = reconcile([life(finding())], [], lambda _life: answer, MONTHLY)
    assert [how for _, how in changes.closed] == ends


def test_facts_that_return_are_raised_again_as_the_life_that_follows() -> None:
    held = life(finding(), Closed.FACTS_GONE, raised_id=7)
    assert reconcile([held], [finding()], always, MONTHLY).opened == [(finding(), 7)]


@pytest.mark.parametrize("how", SETTLED)
def test_what_somebody_settled_is_not_raised_again_without_a_new_fact(how: Closed) -> None:
    held = life(finding(), how)
    same = reconcile([held], [finding()], always, MONTHLY)
    assert (same.opened, same.settled) == ([], {key_of(finding())})
    later = reconcile([held], [finding(event_on=FEBRUARY)], always, MONTHLY)
    assert [follows for _, follows in later.opened] == [1]


def test_the_next_month_of_the_same_wages_is_no_new_fact_and_more_wages_are() -> None:
    wages = finding("wages_new_after_grant")
    assert wages["rule"] in MONTHLY
    assert not is_new(life(wages), finding("wages_new_after_grant", event_on=FEBRUARY), MONTHLY)
    assert is_new(life(wages), finding("wages_new_after_grant", event_on=FEBRUARY, amount_fen=101), MONTHLY)


def test_a_question_that_became_a_fact_is_new() -> None:
    assert is_new(life(finding(verdict="unknown")), finding(), MONTHLY)
    assert not is_new(life(finding()), finding(verdict="unknown"), MONTHLY)


def test_a_fact_without_a_date_is_new_where_more_is_at_stake() -> None:
    undated = finding("declared", event_on=None)
    assert not is_new(life(undated), undated, MONTHLY)
    assert is_new(life(undated), {**undated, "amount_fen": 101}, MONTHLY)
    assert not is_new(life({**undated, "amount_fen": None}), {**undated, "amount_fen": None}, MONTHLY)


def test_only_a_table_that_answered_can_say_that_a_fact_is_gone() -> None:
    states = {
        "found": Asked.YES,
        "nothing_found": Asked.YES,
        "not_returned": Asked.NO,
        "not_authorised": Asked.NO,
    }
    for state, expected in states.items():
        homes = [{"household_id": "H1", "sources": {"vehicles": {"state": state}}}]
        assert asked_by(homes, SOURCES)(life(finding())) is expected
    assert asked_by([{"household_id": "H1", "sources": None}], SOURCES)(life(finding())) is Asked.NO
    assert asked_by([], SOURCES)(life(finding())) is Asked.GONE_FROM_FILE
    assert asked_by([], SOURCES)({**life(finding()), "universe": "register"}) is Asked.NO


RULES = st.sampled_from(sorted(SOURCES))
FOUND = st.builds(
    finding, RULES, st.sampled_from(["H1", "H2"]), event_on=st.sampled_from([None, JANUARY, FEBRUARY, MARCH]),
    amount_fen=st.integers(0, 3), verdict=st.sampled_from(["true", "unknown"]),
)  # fmt: skip
MOVES = st.lists(st.tuples(st.lists(FOUND, max_size=6), st.sampled_from([None, *SETTLED])), max_size=8)


@given(MOVES)
def test_whatever_comes_and_goes_nothing_is_open_twice_and_nothing_found_is_lost(moves: list[Any]) -> None:
    held: dict[Any, dict[str, Any]] = {}
    number = 0
    for found, settle in moves:
        changes: Changes = reconcile(held.values(), found, always, MONTHLY)
        opened = [key_of(row) for row, _ in changes.opened]
        assert len(set(opened)) == len(opened)
        assert all(held[key]["closed_by"] is not None for key in opened if key in held)
        for row, follows in changes.opened:
            assert follows == (held[key_of(row)]["raised_id"] if key_of(row) in held else None)
            number += 1
            held[key_of(row)] = life(row, None, number)
        for closed, how in changes.closed:
            held[key_of(closed)]["closed_by"] = how
        standing = {key for key, one in held.items() if one["closed_by"] is None}
        assert standing | changes.settled == {key_of(row) for row in found}
        assert not standing & changes.settled
        repeated = reconcile(held.values(), found, always, MONTHLY)
        assert (repeated.opened, repeated.closed) == ([], [])
        for key in sorted(standing)[:1]:
            held[key]["closed_by"] = settle

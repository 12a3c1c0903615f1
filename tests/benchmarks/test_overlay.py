"""A toy panel of which every figure can be counted by hand."""

import numpy as np
import pytest

from benchmarks import overlay
from benchmarks.overlay import Month, reduction, share, simulate


def month(exit_due="", underpaid="", misses="", closed="", n=4, since=()):
    """Households 0 … n-1; the letters name those of whom it is true: "02"."""

    def flags(named):
        return np.array([str(k) in named for k in range(n)])

    due, under, met = flags(exit_due), flags(underpaid), ~flags(closed)
    return Month(
        home=np.arange(n),
        exit_due=due,
        underpaid=under,
        ends=due & ~flags(misses) & met,
        raises=under & met,
        reached=met,
        since_check=np.array(since or [5.0] * n),
    )


def visiting(*plan):
    """A policy that visits the households named of each month."""
    heard = []

    def policy(number, active, since):
        heard.append((active.copy(), since.copy()))
        return np.array([str(k) in plan[number] for k in range(len(active))])

    policy.heard = heard
    return policy


def test_without_visits_everything_runs_as_the_world_says():
    run = simulate([month("01", "2"), month("01", "2"), month("0", "2")], 4, visiting("", "", ""))
    assert run.wrong.tolist() == [3, 2, 0, 0]
    assert run.under.tolist() == [0, 0, 3, 0]
    assert run.paid.sum() == 12
    assert run.right.sum() == 4
    assert run.told()["delay_months"] == 2.5
    assert run.told()["paid_rightly"] == pytest.approx(4 / 12, abs=1e-4)


def test_a_visit_ends_what_it_finds_from_the_next_month_on():
    run = simulate([month("01")] * 3, 4, visiting("0", "", ""))
    # The month of the visit is still paid; household 1 goes on for all three.
    assert run.wrong.tolist() == [1, 3, 0, 0]
    assert run.paid.tolist() == [1, 3, 3, 3]
    assert run.visits.tolist() == [1, 0, 0, 0]


def test_what_a_worker_misses_goes_on_and_the_check_counts_all_the_same():
    policy = visiting("0", "0", "")
    run = simulate([month("0", misses="0"), month("0"), month()], 4, policy)
    assert run.wrong[0] == 2
    assert [since[0] for _, since in policy.heard] == [5.0, 1.0, 1.0]


def test_a_closed_door_is_a_visit_and_no_check():
    policy = visiting("0", "", "")
    run = simulate([month("0", closed="0"), month("0"), month("0")], 4, policy)
    assert run.wrong[0] == 3
    assert run.visits[0] == 1
    assert policy.heard[1][1][0] == 5.0


def test_an_underpayment_put_right_stays_so_until_the_next_one():
    months = [month(underpaid="2"), month(underpaid="2"), month(), month(underpaid="2")]
    run = simulate(months, 4, visiting("2", "", "", ""))
    assert run.under[2] == 2  # the month of the visit, and the new spell
    assert run.paid[2] == 4


def test_a_benefit_that_was_ended_is_not_visited_or_paid_again():
    run = simulate([month("0"), month("0"), month("0")], 4, visiting("0", "0", "0"))
    assert run.visits[0] == 1
    assert run.paid[0] == 1


def test_a_month_both_wrong_and_underpaid_is_wrong_once():
    run = simulate([month("0", "0")], 4, visiting(""))
    assert (run.wrong[0], run.under[0], run.right[0]) == (1, 0, 0)


def test_of_each_street_the_first_are_chosen_among_the_active():
    street = np.array(["a", "a", "a", "b", "b"], dtype=object)
    active = np.array([True, False, True, True, True])
    chosen = overlay.first_of_street(street, active, np.array([1.0, 9.0, 2.0, 3.0, 4.0]), {"a": 1, "b": 5})
    assert chosen.tolist() == [False, False, True, True, True]


def test_a_reduction_and_a_share_have_intervals_that_hold_their_value():
    rng = np.random.default_rng(3)
    worse = rng.poisson(0.4, 4_000).astype(float)
    better = worse * (rng.random(4_000) < 0.7)
    value, low, high = reduction(better, worse, seed=1, replicates=300)
    assert value == pytest.approx(1 - better.sum() / worse.sum())
    assert low < value < high
    assert abs((low + high) / 2 - 0.3) < 0.05
    assert share(np.ones(10), np.full(10, 2.0), seed=1, replicates=50) == (0.5, 0.5, 0.5)

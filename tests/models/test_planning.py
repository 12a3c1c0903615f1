import dataclasses

import numpy as np
import pytest

from features.errors import UserError
from models.planning import (
    BY_DATE,
    STILL_PAID,
    Recipients,
    monthly_need,
    months_saved,
    plan_month,
)

STREETS = ("990102001", "990123001")


def recipients(n=120, seed=0, **given):
    """Nobody is due unless `given` says so."""
    random = np.random.default_rng(seed)
    columns = {
        "household_id": np.array([f"H{k:04d}" for k in range(n)], dtype=object),
        "street_code": np.array([STREETS[k % 2] for k in range(n)], dtype=object),
        "stratum": random.choice(np.array(["A", "B", "C"], dtype=object), n),
        "legal_overdue": np.full(n, -6.0),
        "class_overdue": np.full(n, -3.0),
        "exit_probability": random.random(n) / 5,
        "finding": np.zeros(n, dtype=bool),
        "vulnerable": np.zeros(n, dtype=bool),
    }
    return Recipients(**(columns | given))


def one_street(n=40, **given):
    return recipients(n, street_code=np.full(n, "s", dtype=object), **given)


def planned(plans):
    return {visit.household_id: visit for plan in plans for visit in plan.visits}


def due(n, places, months=0.0, otherwise=-6.0):
    overdue = np.full(n, otherwise)
    overdue[list(places)] = months
    return overdue


@pytest.mark.parametrize("seed", range(8))
def test_every_floor_is_met_wherever_capacity_holds_it_and_the_lot(seed):
    random = np.random.default_rng(seed)
    n, places = 200, int(random.integers(30, 70))
    legal, cycle = random.normal(-9, 6, n).round(), random.normal(-4, 3, n).round()
    given = one_street(
        n, seed=seed, legal_overdue=legal, class_overdue=cycle, vulnerable=random.random(n) < 0.4
    )
    (plan,) = plan_month(given, {"s": places}, key=str(seed))
    on, floors = planned([plan]), (legal >= 0) | (cycle >= 0)
    assert len(plan.visits) == min(places, plan.capacity)
    if floors.sum() + 0.1 * places + 1 <= places:
        assert set(given.household_id[floors]) <= set(on)
        assert plan.short == {}
    missing = sum(household not in on for household in given.household_id[floors])
    assert sum(plan.short.values()) == missing
    # The class gives way to the law, and both to nobody's probability.
    if plan.short.get("legal_due"):
        assert not any(
            v.reason in ("class_due", "expected_months") and v.arm != "random" for v in plan.visits
        )
    if plan.short:
        assert not any(v.arm == "score" for v in plan.visits)


def test_too_little_capacity_gives_a_plan_that_says_what_is_short():
    n = 40
    legal = due(n, range(15))
    (plan,) = plan_month(one_street(n, legal_overdue=legal), {"s": 10}, key="k", off_cycle=0.0)
    assert [visit.reason for visit in plan.visits] == ["legal_due"] * 10
    assert plan.short == {"legal_due": 5}
    (none,) = plan_month(one_street(n, legal_overdue=legal), {}, key="k")
    assert none.visits == ()
    assert none.short == {"legal_due": 15}


def test_where_visits_are_short_the_likeliest_of_the_due_come_first_and_some_by_date():
    n, places = 20, 8
    said = np.linspace(0.01, 0.2, n)  # the later in the table the likelier ...
    legal = np.linspace(19, 0, n).round()  # ... and the less overdue
    given = one_street(n, legal_overdue=legal, exit_probability=said)
    (plan,) = plan_month(given, {"s": places}, key="k", off_cycle=0.0)
    by_date = int(np.ceil(BY_DATE * places))
    expected = {f"H{k:04d}" for k in (*range(by_date), *range(n - (places - by_date), n))}
    assert set(planned([plan])) == expected


def test_what_is_left_goes_where_most_months_are_saved():
    n = 6
    given = one_street(
        n,
        exit_probability=np.array([0.30, 0.20, 0.20, 0.05, 0.19, 0.0]),
        class_overdue=np.array([-1.0, -1.0, -6.0, -6.0, -1.0, -6.0]),
        legal_overdue=np.full(n, -12.0),
    )
    (plan,) = plan_month(given, {"s": 2}, key="k", off_cycle=0.0)
    # H0002 would be paid wrongly for up to six months more, H0000 for one: .2 x 2.47 over .3 x .75.
    assert set(planned([plan])) == {"H0002", "H0000"}
    visit = planned([plan])["H0002"]
    assert visit.arm == "score"
    assert visit.reason == "expected_months"
    assert visit.months_saved == pytest.approx(0.2 * sum(STILL_PAID**k for k in range(1, 7)))


def test_months_saved_are_those_until_the_next_date_that_would_still_be_paid():
    assert months_saved(np.array([1.0]), np.array([1.0]))[0] == pytest.approx(STILL_PAID)
    assert months_saved(np.array([0.5]), np.array([-4.0]))[0] == pytest.approx(STILL_PAID / 2)
    assert months_saved(np.array([1.0]), np.array([500.0]))[0] == pytest.approx(STILL_PAID / (1 - STILL_PAID))


def test_a_vulnerable_household_is_planned_when_it_is_due_or_found_and_never_by_its_score_or_by_lot_alone():
    n = 60
    vulnerable, finding = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    vulnerable[:30], finding[:5] = True, True
    said = np.where(vulnerable, 0.9, 0.05)
    given = one_street(
        n,
        vulnerable=vulnerable,
        finding=finding,
        exit_probability=said,
        class_overdue=due(n, range(25, 30), otherwise=-3),
    )
    for key in map(str, range(60)):
        on = planned(plan_month(given, {"s": 20}, key=key, off_cycle=0.1))
        assert not any(f"H{k:04d}" in on for k in range(5, 25))
        assert {f"H{k:04d}" for k in (*range(5), *range(25, 30))} <= set(on)


def test_a_vulnerable_households_score_neither_hurries_nor_delays_its_review():
    n = 40
    vulnerable = np.zeros(n, dtype=bool)
    vulnerable[7] = True
    legal = due(n, range(20))

    def on(said):
        values = np.linspace(0.01, 0.3, n)
        values[7] = said
        given = one_street(n, vulnerable=vulnerable, legal_overdue=legal, exit_probability=values)
        return set(planned(plan_month(given, {"s": 12}, key="k")))

    assert on(0.0) == on(0.99)


def test_a_household_without_a_prediction_counts_with_the_mean_and_without_a_date_as_due():
    n = 30
    said, legal = np.full(n, 0.1), np.full(n, -6.0)
    said[3], legal[4] = np.nan, np.nan
    (plan,) = plan_month(one_street(n, exit_probability=said, legal_overdue=legal), {"s": 30}, key="k")
    on = planned([plan])
    assert on["H0004"].reason == "legal_due"
    assert on["H0003"].months_saved == pytest.approx(on["H0005"].months_saved)
    nobody = one_street(n, exit_probability=np.full(n, np.nan))
    assert len(plan_month(nobody, {"s": 9}, key="k")[0].visits) == 9


def test_never_more_than_capacity_and_always_all_of_it():
    given = recipients()
    for places in (0, 1, 7, 59, 60, 500):
        for plan in plan_month(given, dict.fromkeys(STREETS, places), key="k"):
            assert len(plan.visits) == min(places, 60)
            assert sorted(visit.visit_order for visit in plan.visits) == list(range(1, len(plan.visits) + 1))


def test_the_same_key_replays_the_plan_another_draws_anew_and_the_order_of_the_table_is_nothing():
    given = recipients(exit_probability=np.full(120, 0.1))
    turned = Recipients(**{f.name: getattr(given, f.name)[::-1] for f in dataclasses.fields(given)})
    places = dict.fromkeys(STREETS, 12)
    first = plan_month(given, places, key="2025-12")
    assert first == plan_month(given, places, key="2025-12")
    assert first == plan_month(turned, places, key="2025-12")
    assert first != plan_month(given, places, key="2026-01")


def test_the_off_cycle_draw_is_as_frequent_as_its_probability_says():
    given, draws = one_street(n=100, legal_overdue=due(100, range(30))), 250
    drawn, planned_times, said = np.zeros(100), np.zeros(100), np.zeros(100)
    for k in range(draws):
        for visit in plan_month(given, {"s": 34}, key=str(k))[0].visits:
            place = int(visit.household_id[1:])
            drawn[place] += visit.arm == "random"
            planned_times[place] += 1
            said[place] = visit.probability
            assert visit.arm_probability == pytest.approx(0.015)
    assert abs(drawn.sum() - draws * 1.5) < 4 * np.sqrt(draws * 1.5)
    seen = planned_times > 0
    error = np.sqrt(np.maximum(said * (1 - said), 1e-3) / draws)
    assert (abs(planned_times / draws - said)[seen] < 4.5 * error[seen] + 2e-3).all()


def test_where_visits_are_few_the_lot_takes_a_tenth_of_them_at_most():
    drawn = [
        sum(visit.arm == "random" for visit in plan_month(one_street(n=400), {"s": 20}, key=str(k))[0].visits)
        for k in range(50)
    ]
    assert set(drawn) == {2}


def test_who_visits_cannot_tell_the_arm():
    orders = [
        visit.visit_order
        for k in range(250)
        for visit in plan_month(one_street(n=60), {"s": 20}, key=str(k), off_cycle=0.03)[0].visits
        if visit.arm == "random"
    ]
    assert abs(np.mean(orders) - 10.5) < 4 * 5.77 / np.sqrt(len(orders))


def test_a_class_that_does_not_bind_leaves_its_households_to_the_probability():
    given = one_street(class_overdue=np.full(40, 2.0))
    (bound,), (free,) = (
        plan_month(given, {"s": 10}, key="k", off_cycle=0.0, floors=floors)
        for floors in (("legal_due", "class_due"), ("legal_due",))
    )
    assert {visit.arm for visit in bound.visits} == {"routine"}
    assert {visit.arm for visit in free.visits} == {"score"}
    assert free.short == {}


def test_without_a_floor_ahead_a_wrong_payment_would_run_on():
    given = one_street(exit_probability=np.full(40, 0.1), class_overdue=np.full(40, np.nan))
    (plan,) = plan_month(given, {"s": 3}, key="k", off_cycle=0.0, floors=("class_due",))
    assert plan.visits[0].months_saved == pytest.approx(0.1 * STILL_PAID / (1 - STILL_PAID))


def test_cycles_ask_for_so_many_visits_a_month():
    assert monthly_need(np.array([1.0, 3.0, 6.0, 12.0])) == pytest.approx(1 + 1 / 3 + 1 / 6 + 1 / 12)


def test_a_share_outside_nought_and_one_is_refused():
    with pytest.raises(UserError, match="off-cycle"):
        plan_month(recipients(), {}, key="k", off_cycle=1.5)

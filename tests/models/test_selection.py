import dataclasses
import math

import numpy as np
import pytest

from features.errors import UserError
from models.selection import (
    Candidates,
    contact_capacity,
    select,
    visit_capacity,
)


def households(n=200, streets=("990102001", "990123001"), seed=0, vulnerable=0.0, finding=0.0):
    random = np.random.default_rng(seed)
    return Candidates(
        household_id=np.array([f"H{k:015x}" for k in range(n)], dtype=object),
        street_code=random.choice(np.array(streets, dtype=object), n),
        score=random.normal(size=n).round(1),
        finding=random.random(n) < finding,
        vulnerable=random.random(n) < vulnerable,
        stratum=random.choice(np.array(["A", "B", "C"], dtype=object), n, p=(0.5, 0.3, 0.2)),
    )


PLACES = {"990102001": 20, "990123001": 20}


def test_each_street_gets_its_places_and_its_random_arm():
    rows = select("hidden_income", households(), PLACES, key="2025-12")
    for street in PLACES:
        of_street = [row for row in rows if row.street_code == street]
        assert len(of_street) == 20
        assert sum(row.arm == "random" for row in of_street) == 2
        assert sorted(row.visit_order for row in of_street) == list(range(1, 21))
    assert len({row.household_id for row in rows}) == len(rows)


def test_the_same_key_replays_the_draw_and_another_draws_anew():
    first, again = (select("exit_due", households(), PLACES, key="a") for _ in range(2))
    assert first == again
    assert first != select("exit_due", households(), PLACES, key="b")


def test_the_order_of_the_table_changes_nothing():
    given = households()
    turned = Candidates(**{f.name: getattr(given, f.name)[::-1] for f in dataclasses.fields(given)})
    assert select("exit_due", given, PLACES, key="a") == select("exit_due", turned, PLACES, key="a")


def test_stored_probabilities_are_those_of_the_draw():
    given = households(n=60, streets=("990102001",), finding=0.1, vulnerable=0.2)
    frame = set(given.household_id[given.finding | ~given.vulnerable])
    draws = 1500
    seen, arm = {}, {}
    for k in range(draws):
        for row in select("exit_due", given, {"990102001": 12}, key=str(k), random_share=0.25):
            seen.setdefault(row.household_id, [0, row.selection_probability])[0] += 1
            arm[row.household_id] = arm.get(row.household_id, 0) + (row.arm == "random")
            assert row.arm_probability == pytest.approx(3 / len(frame))
    ties = {}  # a tie at the cut is broken by the key: those households' own probability varies with it
    for h, s in zip(given.household_id, given.score, strict=True):
        ties.setdefault(s, []).append(h)
    alone = [group[0] for group in ties.values() if len(group) == 1]
    for household in alone:
        if household in seen:
            count, stated = seen[household]
            error = 4 * np.sqrt(max(stated * (1 - stated), 1e-4) / draws)
            assert abs(count / draws - stated) < error + 0.02
    expected = draws * 3 / len(frame)
    assert set(arm) == frame
    assert all(abs(count - expected) < 5 * np.sqrt(expected) for count in arm.values())


def test_the_random_arm_has_each_class_share_of_the_street():
    given = households(n=200, streets=("990102001",), vulnerable=0.2)
    frame = {
        h: s for h, s, v in zip(given.household_id, given.stratum, given.vulnerable, strict=True) if not v
    }
    for k in range(40):
        rows = select("hidden_income", given, {"990102001": 60}, key=str(k), random_share=0.25)
        drawn = [frame[row.household_id] for row in rows if row.arm == "random"]
        assert len(drawn) == 15
        for stratum in "ABC":
            exact = 15 * list(frame.values()).count(stratum) / len(frame)
            assert drawn.count(stratum) in (math.floor(exact), math.ceil(exact))


def test_a_vulnerable_household_enters_by_a_finding_never_by_a_model_or_by_lot_alone():
    given = households(vulnerable=0.5, finding=0.1)
    brake = dict(zip(given.household_id, given.vulnerable & ~given.finding, strict=True))
    for kind in ("hidden_income", "exit_due"):
        rows = select(kind, given, PLACES, key="x")
        assert rows
        assert not any(brake[row.household_id] for row in rows)
    helped = select("unapplied_eligible", given, PLACES, key="x")
    assert any(row.arm == "score" and brake[row.household_id] for row in helped)


def test_a_street_whom_the_list_may_not_hold_has_no_list():
    assert select("exit_due", households(vulnerable=1.1, finding=-1.0), PLACES, key="x") == []


def test_who_visits_cannot_tell_the_arm():
    given = households(n=400, streets=("990102001",))
    orders, batches = [], []
    for k in range(300):
        for row in select("hidden_income", given, {"990102001": 40}, key=str(k)):
            if row.arm == "random":
                orders.append(row.visit_order)
                batches.append(row.batch)
    # Uniform over 1..40: mean 20.5, standard error of 1,200 draws 0.33.
    assert abs(np.mean(orders) - 20.5) < 4 * 11.54 / np.sqrt(len(orders))
    counts = np.bincount(batches, minlength=5)[1:]
    assert abs(counts - len(batches) / 4).max() < 4 * np.sqrt(len(batches) / 4)


def test_rule_findings_come_first_up_to_their_share():
    given = households(n=100, streets=("990102001",), finding=0.2)
    rows = select("exit_due", given, {"990102001": 30}, key="x", rule_share=0.25)
    found = [k for k in np.argsort(-given.score, kind="stable") if given.finding[k]]
    listed = {row.household_id for row in rows}
    assert {given.household_id[k] for k in found[:5]} <= listed
    assert any(row.arm == "score" for row in rows)


def test_underpaid_lists_only_findings_by_either_arm():
    given = households(finding=0.05)
    found = dict(zip(given.household_id, given.finding, strict=True))
    rows = select("underpaid", given, PLACES, key="x")
    assert rows
    assert all(found[row.household_id] for row in rows)
    assert {row.arm for row in rows} <= {"rule", "random"}


def test_a_street_smaller_than_its_capacity_is_visited_whole():
    given = households(n=7, streets=("990102001",))
    rows = select("hidden_income", given, PLACES, key="x")
    assert len(rows) == 7
    assert all(row.selection_probability == 1.0 for row in rows)


def test_capacity_follows_the_caseload():
    assert visit_capacity({"s": 600}, "hidden_income") == {"s": 14}
    assert visit_capacity({"s": 10}, "exit_due") == {"s": 1}
    assert contact_capacity({"s": 9000, "t": 100, "far": 9}) == {"s": 18, "t": 3, "far": 0}
    with pytest.raises(UserError, match="no such list"):
        visit_capacity({"s": 600}, "anything")


def test_a_random_share_of_nothing_is_refused():
    with pytest.raises(UserError, match="random share"):
        select("exit_due", households(), PLACES, key="x", random_share=0.0)

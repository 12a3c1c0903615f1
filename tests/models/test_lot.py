from fractions import Fraction

import numpy as np
import pytest

from models.lot import Lot, keyed_order


def ids(n):
    return np.array([f"H{k:05d}" for k in range(n)], dtype=object)


def strata(text):
    return np.array(list(text), dtype=object)


def test_of_one_stratum_the_chance_is_hypergeometric():
    lot = Lot.among(strata("x" * 100), 2)
    above, at_cut, below = lot.inclusion(7, [4, 5, 50])
    assert above == 1.0
    # Five places are left by the lot; the sixth needs itself or one of the five before among the two drawn.
    assert at_cut == pytest.approx(1 - (94 * 93) / (100 * 99))
    assert below == pytest.approx(0.02)


def test_everyone_has_the_same_chance_and_each_stratum_its_share():
    given, lot = ids(40), Lot.among(strata("A" * 23 + "B" * 10 + "C" * 7), 6)
    times = np.zeros(40)
    for k in range(3000):
        drawn = lot.draw(given, str(k))
        assert drawn.sum() == 6
        assert drawn[:23].sum() in (3, 4)
        assert drawn[23:33].sum() in (1, 2)
        assert drawn[33:].sum() in (1, 2)
        times += drawn
    assert abs(times - 450).max() < 5 * np.sqrt(450 * 0.85)
    assert sum(share for share, _ in lot.starts) == pytest.approx(1)


def test_a_part_of_a_visit_is_drawn_as_often_as_it_says():
    lot = Lot.among(strata("A" * 20 + "B" * 10), Fraction("0.45"))
    numbers = [lot.draw(ids(30), str(k)).sum() for k in range(4000)]
    assert set(numbers) == {0, 1}
    assert abs(np.mean(numbers) - 0.45) < 4 * np.sqrt(0.45 * 0.55 / 4000)
    assert lot.probability == Fraction("0.015")


@pytest.mark.parametrize("expected", [Fraction(4), Fraction("2.6")])
def test_the_chance_of_a_place_in_the_line_is_how_often_it_is_had(expected):
    line, capacity, draws = strata("ABBACABCAABBCACB"), 7, 6000
    lot, given, times = Lot.among(line, expected), ids(len(line)), np.zeros(len(line))
    for k in range(draws):
        drawn = lot.draw(given, str(k))
        rest = np.flatnonzero(~drawn)[: capacity - drawn.sum()]
        times += drawn
        times[rest] += 1
    said = np.array(lot.inclusion(capacity, range(len(line))))
    error = np.sqrt(np.maximum(said * (1 - said), 1e-9) / draws)
    assert (abs(times / draws - said) < 4 * error + 1e-6).all()
    assert said.sum() == pytest.approx(capacity)


def test_the_order_of_the_households_changes_nothing_and_the_key_everything():
    line, given = strata("AABBBCCAAB"), ids(10)
    lot, turned = Lot.among(line, 3), Lot.among(line[::-1], 3)
    assert np.array_equal(lot.draw(given, "a"), turned.draw(given[::-1], "a")[::-1])
    assert any(not np.array_equal(lot.draw(given, "a"), lot.draw(given, str(k))) for k in range(5))
    assert np.array_equal(keyed_order(given, "a"), keyed_order(given, "a"))


def test_a_lot_over_nobody_draws_nobody_and_over_few_all():
    assert not Lot.among(strata(""), 3).draw(ids(0), "k").any()
    assert Lot.among(strata("AB"), 5).draw(ids(2), "k").all()

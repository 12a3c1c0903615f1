import math

import pytest

from features.errors import UserError
from models.power import Sample, detectable, half_width, needed, propose


@pytest.mark.parametrize(
    ("before", "change", "power", "published"),
    [  # Fleiss, Levin and Paik, without continuity correction; two-sided 5 %
        (0.50, 0.10, 0.80, 388),
        (0.30, 0.10, 0.80, 294),
        (0.40, 0.10, 0.80, 356),
        (0.10, 0.05, 0.80, 435),
        (0.50, 0.10, 0.90, 519),
    ],
)
def test_the_number_needed_is_the_published_one(before, change, power, published):
    assert needed(Sample(before, change, power=power)) == published


def test_a_design_effect_multiplies_and_a_small_population_needs_fewer():
    simple = needed(Sample(0.35, 0.10))
    assert needed(Sample(0.35, 0.10, design_effect=1.5)) == pytest.approx(1.5 * simple, abs=1)
    few = needed(Sample(0.35, 0.10, population=500))
    assert few == pytest.approx(simple / (1 + simple / 500), abs=1)
    assert needed(Sample(0.35, 0.10, population=3)) == 3


@pytest.mark.parametrize("conclusions", [40, 294, 1_200])
@pytest.mark.parametrize("before", [0.08, 0.3, 0.6])
def test_what_can_be_seen_is_the_inverse_of_what_is_needed(before, conclusions):
    seen = detectable(Sample(before, 0.1), conclusions)
    assert needed(Sample(before, min(seen, before - 1e-9) if seen < before else seen)) <= conclusions
    if seen < before:
        assert needed(Sample(before, seen * 0.98)) > conclusions


def test_two_visits_show_nothing():
    assert detectable(Sample(0.3, 0.1), 2) == 1.0
    assert math.isinf(half_width(0.3, 0))


def test_half_widths_are_those_of_the_normal_approximation():
    assert half_width(0.5, 100) == pytest.approx(0.098, abs=5e-4)
    # The prototype's model-assisted estimate of a prevalence of .079: a design effect of 0.7.
    found = [half_width(0.079, n, design_effect=0.7) for n in (600, 1_200, 2_400)]
    assert [round(100 * one, 1) for one in found] == [1.8, 1.3, 0.9]
    assert half_width(0.5, 100, population=100) == 0.0


def city(streets=20, visits=60):
    return {f"s{k:02d}": visits for k in range(streets)}


def test_the_wish_decides_where_it_asks_for_more_than_the_floors():
    mix = propose(Sample(0.35, 0.10), city())
    assert mix.needed_a_month == math.ceil(needed(Sample(0.35, 0.10)) / 0.95 / 3)
    assert mix.binding == "share"
    assert mix.random_a_month == 120
    assert mix.detectable < 0.10
    mix = propose(Sample(0.35, 0.05), city())
    assert mix.binding == "wish"
    assert mix.random_a_month == pytest.approx(mix.needed_a_month, abs=1)
    assert mix.detectable == pytest.approx(0.05, abs=0.001)


def test_every_street_has_four_a_quarter_and_none_more_than_half_its_visits():
    mix = propose(Sample(0.35, 0.10), {"large": 900, "small": 5, "tiny": 1})
    assert mix.by_street["small"] == 4
    assert mix.by_street["tiny"] == 2
    short = propose(Sample(0.35, 0.02), city(streets=3))
    assert short.binding == "ceiling"
    assert short.share == 0.5
    assert short.random_a_month < short.needed_a_month


def test_a_small_city_makes_sixty_a_month():
    mix = propose(Sample(0.35, 0.15), city(streets=4, visits=50))
    assert mix.binding == "city"
    assert mix.random_a_month == 60
    assert sum(mix.by_street.values()) == 180


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(UserError, match="before"):
        Sample(1.2, 0.1)
    with pytest.raises(UserError, match="change"):
        Sample(0.3, 0.0)
    with pytest.raises(UserError, match="no visits"):
        propose(Sample(0.3, 0.1), {})

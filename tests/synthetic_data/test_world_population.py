"""People who could be: valid numbers, ages that fit relations, schooling and pensions that fit ages."""

import numpy as np
import pytest

from synthetic_data.__main__ import SMALLEST
from synthetic_data.departments import EVENTS
from synthetic_data.identity_numbers import ID_CHECK, ID_WEIGHTS, credit_codes, id_numbers
from synthetic_data.population import CHILD, HEAD, PARENT
from synthetic_data.world import World, make_world


def test_identity_numbers_are_valid_unique_and_nobodys(district: World) -> None:
    numbers = district.people.id_no
    assert len(set(numbers.tolist())) == len(numbers)
    digits = np.array([[int(c) for c in number[:17]] for number in numbers[:3000]])
    assert (ID_CHECK[(digits * ID_WEIGHTS).sum(axis=1) % 11] == [n[17] for n in numbers[:3000]]).all()
    assert {number[:6] for number in numbers} <= {"990102", "990123"}
    born = [str(day).replace("-", "") for day in district.people.born_on[:3000]]
    assert born == [number[6:14] for number in numbers[:3000]]
    assert ((digits[:, 16] % 2 == 0) == district.people.female[:3000]).all()


def test_a_published_example_of_the_check_character() -> None:
    # GB 11643-1999, appendix: 11010519491231002X.
    number = id_numbers(
        np.array([110105]), np.array(["1949-12-31"], "datetime64[D]"), np.array([True]), np.zeros(1)
    )
    digits = np.array([int(c) for c in "11010519491231002"])
    assert ID_CHECK[(digits * ID_WEIGHTS).sum() % 11] == "X"
    assert number[0].startswith("11010519491231")


def test_a_real_credit_code_has_the_computed_check_character() -> None:
    codes = credit_codes("990102", np.array([1, 2]), np.array([True, False]))
    assert [code[:2] for code in codes] == ["91", "92"]
    assert all(len(code) == 18 for code in codes)
    # The check of GB 32100 by its definition: weighted sum plus check is a multiple of 31.
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for code in codes:
        total = sum(alphabet.index(c) * (3**i % 31) for i, c in enumerate(code[:17]))
        assert (total + alphabet.index(code[17])) % 31 == 0


def test_relations_fit_ages(district: World) -> None:
    people = district.people
    age = people.age(district.clock, district.clock.first)
    head_age = age[np.searchsorted(people.home, np.arange(people.households))][people.home]
    assert (people.role == HEAD).sum() == people.households
    assert (head_age - age)[people.role == CHILD].min() > 12
    assert (age - head_age)[people.role == PARENT].min() > 15
    assert 2.4 < people.persons / people.households < 3.1
    assert 0.08 < people.migrant[people.home].mean() < 0.14
    assert 0.03 < (people.disability_grade > 0).mean() < 0.09


def test_schools_and_pensions_fit_ages(district: World) -> None:
    enrolments, pensions = EVENTS["enrolments"](district), EVENTS["pensions"](district)
    stage, number = enrolments.columns["stage"], enrolments.columns["id_no"]
    begins = enrolments.columns["from"].astype("datetime64[Y]").astype(int) + 1970
    years = begins - np.array([int(n[6:10]) for n in number.tolist()])
    assert set(years[stage == "primary"]) <= {6, 7}
    assert set(years[stage == "bachelor"]) <= {19, 20}
    kind, drawer = pensions.columns["kind"], pensions.columns["id_no"]
    month = pensions.columns["month"].astype("datetime64[Y]").astype(int) + 1970
    age = month - np.array([int(n[6:10]) for n in drawer.tolist()])
    assert age[kind == "resident"].min() >= 59
    assert age[kind == "employee"].min() >= 52


def test_the_dead_neither_work_nor_draw(district: World) -> None:
    truth = district.truth
    gone = truth.died[:, None] <= np.arange(district.clock.total)
    assert not truth.job[gone].any()
    assert not truth.pension[gone].any()


@pytest.mark.parametrize("seed", [2, 7, 11])
def test_the_smallest_district_is_lived_whatever_its_seed(seed: int) -> None:
    """A few hundred families may hold none of a rare kind."""
    assert len(make_world(SMALLEST, 3, seed, np.datetime64("2024-01", "M")).work.snapshots) == 3

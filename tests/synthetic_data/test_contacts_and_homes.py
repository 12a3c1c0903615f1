"""Telephone numbers, homes, and what departments write of them: stale, late and apart, as published."""

import numpy as np
import pytest

from features.quality.phones import DIALLED
from synthetic_data.departments import REGISTERS
from synthetic_data.departments.usage import rows as usage
from synthetic_data.dwellings import NEVER
from synthetic_data.phones import PREFIX, make_phones
from synthetic_data.population import ELSEWHERE
from synthetic_data.reporting import HIDING
from synthetic_data.world import World


def on_file(world: World) -> np.ndarray:
    return np.asarray(world.work.snapshots[-1]["household"])


def test_every_household_has_a_number_of_its_own_that_is_nobodys(district: World) -> None:
    own = district.phones.own
    assert len(set(own.tolist())) == district.people.households
    assert all(number.startswith(PREFIX) and len(number) == 11 for number in own.tolist())
    assert all(number.isdigit() for number in own.tolist())


def test_blocks_of_a_city_share_no_number() -> None:
    region = np.array(["990102001001"] * 50)
    first, second = (make_phones(region, 7, seed, serial) for seed, serial in ((7, 0), (8, 50)))
    assert not set(first.own.tolist()) & set(second.own.tolist())
    assert np.array_equal(first.own, make_phones(region, 7, 7, 0).own)
    assert not set(first.own.tolist()) & set(make_phones(region, 9, 7, 0).own.tolist())


def test_three_in_ten_files_hold_another_number_and_nobody_knows_why(district: World) -> None:
    phones, homes = district.phones, on_file(district)
    stale = phones.on_file != phones.own
    assert 0.27 < stale[homes].mean() < 0.33
    written = phones.on_file[homes]
    assert 0.01 < (written == "").mean() < 0.03
    dialled = np.array([len(number) == 11 for number in written.tolist()])
    assert 0.003 < (~dialled & (written != "")).mean() < 0.02
    _, place, files = np.unique(written[dialled], return_inverse=True, return_counts=True)
    assert 0.005 < (files[place] >= 3).mean() < 0.04  # offices' numbers
    assert set(phones.on_file[stale].tolist()).isdisjoint(phones.own.tolist())
    hides = district.reporting.kind == HIDING
    assert abs(stale[hides].mean() - stale[~hides].mean()) < 0.03
    assert DIALLED.startswith("^(1[3-9]")  # 154 can be dialled


def test_a_home_is_lived_in_by_one_family_before_and_after_its_move(district: World) -> None:
    first, second = district.dwellings.first, district.dwellings.second
    assert len(set(first.tolist()) | set(second.tolist())) == 2 * len(first)
    moved = district.dwellings.moved
    month = district.clock.first
    assert (district.dwellings.lived(month) == second).mean() == pytest.approx((moved <= month).mean())
    assert 0.02 < ((moved > month) & (moved < NEVER)).mean() < 0.12  # a move in a hundred a quarter


def test_departments_hear_of_a_move_each_in_its_time_or_never(district: World) -> None:
    homes = district.dwellings
    moves = homes.moved < NEVER
    for heard in (homes.registered, homes.filed):
        assert (heard[~moves] == NEVER).all()
        known = moves & (heard < NEVER)
        assert (heard[known] > homes.moved[known]).all()
        assert 0.45 < known[moves].mean() < 0.65
    both = moves & (homes.registered < NEVER) & (homes.filed < NEVER)
    assert np.corrcoef((homes.registered - homes.moved)[both], (homes.filed - homes.moved)[both])[0, 1] < 0.1


def test_fifteen_in_a_hundred_files_disagree_with_the_resident_register(district: World) -> None:
    register = list(REGISTERS["household_register"](district))[-1].columns
    residents = list(REGISTERS["residents"](district))[-1].columns
    lives = dict(zip(residents["id_no"].to_pylist(), residents["residence_address"].to_pylist(), strict=True))
    pairs = [
        (a, lives[n]) for n, a in zip(register["head_id_no"], register["address"], strict=True) if n in lives
    ]
    differs = np.mean([filed != lived for filed, lived in pairs])
    assert 0.11 < differs < 0.18
    # Nobody asks, so the file is right exactly where the family came on it after its move.
    homes, shot = on_file(district), district.work.snapshots[-1]
    fresh = shot["granted"] >= district.dwellings.moved[homes]
    right = register["address"] == district.dwellings.lived(district.clock.last)[homes]
    assert right[fresh & (district.dwellings.moved[homes] <= district.clock.last)].all()
    assert not right.all()


def test_members_of_a_family_that_moved_stand_together_in_the_resident_register(district: World) -> None:
    residents = list(REGISTERS["residents"](district))[-1].columns
    address = np.array(residents["residence_address"].to_pylist(), object)
    numbers = np.array(residents["id_no"].to_pylist(), object)
    month, homes = district.clock.last, district.dwellings
    person = {number: row for row, number in enumerate(district.people.id_no.tolist())}
    rows = np.array([person[number] for number in numbers.tolist()])
    unit = district.truth.unit[rows, month]
    stays = (unit == district.people.unit[rows]) & (unit == district.people.home[rows]) & (unit != ELSEWHERE)
    heard = homes.registered[unit[stays]] <= month
    expected = np.where(heard, homes.second[unit[stays]], homes.first[unit[stays]])
    assert (address[stays] == expected).mean() > 0.999
    since = residents["residence_since"][stays][heard]
    assert (since >= district.clock.day(homes.moved[unit[stays]][heard], 1)).all()


def test_meters_are_those_of_the_home_lived_in(district: World) -> None:
    found = usage(district)
    last = found.columns["month"] == found.columns["month"].max()
    lived = set(district.dwellings.lived(district.clock.last).tolist())
    assert set(found.columns["meter_address"][last].tolist()) <= lived

"""Why families that qualify do not apply: three parts, each with its drivers and its remedy."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from synthetic_data import outreach
from synthetic_data.population import OLD_ALONE
from synthetic_data.take_up import INFORMED_BY, VISIT, WAY_LEFT, TakeUp
from synthetic_data.truth import write_truth
from synthetic_data.world import World

PHONE, LETTER = 0, 2


def test_each_part_has_the_drivers_that_are_named(district: World) -> None:
    parts, people = district.reporting.take_up, district.people
    rural, migrant, alone = people.places.rural, people.migrant, people.household_kind == OLD_ALONE
    disabled = np.bincount(people.home, weights=people.disability_grade > 0) > 0

    def more(part: np.ndarray, mark: np.ndarray) -> float:
        return float(part[mark].mean() - part[~mark].mean())

    assert more(parts.information, migrant) < -0.6
    assert more(parts.information, alone) < -0.4
    assert more(parts.information, disabled) > 0.3
    assert more(parts.distance, rural) > 0.1
    assert more(parts.stigma, disabled) < -0.15
    assert more(parts.stigma, rural) > 0.05
    assert abs(more(parts.stigma, migrant)) < 0.1
    remote = parts.distance[rural]
    assert np.quantile(remote, 0.95) > 3 * np.median(remote)  # a few villages lie far


@pytest.fixture
def three() -> TakeUp:
    """A family that is only uninformed, one that is only far away, one that is ashamed."""
    return TakeUp(np.array([-2.0, 0, 0]), np.array([0, 0.3, 0]), np.array([-0.2, -0.1, 1.5]))


def test_outreach_informs_a_visit_shortens_the_way_and_shame_remains(three: TakeUp) -> None:
    homes = np.arange(3)
    assert three.agrees(homes, VISIT).tolist() == [True, True, False]
    assert three.agrees(homes, LETTER).tolist() == [True, False, False]
    assert WAY_LEFT[VISIT] < WAY_LEFT[PHONE] < WAY_LEFT[LETTER]
    assert INFORMED_BY[VISIT] > INFORMED_BY[PHONE] > INFORMED_BY[LETTER]
    before = three.readiness(three.information)
    after = three.readiness(three.information + INFORMED_BY[VISIT])
    assert (after > 3 * before).all()
    assert after[2] < after[1]


def test_who_is_told_and_qualifies_applies_or_declines_as_its_shame_says(district: World) -> None:
    contacts = district.work.contacts
    homes = np.concatenate([part["household"] for part in contacts])
    result = np.concatenate([part["result"] for part in contacts])
    stigma = district.reporting.take_up.stigma[homes]
    applied, declined = stigma[result == outreach.APPLIED], stigma[result == outreach.DECLINED]
    assert declined.mean() > applied.mean() + 0.4
    assert 0.15 < len(applied) / (len(applied) + len(declined)) < 0.4  # France: 27 of 100


def test_those_who_never_applied_lack_what_the_recipients_have(district: World) -> None:
    parts, month = district.reporting.take_up, district.clock.last
    eligible = district.household.eligible[:, month]
    never = district.work.files.ever_authorised < -1000
    for part, sign in ((parts.information, -1), (parts.distance, 1), (parts.stigma, 1)):
        assert sign * (part[eligible & never].mean() - part[eligible & ~never].mean()) > 0.02


def test_the_hidden_truth_shows_the_three_parts(district: World, tmp_path) -> None:
    write_truth(district, tmp_path)
    told = pq.read_table(tmp_path / "households.parquet").to_pandas()
    for name in ("information", "distance", "stigma"):
        assert np.array_equal(told[name], getattr(district.reporting.take_up, name))
    assert (told.lives_at == district.dwellings.lived(district.clock.last)).all()
    assert told.wallet_since.isna().all()

"""A city of several blocks: numbers of its own, the same bytes however it is made, nothing lost."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from features.engines import open_warehouse
from features.intake.run import run_intake
from synthetic_data.city import City, write_city
from synthetic_data.dirt import Mess
from synthetic_data.places import _street_name

CITY = City(2_000, 4, 5, np.datetime64("2024-01", "M"), Mess.NONE, block=700)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("city")
    return folder, write_city(CITY, folder, lambda done, steps: None)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_blocks_are_even_and_none_is_larger_than_asked() -> None:
    assert CITY.blocks == [667, 667, 666]
    assert City(60_000, 24, 7, CITY.start).blocks == [60_000]
    assert City(60_001, 24, 7, CITY.start).blocks == [30_001, 30_000]


@pytest.mark.long
def test_two_processes_make_the_same_bytes_of_whatever_shape(tmp_path: Path) -> None:
    heavy = replace(CITY, mess=Mess.HEAVY)
    for workers in (1, 2):
        write_city(heavy, tmp_path / str(workers), lambda done, steps: None, workers)
    assert digests(tmp_path / "1") == digests(tmp_path / "2")


def test_nothing_but_landing_and_truth_is_left(made: tuple[Path, dict[str, int]]) -> None:
    assert {path.name for path in made[0].iterdir()} == {"landing", "truth"}


@pytest.mark.long
def test_numbers_are_those_of_one_person_household_and_home(
    made: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    folder, written = made
    entries = run_intake(folder / "landing", tmp_path / "warehouse", "practice", workers=1)
    assert {entry.status for entry in entries} == {"taken"}
    assert sum(entry.rows_in for entry in entries) == sum(written.values())
    assert sum(entry.rows_quarantined for entry in entries) == 0
    warehouse = open_warehouse(tmp_path / "warehouse")
    residents = warehouse.table("residents").to_pandas()
    last = residents[residents.received_on == residents.received_on.max()]
    assert last.id_no.is_unique
    # 2,000 hukou households; those all of whose members died are gone.
    assert 1_960 < last.hukou_household_no.nunique() <= 2_000
    homes = (
        last[last.residence_address != "市外"].groupby("residence_address").residence_region_code.nunique()
    )
    assert (homes == 1).all()
    register = warehouse.table("household_register").to_pandas()
    assert not register.duplicated(["household_no", "received_on"]).any()
    assert register.region_code.str[:9].nunique() > 20  # streets of all three blocks
    entities = warehouse.table("entities").to_pandas()
    assert entities.groupby("uscc").legal_representative_id_no.nunique().eq(1).all()
    units = warehouse.table("real_estate").to_pandas()
    assert units.groupby("unit_no").id_no.nunique().eq(1).all()


def test_the_truth_is_that_of_all_blocks(made: tuple[Path, dict[str, int]]) -> None:
    households = pq.read_table(made[0] / "truth" / "households.parquet").to_pandas()
    assert len(households) == 2_000
    assert households.household_no.is_unique
    assert households.hukou_household_no.is_unique


@pytest.mark.parametrize(
    ("block", "name"), [(0, "和平街道"), (1, "和平第二街道"), (9, "和平第十街道"), (20, "和平第二十一街道")]
)
def test_streets_of_later_blocks_are_numbered(block: int, name: str) -> None:
    assert _street_name("和平街道", block) == name
    assert _street_name("石桥镇", 1) == "石桥第二镇"

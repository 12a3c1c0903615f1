"""Whose each damaged row is, at every degree of mess; test_shapes tells whether the right rows say so."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from features.sources import SOURCES
from features.sources.core import Kind
from synthetic_data.city import City, write_city
from synthetic_data.departments.residents import snapshots
from synthetic_data.dirt import Mess, rewrite_names
from synthetic_data.world import World, make_world


@pytest.fixture(scope="module")
def small() -> World:
    return make_world(1_500, 6, seed=4, start=np.datetime64("2024-01", "M"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[Mess, tuple[Path, list[dict]]]:
    written = {}
    for mess in Mess:
        folder = tmp_path_factory.mktemp(mess) / "landing"
        city = City(1_500, 6, 4, np.datetime64("2024-01", "M"), mess)
        write_city(city, folder.parent, lambda done, steps: None)
        written[mess] = folder, pq.read_table(folder.parent / "truth" / "identity.parquet").to_pylist()
    return written


def test_without_mess_only_records_under_another_number_are_left(
    told: dict[Mess, tuple[Path, list[dict]]],
) -> None:
    assert {row["damage"] for row in told[Mess.NONE][1]} == {"mismatch"}


def test_heavy_mess_is_several_times_the_usual(told: dict[Mess, tuple[Path, list[dict]]]) -> None:
    def count(mess: Mess, *kinds: str) -> int:
        return sum(row["damage"] in kinds for row in told[mess][1])

    for kinds in (("number", "mistyped"), ("name",)):
        times = count(Mess.HEAVY, *kinds) / count(Mess.DEFAULT, *kinds)
        assert 0.7 * Mess.HEAVY.times < times < 1.3 * Mess.HEAVY.times


def test_a_stranger_has_no_number_here(small: World, told: dict[Mess, tuple[Path, list[dict]]]) -> None:
    known = set(small.people.id_no.tolist())
    others = {row["id_no"] for row in told[Mess.NONE][1]}
    assert "" in others
    assert others - {""} <= known


def test_names_are_rewritten_at_the_stated_share_and_said_to_be() -> None:
    names = np.array(["张国华", "欧阳娜", "李明", "买买提·艾力"] * 5_000, dtype=object)
    written, changed = rewrite_names(names, np.random.default_rng(1), 0.2)
    assert (written[~changed] == names[~changed]).all()
    assert (written[changed] != names[changed]).all()
    assert 0.08 < changed.mean() < 0.2  # a way that finds nothing to change leaves the name
    assert {"買" in name for name in written[changed]} == {False}
    assert {"张國華", "李?", "李\u3000明"} & set(written[changed].tolist())


def test_some_names_have_a_middle_dot_and_some_change(small: World) -> None:
    dotted = np.array(["·" in name for name in small.people.name.tolist()])
    assert 0.002 < dotted.mean() < 0.02
    first, *_, last = snapshots(small)
    numbers = [shot.columns["id_no"].to_pylist() for shot in (first, last)]
    names = [
        dict(zip(number, shot.columns["name"].tolist(), strict=True))
        for number, shot in zip(numbers, (first, last), strict=True)
    ]
    renamed = [number for number, name in names[0].items() if names[1].get(number, name) != name]
    assert 0.001 < len(renamed) / len(names[0]) < 0.01


def test_every_person_column_of_a_person_table_has_its_name() -> None:
    """A column without a name cannot be compared; those that have none are these."""
    without = {
        f"{source.name}.{column.name}"
        for source in SOURCES.values()
        for column in source.columns
        if column.kind is Kind.ID_NO and not source.name_column(column.name)
    }
    assert without == {"household_register.head_id_no", "grid_reports.id_no"}

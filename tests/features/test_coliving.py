"""Who really lives together; composition through births, deaths, marriages, moves and prison."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features import coliving
from features.engines import memory_warehouse
from features.known import load_calendar
from synthetic_data.departments import EVENTS, residents
from synthetic_data.departments.rows import Rows
from synthetic_data.world import make_world
from tests.features.small_city import Case, city, described, identity, tables_of

OLD = {"born_on": "1950-01-01"}
SON = {"born_on": "1990-01-01"}
CHILD = {"born_on": "2015-01-01"}
AWAY = {"residence_address": "another home"}
UNWRITTEN = {"residence_address": None}


def _register(name: str, members: dict[str, Any], **tables: Any) -> Case:
    return Case(name, members, universe="register", tables=tables)


REGISTER = [
    _register("alone", {"a": OLD}),
    _register("with a child", {"a": {"born_on": "1990-01-01"}, "c": CHILD}),
    _register("grown son", {"a": OLD, "b": SON}),
    _register("son elsewhere", {"a": OLD, "b": {**SON, **AWAY}}),
    _register("son of unknown home", {"a": OLD, "b": {**SON, **UNWRITTEN}}),
    _register("no address", {"a": {**OLD, **UNWRITTEN}, "b": {**SON, **UNWRITTEN}}),
    _register("widower", {"a": OLD, "w": {**OLD, "died_or_cancelled_on": "2025-03-01"}}),
    _register("host", {"a": {**OLD, "residence_address": "shared"}}),
    _register("guest", {"b": {**SON, "residence_address": "shared"}}),
]


@pytest.fixture(scope="module")
def register() -> dict[str, dict[str, Any]]:
    tables = tables_of(REGISTER)
    # A daughter on her parents' hukou, whose husband is registered in a home of his own; and one divorced.
    for name, divorced in (("daughter", None), ("divorced daughter", "2024-01-01")):
        parents = Case(name, {"a": OLD, "d": SON}, universe="register")
        husband = Case(f"husband of {name}", {"h": SON}, universe="register")
        more = tables_of([parents, husband])
        tables["residents"] += more["residents"][1:]  # the first is the stranger, there already
        tables["marriages"].append(
            {
                "id_no_a": identity(husband.name, "h"),
                "id_no_b": identity(name, "d"),
                "married_on": "2010-05-01",
                "divorced_on": divorced,
            }
        )
    return city(tables, "register").profiles()


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("with a child", coliving.AT_HOME),
        ("grown son", coliving.GROWN_CHILD),
        ("son elsewhere", coliving.ELSEWHERE),
        ("son of unknown home", coliving.UNKNOWN),
        ("no address", coliving.UNKNOWN),
        ("daughter", coliving.SPOUSE_ELSEWHERE),
        ("divorced daughter", coliving.GROWN_CHILD),
    ],
)
def test_the_second_person_counts_by_what_is_recorded(
    register: dict[str, Any], name: str, second: float
) -> None:
    family = register[name]
    assert family["person_count"] == 2
    assert family["persons_living"] == pytest.approx(1 + second, abs=1e-6)
    assert family["co_living"] == pytest.approx(second, abs=1e-5)


def test_one_person_lives_with_themselves(register: dict[str, Any]) -> None:
    assert (register["alone"]["persons_living"], register["alone"]["co_living"]) == (1.0, 1.0)


def test_the_dead_do_not_live_there(register: dict[str, Any]) -> None:
    assert register["widower"]["persons_living"] == 1.0


def test_others_registered_at_the_same_home_are_counted(register: dict[str, Any]) -> None:
    assert register["host"]["others_at_home"] == register["guest"]["others_at_home"] == 1
    assert register["alone"]["others_at_home"] == 0
    assert register["no address"]["others_at_home"] is None


def test_a_list_the_street_confirmed_is_trusted_more_than_the_register() -> None:
    cases = [
        Case("confirmed", {"a": OLD, "b": SON}),
        Case("registered elsewhere", {"a": OLD, "b": {**SON, **AWAY}}),
    ]
    rows = city(tables_of(cases)).profiles()
    assert rows["confirmed"]["persons_living"] == pytest.approx(1 + coliving.CONFIRMED)
    assert rows["registered elsewhere"]["persons_living"] == pytest.approx(1 + coliving.LISTED_ELSEWHERE)


@pytest.mark.long
def test_composition_follows_what_was_known_of_births_deaths_marriages_moves_and_prison() -> None:
    """One family through a year; each full register replaces the one before it."""
    family = Case(
        "family",
        {"a": OLD, "b": SON, "c": {**CHILD, "joined_on": "2023-06-15"}},
        tables={"custody": [{"id_no": "b", "from": "2025-08-01", "received_on": date(2025, 9, 1)}]},
    )
    tables = tables_of([family])
    registers = ("household_register", "household_members", "residents")
    first = {name: tables[name] for name in registers}
    states = {
        date(2025, 1, 25): {},
        # Born and registered in March; the street lists the child in April.
        date(2025, 3, 25): {"n": {"born_on": "2025-03-01", "on_file": False}},
        date(2025, 4, 25): {"n": {"born_on": "2025-03-01", "joined_on": "2025-04-01"}},
        # The old mother dies; the register knows at once, the street strikes her off a month later.
        date(2025, 6, 25): {"a": {"died_or_cancelled_on": "2025-06-02"}},
        date(2025, 7, 25): {"a": {"died_or_cancelled_on": "2025-06-02", "left_on": "2025-07-01"}},
        # The child goes to live with its other parent.
        date(2025, 11, 25): {"c": {**AWAY}},
    }
    grown: dict[str, dict[str, Any]] = {letter: dict(own) for letter, own in family.members.items()}
    for name in registers:
        tables[name] = [{**row, "received_on": date(2025, 1, 25)} for row in first[name]]
    for received, changes in states.items():
        for letter, columns in changes.items():
            grown[letter] = {**grown.get(letter, {}), **columns}
            if "joined_on" in columns:
                grown[letter].pop("on_file", None)
        if changes:
            again = tables_of([Case("family", dict(grown))])
            for name in registers:
                tables[name] += [{**row, "received_on": received} for row in again[name]]
    warehouse = memory_warehouse(tables, received_on=date(2025, 1, 20))
    town = described(warehouse, load_calendar(warehouse), "on_file")

    def seen(year: int, month: int, day: int) -> tuple[int, float, float]:
        row = town.profiles(date(year, month, day))["family"]
        return row["person_count"], round(row["persons_living"], 2), row["composition_born_count_12m"]

    confirmed = coliving.CONFIRMED
    assert seen(2025, 3, 31) == (3, round(1 + 2 * confirmed, 2), 0)  # born, not yet on the street's list
    assert seen(2025, 4, 30) == (4, round(1 + 3 * confirmed, 2), 1)
    assert seen(2025, 6, 30)[0] == 4  # the file still lists her: that is for a rule to say
    assert seen(2025, 7, 31) == (3, round(1 + 2 * confirmed, 2), 1)
    assert seen(2025, 12, 31) == (3, round(1 + confirmed + coliving.LISTED_ELSEWHERE, 2), 1)
    # In prison since August, told in September.
    assert town.profiles(date(2025, 9, 30))["family"]["change_custody_count"] == 1


@pytest.mark.long
def test_the_chances_are_near_the_truth_of_a_district() -> None:
    """Where exactly those listed live together, against what is said of it, in the practice district."""
    world = make_world(3_000, 6, seed=5, start=np.datetime64("2025-07", "M"))
    *_, register = residents.snapshots(world)
    marriages = EVENTS["marriages"](world)
    tables = {"residents": _rows_of(register), "marriages": _rows_of(marriages)}
    rows = city({**tables_of([]), **tables}, "register").profiles()
    persons = world.household.persons[:, world.clock.last]
    truth = {
        number: int(count) for number, count in zip(world.people.hukou_no.tolist(), persons, strict=True)
    }
    families = [(row, truth[number]) for number, row in rows.items() if truth[number] > 0]
    listed = np.array([row["person_count"] for row, _ in families])
    expected = np.array([row["persons_living"] for row, _ in families])
    chance = np.array([row["co_living"] for row, _ in families])
    real = np.array([count for _, count in families])
    assert len(real) > 2_500
    assert np.mean((expected - real) ** 2) < 0.75 * np.mean((listed - real) ** 2)
    for low, high in ((0.0, 0.3), (0.3, 0.9), (0.9, 1.01)):
        band = (chance >= low) & (chance < high)
        assert band.sum() > 50
        assert abs((listed == real)[band].mean() - chance[band].mean()) < 0.12


def _rows_of(rows: Rows) -> list[dict[str, Any]]:
    columns = {name: pa.array(values) for name, values in rows.columns.items()}
    return pa.table(columns).to_pylist()

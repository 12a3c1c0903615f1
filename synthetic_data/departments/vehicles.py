"""Cars, trucks, tricycles and motorcycles in the names of persons asked about."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, strangers, texts
from synthetic_data.economy import BUSINESS, FARM, INFORMAL, PLATFORM
from synthetic_data.scenarios import Record, Truth
from synthetic_data.world import World

KINDS = ("car", "truck", "motorcycle", "tricycle")
MODELS = ("五菱荣光", "大众朗逸", "比亚迪秦", "丰田卡罗拉", "长安逸动", "吉利帝豪", "福田奥铃", "嘉陵摩托")
MISMATCH = 0.03
LETTERS = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZ"))


def rows(world: World) -> Rows:
    """The family's car where in a member's name; work vehicles; planted cases; cars by a wrong number."""
    rng, clock, people, household = world.chance("vehicles"), world.clock, world.people, world.household
    queried = world.queried()
    adult = people.age(clock, clock.first)[queried.person] > 20
    person, home = queried.person[adult], queried.home[adult]
    since, until = queried.since[adult], queried.until[adult]
    _, first = np.unique(home, return_index=True)
    owner = np.zeros(len(person), bool)
    owner[first] = True
    has_car = owner & (household.car_yuan[home] > 0) & world.sightings.car_shown[home]
    has_car &= ~np.isin(home, world.cast.true(Truth.CAR).home)
    trade = np.isin(
        world.truth.job[person, min(clock.first + 6, clock.last)], (INFORMAL, PLATFORM, BUSINESS, FARM)
    )
    tool = rng.random(len(person)) < np.where(trade, 0.26, 0.06)
    wrong = rng.random(len(person)) < MISMATCH
    price = np.exp(rng.normal(10.9, 0.6, len(person)))
    places, cases = world.cast.recorded(Record.CAR).of(person)
    planted, planted_price = np.zeros(len(person), bool), np.zeros(len(person))
    planted_from = np.zeros(len(person), int)
    planted[places], planted_price[places], planted_from[places] = True, cases.yuan, cases.begins
    kind = rng.choice([1, 2, 3], len(person), p=[0.12, 0.58, 0.3])
    tool_price = np.choose(kind, [0, 26000, 5200, 7800]) * np.exp(rng.normal(0, 0.35, len(person)))
    parts = []
    nobody, car = np.zeros(len(person), bool), np.zeros(len(person), int)
    for mark, code, yuan, begins, whose in (
        (has_car, car, household.car_yuan[home], household.car_from[home], nobody),
        (tool, kind, tool_price, rng.integers(-100, clock.total, len(person)), nobody),
        (wrong, car, price, rng.integers(-80, clock.total, len(person)), wrong),
        (planted, car, planted_price, planted_from, nobody),
    ):
        chosen = np.flatnonzero(mark & (begins <= clock.last))
        arrives = np.maximum(np.maximum(begins[chosen] + 1, since[chosen]), clock.first)
        kept = arrives <= until[chosen] + 1
        chosen, arrives = chosen[kept], arrives[kept]
        serial = person[chosen] * 7 + code[chosen]
        registered = clock.day(begins[chosen], rng.integers(1, 28, len(chosen)))
        found = Rows(
            {
                **strangers(
                    world.pools,
                    about(people, person[chosen], "owner_id_no", "owner_name"),
                    person[chosen],
                    whose[chosen],
                ),
                "plate_masked": np.array(
                    [f"练{LETTERS[s % 24]}**{s % 997:03d}" for s in serial.tolist()], dtype=object
                ),
                "kind": texts(KINDS, code[chosen]),
                "model": texts(MODELS, serial % len(MODELS)),
                "listed_price_yuan": np.round(yuan[chosen], -2),
                "registered_on": registered,
                "transferred_on": np.full(len(chosen), np.datetime64("NaT", "D")),
            },
            clock.day(arrives, 25),
        )
        sold = rng.random(len(chosen)) < 0.1
        gone = np.maximum(arrives, begins[chosen]) + rng.integers(1, 15, len(chosen))
        sale = Rows(found.columns | {"transferred_on": clock.day(gone, 10)}, clock.day(gone + 1, 25))
        parts += [found, sale.where(sold & (gone <= until[chosen]))]
    return join(*parts)

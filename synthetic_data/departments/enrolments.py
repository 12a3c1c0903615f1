"""Enrolments at schools of all stages, sent in March and September."""

import numpy as np

from synthetic_data.departments.rows import Rows, about, join, texts
from synthetic_data.world import World

STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "bachelor", "postgraduate")
#: Stage, age of entry, years, schooling needed.
PATHS = ((0, 3, 3, -1), (1, 6, 6, -1), (2, 12, 3, -1), (3, 15, 3, 2), (5, 19, 3, 3), (6, 22, 3, 4))
SCHOOLS = ("public", "private", "abroad")
FEES = np.array([6000, 0, 0, 1600, 800, 5500, 9000])
AID = np.array([600, 800, 1000, 2000, 2500, 3300, 6000])


def rows(world: World) -> Rows:
    """A stage is sent in the September it begins; those running at the start with the first delivery."""
    rng, clock, people = world.chance("enrolments"), world.clock, world.people
    born = people.born_on.astype("datetime64[M]")
    late = (born.astype(int) % 12 >= 8).astype(int)
    year = born.astype("datetime64[Y]").astype(int) + 1970 + late
    private, vocational = rng.random(people.persons) < 0.06, rng.random(people.persons) < 0.4
    poor = np.where(people.home >= 0, world.household.eligible[people.home, clock.first], False)
    parts = []
    for stage, age, years, needed in PATHS:
        begins = clock.number(np.array([f"{y + age:04d}-09" for y in year.tolist()], dtype="datetime64[M]"))
        ends = begins + 12 * years - 3
        goes = (people.education >= needed) & (begins <= clock.last) & (ends >= clock.first - 8)
        goes &= (world.truth.died > begins) & ((stage > 0) | (rng.random(people.persons) < 0.85))
        person = np.flatnonzero(goes)
        code = np.where((stage == 3) & vocational[person], 4, stage)
        kind = np.where(private[person], 1, 0)
        kind = np.where((stage >= 5) & (rng.random(len(person)) < 0.02), 2, kind)
        aided = rng.random(len(person)) < np.where(poor[person], 0.6, 0.04)
        sent = np.where(begins[person] < clock.first, clock.first, begins[person])
        day = np.where(begins[person] < clock.first, 10, 20)
        parts.append(
            Rows(
                {
                    **about(people, person),
                    "stage": texts(STAGES, code),
                    "school_kind": texts(SCHOOLS, kind),
                    "fee_yuan_year": (FEES[code] + np.array([0, 9000, 80000])[kind]).astype(float),
                    "aid_yuan_year": np.where(aided, AID[code], 0).astype(float),
                    "from": clock.day(begins[person], 1),
                    "to": clock.end(ends[person]),
                },
                clock.day(sent, day),
            )
        )
    return join(*parts)

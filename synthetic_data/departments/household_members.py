"""Members of households on file, sent with the register."""

from collections.abc import Iterator

import numpy as np

from synthetic_data.departments.household_register import DAY, household_numbers
from synthetic_data.departments.rows import Rows, texts
from synthetic_data.membership import OPEN
from synthetic_data.world import World

RELATIONS = ("户主", "配偶", "子女", "父母", "孙子女")


def snapshots(world: World) -> Iterator[Rows]:
    """All rows of households in that month's register that had been written by then."""
    people, clock, membership = world.people, world.clock, world.work.membership
    home, person = np.array(membership.household), np.array(membership.person)
    joined, left = np.array(membership.joined), np.array(membership.left)
    reason = np.array(membership.reason, dtype=object)
    long_ago = world.chance("members").integers(1, 80, people.households)
    for shot in world.work.snapshots:
        month = int(shot["month"])
        listed = np.zeros(people.households, bool)
        listed[shot["household"]] = True
        kept = listed[home] & (joined <= month)
        rows_home, rows_person = home[kept], person[kept]
        began = np.where(joined[kept] == 0, -long_ago[rows_home], joined[kept])
        gone = left[kept] <= month
        yield Rows(
            {
                "household_no": household_numbers(world, rows_home),
                "id_no": people.id_no[rows_person].astype(object),
                "name": people.name[rows_person],
                "relation": np.where(
                    people.home[rows_person] == rows_home, texts(RELATIONS, people.role[rows_person]), "其他"
                ).astype(object),
                "joined_on": clock.day(began, 15),
                "left_on": np.where(
                    gone & (left[kept] < OPEN),
                    clock.day(np.where(gone, left[kept], 0), 20),
                    np.datetime64("NaT"),
                ),
                "leave_reason": np.where(gone, reason[kept], "").astype(object),
            },
            np.full(int(kept.sum()), clock.day(month, DAY)),
        )

"""Households on file, as civil affairs would send them on the 28th of each month."""

from collections.abc import Iterator

import numpy as np

from synthetic_data.departments.rows import Rows, texts
from synthetic_data.files import CATEGORIES, ENDED, NO_MONTH
from synthetic_data.world import World

DAY = 28
STAFF_RELATIVES = 0.01  # households registered separately because a member is a relative of staff


def household_numbers(world: World, homes: np.ndarray) -> np.ndarray:
    """Civil affairs' own number of a household: DB, region, serial."""
    region, serial = world.people.places.region_code[homes], homes + world.first_household
    return np.array(
        [f"DB{r[:6]}{h:07d}" for r, h in zip(region.tolist(), serial.tolist(), strict=True)], object
    )


def snapshots(world: World) -> Iterator[Rows]:
    """One full register a month."""
    people, clock = world.people, world.clock
    first_member = np.searchsorted(people.home, np.arange(people.households))
    related = world.chance("staff_relatives").random(people.households) < STAFF_RELATIVES
    for shot in world.work.snapshots:
        homes, month = shot["household"], int(shot["month"])
        # The parameters of the two example regions name these streets; they lie in the first block.
        yearly = np.isin(people.places.street[homes], world.knobs.yearly_streets) & (world.block == 0)
        ended = shot["ended"] != NO_MONTH
        granted = clock.day(np.maximum(shot["granted"], -200), np.clip(shot["granted_day"], 1, 28))
        granted = np.where(shot["granted"] == NO_MONTH, np.datetime64("NaT"), granted)
        received = clock.day(month, DAY)
        granted = np.where(granted > received, received, granted)
        yield Rows(
            {
                "household_no": household_numbers(world, homes),
                "head_id_no": people.id_no[_heads(world, homes, first_member)].astype(object),
                "category": texts(CATEGORIES, shot["category"]),
                "urban_rural": texts(("urban", "rural"), people.places.rural[homes].astype(int)),
                "region_code": people.places.region_code[homes].astype(object),
                "grid_code": people.places.grid_code[homes].astype(object),
                "address": world.dwellings.on_file(homes, shot["granted"], month),
                "phone": world.phones.on_file[homes],
                "granted_on": granted,
                "ended_on": np.where(
                    ended,
                    clock.end(np.where(ended, shot["ended"], 0)) - np.timedelta64(3, "D"),
                    np.datetime64("NaT"),
                ),
                "end_reason": np.where(shot["category"] == ENDED, shot["end_reason"], "").astype(object),
                "review_class": texts(
                    ("", "A", "B", "C"), np.where(shot["category"] == ENDED, 0, shot["review"])
                ),
                "staff_relative": texts(("no", "yes"), related[homes].astype(int)),
                "declared_income_yuan": np.round(shot["stated"] * np.where(yearly, 12, 1), 2),
                "income_period": texts(("month", "year"), yearly.astype(int)),
                "declared_deposit_yuan": shot["stated_deposit"],
                "benefit_yuan_month": shot["benefit"],
                "authorised_on": clock.day(shot["authorised_from"], 1),
                "authorised_until": clock.end(shot["authorised_until"]),
            },
            np.full(len(homes), received),
        )


def _heads(world: World, homes: np.ndarray, first_member: np.ndarray) -> np.ndarray:
    """The first person ever written on the file, else the head of the hukou."""
    membership = world.work.membership
    first: dict[int, int] = {}
    for home, person in zip(membership.household, membership.person, strict=True):
        first.setdefault(home, person)
    return np.array([first.get(home, first_member[home]) for home in homes.tolist()], dtype=int)

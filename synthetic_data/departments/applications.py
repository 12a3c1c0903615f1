"""Applications, as civil affairs would send them."""

import numpy as np

from synthetic_data.departments.household_register import household_numbers
from synthetic_data.departments.rows import Rows, texts
from synthetic_data.world import World

DECISIONS = ("granted", "refused", "withdrawn")


def rows(world: World) -> Rows:
    """Applications of the delivered months, in the file of the month after the decision."""
    parts = world.work.applications
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    month = world.clock.number(joined["decided"])
    found = Rows(
        {
            "household_no": household_numbers(world, joined["household"]),
            "applied_on": joined["applied"],
            "decided_on": joined["decided"],
            "decision": texts(DECISIONS, joined["decision"]),
            "decision_reason": joined["reason"],
        },
        world.clock.day(np.maximum(month + 1, world.clock.first), 5),
    )
    return found.where(month >= world.clock.first - 6)

"""Contacts with families without benefit, as workers recorded them."""

import numpy as np

from synthetic_data.departments.rows import Rows, texts
from synthetic_data.outreach import CHANNELS, RESULTS
from synthetic_data.verification import ARMS
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Contacts of a month are in the file of the 5th of the next; none of these families is on file."""
    parts = world.work.contacts
    all_ = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    month = world.clock.number(all_["contacted"])
    found = Rows(
        {
            "household_key": world.people.hukou_no[all_["household"]].astype(object),
            "selected_on": all_["selected"],
            "arm": texts(ARMS, all_["arm"]),
            "selection_probability": all_["probability"],
            "channel": texts(CHANNELS, all_["channel"]),
            "contacted_on": all_["contacted"],
            "result": texts(RESULTS, all_["result"]),
            "programme": np.where(all_["result"] <= 1, "最低生活保障", "").astype(object),
        },
        world.clock.day(np.maximum(month + 1, world.clock.first), 5),
    )
    return found.where(month >= world.clock.first - 6)

"""Home visits, as workers recorded them."""

import numpy as np

from synthetic_data.departments.household_register import household_numbers
from synthetic_data.departments.rows import Rows, texts
from synthetic_data.knobs import STREETS
from synthetic_data.verification import ACTIONS, ARMS, FINDINGS, WORKERS
from synthetic_data.world import World


def rows(world: World) -> Rows:
    """Visits recorded up to the end of a month are in the file of the 5th of the next."""
    parts = world.work.verifications
    all_ = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    month = world.clock.number(all_["recorded"])
    worker = all_["worker"] + world.block * STREETS * WORKERS
    closed = np.isnan(all_["income"])
    found = Rows(
        {
            "household_no": household_numbers(world, all_["household"]),
            "selected_on": all_["selected"],
            "arm": texts(ARMS, all_["arm"]),
            "selection_probability": all_["probability"],
            "visited_on": all_["visited"],
            "recorded_on": all_["recorded"],
            "worker_code": np.array([f"W{code:03d}" for code in worker.tolist()], dtype=object),
            "finding": texts(FINDINGS, all_["finding"]),
            "verified_income_yuan_month": all_["income"],
            "months_affected": np.where(closed, 0, all_["months"]),
            "action": texts(ACTIONS, all_["action"]),
            "minutes_spent": all_["minutes"],
        },
        world.clock.day(np.maximum(month + 1, world.clock.first), 5),
    )
    return found.where(month >= world.clock.first - 6)

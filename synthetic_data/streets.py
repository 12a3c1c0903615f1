"""How streets differ in what no table says: how sharp their workers are, how much they visit, their need."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.clock import chance
from synthetic_data.knobs import STREETS, Knobs


@dataclass(frozen=True)
class Streets:
    """One entry a street of the block; all alike where no knob is turned."""

    sharpness: np.ndarray  # added to the share of concealment that a visit finds
    capacity: np.ndarray  # visits a recipient are multiplied with this
    need: np.ndarray  # added to the hardship of its households


def make_streets(seed: int, knobs: Knobs) -> Streets:
    """Draw the differences."""
    draw = chance(seed, "streets").standard_normal((3, STREETS))
    return Streets(
        sharpness=knobs.sharpness_spread * draw[0],
        capacity=np.exp(knobs.capacity_spread * draw[1]),
        need=knobs.need_spread * draw[2],
    )

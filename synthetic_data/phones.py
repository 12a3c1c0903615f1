"""Telephone numbers of nobody: one a household, and those that its file has instead.

They begin with 154, which was never assigned to the public in mainland China (as area code 99 never was).
"""

from dataclasses import dataclass

import numpy as np

from synthetic_data.clock import chance

PREFIX = "154"
SPACE = 10**8
STRIDE = 61_803_399  # shares no factor with SPACE, so that serials get different numbers
OLD = SPACE // 2  # serials from here on are numbers given up
OFFICES = SPACE - SPACE // 10  # and from here on those of streets' offices
STALE, MISSING, INVALID, OFFICE = 0.25, 0.02, 0.01, 0.02  # shares of files


@dataclass(frozen=True)
class Phones:
    """Texts, one a household: the family's own number and the one its file has ('' none)."""

    own: np.ndarray
    on_file: np.ndarray


def make_phones(region_code: np.ndarray, seed: int, block_seed: int, first_household: int) -> Phones:
    """A number for each household, on file as it was once told.

    Three in ten files do not have it: an earlier number of the family, none, one with a digit too few, or
    that of the street's office. Who that is hangs on nothing else.
    """
    serial = first_household + np.arange(len(region_code))
    own = _numbers(serial, seed)
    office = _numbers(OFFICES + region_code.astype("U12").astype(np.int64) // 1000 % 10**6, seed)
    draw = chance(block_seed, "phones").random(len(serial))
    bounds = np.cumsum([STALE, MISSING, INVALID, OFFICE])
    cut = np.array([number[:-1] for number in own.tolist()], dtype=object)
    choices = (_numbers(OLD + serial, seed), np.full(len(serial), "", object), cut, office, own)
    return Phones(own, np.choose(np.searchsorted(bounds, draw, side="right"), choices))


def _numbers(serial: np.ndarray, seed: int) -> np.ndarray:
    tail = (serial * STRIDE + seed * 7919) % SPACE
    return np.array([f"{PREFIX}{number:08d}" for number in tail.tolist()], dtype=object)

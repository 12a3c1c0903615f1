"""Pools of names and company names from Faker (zh_CN), from which the world samples.

Birthdays, addresses and telephone numbers are never Faker's: its birthdays count from today, so a fixed seed
would drift, and its numbers may be somebody's.
"""

from dataclasses import dataclass

import numpy as np
from faker import Faker

SIZE = 3000


@dataclass(frozen=True)
class Pools:
    """Object arrays of `SIZE` texts."""

    surname: np.ndarray
    given_female: np.ndarray
    given_male: np.ndarray
    company: np.ndarray


def make_pools(seed: int) -> Pools:
    """The same pools for the same seed."""
    faker = Faker("zh_CN")
    faker.seed_instance(seed)
    return Pools(
        *(
            np.array([make() for _ in range(SIZE)], dtype=object)
            for make in (
                faker.last_name,
                faker.first_name_female,
                faker.first_name_male,
                faker.company,
            )
        )
    )

"""Why a family that qualifies does not apply: it does not know, the way is long, or it is ashamed.

Three latent parts of each household, each with drivers of its own. What outreach says lifts the first, a
visit shortens the second; nothing that an office does moves the third.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_data.clock import Clock, chance
from synthetic_data.places import COMMUNITIES
from synthetic_data.population import CHILD, HEAD, OLD_ALONE, Population

INFORMED_BY = np.array([0.8, 1.2, 0.4])  # by channel: phone, visit, letter
WAY_LEFT = np.array([0.7, 0.3, 1.0])  # share of the distance that remains, by channel
VISIT = 1
AGREES_UNDER = 0.13  # distance and stigma that a family told of its right still overcomes


@dataclass(frozen=True)
class TakeUp:
    """Arrays of households, log odds about zero."""

    information: np.ndarray  # more: knows the programme and that it may be meant
    distance: np.ndarray  # more: the way to the counter and back is long
    stigma: np.ndarray  # more: would not be seen applying

    def readiness(self, information: np.ndarray) -> np.ndarray:
        """Factor of the hazard of applying unasked, about 1, at the present state of information."""
        return np.exp(information - self.distance - self.stigma)

    def make_ready(self, homes: np.ndarray, factor: float) -> None:
        """Let these families know so well that they apply at this factor of the hazard."""
        self.information[homes] = np.log(factor) + self.distance[homes] + self.stigma[homes]

    def agrees(self, homes: np.ndarray, channel: np.ndarray | int) -> np.ndarray:
        """Whether these families, told through the channel that they qualify, go and apply."""
        return self.distance[homes] * WAY_LEFT[channel] + self.stigma[homes] < AGREES_UNDER


def make_take_up(people: Population, clock: Clock, seed: int) -> TakeUp:
    """Draw the three parts."""
    rng = chance(seed, "take_up")
    count, rural = people.households, people.places.rural
    disabled = _any(people, people.disability_grade > 0)
    old_alone = people.household_kind == OLD_ALONE
    schooled = np.zeros(count)
    np.maximum.at(schooled, people.home, people.education)
    information = (
        rng.normal(0, 0.6, count)
        + 0.5 * disabled  # their certificates bring staff to the door
        + 0.15 * (schooled - 1.5)
        - 0.6 * old_alone
        - 0.95 * people.migrant
        - 0.1 * rural
    )
    # Some villages are a day's errand from the town hall; within a town all ways are short.
    remote = rng.exponential(0.35, (people.places.street.max() + 1, len(COMMUNITIES)))
    community = people.places.region_code.astype("U12").astype(np.int64) % 1000 - 1
    distance = np.where(rural, remote[people.places.street, community], 0.1)
    distance = distance * np.where(old_alone | disabled, 1.5, 1.0) * np.exp(rng.normal(0, 0.3, count))
    age = people.age(clock, clock.first)
    earner = (people.role == HEAD) | (people.role == CHILD)
    working_man = _any(
        people, earner & ~people.female & (age > 22) & (age < 58) & (people.disability_grade == 0)
    )
    stigma = rng.normal(0, 0.55, count) + 0.4 * working_man + 0.15 * rural - 0.3 * disabled - 0.15 * old_alone
    return TakeUp(information, distance, stigma)


def _any(people: Population, mark: np.ndarray) -> np.ndarray:
    return np.bincount(people.home, weights=mark, minlength=people.households) > 0

"""The world's own copy of the local values that its caseworkers apply.

The product's values live in `features/parameters` with their citations; a test asserts that both agree.
Yuan per person and month; keyed by the date they came into force.
"""

import numpy as np

from synthetic_data.clock import Clock
from synthetic_data.knobs import Knobs

URBAN, RURAL = "990102", "990123"
STANDARDS: dict[str, tuple[tuple[str, int], ...]] = {
    URBAN: (("2023-01-01", 1080), ("2024-01-01", 1150), ("2025-07-01", 1210)),
    RURAL: (("2023-01-01", 780), ("2024-01-01", 820), ("2025-07-01", 870)),
}
DEPOSIT_MONTHS = {URBAN: 24, RURAL: 18}  # months of the standard that a person may hold
VEHICLE_LIMIT_YUAN = 30_000  # listed price of a car
EMPLOYMENT_COST = {URBAN: 200, RURAL: 100}  # deducted for each working member
MEDICAL_SHARE = 0.6  # of income, the most that medical costs may take off
MARGINAL_FACTOR = 1.5  # dibao_marginal: income below this many standards
MATERIAL_FACTOR = 1.10  # hidden income counts from this share of the line on
MATERIAL_MONTHS = 3


def standards(start: np.datetime64, knobs: Knobs) -> dict[str, tuple[tuple[str, int], ...]]:
    """The two regions' standards, and a raise that the knobs add: all that is in force from then on rises."""
    if not knobs.raise_from:
        return STANDARDS
    day = str((start + (knobs.raise_from - 1)).astype("datetime64[D]"))

    def raised(yuan: int) -> int:
        return int(np.round(yuan * (1 + knobs.raise_percent / 100), -1))

    told = {}
    for region, values in STANDARDS.items():
        before = [value for value in values if value[0] < day]
        after = [(since, raised(yuan)) for since, yuan in values if since > day]
        told[region] = (*before, (day, raised([yuan for since, yuan in values if since <= day][-1])), *after)
    return told


def standard(clock: Clock, rural: np.ndarray, knobs: Knobs) -> np.ndarray:
    """Standard in force, yuan per person and month: float array (households, months)."""
    months, values = clock.month(np.arange(clock.total)), standards(clock.start, knobs)
    table = np.empty((2, clock.total))
    for row, region in enumerate((URBAN, RURAL)):
        table[row] = values[region][0][1]
        for since, value in values[region]:
            table[row, months >= np.datetime64(since, "M")] = value
    return table[rural.astype(int)]


def employment_cost(rural: np.ndarray) -> np.ndarray:
    """Deducted for each working member, yuan a month, one entry a household."""
    return np.where(rural, EMPLOYMENT_COST[RURAL], EMPLOYMENT_COST[URBAN])


def deposit_limit(standards: np.ndarray, rural: np.ndarray) -> np.ndarray:
    """Deposits that one person may hold, yuan, shaped like `standards`."""
    return standards * np.where(rural, DEPOSIT_MONTHS[RURAL], DEPOSIT_MONTHS[URBAN])[:, None]


def benefit(standard_yuan: np.ndarray, persons: np.ndarray, income_yuan: np.ndarray) -> np.ndarray:
    """Standard x persons - income, rounded up to the yuan once, never below zero."""
    return np.maximum(np.ceil(np.round(standard_yuan * persons - income_yuan, 2)), 0)

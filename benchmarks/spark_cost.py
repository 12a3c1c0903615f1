"""What a province and the nation would take, on paper, from two cities measured on this machine."""

from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.spark_events import Work

#: Households in all, in one application, and the cores of that application.
PLACES = {
    "city": (600_000, 600_000, 16),
    "province": (30_000_000, 30_000_000, 256),
    "nation": (500_000_000, 30_000_000, 256),
}
HOURS = 3600


@dataclass(frozen=True)
class Measured:
    """One city's run: households, wall seconds on so many cores, and what its tasks did."""

    households: int
    seconds: float
    cores: int
    work: Work


@dataclass(frozen=True)
class Rates:
    """What does not grow with the households, and what does.

    fixed_seconds: planning and starting jobs, whatever the size. skew: the larger of the two cities'.
    """

    fixed_seconds: float
    task_seconds: float
    shuffled_kb: float
    scratch_kb: float
    read_kb: float
    skew: float


def rates(small: Measured, large: Measured) -> Rates:
    """Per household, from the difference of the two: what both paid once falls out. ValueError if alike."""
    more = large.households - small.households
    if more <= 0:
        raise ValueError("the second city must be larger than the first")

    def grown(name: str) -> float:
        return max(float(getattr(large.work, name) - getattr(small.work, name)) / more, 0.0)

    task_seconds = grown("task_seconds")
    fixed = small.seconds - small.households * task_seconds / small.cores
    return Rates(
        fixed_seconds=round(max(fixed, 0.0), 1),
        task_seconds=task_seconds,
        shuffled_kb=round(grown("shuffled_mb") * 1024, 3),
        scratch_kb=round(grown("written_mb") * 1024, 3),
        read_kb=round(grown("read_mb") * 1024, 3),
        skew=max(small.work.skew, large.work.skew),
    )


def cost(found: Rates) -> dict[str, Any]:
    """Of each place: applications, hours of each, core hours, and what travels between its machines."""
    return {"rates": asdict(found), **{name: _place(found, *place) for name, place in PLACES.items()}}


def _place(found: Rates, households: int, together: int, cores: int) -> dict[str, Any]:
    applications = -(-households // together)
    each = min(households, together)
    hours = (found.fixed_seconds + each * found.task_seconds * found.skew / cores) / HOURS
    return {
        "households": households,
        "applications": applications,
        "cores_each": cores,
        "hours_each": round(hours, 3),
        "core_hours": round(hours * cores * applications, 1),
        "shuffled_gb": round(households * found.shuffled_kb / 1024**2, 1),
        "scratch_gb": round(households * found.scratch_kb / 1024**2, 1),
        "read_gb": round(households * found.read_kb / 1024**2, 1),
    }

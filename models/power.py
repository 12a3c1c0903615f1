"""How many random visits a city needs, and what it can see with those it makes.

Two proportions with the normal approximation (Fleiss, Levin and Paik 2003, ch. 4), a design effect, and the
finite population correction. A lot that is spread over strata and estimates that lean on a model need fewer
visits than simple ones (design effect below 1), visits that cluster need more.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from features.errors import UserError

CONFIDENCE, POWER = 0.95, 0.80
#: Of visits, those at which somebody was met and a conclusion was reached.
CONCLUDED = 0.95
#: Floors of the random arm: share of the visits, a city's month, a street's quarter; and its ceiling.
LEAST_SHARE, MOST_SHARE = 0.10, 0.50
LEAST_A_MONTH = 60
LEAST_A_STREET_AND_QUARTER = 4
QUARTER = 3


@dataclass(frozen=True)
class Sample:
    """What is asked of a sample. before: the share now; change: how much of it a fall (or rise) is.

    design_effect: variance over that of a simple random sample. population: visits or households from which
    the sample of each period is drawn; None: without end.
    """

    before: float
    change: float
    confidence: float = CONFIDENCE
    power: float = POWER
    design_effect: float = 1.0
    population: int | None = None

    def __post_init__(self) -> None:
        for name in ("before", "confidence", "power"):
            if not 0 < getattr(self, name) < 1:
                raise UserError(f"{name} {getattr(self, name)} 应在 0 与 1 之间 / must lie between 0 and 1.")
        if not 0 < self.change < 1 or self.design_effect <= 0:
            raise UserError(
                f"change {self.change} 应在 0 与 1 之间，design_effect 应大于 0 / must lie between 0"
                " and 1, and the design effect above 0."
            )

    @property
    def after(self) -> float:
        """The other share: a fall where there is room for one, else a rise."""
        fallen = self.before - self.change
        return fallen if fallen > 0 else min(self.before + self.change, 1.0)


def needed(sample: Sample) -> int:
    """Conclusions each of two periods needs so that the change is seen with the stated power."""
    p, q = sample.before, sample.after
    middle = (p + q) / 2
    sure, seen = _z(1 - (1 - sample.confidence) / 2), _z(sample.power)
    spread = sure * math.sqrt(2 * middle * (1 - middle)) + seen * math.sqrt(p * (1 - p) + q * (1 - q))
    simple = sample.design_effect * (spread / abs(p - q)) ** 2
    if sample.population is None:
        return math.ceil(simple)
    # The sample is part of whom it speaks of; it cannot be larger than all of them.
    return min(math.ceil(simple / (1 + simple / sample.population)), sample.population)


def detectable(sample: Sample, conclusions: int) -> float:
    """The smallest fall (or rise) that so many conclusions a period show; `sample.change` is not read.

    1.0 where even the largest would not be seen.
    """
    almost = 1 - 1e-9
    for low, high in ((1e-4, sample.before * almost), (sample.before, (1 - sample.before) * almost)):
        if low < high and needed(_with(sample, high)) <= conclusions:
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (low, middle) if needed(_with(sample, middle)) <= conclusions else (middle, high)
            return high
    return 1.0


def _with(sample: Sample, change: float) -> Sample:
    return Sample(
        sample.before, change, sample.confidence, sample.power, sample.design_effect, sample.population
    )


def half_width(
    share: float,
    conclusions: int,
    *,
    confidence: float = CONFIDENCE,
    design_effect: float = 1.0,
    population: int | None = None,
) -> float:
    """Half the width of the interval of a share that so many conclusions estimate; infinite with none."""
    if conclusions <= 0:
        return math.inf
    left = 1.0
    if population is not None:
        left = max(population - conclusions, 0) / max(population - 1, 1)
    variance = design_effect * share * (1 - share) / conclusions * left
    return _z(1 - (1 - confidence) / 2) * math.sqrt(variance)


def _z(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


@dataclass(frozen=True)
class Mix:
    """A proposal. by_street: random visits a quarter; share: of all visits; needed_a_month: what the wish
    asks for, whatever there is; binding: which of wish, share, city, street or ceiling set the number.
    """

    by_street: dict[str, int]
    share: float
    random_a_month: float
    needed_a_month: int
    binding: str
    detectable: float
    half_width: float


def propose(
    sample: Sample,
    capacity: Mapping[str, int],
    *,
    months: int = QUARTER,
    prevalence: float | None = None,
    concluded: float = CONCLUDED,
) -> Mix:
    """The random share of a city's visits that shows `sample.change` between two periods of `months`.

    capacity: visits a month and street. Floors: `LEAST_SHARE` of the visits, `LEAST_A_MONTH` in a city,
    `LEAST_A_STREET_AND_QUARTER`; never more than `MOST_SHARE` of a street's visits, rounded up.
    prevalence: whose half width a quarter's random visits give; None: of `sample.before`.
    """
    visits = sum(capacity.values())
    if not visits or min(capacity.values()) < 0:
        raise UserError("没有走访容量 / there are no visits to share out; give each street's visits a month.")
    wish = math.ceil(needed(sample) / concluded / months)
    asked = {"wish": float(wish), "share": LEAST_SHARE * visits, "city": float(LEAST_A_MONTH)}
    binding = max(asked, key=lambda name: asked[name])
    by_street = _shared_out(math.ceil(asked[binding] * QUARTER), capacity)
    total = sum(by_street.values())
    if total < math.floor(asked[binding] * QUARTER):
        binding = "ceiling"
    elif total > math.ceil(asked[binding] * QUARTER):
        binding = "street"
    met = round(total / QUARTER * months * concluded)
    said = sample.before if prevalence is None else prevalence
    return Mix(
        by_street=by_street,
        share=total / QUARTER / visits,
        random_a_month=total / QUARTER,
        needed_a_month=wish,
        binding=binding,
        detectable=detectable(sample, met),
        half_width=half_width(said, met, design_effect=sample.design_effect, population=sample.population),
    )


def _shared_out(wanted: int, capacity: Mapping[str, int]) -> dict[str, int]:
    """Random visits a quarter of each street: by its visits, largest remainders first, within the bounds."""
    visits = sum(capacity.values())
    exact = {street: wanted * places / visits for street, places in capacity.items()}
    given = {street: math.floor(part) for street, part in exact.items()}
    by_remainder = sorted(exact, key=lambda street: (given[street] - exact[street], street))
    for street in by_remainder[: wanted - sum(given.values())]:
        given[street] += 1
    return {
        street: min(
            max(number, LEAST_A_STREET_AND_QUARTER), math.ceil(MOST_SHARE * capacity[street] * QUARTER)
        )
        for street, number in given.items()
    }

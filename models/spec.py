"""What a risk model is: one question, whom it is asked about, and what it may lawfully look at.

A spec holds no list of features written by hand: it is derived from the catalogue by lawful plane and by
the flags `need` and `declared`, and refuses at declaration what the law refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from features.declaration import Feature
from features.sources.core import Plane
from models.groups import MARKS

#: Planes a model may read when the family has authorised the check; plane X never.
AUTHORISED_PLANES = (Plane.B, Plane.OWN, Plane.A)

#: Planes a model about families that never applied may read.
DISCOVERY_PLANES = (Plane.B,)

#: Tables that cannot fall silent: without the registers there is no profile, the rest is civil affairs' own.
NEVER_SILENT = frozenset(
    ("residents", "household_register", "household_members", "applications", "verifications")
)


@dataclass(frozen=True)
class Band:
    """A word for a range of probability: from `floor` times the prevalence upwards."""

    code: str
    zh: str
    en: str
    floor: float


BANDS = (
    Band("usual", "一般", "usual", 0.0),
    Band("raised", "较高", "raised", 1.5),
    Band("high", "高", "high", 4.0),
)


@dataclass(frozen=True)
class ModelSpec:
    """One question a model answers.

    universe: whose profiles (`on_file` or `register`); categories: of those, whom the question concerns
    (empty: all). punitive: a high score may lead to less money, so more safeguards apply.
    features: in the order of the score's columns. ValueError names the feature the law refuses.
    """

    question: str
    zh: str
    en: str
    cohort_zh: str
    cohort_en: str
    universe: str
    categories: tuple[str, ...]
    punitive: bool
    planes: tuple[Plane, ...]
    features: tuple[Feature, ...]
    bands: tuple[Band, ...] = BANDS

    def __post_init__(self) -> None:
        for feature in self.features:
            _refuse_unlawful(self, feature)
        if any(low.floor >= high.floor for low, high in pairwise(self.bands)):
            raise ValueError(f"{self.question}: bands must rise")

    @property
    def names(self) -> tuple[str, ...]:
        """Feature names in the order of the score's columns."""
        return tuple(feature.name for feature in self.features)

    @property
    def monotone(self) -> tuple[int, ...]:
        """Direction of each feature (+1, 0, -1); only a punitive model is bound."""
        return tuple(feature.raises if self.punitive else 0 for feature in self.features)


def _refuse_unlawful(spec: ModelSpec, feature: Feature) -> None:
    """ValueError where a feature's plane or flag forbids it in this spec."""
    if feature.plane not in spec.planes:
        allowed = ", ".join(spec.planes)
        raise ValueError(f"{spec.question} may read planes {allowed}; {feature.name} is of {feature.plane}")
    if spec.universe == "register" and feature.plane is not Plane.B:
        raise ValueError(
            f"{spec.question} is about families that never applied; {feature.name} needs consent"
        )
    if spec.punitive and feature.need:
        raise ValueError(f"{spec.question}: {feature.name} tells of need and may never raise a risk")
    if spec.punitive and feature.name in MARKS:
        raise ValueError(f"{spec.question}: {feature.name} marks a group that lists are audited for")
    if spec.punitive and not _never_raised_by_silence(feature):
        raise ValueError(
            f"{spec.question}: {feature.name} has no direction: a department's silence might raise the score"
        )


def _never_raised_by_silence(feature: Feature) -> bool:
    """A directed feature counts in the family's favour where unknown; of an undirected one no value does."""
    return feature.raises != 0 or NEVER_SILENT.issuperset(feature.sources)


def allowed_features(
    catalogue: Mapping[str, Feature], planes: tuple[Plane, ...], *, punitive: bool, declared: bool
) -> tuple[Feature, ...]:
    """Features of these planes in order of declaration, with or without `declared` ones.

    punitive: neither marks of need, nor of a group that lists are audited for (`models.groups`), nor what a
    department's silence might turn against the family.
    """
    return tuple(
        feature
        for feature in catalogue.values()
        if feature.plane in planes
        and (declared or not feature.declared)
        and not (
            punitive and (feature.need or feature.name in MARKS or not _never_raised_by_silence(feature))
        )
    )

"""Every feature of a profile, by name: reading this module is enough to have them all declared.

`CATALOGUE` maps a name to its `Feature`; `SIDES` and `TOPICS` are how features are filed and told.
"""

from features.declaration import PUBLIC, REGISTRY, RESTRICTION, SIDES, UNITS, Feature, feature
from features.dimensions import MODULES
from features.sources.core import Plane
from features.topics import TOPICS

CATALOGUE: dict[str, Feature] = REGISTRY

__all__ = [
    "CATALOGUE",
    "MODULES",
    "PUBLIC",
    "RESTRICTION",
    "SIDES",
    "TOPICS",
    "UNITS",
    "Feature",
    "feature",
    "features_on",
]


def features_on(*planes: Plane) -> tuple[Feature, ...]:
    """The features that read nothing outside these planes, in the order of their declaration."""
    return tuple(feature for feature in CATALOGUE.values() if feature.plane in planes)

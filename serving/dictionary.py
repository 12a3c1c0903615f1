"""The words of a run's columns, stored with it: an old run stays readable when the catalogue has moved on."""

from typing import Any

from features.catalogue import CATALOGUE
from features.parameters import load
from features.sources import DEPARTMENTS, SOURCES
from models.bundle import Bundle


def make_dictionary(columns: list[str], bundles: dict[str, Bundle]) -> dict[str, Any]:
    """Words of features, sources, departments, districts and bands, in both languages."""
    return {
        "features": {name: _feature(name) for name in CATALOGUE if name in columns},
        "sources": {
            name: {"zh": source.zh, "en": source.en, "department": source.department}
            for name, source in SOURCES.items()
        },
        "departments": {code: {"zh": zh, "en": en} for code, (zh, en) in DEPARTMENTS.items()},
        "districts": {code: {"zh": region.zh, "en": region.en} for code, region in load().regions.items()},
        "bands": {
            question: {band.code: {"zh": band.zh, "en": band.en} for band in bundle.bands}
            for question, bundle in bundles.items()
        },
    }


def _feature(name: str) -> dict[str, Any]:
    feature = CATALOGUE[name]
    return {
        "zh": feature.zh,
        "en": feature.en,
        "side": feature.side,
        "unit": feature.unit,
        "source": feature.sources[0],
    }

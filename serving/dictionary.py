"""The words of a run's columns, stored with it: an old run stays readable when the catalogue has moved on."""

from typing import Any

from features.catalogue import CATALOGUE, SIDES, Feature
from features.parameters import load
from features.sources import DEPARTMENTS, SOURCES
from features.sources.core import Kind, Source
from models.bundle import Bundle, BundleFeature


def make_dictionary(columns: list[str], bundles: dict[str, Bundle]) -> dict[str, Any]:
    """Words of features, sources, departments, districts and bands, in both languages."""
    return {
        "features": _features(columns, bundles),
        "sources": {
            name: {"zh": source.zh, "en": source.en, "monthly": _monthly(source)}
            for name, source in SOURCES.items()
        },
        "departments": {code: {"zh": zh, "en": en} for code, (zh, en) in DEPARTMENTS.items()},
        "districts": {code: {"zh": region.zh, "en": region.en} for code, region in load().regions.items()},
        "bands": {
            question: {band.code: {"zh": band.zh, "en": band.en} for band in bundle.bands}
            for question, bundle in bundles.items()
        },
    }


def _monthly(source: Source) -> bool:
    """Whether the table's events are months, to be shown without a day."""
    return source.column(source.event_on).kind is Kind.MONTH


def _features(columns: list[str], bundles: dict[str, Bundle]) -> dict[str, Any]:
    """The catalogue's features in its order, then any that a model of another version still reads."""
    words = {name: _catalogued(feature) for name, feature in CATALOGUE.items() if name in columns}
    for bundle in bundles.values():
        for feature in bundle.features:
            words.setdefault(feature.name, _carried(feature))
    return words


def _carried(feature: BundleFeature) -> dict[str, Any]:
    side = feature.name.split("_")[0]
    return {
        "zh": feature.zh,
        "en": feature.en,
        "side": side if side in SIDES else SIDES[-1],
        "unit": feature.unit,
        "source": feature.source,
    }


def _catalogued(feature: Feature) -> dict[str, Any]:
    return {
        "zh": feature.zh,
        "en": feature.en,
        "side": feature.side,
        "unit": feature.unit,
        "source": feature.sources[0],
    }

"""From a catalogue feature to the self-describing form a bundle carries."""

from features.declaration import Feature
from features.sources import DEPARTMENTS, SOURCES
from features.sources.core import Kind
from features.topics import TOPICS
from models.bundle import BundleFeature
from models.spec import ModelSpec


def bundle_features(spec: ModelSpec, favourable: tuple[float | None, ...]) -> tuple[BundleFeature, ...]:
    """The spec's features with their words; `favourable` is what stands for unknown, one for each."""
    return tuple(
        bundle_feature(feature, unknown) for feature, unknown in zip(spec.features, favourable, strict=True)
    )


def bundle_feature(feature: Feature, unknown: float | None) -> BundleFeature:
    """One feature with its words, department and topic; no department where it rests on no declared table."""
    main = SOURCES[feature.sources[0]] if feature.sources else None
    topic_zh, topic_en = TOPICS.get(feature.topic, (feature.topic, feature.topic))
    department_zh, department_en = DEPARTMENTS[main.department] if main else ("", "")
    return BundleFeature(
        name=feature.name,
        zh=feature.zh,
        en=feature.en,
        unit=feature.unit,
        topic=feature.topic,
        topic_zh=topic_zh,
        topic_en=topic_en,
        department=main.department if main else "",
        department_zh=department_zh,
        department_en=department_en,
        source=main.name if main else "",
        sources=feature.sources,
        monthly=main is not None and main.column(main.event_on).kind is Kind.MONTH,
        need=feature.need,
        raises=feature.raises,
        unknown=unknown,
    )

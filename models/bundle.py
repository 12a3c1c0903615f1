"""A trained model as a folder of text: bundle.json and one LightGBM text file a booster; nothing is pickled.

The bundle describes itself: its features with their words, department and topic, so that a service needs
neither the catalogue nor the training code to score and to explain.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from features.errors import UserError
from models.folder import whole_folder

FORMAT = 1
FILE = "bundle.json"


@dataclass(frozen=True)
class BundleFeature:
    """One column of a score, with what a reason needs to say.

    source: the main table; sources: all tables it rests on. monthly: its event is a month, not a day.
    unknown: the value that stands for "unknown" (None: unknown stays unknown); for a punitive model the
    one most in the family's favour. need: never raises a punitive score.
    """

    name: str
    zh: str
    en: str
    unit: str
    topic: str
    topic_zh: str
    topic_en: str
    department: str
    department_zh: str
    department_en: str
    source: str
    sources: tuple[str, ...]
    monthly: bool
    need: bool
    raises: int
    unknown: float | None


@dataclass(frozen=True)
class Linear:
    """Coefficients over standardised inputs; arrays are (features,).

    logged: the input is sign(x) * log(1 + |x|) first; then it is held between `low` and `high`, so that a
    slip of the pen carries nobody away. An unknown input adds `when_unknown` instead of coefficient * z. A
    feature the component does not use has coefficient 0.
    """

    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    logged: npt.NDArray[np.bool_]
    coefficient: npt.NDArray[np.float64]
    when_unknown: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Component:
    """One term of the score in log-odds: `weight` times the boosters' mean, or times the linear part."""

    weight: float
    boosters: tuple[lightgbm.Booster, ...] = ()
    linear: Linear | None = None

    @property
    def kind(self) -> str:
        """`booster` or `linear`."""
        return "linear" if self.linear else "booster"


@dataclass(frozen=True)
class Calibration:
    """probability = 1 / (1 + exp(-(slope * raw + shift))), with the covariance of (slope, shift)."""

    slope: float = 1.0
    shift: float = 0.0
    covariance: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))


@dataclass(frozen=True)
class BundleBand:
    """A word for probabilities from `floor` upwards."""

    code: str
    zh: str
    en: str
    floor: float


@dataclass(frozen=True, eq=False)
class Bundle:
    """A model that can be scored and explained; it equals itself alone, so that what follows from it is kept.

    version: the training date and a digest of the content; kind: what it is (lightgbm, blend, stack …).
    categories: of the universe, whom the question concerns (empty: all).
    metrics: summary of the evaluation; reference: per feature and for the score, what monitoring compares
    with (`quantiles`, 11 values from minimum to maximum, and `missing`, a share).
    """

    question: str
    zh: str
    en: str
    version: str
    kind: str
    trained_as_of: date
    universe: str
    categories: tuple[str, ...]
    punitive: bool
    features: tuple[BundleFeature, ...]
    intercept: float
    components: tuple[Component, ...]
    calibration: Calibration
    bands: tuple[BundleBand, ...]
    data_version: str
    seed: int
    metrics: Mapping[str, Any] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Feature names in the order of the columns of X."""
        return tuple(feature.name for feature in self.features)


def write_bundle(bundle: Bundle, folder: Path) -> Path:
    """Write the bundle whole or not at all, in place of an older one; returns the folder."""
    with whole_folder(folder) as work:
        document = _document(bundle, work)
        (work / FILE).write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def load_bundle(folder: Path | str) -> Bundle:
    """Read and verify a bundle; `UserError` names what is missing or changed and how to mend it."""
    folder = Path(folder)
    document = _read_document(folder)
    try:
        bundle = _assembled(document, folder)
    except (KeyError, TypeError, ValueError) as problem:
        raise UserError(
            f"{folder / FILE} 缺少或错写 {problem} / is not a bundle as we write it ({problem}). {REMEDY}"
        ) from None
    _verify(bundle, folder)
    return bundle


REMEDY = "请重新运行 python -m training run / train again with python -m training run."


def content_digest(bundle: Bundle) -> str:
    """First 12 digits of the SHA-256 of everything that moves a score."""
    parts = [bundle.question, repr(bundle.names), repr(bundle.intercept), repr(bundle.calibration)]
    parts.append(repr([feature.unknown for feature in bundle.features]))
    for component in bundle.components:
        parts.append(repr(component.weight))
        parts += [booster.model_to_string() for booster in component.boosters]
        if component.linear:
            parts.append(json.dumps(_linear_document(component.linear)))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _document(bundle: Bundle, folder: Path) -> dict[str, Any]:
    """The JSON form; writes the booster files beside it."""
    plain = {
        name: getattr(bundle, name)
        for name in ("question", "zh", "en", "version", "kind", "universe", "punitive", "intercept")
    }
    return {
        "format": FORMAT,
        **plain,
        "trained_as_of": bundle.trained_as_of.isoformat(),
        "categories": list(bundle.categories),
        "data_version": bundle.data_version,
        "seed": bundle.seed,
        "feature_order": list(bundle.names),
        "features": [asdict(feature) for feature in bundle.features],
        "components": [_component_document(c, k, folder) for k, c in enumerate(bundle.components)],
        "calibration": asdict(bundle.calibration),
        "bands": [asdict(band) for band in bundle.bands],
        "metrics": dict(bundle.metrics),
        "reference": dict(bundle.reference),
    }


def _component_document(component: Component, number: int, folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = {"kind": component.kind, "weight": component.weight}
    if component.linear:
        return {**document, "linear": _linear_document(component.linear)}
    files = []
    for index, booster in enumerate(component.boosters):
        path = folder / f"booster_{number}_{index}.txt"
        path.write_text(booster.model_to_string(), encoding="utf-8")
        files.append({"file": path.name, "sha256": _checksum(path)})
    return {**document, "boosters": files}


def _linear_document(linear: Linear) -> dict[str, list[Any]]:
    return {field.name: getattr(linear, field.name).tolist() for field in fields(Linear)}


def _read_document(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not path.is_file():
        raise UserError(f"没有模型包 {path} / there is no bundle at {folder}. {REMEDY}")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise UserError(f"{path} 不是有效的 JSON / is not valid JSON. {REMEDY}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise UserError(f"{path} 不是格式 {FORMAT} 的模型包 / is not a bundle of format {FORMAT}. {REMEDY}")
    return document


def _assembled(document: dict[str, Any], folder: Path) -> Bundle:
    features = tuple(
        BundleFeature(**{**entry, "sources": tuple(entry["sources"])}) for entry in document["features"]
    )
    if [feature.name for feature in features] != document["feature_order"]:
        raise ValueError("feature_order")
    covariance = document["calibration"]["covariance"]
    return Bundle(
        question=document["question"],
        zh=document["zh"],
        en=document["en"],
        version=document["version"],
        kind=document["kind"],
        trained_as_of=date.fromisoformat(document["trained_as_of"]),
        universe=document["universe"],
        categories=tuple(document["categories"]),
        punitive=document["punitive"],
        features=features,
        intercept=float(document["intercept"]),
        components=tuple(_component(entry, folder) for entry in document["components"]),
        calibration=Calibration(
            document["calibration"]["slope"],
            document["calibration"]["shift"],
            (tuple(covariance[0]), tuple(covariance[1])),
        ),
        bands=tuple(BundleBand(**band) for band in document["bands"]),
        data_version=document["data_version"],
        seed=document["seed"],
        metrics=document["metrics"],
        reference=document["reference"],
    )


def _component(entry: dict[str, Any], folder: Path) -> Component:
    if entry["kind"] == "linear":
        return Component(weight=float(entry["weight"]), linear=_linear(entry["linear"]))
    boosters = []
    for file in entry["boosters"]:
        path = folder / file["file"]
        if not path.is_file():
            raise UserError(f"模型包缺少文件 {path.name} / {folder} lacks {path.name}. {REMEDY}")
        if _checksum(path) != file["sha256"]:
            raise UserError(f"{path} 与登记的校验和不符 / differs from its recorded checksum. {REMEDY}")
        boosters.append(lightgbm.Booster(model_str=path.read_text(encoding="utf-8")))
    return Component(weight=float(entry["weight"]), boosters=tuple(boosters))


def _linear(entry: dict[str, list[Any]]) -> Linear:
    kinds = {field.name: bool if field.name == "logged" else np.float64 for field in fields(Linear)}
    return Linear(**{name: np.asarray(entry[name], dtype=kind) for name, kind in kinds.items()})


def _verify(bundle: Bundle, folder: Path) -> None:
    """`UserError` where booster and declaration disagree on the order of the features."""
    for component in bundle.components:
        for booster in component.boosters:
            if tuple(booster.feature_name()) != bundle.names:
                raise UserError(f"{folder} 中特征顺序不同 / features are not in the declared order. {REMEDY}")
        if component.linear and component.linear.coefficient.shape != (len(bundle.features),):
            raise UserError(f"{folder} 中线性部分残缺 / the linear part is incomplete. {REMEDY}")


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

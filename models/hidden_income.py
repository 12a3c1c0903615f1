"""hidden_income (隐性收入): verified, undeclared and material income or property of a recipient."""

from collections.abc import Mapping
from dataclasses import replace

from features.declaration import Feature
from features.sources.core import Plane
from models.spec import AUTHORISED_PLANES, ModelSpec, allowed_features

QUESTION = "hidden_income"


def spec(catalogue: Mapping[str, Feature]) -> ModelSpec:
    """The default model: no declared income in any form, no mark of need.

    Declared income predicts best and is left out: it puts honest families who declare near the line on the
    list.
    """
    return ModelSpec(
        question=QUESTION,
        zh="隐性收入",
        en="hidden income",
        cohort_zh="低保和低保边缘家庭，授权有效",
        cohort_en="dibao and dibao_marginal households with a valid authorisation",
        universe="on_file",
        categories=("dibao", "dibao_marginal"),
        punitive=True,
        planes=AUTHORISED_PLANES,
        features=allowed_features(catalogue, AUTHORISED_PLANES, punitive=True, declared=False),
    )


def challengers(catalogue: Mapping[str, Feature]) -> dict[str, ModelSpec]:
    """The documented challengers, by name: what is gained, and who pays for it, is told beside the default.

    gap: what departments hold minus what was declared. declared: every declared amount as well.
    """
    default = spec(catalogue)
    every = allowed_features(catalogue, AUTHORISED_PLANES, punitive=True, declared=True)
    # A difference rests on what departments hold (plane A); an amount declared is the family's own.
    gap = tuple(feature for feature in every if not feature.declared or feature.plane is Plane.A)
    return {"gap": replace(default, features=gap), "declared": replace(default, features=every)}

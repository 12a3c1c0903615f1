"""hidden_income (隐性收入): verified, undeclared and material income or property of a recipient."""

from collections.abc import Mapping

from features.declaration import Feature
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

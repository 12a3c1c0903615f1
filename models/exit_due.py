"""exit_due (应退未退): verified ineligible at the as-of date and still paid."""

from collections.abc import Mapping

from features.declaration import Feature
from models.spec import AUTHORISED_PLANES, ModelSpec, allowed_features

QUESTION = "exit_due"

#: Months before a check that its outcome may speak of, at most.
WINDOW_MONTHS = 6


def spec(catalogue: Mapping[str, Feature]) -> ModelSpec:
    """A hazard over person-months: may read what was declared, never a mark of need."""
    return ModelSpec(
        question=QUESTION,
        zh="应退未退",
        en="exit due",
        cohort_zh="在册受助家庭的每个月",
        cohort_en="each month of each household on file",
        universe="on_file",
        categories=(),
        punitive=True,
        planes=AUTHORISED_PLANES,
        features=allowed_features(catalogue, AUTHORISED_PLANES, punitive=True, declared=True),
    )

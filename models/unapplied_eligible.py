"""unapplied_eligible (应保未保): verified eligible soon after first contact, in no programme."""

from collections.abc import Mapping

from features.declaration import Feature
from models.spec import DISCOVERY_PLANES, Band, ModelSpec, allowed_features

QUESTION = "unapplied_eligible"

#: What shapes whether an eligible family applies by itself: lawful here, because it adds help.
TAKE_UP_TOPICS = (
    "household_members",
    "household_change",
    "residence",
    "disability",
    "illness",
    "medical_cost",
    "unemployment",
    "hardship_report",
    "poverty_watch",
)

#: Words of urgency instead of suspicion.
BANDS = (
    Band("usual", "一般", "usual", 0.0),
    Band("raised", "建议联系", "worth a contact", 1.5),
    Band("high", "优先联系", "contact first", 4.0),
)


def spec(catalogue: Mapping[str, Feature]) -> ModelSpec:
    """Plane B only. Marks of need may raise this score: they add help."""
    return ModelSpec(
        question=QUESTION,
        zh="应保未保",
        en="eligible, not applied",
        cohort_zh="户籍登记中未享受任何救助的家庭",
        cohort_en="households of the resident register in no programme",
        universe="register",
        categories=(),
        punitive=False,
        planes=DISCOVERY_PLANES,
        features=allowed_features(catalogue, DISCOVERY_PLANES, punitive=False, declared=True),
        bands=BANDS,
    )

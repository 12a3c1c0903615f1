"""The three questions that a model answers, by name. The fourth list, underpaid, is a rule's."""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from features.declaration import Feature
from models import exit_due, hidden_income, unapplied_eligible
from models.spec import ModelSpec

SPECS: dict[str, Callable[[Mapping[str, Feature]], ModelSpec]] = {
    hidden_income.QUESTION: hidden_income.spec,
    exit_due.QUESTION: exit_due.spec,
    unapplied_eligible.QUESTION: unapplied_eligible.spec,
}

#: Documented challengers of a question's default, which are judged beside it and never shipped.
CHALLENGERS: dict[str, Callable[[Mapping[str, Feature]], dict[str, ModelSpec]]] = {
    hidden_income.QUESTION: hidden_income.challengers,
}

#: Questions asked only while the family's authorisation is valid.
NEEDS_AUTHORISATION = (hidden_income.QUESTION,)


class Asked(Protocol):
    """What says whom a question is about: a spec or a bundle."""

    @property
    def question(self) -> str: ...
    @property
    def universe(self) -> str: ...
    @property
    def categories(self) -> tuple[str, ...]: ...


def concerned(asked: Asked, profiles: Mapping[str, npt.ArrayLike]) -> npt.NDArray[np.bool_]:
    """Of whom the question is asked, (n,): its categories, the authorised where it needs that, and of the
    register the households in no programme.

    profiles: columns (n,) `category`, `authorised` and `in_programme`; an unknown flag counts as no.
    """

    def holds(flag: str) -> npt.NDArray[np.bool_]:
        return np.asarray(np.asarray(profiles[flag], dtype=object) == True, dtype=bool)  # noqa: E712

    kept = np.ones(len(np.asarray(profiles["category"], dtype=object)), dtype=bool)
    if asked.categories:
        kept &= np.isin(np.asarray(profiles["category"], dtype=object), asked.categories)
    if asked.question in NEEDS_AUTHORISATION:
        kept &= holds("authorised")
    if asked.universe == "register":
        kept &= ~holds("in_programme")
    return kept

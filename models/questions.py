"""The three questions that a model answers, by name. The fourth list, underpaid, is a rule's."""

from collections.abc import Callable, Mapping

from features.declaration import Feature
from models import exit_due, hidden_income, unapplied_eligible
from models.spec import ModelSpec

SPECS: dict[str, Callable[[Mapping[str, Feature]], ModelSpec]] = {
    hidden_income.QUESTION: hidden_income.spec,
    exit_due.QUESTION: exit_due.spec,
    unapplied_eligible.QUESTION: unapplied_eligible.spec,
}

#: Questions asked only while the family's authorisation is valid.
NEEDS_AUTHORISATION = (hidden_income.QUESTION,)

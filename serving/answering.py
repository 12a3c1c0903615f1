"""From a score request to its answer; the figures come from `serving.assessment`, as the batch's do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from models.bundle import Bundle
from models.reasons import SourceState
from serving.asked import check_asked
from serving.assessment import Answers, Assessment, assess
from serving.context import Context
from serving.problems import Problem
from serving.requests import AskedHousehold, ScoreRequest, ScoresRequest, SourceAnswer

_JSON = TypeAdapter(dict[str, Any])

#: What stands for a table that was not asked about this household; it has not answered.
NOT_ASKED = SourceAnswer(state="not_returned")


def answer_score(context: Context, request: ScoreRequest) -> dict[str, Any]:
    """The answer to one question about one household; `Problem` where a name is unknown or a date wrong."""
    bundle = _bundle(context, request.question)
    check_asked(context, request.as_of, [(request, "body")])
    found = _assessed(context, bundle, [request])[0]
    return {**vars(found), "versions": versions(bundle), "question": request.question}


def answer_scores(context: Context, request: ScoresRequest) -> dict[str, Any]:
    """The answers about several households in their order, each as `answer_score` gives it."""
    bundle = _bundle(context, request.question)
    homes = request.households
    check_asked(context, request.as_of, [(home, f"body.households.{k}") for k, home in enumerate(homes)])
    found = _assessed(context, bundle, homes)
    answers = [{"household_id": h.household_id, **vars(one)} for h, one in zip(homes, found, strict=True)]
    return {"question": request.question, "versions": versions(bundle), "answers": answers}


def encoded(answer: dict[str, Any]) -> bytes:
    """An answer as JSON."""
    return _JSON.dump_json(answer)


def versions(bundle: Bundle) -> dict[str, str]:
    """What stood behind an answer."""
    return {
        "model": bundle.version,
        "kind": bundle.kind,
        "trained_as_of": bundle.trained_as_of.isoformat(),
        "data": bundle.data_version,
    }


def _bundle(context: Context, question: str) -> Bundle:
    bundle = context.bundles.get(question)
    if bundle is None:
        known = ", ".join(sorted(context.bundles))
        raise Problem(404, f"There is no such question; the questions are {known}.")
    return bundle


def _assessed(context: Context, bundle: Bundle, homes: Sequence[AskedHousehold]) -> list[Assessment]:
    # None becomes NaN, which is unknown.
    rows = np.array([[home.profile.get(name) for name in bundle.names] for home in homes], dtype=np.float64)
    return assess(bundle, rows, _answers(homes), reader=context.reader)


class _Table:
    """What one table answered about each household; the rest of an answer is read where a reason needs it."""

    __slots__ = ("answers", "state")

    def __init__(self, answers: list[SourceAnswer]) -> None:
        self.answers = answers
        self.state = [answer.state for answer in answers]

    def of(self, place: int) -> SourceState:
        """The answer about one of them."""
        answer = self.answers[place]
        return SourceState(answer.state, answer.event_on, answer.known_on, answer.confidence)


def _answers(homes: Sequence[AskedHousehold]) -> Answers:
    """What each table answered about each household, by table.

    A table that was asked about some of the households only has not answered about the others.
    """
    if len(homes) == 1:
        return {name: _Table([answer]) for name, answer in homes[0].sources.items()}
    tables = dict.fromkeys(name for home in homes for name in home.sources)
    return {name: _Table([home.sources.get(name, NOT_ASKED) for home in homes]) for name in tables}

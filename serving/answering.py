"""From a score request to its answer; the figures come from `serving.assessment`, as the batch's do."""

from typing import Any

import numpy as np

from models.bundle import Bundle
from serving.assessment import TableAnswers, assess
from serving.context import Context
from serving.problems import Problem
from serving.requests import ScoreRequest, SourceAnswer


def answer_score(context: Context, request: ScoreRequest) -> dict[str, Any]:
    """The answer to one question about one household; `Problem` where the question or a name is unknown."""
    bundle = context.bundles.get(request.question)
    if bundle is None:
        known = ", ".join(sorted(context.bundles))
        raise Problem(404, f"There is no such question; the questions are {known}.")
    _check_names(context, request)
    values = [request.profile.get(name) for name in bundle.names]
    row = np.array([[np.nan if value is None else value for value in values]], dtype=np.float64)
    answers = {name: _table(answer) for name, answer in request.sources.items()}
    found = vars(assess(bundle, row, answers)[0])
    return {**found, "versions": versions(bundle), "question": request.question}


def versions(bundle: Bundle) -> dict[str, str]:
    """What stood behind an answer."""
    return {
        "model": bundle.version,
        "kind": bundle.kind,
        "trained_as_of": bundle.trained_as_of.isoformat(),
        "data": bundle.data_version,
    }


def _check_names(context: Context, request: ScoreRequest) -> None:
    strange = sorted(set(request.profile) - context.feature_names)
    if strange:
        raise Problem(
            422,
            f"{len(strange)} names in `profile` are features of no model; send those listed by /health.",
            [{"field": f"body.profile.{name}" if name.isidentifier() else "body.profile.?",
              "message": "unknown feature"} for name in strange[:20]],
        )  # fmt: skip


def _table(answer: SourceAnswer) -> TableAnswers:
    state = np.array([answer.state], dtype=object)
    return TableAnswers(state, [answer.event_on], [answer.known_on], [answer.confidence])

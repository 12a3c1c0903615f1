"""Every model is asked before the service says that it is ready: nobody waits for the first time."""

import time
from datetime import date

import numpy as np

from models.bundle import Bundle
from models.scoring import score
from serving.answering import answer_score, encoded
from serving.context import Context
from serving.requests import ScoreRequest

#: Contributions and base sum to the score; what is lost to rounding is far below.
TOLERANCE = 1e-9
ROUNDS = 5


def warm_up(context: Context) -> dict[str, float]:
    """Score and explain a made-up household with each bundle; the seconds it took, by question.

    `RuntimeError` where a bundle gives no score, or contributions that do not sum to it: such a service would
    tell reasons that are none, and must not start.
    """
    seconds = {}
    for question, bundle in context.bundles.items():
        began = time.perf_counter()
        _check_sums(context, bundle)
        for _ in range(ROUNDS):
            answer = answer_score(context, _request(bundle))
            encoded(answer)
        if answer["status"] != "scored":
            raise RuntimeError(f"the bundle of {question} gives no score; train it again")
        seconds[question] = time.perf_counter() - began
    return seconds


def _check_sums(context: Context, bundle: Bundle) -> None:
    scores = score(bundle, np.zeros((1, len(bundle.names))), reader=context.reader)
    off = float(np.abs(scores.base + scores.contributions.sum(axis=1) - scores.raw).max())
    if not off <= TOLERANCE:
        raise RuntimeError(f"the contributions of {bundle.question} do not sum to its score; train it again")


def _request(bundle: Bundle) -> ScoreRequest:
    """A household of which every table says something; its number was never assigned."""
    tables = {name for feature in bundle.features for name in feature.sources}
    day = bundle.trained_as_of.isoformat()
    found = {"state": "found", "event_on": day, "known_on": day, "confidence": 1.0}
    return ScoreRequest.model_validate(
        {
            "question": bundle.question,
            "household_id": "H" + "0" * 15,
            "as_of": date.fromisoformat(day),
            "profile": {name: float(k % 3) for k, name in enumerate(bundle.names)},
            "sources": dict.fromkeys(sorted(tables), found),
        }
    )

"""Does the running service answer as the batch did? Stored profiles are sent to /score and compared."""

import json
import random
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from features.errors import UserError
from features.sources import SOURCES
from features.sources.core import Plane
from serving.casework.database import reading
from serving.casework.reading import (
    StoredHousehold,
    StoredRun,
    explained_households,
    newest_run,
    stored_household,
)

Answer = dict[str, Any]
Post = Callable[[str, Answer], Answer]
SECONDS = 10
#: Probabilities and log-odds may differ by so much between two processes.
TOLERANCE = 1e-9
#: Tables that may be shown and enter no model.
AUXILIARY = {name for name, source in SOURCES.items() if source.plane is Plane.X}
#: What an answer says in words.
TOLD = ("reasons", "speaks_for")


@dataclass(frozen=True)
class Agreement:
    """How far HTTP and batch lie apart over the compared answers."""

    compared: int
    households: int
    largest_difference: float
    reasons_equal: bool

    @property
    def holds(self) -> bool:
        """Whether every answer is the batch's, figures to `TOLERANCE`."""
        return self.reasons_equal and self.largest_difference <= TOLERANCE

    def record(self) -> dict[str, Any]:
        """The form printed with --json."""
        return {
            "compared": self.compared,
            "households": self.households,
            "http_equals_batch_max_abs": self.largest_difference,
            "reasons_equal": self.reasons_equal,
        }


def check_agreement(
    engine: Engine, url: str, *, sample: int, seed: int, post: Post | None = None
) -> Agreement:
    """Send the stored profiles of `sample` households a question to the service and compare the answers.

    `UserError` where nothing is stored or nobody answers at `url`.
    """
    ask = post or _post
    pairs = _sample(engine, sample, seed)
    features, tables = (None, None) if post else _read_by_models(url)
    differences, equal = [0.0], True
    for run, found, question in pairs:
        answer = ask(f"{url}/score", score_request(run, found, question, features, tables))
        stored = next(a for a in found.assessments if a["question"] == question)
        differences += [abs(x - y) for x, y in _figures(answer, stored)]
        equal = equal and all(answer[name] == stored[name] for name in ("status", "why", "band", "of_100"))
        equal = equal and all(_words(answer, name) == _words(stored, name) for name in TOLD)
    homes = {found.household["household_id"] for _, found, _ in pairs}
    return Agreement(len(pairs), len(homes), max(differences), equal)


def score_request(
    run: StoredRun,
    found: StoredHousehold,
    question: str,
    features: set[str] | None = None,
    tables: set[str] | None = None,
) -> Answer:
    """The request that asks about a stored household; only `features` and `tables` are sent, where given.

    Auxiliary tables, which no model may read, are never sent.
    """
    profile, sources = found.household["profile"], found.household["sources"]
    lawful = {name for name in sources if name not in AUXILIARY and (tables is None or name in tables)}
    return {
        "question": question,
        "household_id": found.household["household_id"],
        "as_of": run.as_of.isoformat(),
        "profile": {name: v for name, v in profile.items() if features is None or name in features},
        "sources": {name: answer for name, answer in sources.items() if name in lawful},
    }


def _sample(engine: Engine, sample: int, seed: int) -> list[tuple[StoredRun, StoredHousehold, str]]:
    chance = random.Random(seed)
    with reading(engine) as connection:
        run = newest_run(connection)
        if run is None:
            raise UserError("案件库还没有批次 / the database holds no batch; run `python -m serving batch`.")
        pairs = []
        for question in sorted(run.models):
            known = explained_households(connection, run.run_id, question)
            for household_id in chance.sample(known, min(sample, len(known))):
                found = stored_household(connection, run.run_id, household_id)
                assert found is not None
                pairs.append((run, found, question))
    return pairs


def _figures(answer: Answer, stored: Answer) -> list[tuple[float, float]]:
    pairs = [(answer[name], stored[name]) for name in ("raw", "probability")]
    # The batch explains a city in another way than the service explains one household: equal but for digits.
    pairs += [
        (one["contribution"], other["contribution"])
        for name in TOLD
        for one, other in zip(answer[name] or (), stored[name] or (), strict=False)
    ]
    return [(x, y) if x is not None and y is not None else (0.0, float(x != y)) for x, y in pairs]


def _words(answer: Answer, name: str) -> list[Answer] | None:
    """The reasons as they are told: everything but the log-odds behind them."""
    told = answer[name]
    return told and [{key: one[key] for key in one if key != "contribution"} for one in told]


def _read_by_models(url: str) -> tuple[set[str], set[str]]:
    """The features and the tables that the service's models read."""
    try:
        request = urllib.request.Request(f"{url}/health")  # noqa: S310 - the user's own service
    except ValueError:
        raise UserError(f"--url {url} 不是网址 / is no address; write http://127.0.0.1:3000.") from None
    health = _send(request)
    features, tables = (health[part].values() for part in ("features", "tables"))
    return set().union(*features), set().union(*tables)


def _post(url: str, body: Answer) -> Answer:
    content = json.dumps(body, allow_nan=False).encode()
    headers = {"content-type": "application/json"}
    return _send(urllib.request.Request(url, content, headers))  # noqa: S310 - the user's own service


def _send(request: urllib.request.Request) -> Answer:
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            answer: Answer = json.load(response)
            return answer
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"the service answered {refused.code} to {request.selector}") from None
    except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError):
        raise UserError(
            f"{request.host} 没有服务 / no service answers at {request.host}; start it with"
            " `python -m serving serve`, or give another --url."
        ) from None

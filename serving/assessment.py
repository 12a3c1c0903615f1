"""One question about households, answered: the single place where batch and HTTP service score and explain.

No prediction is an answer too. It is given where most of what the model would look at was never returned:
a score resting on substitutes would look like knowledge.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from models.bundle import Bundle
from models.questions import NEEDS_AUTHORISATION
from models.reasons import Reason, SourceState, explain
from models.reasons_many import explain_many, topic_sums
from models.scoring import BUNDLES, LIGHTGBMS_OWN, Reader, Scores, band, probability_interval, score

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Sources = Mapping[str, SourceState]

#: States in which a department has answered, if only that it knows nothing.
ANSWERED = ("found", "nothing_found")
#: At least this share of a model's features must rest on answers.
LEAST_ANSWERED = 0.5
NOT_AUTHORISED = "not_authorised"
NOT_RETURNED = "sources_not_returned"


class TableAnswer(Protocol):
    """What one department's table answered for n households."""

    @property
    def state(self) -> Sequence[str]:
        """How it answered, a household."""

    def of(self, place: int) -> SourceState:
        """The answer for one of the households."""


@dataclass(frozen=True)
class TableAnswers:
    """The same as columns; dates and confidence only for reasons."""

    state: Sequence[str]
    event_on: Sequence[date | None] = ()
    known_on: Sequence[date | None] = ()
    confidence: Sequence[float | None] = ()

    def of(self, place: int) -> SourceState:
        """The answer for one of the households."""
        return SourceState(
            self.state[place], self.event_on[place], self.known_on[place], self.confidence[place]
        )


Answers = Mapping[str, TableAnswer]


class SourcesOf(Mapping[str, SourceState]):
    """What every table answered for one of the households; read when it is asked for, as few tables are."""

    def __init__(self, answers: Answers, place: int) -> None:
        self.answers, self.place = answers, place

    def __getitem__(self, name: str) -> SourceState:
        return self.answers[name].of(self.place)

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __contains__(self, name: object) -> bool:
        return name in self.answers


@dataclass(frozen=True)
class Assessment:
    """An answer. `status` is `scored`, or `no_prediction` with `why`; reasons are plain JSON values.

    of_100: of a hundred such households about how many, with the interval of the calibration.
    topics: what each topic adds to the score, log-odds in the order of `topic_names`.
    topics, reasons and speaks_for are None where they were not asked for.
    """

    status: str
    why: str | None = None
    raw: float | None = None
    probability: float | None = None
    band: str | None = None
    of_100: dict[str, int] | None = None
    reasons: list[dict[str, Any]] | None = None
    speaks_for: list[dict[str, Any]] | None = None
    topics: list[float] | None = None


def assess(
    bundle: Bundle,
    rows: Floats,
    answers: Answers,
    *,
    reasons: bool = True,
    topics: bool = False,
    num_threads: int = 1,
    reader: Reader = LIGHTGBMS_OWN,
) -> list[Assessment]:
    """Answers for households given as rows (n, features) in the order of the bundle, NaN = unknown.

    `answers` says by table what the departments answered. topics: explain by topic, in numbers; reasons: in
    sentences. Without either only the order is computed, which is far cheaper.
    """
    silent = why_silent(bundle, rows, answers)
    spoken = [place for place, why in enumerate(silent) if why is None]
    assessed = [Assessment("no_prediction", why) for why in silent]
    if spoken:
        explained = reasons or topics
        scores = score(bundle, rows[spoken], num_threads=num_threads, contributions=explained, reader=reader)
        low, high = probability_interval(bundle, scores.raw)
        many = topics or (reasons and len(spoken) > 1)  # arrays are not worth their making for one
        sums = topic_sums(bundle, rows[spoken], scores.contributions) if many else None
        told: list[dict[str, Any]] = [{}] * len(spoken)
        if reasons:
            told = _told(bundle, rows[spoken], scores, sums, answers, spoken)
        if topics and sums is not None:
            told = [{**one, "topics": own} for one, own in zip(told, sums.tolist(), strict=True)]
        for k, place in enumerate(spoken):
            assessed[place] = _scored(bundle, scores, k, (float(low[k]), float(high[k])), told[k])
    return assessed


def why_silent(bundle: Bundle, rows: Floats, answers: Answers) -> list[str | None]:
    """Why no prediction is possible, a household; None where one is.

    A feature is answered where it has a value, or where its main table was returned and holds nothing.
    """
    answered = ~np.isnan(rows)
    tables, table_of = _main_tables(bundle)
    states = [answers[name].state if name in answers else [""] * len(rows) for name in tables]
    spoke = np.array([[state in ANSWERED for state in table] for table in states], dtype=bool)
    answered |= spoke[table_of].T
    refusals = [[state == NOT_AUTHORISED for state in table] for table in states]
    refused: npt.NDArray[np.bool_] = np.logical_or.reduce(np.array(refusals, dtype=bool))
    silent = answered.mean(axis=1) < LEAST_ANSWERED
    silent |= ~answered[:, _needed(bundle)].all(axis=1)
    if bundle.question in NEEDS_AUTHORISATION:
        silent |= refused
    return [
        None if not quiet else NOT_AUTHORISED if unauthorised else NOT_RETURNED
        for quiet, unauthorised in zip(silent.tolist(), refused.tolist(), strict=True)
    ]


@lru_cache(BUNDLES)
def _main_tables(bundle: Bundle) -> tuple[tuple[str, ...], Places]:
    """The main tables of the features, and for each feature (features,) the place of its own among them."""
    tables = tuple(dict.fromkeys(feature.source for feature in bundle.features))
    return tables, np.array([tables.index(feature.source) for feature in bundle.features])


@lru_cache(BUNDLES)
def _needed(bundle: Bundle) -> npt.NDArray[np.bool_]:
    """Of a feature without a direction no value is the most favourable: a punitive score guesses none."""
    return np.array([bundle.punitive and not feature.raises for feature in bundle.features], dtype=bool)


def reason_record(reason: Reason) -> dict[str, Any]:
    """A reason as JSON values, dates in ISO form."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in vars(reason).items()
    }


def _told(
    bundle: Bundle, rows: Floats, scores: Scores, sums: Floats | None, answers: Answers, places: list[int]
) -> list[dict[str, Any]]:
    """What each of the scored households is told; those at `places` of the answers. sums: None of one."""
    own = [SourcesOf(answers, place) for place in places]
    if sums is None:
        voices = [one[0] for one in scores.members]
        explained = [explain(bundle, rows[0], scores.contributions[0], own[0], voices)]
    else:
        explained = explain_many(bundle, rows, scores.contributions, sums, own.__getitem__, scores.members)
    return [
        {
            "reasons": [reason_record(reason) for reason in explanation.reasons],
            "speaks_for": [reason_record(reason) for reason in explanation.speaks_for],
        }
        for explanation in explained
    ]


def _scored(
    bundle: Bundle, scores: Scores, k: int, interval: tuple[float, float], told: dict[str, Any]
) -> Assessment:
    probability = float(scores.probability[k])
    low, high = interval
    return Assessment(
        status="scored",
        raw=float(scores.raw[k]),
        probability=probability,
        band=band(bundle, probability).code,
        of_100={"about": round(100 * probability), "low": round(100 * low), "high": round(100 * high)},
        **told,
    )

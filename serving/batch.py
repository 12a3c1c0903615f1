"""The monthly batch, as a contents page: read, answer, draw, record, print."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import cast

import lightgbm
import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine

from features.rules import RULES
from models import underpaid
from models.bundle import Bundle
from models.scoring import Explain, lightgbms_own
from models.selection import Selected
from serving.assessment import Assessment, assess
from serving.casework.actions import record_run
from serving.casework.records import BatchRecord, Row
from serving.dictionary import make_dictionary
from serving.drawing import Draw, cohort, draw_scored, draw_underpaid, make_draw
from serving.inputs import (
    UNIVERSES,
    Profiles,
    check_features,
    digests,
    load_bundles,
    load_profiles,
    one_digest,
)
from serving.rows import assessment_rows, finding_rows, household_rows, item_rows, judgement_rows

CHUNK = 2_000
Floats = npt.NDArray[np.float64]

#: Of the register's families, this share with the highest scores is kept with reasons and profile.
KEPT_SHARE = 0.02

#: Told the stage's name, the steps done since the last call, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Question:
    """A model's answers on its cohort, and the list drawn from them."""

    bundle: Bundle
    answers: dict[str, Assessment]
    selected: list[Selected]


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def make_batch(
    profiles_folder: Path,
    bundles_folder: Path,
    as_of: date,
    *,
    pseudonym_key: str,
    seed: int,
    num_threads: int = 1,
    progress: Progress = quiet,
) -> BatchRecord:
    """Everything of one month's batch, in memory; nothing is written. `UserError` for what is missing."""
    bundles = load_bundles(bundles_folder)
    universes = {name: load_profiles(profiles_folder, name, as_of) for name in UNIVERSES}
    for bundle in bundles.values():
        check_features(bundle, universes[bundle.universe])
    draw = make_draw(pseudonym_key, as_of, seed)
    questions = {
        name: answer_question(bundle, universes[bundle.universe], draw, num_threads, progress)
        for name, bundle in bundles.items()
    }
    inputs = digests(profiles_folder, as_of, bundles) | {"draw": draw.check}
    record = BatchRecord(
        as_of=as_of,
        seed=seed,
        draw_check=draw.check,
        inputs_digest=one_digest(inputs),
        inputs=inputs,
        models={name: _heading(bundle) for name, bundle in bundles.items()},
        dictionary=make_dictionary(_columns(universes), bundles),
        rules={rule.code: rule.source for rule in RULES},
        kept={"on_file": "all", "register": f"on a list, or among the highest {KEPT_SHARE:.0%} of scores"},
    )
    lists = {name: question.selected for name, question in questions.items()}
    lists[underpaid.QUESTION] = draw_underpaid(universes["on_file"], draw)
    _fill(record, universes, questions, lists)
    return record


def answer_question(
    bundle: Bundle, profiles: Profiles, draw: Draw, num_threads: int, progress: Progress
) -> Question:
    """Answer for the whole cohort, draw the list, and explain whoever is kept."""
    members = cohort(profiles, bundle.categories)
    on_file = profiles.universe == "on_file"
    answers = answer_places(bundle, profiles, members, num_threads, progress, reasons=on_file)
    raw = np.array([np.nan if a.raw is None else a.raw for a in answers.values()])
    selected = draw_scored(bundle.question, profiles, members, raw, draw)
    if not on_file:
        listed = {item.household_id for item in selected}
        on_list = np.array([household_id in listed for household_id in profiles.ids[members]])
        kept = members[on_list | (raw >= floor_of(raw))]
        answers |= answer_places(bundle, profiles, kept, num_threads, progress, reasons=True)
    return Question(bundle, answers, selected)


def floor_of(raw: npt.NDArray[np.float64]) -> float:
    """The score from which a family of the register is kept with its reasons; NaN = no prediction."""
    scored = raw[~np.isnan(raw)]
    return float(np.quantile(scored, 1 - KEPT_SHARE)) if len(scored) else math.inf


def record_batch(engine: Engine, record: BatchRecord, progress: Progress = quiet) -> int:
    """Write the run whole or not at all; returns its number."""
    total = sum(
        len(rows)
        for rows in (record.households, record.assessments, record.judgements, record.findings, record.items)
    )
    return record_run(engine, record, by="batch", progress=lambda rows: progress("record", rows, total))


def answer_places(
    bundle: Bundle,
    profiles: Profiles,
    places: npt.NDArray[np.int64],
    num_threads: int,
    progress: Progress = quiet,
    *,
    reasons: bool,
) -> dict[str, Assessment]:
    """The answers for the households at these rows, by pseudonym; `reasons` costs far more than the order."""
    sources = sorted({name for feature in bundle.features for name in feature.sources})
    answers: dict[str, Assessment] = {}
    for start in range(0, len(places), CHUNK):
        chunk = places[start : start + CHUNK]
        asked = profiles.answers(sources, chunk, evidence=reasons)
        rows = profiles.rows(bundle, chunk)
        found = assess(
            bundle, rows, asked, reasons=reasons, num_threads=num_threads, explain_with=explain_many()
        )
        answers |= dict(zip(profiles.ids[chunk], found, strict=True))
        progress(f"{bundle.question}{'' if reasons else ' (order)'}", len(chunk), len(places))
    return answers


@cache
def explain_many() -> Explain:
    """What explains a city: the fast contributions where the extra `batch` is installed, else LightGBM's own.

    Both give the same to 1e-10. Only the batch asks: its compiler has no place in the service.
    """
    try:
        fast = import_module("models.contributions")
    except ModuleNotFoundError:
        return lightgbms_own
    flat = lru_cache(fast.walk)  # once a booster, not once a chunk: nothing changes a bundle's boosters

    def explain(booster: lightgbm.Booster, rows: Floats, num_threads: int) -> Floats:
        return cast("Floats", fast.explained(flat(booster), rows, num_threads))

    return explain


def _fill(
    record: BatchRecord,
    universes: dict[str, Profiles],
    questions: dict[str, Question],
    lists: dict[str, list[Selected]],
) -> None:
    explained = {
        household_id
        for question in questions.values()
        for household_id, answer in question.answers.items()
        if answer.reasons is not None
    }
    explained |= {item.household_id for selected in lists.values() for item in selected}
    explained |= set(universes["on_file"].ids)
    asked = explained.union(*(question.answers for question in questions.values()))
    for profiles in universes.values():
        record.households += household_rows(profiles, asked, list(record.dictionary["features"]), explained)
        record.judgements += judgement_rows(profiles, explained)
        record.findings += finding_rows(profiles, explained)
    for name, question in questions.items():
        record.assessments += assessment_rows(name, question.answers)
    households = {row["household_id"]: row for row in record.households}
    for name, selected in lists.items():
        answers = questions[name].answers if name in questions else {}
        record.items += item_rows(selected, answers, record.findings, households, record.seed)


def _heading(bundle: Bundle) -> Row:
    return {
        "version": bundle.version,
        "kind": bundle.kind,
        "trained_as_of": bundle.trained_as_of.isoformat(),
        "zh": bundle.zh,
        "en": bundle.en,
    }


def _columns(universes: dict[str, Profiles]) -> list[str]:
    return sorted({name for profiles in universes.values() for name in profiles.households.column_names})

"""The nightly batch, as a contents page: read, answer, draw, record.

Households stream through it in pages; what is held of a city is a few columns of each household.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine

from features.rules import RULES
from features.topics import TOPICS
from models import underpaid
from models.bundle import Bundle
from models.reasons_many import topic_names
from models.selection import Selected
from serving.answered import Answered, How, Progress, answer
from serving.casework.actions import record_run
from serving.casework.records import BatchRecord, Row, Stream
from serving.dictionary import make_dictionary
from serving.digests import run_name
from serving.drawing import Draw, cohort, draw_scored, draw_underpaid, make_draw
from serving.inputs import UNIVERSES, City, check_features, digests, load_bundles, load_city, one_digest
from serving.items import item_rows
from serving.rows import Shown, finding_rows, household_rows, judgement_rows
from serving.work import close_work, open_work

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

#: Of the register's families, this share with the highest scores is kept with reasons and profile.
KEPT_SHARE = 0.02


@dataclass(frozen=True)
class Question:
    """A model's list, and its answers: the order of all at `members`, reasons for those at `kept`."""

    bundle: Bundle
    selected: list[Selected]
    members: Places
    kept: Places
    ordered: Answered
    told: Answered

    def rows(self) -> Iterator[Row]:
        """One row an answer, with reasons where they were kept."""
        told = {row["household_id"]: row for row in self.told.rows()} if self.told is not self.ordered else {}
        return (told.get(row["household_id"], row) for row in self.ordered.rows())


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def make_batch(
    profiles_folder: Path,
    bundles_folder: Path,
    as_of: date,
    *,
    pseudonym_key: str,
    seed: int,
    work: Path,
    num_threads: int = 1,
    progress: Progress = quiet,
) -> BatchRecord:
    """One month's batch, ready to be recorded; `UserError` for what is missing.

    Answers are kept below `work`; what the last batch answered there, or one that was killed, is used.
    """
    bundles = load_bundles(bundles_folder)
    cities = {name: load_city(profiles_folder, name, as_of) for name in UNIVERSES}
    for bundle in bundles.values():
        check_features(bundle, cities[bundle.universe])
    draw = make_draw(pseudonym_key, as_of, seed)
    inputs = digests(profiles_folder, as_of, bundles) | {"draw": draw.check}
    how = How(open_work(work, run_name(inputs, bundles)), num_threads, progress)
    questions = {
        name: answer_question(bundle, cities[bundle.universe], draw, how) for name, bundle in bundles.items()
    }
    record = BatchRecord(
        as_of=as_of,
        seed=seed,
        draw_check=draw.check,
        inputs_digest=one_digest(inputs),
        inputs=inputs,
        models={name: _heading(question) for name, question in questions.items()},
        dictionary=make_dictionary(sorted({c for city in cities.values() for c in city.columns}), bundles),
        rules={rule.code: rule.source for rule in RULES},
        kept={"on_file": "all", "register": f"on a list, or among the highest {KEPT_SHARE:.0%} of scores"},
        answers=how.work.told() | {"no_prediction": sum(map(_silent, questions.values()))},
        work=how.work.folder,
    )
    lists = {name: question.selected for name, question in questions.items()}
    lists[underpaid.QUESTION] = draw_underpaid(cities["on_file"], draw)
    _fill(record, cities, questions, lists)
    return record


def answer_question(bundle: Bundle, city: City, draw: Draw, how: How) -> Question:
    """Answer for the whole cohort, draw the list, and explain whoever is kept."""
    members, name = cohort(city.profiles, bundle.categories), bundle.question
    if city.universe == "on_file":
        answered = answer(bundle, city, members, how, stage=name, reasons=True)
        selected = draw_scored(name, city, members, answered.raw(), draw)
        return Question(bundle, selected, members, members, answered, answered)
    # Everybody is explained by topic, in numbers; sentences tell facts, and are for those who are looked at.
    ordered = answer(bundle, city, members, how, stage=f"{name} (order)", reasons=False)
    raw = ordered.raw()
    selected = draw_scored(name, city, members, raw, draw)
    listed = {item.household_id for item in selected}
    on_list = np.array([household_id in listed for household_id in city.profiles.ids[members]], dtype=bool)
    kept = members[on_list | (raw >= floor_of(raw))]
    told = answer(bundle, city, kept, how, stage=name, reasons=True)
    return Question(bundle, selected, members, kept, ordered, told)


def floor_of(raw: npt.NDArray[np.float64]) -> float:
    """The score from which a family of the register is kept with its reasons; NaN = no prediction."""
    scored = raw[~np.isnan(raw)]
    return float(np.quantile(scored, 1 - KEPT_SHARE)) if len(scored) else math.inf


def record_batch(engine: Engine, record: BatchRecord, progress: Progress = quiet) -> int:
    """Write the run whole or not at all; returns its number. Answers of runs before it are forgotten."""
    total = sum(
        len(rows)
        for rows in (record.households, record.assessments, record.judgements, record.findings, record.items)
    )
    run_id = record_run(engine, record, by="batch", progress=lambda rows: progress("record", rows, total))
    if record.work:
        close_work(record.work)
    return run_id


def _fill(
    record: BatchRecord,
    cities: dict[str, City],
    questions: dict[str, Question],
    lists: dict[str, list[Selected]],
) -> None:
    shown = [_shown(city, questions, lists) for city in cities.values()]
    features = list(record.dictionary["features"])
    record.households = Stream(
        sum(int(one.asked.sum()) for one in shown),
        lambda: chain.from_iterable(household_rows(one, features) for one in shown),
    )
    record.assessments = Stream(
        sum(len(question.members) for question in questions.values()),
        lambda: chain.from_iterable(question.rows() for question in questions.values()),
    )
    record.judgements = Stream(
        sum(one.rows_kept(one.city.judgements) for one in shown),
        lambda: chain.from_iterable(map(judgement_rows, shown)),
    )
    record.findings = Stream(
        sum(one.rows_kept(one.city.findings) for one in shown),
        lambda: chain.from_iterable(map(finding_rows, shown)),
    )
    told = {name: question.told for name, question in questions.items()}
    record.items = list(item_rows(lists, told, shown, record.seed))


def _shown(city: City, questions: dict[str, Question], lists: dict[str, list[Selected]]) -> Shown:
    """On file everybody with everything; in the register those asked about, few of them with everything."""
    if city.universe == "on_file":
        everybody = np.ones(len(city.profiles.households), dtype=bool)
        return Shown(city, everybody, everybody)
    listed = {item.household_id for selected in lists.values() for item in selected}
    kept = np.array([household_id in listed for household_id in city.profiles.ids], dtype=bool)
    asked = kept.copy()
    for question in questions.values():
        if question.bundle.universe == city.universe:
            kept[question.kept] = True
            asked[question.members] = True
    return Shown(city, asked, kept)


def _silent(question: Question) -> int:
    """Households about whom no prediction is possible."""
    return int(np.isnan(question.ordered.raw()).sum())


def _heading(question: Question) -> Row:
    bundle = question.bundle
    return {
        "version": bundle.version,
        "kind": bundle.kind,
        "trained_as_of": bundle.trained_as_of.isoformat(),
        "zh": bundle.zh,
        "en": bundle.en,
        "moved": _moved(question),
    }


def _moved(question: Question) -> Row:
    """What ordered the whole cohort: of all that moved scores, up or down, the share of each topic."""
    households, sums = question.ordered.moved()
    shares = sums / sums.sum() if sums.any() else sums
    told = sorted(zip(-shares.round(4), topic_names(question.bundle), strict=False))
    return {
        "households": households,
        "topics": [
            {"topic": name, "zh": TOPICS[name][0], "en": TOPICS[name][1], "share": -less}
            for less, name in told
        ],
    }

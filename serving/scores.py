"""Scores and reasons of a whole universe, computed on Spark where the profiles lie.

The answer of a household is that of the monthly batch: the same function runs inside `mapInArrow`. A bundle
travels as the folder it is; no object of ours is sent but the name of that folder.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path

import pyarrow as pa

from features.engines.cluster import Cluster, spark
from features.engines.scratch import spill_folder
from features.profile_files import column_names, profile_file, require_columns, write_whole
from models.bundle import Bundle, load_bundle
from serving.answered import Places, answers_of
from serving.assessment import Assessment
from serving.drawing import cohort
from serving.inputs import Profiles, columns_of, load_bundles
from serving.work import ANSWER, answer_table

PART = "scores"
#: What the choice of the cohort reads beside features and answers.
PLAIN = ("household_id", "in_programme", "category")
SCHEMA = pa.schema([pa.field("household_id", pa.string()), *ANSWER])


def write_scores(profiles: Path, bundles: Path, as_of: date, cluster: Cluster, out: Path) -> dict[str, int]:
    """Write `OUT/scores/<question>/<as_of>.parquet` of every bundle; returns households by question.

    `UserError` for what is missing, before anything runs.
    """
    wanted = {name: _columns(bundle, profiles, as_of) for name, bundle in load_bundles(bundles).items()}
    engine = spark()
    connection = engine.connect(cluster, spill_folder(profiles))
    engine.send_folder(connection, bundles)
    written = {}
    for question, (universe, columns) in wanted.items():
        answer = partial(answer_batches, bundles.name, question, universe)
        file = profile_file(profiles, "profiles", universe, as_of)
        rows = engine.map_in_arrow(connection, file, columns, answer, SCHEMA, "household_id")
        written[question] = write_whole(rows, out / PART / question / f"{as_of}.parquet")
    return written


def answer_batches(
    folder: str, question: str, universe: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """On one machine of the cluster: the answers of the households in these batches of a profile's rows."""
    bundle = _sent_bundle(folder, question)
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        profiles = Profiles(universe, rows)
        answers = answer_places(bundle, profiles, cohort(profiles, bundle.categories), 1)
        told = answer_table(list(answers.values())).select(ANSWER.names)
        yield from pa.table([pa.array(answers, pa.string()), *told.columns], schema=SCHEMA).to_batches()


def answer_places(
    bundle: Bundle, profiles: Profiles, places: Places, num_threads: int
) -> dict[str, Assessment]:
    """The answers about the households at these rows with their reasons, by pseudonym."""
    answers = answers_of(bundle, profiles, places, num_threads, reasons=True)
    return dict(zip(profiles.ids[places], answers, strict=True))


@cache
def _sent_bundle(folder: str, question: str) -> Bundle:
    """The bundle, read once by each process."""
    return load_bundle(spark().sent_folder(folder) / question)


def _columns(bundle: Bundle, profiles: Path, as_of: date) -> tuple[str, list[str]]:
    """The bundle's universe, and what of its profile is read."""
    columns = dict.fromkeys([*PLAIN, *columns_of(bundle)])
    there = column_names(profiles, "profiles", bundle.universe, as_of)
    require_columns(there, list(columns), profile_file(profiles, "profiles", bundle.universe, as_of))
    return bundle.universe, list(columns)

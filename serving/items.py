"""The items of the lists: whoever is on one, with what to check and what speaks for the family."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.dataset as arrow

from features.profile_files import read_columns
from models.selection import Selected
from serving.answered import Answered
from serving.assessment import Assessment
from serving.casework.records import Row
from serving.checks import doubtful_lines, item_checks, item_speaks_for
from serving.inputs import STATE, City, records
from serving.rows import Shown, finding_rows


def item_rows(
    lists: dict[str, list[Selected]], told: dict[str, Answered], shown: list[Shown], seed: int
) -> Iterator[Row]:
    """A row an item, list by list; a household without a score has no reasons here either.

    told: by question, the answers with their reasons.
    """
    listed = pa.array(
        sorted({item.household_id for selected in lists.values() for item in selected}), pa.string()
    )
    findings: dict[str, list[Row]] = defaultdict(list)
    doubtful: dict[str, Row] = {}
    for one in shown:
        doubtful |= _doubtful(one.city, listed)
        for finding in finding_rows(one, listed):
            findings[finding["household_id"]].append(finding)
    for name, selected in lists.items():
        answers = _answers(told[name].rows(listed)) if name in told else {}
        for item in selected:
            answer, household_id = answers.get(item.household_id), item.household_id
            yield {
                **vars(item),
                "score": item.score if math.isfinite(item.score) else None,
                "seed": seed,
                "checks": item_checks(
                    item.kind, findings[household_id], answer, doubtful_lines(doubtful[household_id])
                ),
                "speaks_for": item_speaks_for(answer),
                "state": "open",
            }


def _answers(rows: Iterable[Row]) -> dict[str, Assessment]:
    """What an item tells of an answer: its reasons."""
    return {
        row["household_id"]: Assessment(
            row["status"], **{name: row[name] and json.loads(row[name]) for name in ("reasons", "speaks_for")}
        )
        for row in rows
    }


def _doubtful(city: City, listed: pa.Array) -> dict[str, Row]:
    """By household, what `doubtful_lines` reads of every table's answer."""
    sources = [name.removesuffix(STATE) for name in city.columns if name.endswith(STATE)]
    columns = ["household_id", *(f"{name}_doubtful" for name in sources)]
    where = arrow.field("household_id").isin(listed)
    rows = records(read_columns(city.folder, "profiles", city.universe, city.as_of, columns, where))
    return {
        row["household_id"]: {name: {"doubtful": row[f"{name}_doubtful"]} for name in sources} for row in rows
    }

"""From profiles and answers to the rows of the casework database."""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from models.selection import Selected
from serving.assessment import Assessment
from serving.casework.columns import fen
from serving.checks import doubtful_lines, item_checks, item_speaks_for
from serving.inputs import MONEY, PLAIN, STATE, TOLD, Profiles, records

Row = dict[str, Any]


def household_rows(profiles: Profiles, asked: set[str], features: list[str], kept: set[str]) -> list[Row]:
    """The households in `asked`; those in `kept` with their profile and what every table answered."""
    plain = [name for name in PLAIN if name != "in_programme"]
    rows = records(_only(profiles.households.select(plain), asked))
    full = _only(profiles.households, kept)
    profile = {
        row.pop("household_id"): {name: _number(value) for name, value in row.items()}
        for row in records(full.select(["household_id", *[f for f in features if f in full.column_names]]))
    }
    answers = {row["household_id"]: _answers(row, profiles.sources) for row in records(full)}
    for row in rows:
        row["universe"] = profiles.universe
        row["vulnerable"] = bool(row["vulnerable"])
        row["profile"] = profile.get(row["household_id"])
        row["sources"] = answers.get(row["household_id"])
    return rows


def judgement_rows(profiles: Profiles, kept: set[str]) -> list[Row]:
    """What the rules say of the households in `kept`, money in fen."""
    return [
        {
            "household_id": row["household_id"],
            "eligibility": row["eligibility"],
            **{f"{name}_fen": fen(row[f"{name}_yuan"]) for name in MONEY},
            "missing_item": row["missing_item"],
            "article": row["article"],
        }
        for row in records(_only(profiles.judgements, kept))
    ]


def finding_rows(profiles: Profiles, kept: set[str]) -> list[Row]:
    """The rule findings of the households in `kept`."""
    return [
        {
            **{name: row[name] for name in TOLD},
            "verdict": str(row["verdict"]).lower(),
            "amount_fen": fen(row["amount_yuan"]),
            "confidence": _number(row["confidence"]),
        }
        for row in records(_only(profiles.findings, kept))
    ]


def assessment_rows(question: str, answers: dict[str, Assessment]) -> Iterable[Row]:
    """One row an answer."""
    for household_id, answer in answers.items():
        yield {"household_id": household_id, "question": question, **vars(answer)}


def item_rows(
    selected: list[Selected],
    answers: dict[str, Assessment],
    findings: list[Row],
    households: dict[str, Row],
    seed: int,
) -> list[Row]:
    """List items with what to check; a household without a score has none here either.

    `households` are `household_rows` by household_id.
    """
    by_household: dict[str, list[Row]] = defaultdict(list)
    for finding in findings:
        by_household[finding["household_id"]].append(finding)
    return [
        {
            **vars(item),
            "score": item.score if math.isfinite(item.score) else None,
            "seed": seed,
            "checks": item_checks(
                item.kind,
                by_household[item.household_id],
                answers.get(item.household_id),
                doubtful_lines(households[item.household_id]["sources"]),
            ),
            "speaks_for": item_speaks_for(answers.get(item.household_id)),
            "state": "open",
        }
        for item in selected
    ]


def _only(table: pa.Table, kept: set[str]) -> pa.Table:
    return table.filter(pc.is_in(table["household_id"], value_set=pa.array(sorted(kept), pa.string())))


def _answers(row: Row, sources: list[str]) -> Row:
    return {
        name: {
            "state": row[name + STATE],
            "event_on": _iso(row[f"{name}_event_on"]),
            "known_on": _iso(row[f"{name}_known_on"]),
            "confidence": _number(row[f"{name}_confidence"]),
            "doubtful": row[f"{name}_doubtful"],
        }
        for name in sources
    }


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _number(value: Any) -> float | None:
    """A finite number, or None: JSON knows neither NaN nor infinity."""
    return float(value) if value is not None and math.isfinite(value) else None

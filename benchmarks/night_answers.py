"""Whether two nights gave the same answer: two casework databases, or a database and what a peer wrote."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as arrow

#: Everything a run holds.
TABLES = ("households", "assessments", "judgements", "findings", "list_items")
#: Numbers the database gives by itself.
GIVEN = ("run_id", "finding_id")


def same_runs(one: Path, other: Path, as_of: date) -> bool:
    """Whether the standing runs of a date hold the same rows in both databases."""
    connection = sqlite3.connect(one)
    connection.execute("ATTACH ? AS other", (str(other),))
    try:
        return all(_same(connection, table, as_of) for table in TABLES)
    finally:
        connection.close()


def _same(connection: sqlite3.Connection, table: str, as_of: date) -> bool:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in GIVEN]

    def rows(database: str) -> str:
        run = f"SELECT max(run_id) FROM {database}.runs WHERE as_of = :day AND superseded_by IS NULL"
        return f"SELECT {', '.join(columns)} FROM {database}.{table} WHERE run_id = ({run})"

    def count(query: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM ({query})", {"day": str(as_of)}).fetchone()[0])

    ours, theirs = rows("main"), rows("other")
    equal = count(ours) == count(theirs) > 0
    return equal and count(f"{ours} EXCEPT {theirs}") == 0 and count(f"{theirs} EXCEPT {ours}") == 0


def largest_difference(database: Path, peer: Path) -> tuple[float, int]:
    """Largest difference of scores and of contributions of reasons, and how many answers were compared.

    AssertionError where who is answered, what is told, or who stands on a list differs.
    """
    ours = _stored(database, "SELECT household_id, question, raw, reasons, speaks_for FROM assessments")
    theirs = pd.read_parquet(peer / "answers.parquet").sort_values(["household_id", "question"])
    assert ours[["household_id", "question"]].to_numpy().tolist() == (
        theirs[["household_id", "question"]].to_numpy().tolist()
    ), "other households were answered for"
    assert (ours["raw"].isna().to_numpy() == theirs["raw"].isna().to_numpy()).all(), "others are silent"
    difference = float(np.nanmax(np.abs(ours["raw"].to_numpy() - theirs["raw"].to_numpy())))
    for mine, yours in zip(_reasons(ours), _reasons(theirs), strict=True):
        assert [one["zh"] for one in mine] == [one["zh"] for one in yours], "another reason is told"
        pairs = zip(mine, yours, strict=True)
        difference = max([difference, *(abs(a["contribution"] - b["contribution"]) for a, b in pairs)])
    assert _listed(database) == _listed_by(peer), "the lists differ"
    return difference, len(ours)


def largest_topic_difference(work: Path, peer: Path) -> tuple[float, int]:
    """Largest difference of what a topic adds to a score (kept in single precision), and answers compared.

    AssertionError where others are explained.
    """
    theirs = pd.read_parquet(peer / "answers.parquet", columns=["household_id", "question", "topics"])
    compared, difference = 0, 0.0
    for question, answers in theirs.dropna().groupby("question"):
        # Of a list's own answers and of the order of all, the latter holds everybody.
        files = [*work.glob(f"run-*/{question}-(order)-*")] or [*work.glob(f"run-*/{question}-[0-9]*")]
        table = arrow.dataset(sorted(files)).to_table(["household_id", "topics"]).to_pandas().dropna()
        ours, other = (one.set_index("household_id")["topics"].sort_index() for one in (table, answers))
        assert ours.index.equals(other.index), "others are explained"
        gap = np.abs(np.stack(ours.to_list()) - np.stack(other.to_list()))
        difference, compared = max(difference, float(gap.max())), compared + len(ours)
    return difference, compared


def _reasons(answers: pd.DataFrame) -> list[list[dict[str, Any]]]:
    both = zip(answers["reasons"], answers["speaks_for"], strict=True)
    return [[one for part in parts if isinstance(part, str) for one in json.loads(part)] for parts in both]


def _stored(database: Path, query: str) -> pd.DataFrame:
    with sqlite3.connect(database) as connection:
        return pd.read_sql(f"{query} ORDER BY household_id, question", connection)


def _listed(database: Path) -> set[tuple[Any, ...]]:
    with sqlite3.connect(database) as connection:
        return set(
            connection.execute("SELECT kind, street_code, household_id, arm, visit_order FROM list_items")
        )


def _listed_by(peer: Path) -> set[tuple[Any, ...]]:
    items = pd.read_csv(peer / "lists.csv", dtype={"street_code": str})
    columns = ["kind", "street_code", "household_id", "arm", "visit_order"]
    return {(*row[:4], int(row[4])) for row in items[columns].itertuples(index=False, name=None)}

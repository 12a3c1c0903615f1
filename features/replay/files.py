"""A replay's tables as files that office programs open: streets, and the households that would change."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import ibis

from features.replay.changes import Change
from features.rules.money import yuan

STREET_MONEY = ("certain_change_yuan", "at_most_change_yuan", "gained_yuan", "lost_yuan")


def write_streets(path: Path, streets: Iterable[dict[str, Any]]) -> None:
    """One row a street: counts by change, money a month, and the exit."""
    header = ["street_code", "households", *[change.value for change in Change], *STREET_MONEY]
    header += ["findings_raised", "findings_gone"]
    header += [f"{name}_{part}" for name in ("exits", "near_exit") for part in ("households", "linked_yuan")]
    rows = [
        [
            street["street_code"],
            street["households"],
            *street["changes"].values(),
            *[(street["month"] or {}).get(name) for name in STREET_MONEY],
            *street["findings"].values(),
            *[
                street[name][part]
                for name in ("exits", "near_exit")
                for part in ("households", "linked_yuan")
            ],
        ]
        for street in streets
    ]
    _write(path, header, rows)


def write_households(path: Path, rows: ibis.Table) -> int:
    """One row a household whose answer or amounts differ, by pseudonym; returns how many. Yuan a month."""
    listed = rows.filter(rows.different)
    money = {
        "certain_before_yuan": yuan(listed.entitled_low_fen_before),
        "certain_after_yuan": yuan(listed.entitled_low_fen),
        "at_most_before_yuan": yuan(listed.entitled_high_fen_before),
        "at_most_after_yuan": yuan(listed.entitled_high_fen),
        "linked_lost_yuan": yuan(listed.exits.ifelse(listed.linked_lost_fen, 0)),
    }
    shown = listed.select(
        "street_code",
        "household_id",
        "category",
        "change",
        before=listed.eligibility_before,
        after=listed.eligibility,
        **money,
    ).order_by("street_code", "household_id")
    read = shown.to_pyarrow().to_pylist()
    _write(path, list(shown.columns), [list(row.values()) for row in read])
    return len(read)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Whole or not at all, for its owner only; with a mark by which spreadsheets know UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)

"""Whether today's values give today's answers: what is replayed beside the judgements already written."""

from datetime import date
from pathlib import Path
from typing import Any

import ibis

from features.profile_files import read_columns
from features.rules.money import yuan

COLUMNS = ("household_id", "eligibility", "entitled_low_yuan", "entitled_high_yuan")


def compare(before: ibis.Table, profiles: Path, universe: str, as_of: date) -> dict[str, Any]:
    """Households judged both times, those whose answer or amounts differ, and those in one only.

    before: the replay's answers by the values in force. `UserError` where nothing was written for the date.
    """
    written = ibis.memtable(read_columns(profiles, "judgements", universe, as_of, COLUMNS))
    written = written.rename({f"written_{name}": name for name in COLUMNS})
    own = before.select(
        "household_id",
        "eligibility",
        entitled_low_yuan=yuan(before.entitled_low_fen),
        entitled_high_yuan=yuan(before.entitled_high_fen),
    )
    both = own.outer_join(written, own.household_id == written.written_household_id)
    alone = both.household_id.isnull() | both.written_household_id.isnull()
    other = ibis.or_(*[both[name] != both[f"written_{name}"] for name in COLUMNS[1:]])
    counts = both.aggregate(households=(~alone).sum(), differ=(other & ~alone).sum(), in_one_only=alone.sum())
    row = counts.to_pyarrow().to_pylist()[0]
    return {name: int(value or 0) for name, value in row.items()}

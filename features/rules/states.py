"""Whether a department answered for a household, as the profile's state columns say."""

from typing import Any

import ibis

ANSWERED = ("found", "nothing_found")


def answered(facts: ibis.Table, source: str) -> Any:
    """True where the source answered for the household; where the profile has no state, it did."""
    name = f"{source}_state"
    if name not in facts.columns:
        return ibis.literal(True)
    return facts[name].isin(ANSWERED).fill_null(False)


def confidence(facts: ibis.Table, source: str) -> Any:
    """Identity-match confidence of the source's records (DOUBLE); 1 where the profile says nothing."""
    name = f"{source}_confidence"
    if name not in facts.columns:
        return ibis.literal(1.0)
    return facts[name].cast("float64").fill_null(1.0)

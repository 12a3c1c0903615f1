"""What became of each household between two sets of values: one row a household, money in whole fen."""

from enum import StrEnum
from typing import Any

import ibis

from features.rules.money import MILLION

#: From this share of the line on (in millionths) a household stands at the exit: little more income ends it.
NEAR = 900_000


class Change(StrEnum):
    """What a proposal does to a household. UNKNOWN: under one set of values the rules cannot tell."""

    NEWLY_ELIGIBLE = "newly_eligible"
    NO_LONGER_ELIGIBLE = "no_longer_eligible"
    AMOUNT_UP = "amount_up"
    AMOUNT_DOWN = "amount_down"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"


WORDS: dict[Change, tuple[str, str]] = {
    Change.NEWLY_ELIGIBLE: ("新符合条件", "newly eligible"),
    Change.NO_LONGER_ELIGIBLE: ("不再符合条件", "no longer eligible"),
    Change.AMOUNT_UP: ("金额增加", "more"),
    Change.AMOUNT_DOWN: ("金额减少", "less"),
    Change.UNCHANGED: ("不变", "unchanged"),
    Change.UNKNOWN: ("资料不足，不能判断", "unknown"),
}

#: What is kept of each side's answers.
ANSWERS = ("eligibility", "entitled_low_fen", "entitled_high_fen", "linked_fen")


def changes(before: ibis.Table, after: ibis.Table) -> ibis.Table:
    """One row a household: its street, both answers, the change, and what leaving dibao would cost it.

    exits: eligible for dibao before and not after. near_exit: on dibao, eligible after, with an income at
    least `NEAR` of the line; what it would lose by leaving is linked_lost_fen (a month), as for those who do
    leave. different: whether the answer or an amount differs at all, of unknown households too.
    """
    old = before.select("household_id", **{f"{name}_before": before[name] for name in ANSWERS})
    both = after.inner_join(old, "household_id")
    both = both.mutate(change=_change(both), different=_different(both))
    on_dibao = (both.category == "dibao").fill_null(False)
    line = both.persons * both.line_fen
    exits = on_dibao & (both.change == Change.NO_LONGER_ELIGIBLE)
    near = on_dibao & (both.eligibility == "eligible")
    near &= both.income_high_year_fen * MILLION >= line * NEAR
    marginal = (both.income_high_year_fen < both.persons * both.line_marginal_fen) & ~both.over_property
    # Whoever still stands at the exit would leave by a little more income: into the marginal category.
    keeps = near | marginal.fill_null(False)
    return both.select(
        "household_id",
        "street_code",
        "category",
        "eligibility_before",
        "entitled_low_fen_before",
        "entitled_high_fen_before",
        "change",
        "different",
        "eligibility",
        "entitled_low_fen",
        "entitled_high_fen",
        "benefit_fen",
        exits=exits.fill_null(False),
        near_exit=near.fill_null(False),
        linked_lost_fen=exits.ifelse(both.linked_fen_before, both.linked_fen)
        - keeps.ifelse(both.kept_fen, 0),
    )


def _change(both: ibis.Table) -> Any:
    was, now = both.eligibility_before, both.eligibility
    low, high = _difference(both, "entitled_low_fen"), _difference(both, "entitled_high_fen")
    certain = (low != 0).ifelse(low, high)
    return ibis.cases(
        ((was == "unknown") | (now == "unknown"), Change.UNKNOWN.value),
        ((was != "eligible") & (now == "eligible"), Change.NEWLY_ELIGIBLE.value),
        ((was == "eligible") & (now != "eligible"), Change.NO_LONGER_ELIGIBLE.value),
        (certain > 0, Change.AMOUNT_UP.value),
        (certain < 0, Change.AMOUNT_DOWN.value),
        else_=Change.UNCHANGED.value,
    )


def _different(both: ibis.Table) -> Any:
    moved = _difference(both, "entitled_low_fen") != 0
    moved |= _difference(both, "entitled_high_fen") != 0
    return moved | (both.eligibility != both.eligibility_before)


def _difference(both: ibis.Table, name: str) -> Any:
    return both[name] - both[f"{name}_before"]

"""The 2022 notice: after income passes the line the benefit is kept for a while, at most six months."""

from typing import Any

import ibis

from features.rules.core import Verdict, status
from features.rules.dates import completed_months, months_later
from features.rules.money import divide_up
from features.rules.states import answered


@status(
    article="2022-10-20 通知（民发〔2022〕83号）：渐退期",
    zh="渐退期",
    en="gradual exit",
    amount=("渐退期内每月保障金额", "benefit kept a month"),
    due=("渐退期止", "the day on which it ends"),
)
def gradual_exit(facts: ibis.Table) -> Verdict:
    """Decided at a visit since the grant, and its months are not over. Members who died or left take their
    share with them, the head like any other; with nobody left nothing is kept.

    Unclear: income has reached the line and no gradual exit was decided: it may begin now.
    """
    decided = (facts.exit_on >= facts.granted_on.fill_null(facts.exit_on)).fill_null(False)
    start = decided.ifelse(facts.exit_on, facts.as_of)
    ends = months_later(start, facts.law_gradual_exit_months)
    here = (facts.persons > 0) & (facts.benefit_fen > 0)
    running = decided & (facts.as_of < ends) & here
    passed = facts.over_line & ~facts.over_property & (facts.category == "dibao") & ~decided & here
    return Verdict(
        met=running,
        unclear=passed & (facts.law_gradual_exit_months > 0),
        unanswered=~decided & ~answered(facts, "verifications"),
        amount_fen=(running | passed).fill_null(False).ifelse(kept(facts, start), 0),
        due_on=(running | passed).fill_null(False).ifelse(ends, None),
    )


def kept(facts: ibis.Table, start: Any) -> Any:
    """What is kept a month (fen): the local share of the benefit on file, for the members who are left.

    Rounded up once. Where a street already writes the reduced amount on file, that is what is shared.
    """
    months, gone = facts.law_gradual_exit_months, completed_months(start, facts.as_of)
    part, whole = _share(facts.law_gradual_exit_formula, months, gone)
    step = facts.law_rounding_fen
    exact = facts.benefit_fen * facts.persons * part
    return divide_up(exact, ibis.greatest(facts.listed, 1) * whole * step) * step


def _share(formula: Any, months: Any, gone: Any) -> tuple[Any, Any]:
    """The part that is kept in the month after so many, as a whole number over another.

    In an uneven number of months the middle one belongs to the first half.
    """
    first_half = gone * 2 < months
    part = formula.cases(
        ("full", 2), ("half", 1), ("full_then_half", first_half.ifelse(2, 1)), else_=months - gone
    )
    whole = formula.isin(("full", "half", "full_then_half")).ifelse(2, ibis.greatest(months, 1))
    return ibis.greatest(part, 0), whole

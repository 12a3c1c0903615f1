"""The income a family declared, a year in fen, and whether it can be what it says."""

import ibis

from features.incomes import readings
from features.rules.money import MILLION

#: What the household's facts carry for this and no rule asks for.
USED = (
    "declared_fen",
    "declared_period",
    "declared_by_year_here",
    "law_declared_income_month_limit_standards",
)


def with_declared(facts: ibis.Table) -> ibis.Table:
    """Add declared_year_fen, declared_low_year_fen, declared_high_year_fen and declared_doubtful.

    Where the period is missing or cannot be right, declared_year_fen is null and the two readings differ:
    rules that raise a risk take the reading kinder to the family, so that a doubt never raises it.
    """
    found = readings(
        facts.declared_fen,
        facts.declared_period,
        facts.declared_by_year_here,
        facts.persons,
        facts.law_standard_fen,
        # Standards are whole millionths in the law's table.
        (facts.law_declared_income_month_limit_standards / MILLION),
    )
    added = facts.mutate(
        declared_year_fen=found.stated,
        declared_low_year_fen=found.low,
        declared_high_year_fen=found.high,
        declared_doubtful=found.doubtful,
    )
    return added.drop(*USED)

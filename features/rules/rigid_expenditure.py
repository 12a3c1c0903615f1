"""刚性支出困难家庭认定办法 (in force 2025-01-01): necessary spending that consumes a household's income."""

from datetime import date

import ibis

from features.rules.article_04_dibao import barred, below
from features.rules.core import Verdict, between, status
from features.rules.dates import months_later
from features.rules.money import MILLION


@status(
    article="《刚性支出困难家庭认定办法》",
    zh="刚性支出困难家庭",
    en="rigid expenditure",
    amount=("近12个月有记录的必要支出（元）", "necessary spending on record in 12 months (yuan)"),
    due=("认定有效期止", "the day until which it was found"),
    since=date(2025, 1, 1),
)
def rigid_expenditure(facts: ibis.Table) -> Verdict:
    """Necessary spending of twelve months over the local share of income before deductions.

    On record are medical costs the family paid, and fees of public schools less aid. What disability costs,
    and how much of a dearer school is necessary, only receipts say: with such members too little on record is
    no refusal. Households below the standard have dibao instead.
    """
    spent = facts.self_paid_year_fen + facts.school_cost_fen
    ratio = facts.law_rigid_expenditure_ratio
    enough_at_most = spent * MILLION > facts.gross_high_year_fen * ratio
    enough_at_least = spent * MILLION > facts.gross_low_year_fen * ratio
    unseen = (facts.disabled > 0) | (facts.dear_pupils > 0)
    dibao = below(facts, facts.line_dibao_fen)
    known = facts.rest_known & (facts.persons > 0)
    in_force = (facts.category == "rigid_expenditure").fill_null(False)
    return between(
        enough_at_most & known & ~barred(facts) & ~dibao,
        barred(facts) | dibao | (~enough_at_least & ~unseen),
        amount_fen=spent,
        due_on=in_force.ifelse(
            months_later(facts.granted_on, facts.law_rigid_expenditure_valid_months), None
        ),
    )

"""Art. 23: what should be paid, beside what is."""

from typing import Any

import ibis

from features.rules.core import Question, Verdict, rule

ARTICLE_23 = "《最低生活保障审核确认办法》第二十三条"


def short_fen(facts: ibis.Table, entitled: Any) -> Any:
    """What a month falls short of an entitlement; 0 where nothing is known to be paid."""
    return ibis.greatest(entitled - facts.benefit_fen, 0).fill_null(0)


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_23,
    zh="按标准与收入核算，每月少发 {yuan} 元",
    en="by standard and income, {yuan} yuan a month too little is paid",
    source="household_register",
    weight=3.0,
)
def paid_less_than_entitled(facts: ibis.Table) -> Verdict:
    """Certain where even the high income leaves more than is paid; unclear where only the low one does."""
    low, high = short_fen(facts, facts.entitled_low_fen), short_fen(facts, facts.entitled_high_fen)
    return Verdict(
        met=low > 0,
        unclear=high > 0,
        unanswered=facts.benefit_fen.isnull(),
        amount_fen=(low > 0).ifelse(low, high),
        event_on=facts.granted_on,
        known_on=facts.register_known_on,
    )

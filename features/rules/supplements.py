"""社会救助暂行办法, art. 12: more for those whom the standard alone leaves in hardship (分类施保)."""

from typing import Any

import ibis

from features.rules.article_23_amount import short_fen
from features.rules.core import Question, Verdict, rule, status
from features.rules.eligibility import amount, supplements
from features.rules.states import answered

ARTICLE_12 = "《社会救助暂行办法》第十二条（分类施保）"


def _told(facts: ibis.Table) -> Any:
    return answered(facts, "certificates") & answered(facts, "serious_illness")


@status(
    article=ARTICLE_12,
    zh="分类施保",
    en="categorised supplement",
    amount=("每月增发金额", "supplements a month"),
)
def categorised_supplement(facts: ibis.Table) -> Verdict:
    """A dibao or tekun household with members for whom the place pays more; a minor or an old one is known by
    age alone."""
    due = supplements(facts)
    covered = facts.category.isin(("dibao", "tekun")).fill_null(False)
    # Whose papers did not come is not refused: each amount that may still come is one the place pays.
    may_come = ~_told(facts) & (
        facts.law_supplement_severe_disability_fen + facts.law_supplement_serious_illness_fen > 0
    )
    return Verdict(met=covered & (due > 0), unanswered=covered & may_come, amount_fen=covered.ifelse(due, 0))


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_12,
    zh="重度残疾、重病、未成年或高龄成员的分类施保未发，每月 {yuan} 元",
    en="a categorised supplement is due and not paid, {yuan} yuan a month",
    source="certificates",
    weight=2.0,
)
def supplement_missed(facts: ibis.Table) -> Verdict:
    """What is paid is no more than the amount without supplements, while supplements are due."""
    due = supplements(facts)
    without = amount(facts, facts.income_high_year_fen) - due
    short = ibis.least(short_fen(facts, facts.entitled_low_fen), due)
    return Verdict(
        met=(due > 0) & (short > 0) & (facts.benefit_fen <= without),
        unclear=(due > 0) & (short_fen(facts, facts.entitled_high_fen) > 0),
        unanswered=~_told(facts),
        amount_fen=due,
        event_on=ibis.greatest(facts.disability_on, facts.ill_on),
        known_on=ibis.greatest(facts.disability_known_on, facts.ill_known_on),
    )

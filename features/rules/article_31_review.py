"""Art. 31: how often a household is verified again, and when next; classes A, B and C are local practice."""

from typing import Any

import ibis

from features.rules.core import Verdict, between, status
from features.rules.dates import months_later
from features.rules.states import answered

ARTICLE_31 = "《最低生活保障审核确认办法》第三十一条"
CLASSES = ("a", "b", "c")


def _unstable(facts: ibis.Table) -> Any:
    """Pay that comes and goes: casual, platform or business income, new or stopped wages, unemployment."""
    return (
        (facts.irregular_year_fen > 0)
        | (facts.business_year_fen > 0)
        | (facts.new_wage_count > 0)
        | (facts.wages_fallen_year_fen > 0)
        | (facts.unemployment_year_fen > 0)
    )


def _conditions(facts: ibis.Table) -> dict[str, tuple[Any, Any]]:
    """Code of a condition (`features.parameters.choices`) -> whether it surely holds, and whether it may."""
    unstable = _unstable(facts)
    seen = answered(facts, "withholding") & answered(facts, "contributions")
    able, may_be_able = facts.able > 0, facts.able + facts.ageless > 0
    new = (months_later(facts.granted_on, ibis.literal(12)) > facts.as_of).fill_null(False)
    return {
        "income_unstable": (unstable, unstable | ~seen),
        "able_to_work": (able, may_be_able),
        "newly_granted": (new, new | facts.granted_on.isnull()),
        "income_stable": (~unstable & seen, ~unstable),
        "none_able_to_work": (~may_be_able, ~able),
    }


def _all_hold(facts: ibis.Table, letter: str) -> tuple[Any, Any]:
    """Whether all conditions of a class surely hold, and whether they may; without any it is nobody's."""
    sure, possible, asked = ibis.literal(True), ibis.literal(True), ibis.literal(False)
    for code, (holds, may_hold) in _conditions(facts).items():
        named = facts[f"law_review_class_{letter}_when_{code}"]
        sure, possible = sure & (~named | holds), possible & (~named | may_hold)
        asked = asked | named
    return sure & asked, possible & asked


def with_classes(facts: ibis.Table) -> ibis.Table:
    """Add what classes A and C rest on, and whether pay comes and goes: computed once for four statuses."""
    (sure_a, may_be_a), (sure_c, may_be_c) = _all_hold(facts, "a"), _all_hold(facts, "c")
    return facts.mutate(
        surely_class_a=sure_a.fill_null(False),
        maybe_class_a=may_be_a.fill_null(True),
        surely_class_c=sure_c.fill_null(False),
        maybe_class_c=may_be_c.fill_null(True),
        unstable=_unstable(facts).fill_null(False),
    )


def _class(facts: ibis.Table, letter: str) -> Verdict:
    sure_a, may_be_a = facts.surely_class_a, facts.maybe_class_a
    sure_c, may_be_c = facts.surely_class_c, facts.maybe_class_c
    met, possible = {
        "a": (sure_a, may_be_a),
        "c": (sure_c & ~may_be_a, may_be_c & ~sure_a),
        "b": (~may_be_a & ~may_be_c, ~sure_a & ~sure_c),
    }[letter]
    here = facts.persons > 0
    return between(met & here, ~possible | ~here)


@status(article=ARTICLE_31, zh="复核 A 类", en="review class A")
def review_class_a(facts: ibis.Table) -> Verdict:
    """All conditions hold that the place names for class A."""
    return _class(facts, "a")


@status(article=ARTICLE_31, zh="复核 B 类", en="review class B")
def review_class_b(facts: ibis.Table) -> Verdict:
    """Neither A nor C."""
    return _class(facts, "b")


@status(article=ARTICLE_31, zh="复核 C 类", en="review class C")
def review_class_c(facts: ibis.Table) -> Verdict:
    """All conditions hold that the place names for class C, and not those for A."""
    return _class(facts, "c")


@status(
    article=ARTICLE_31,
    zh="复核到期",
    en="the next verification is due",
    due=("下次复核日期", "the day by which it is due"),
)
def review_due(facts: ibis.Table) -> Verdict:
    """So many months after the last visit at which somebody was met, or the grant.

    As many as the class on file says, else the class the rules give; never more than art. 31 allows.
    """
    sure = {letter: _class(facts, letter).met.fill_null(False) for letter in CLASSES}
    own = facts.review_class.lower()
    letter = own.fill_null(
        ibis.cases(*[(sure[letter], letter) for letter in CLASSES], else_=ibis.null("string"))
    )
    months = letter.cases(*[(one, facts[f"law_review_class_{one}_months"]) for one in CLASSES], else_=None)
    restless = facts.unstable & (facts.able > 0)
    most = restless.ifelse(facts.law_review_unstable_months_max, facts.law_review_stable_months_max)
    last = ibis.greatest(facts.reviewed_on, facts.granted_on)
    # The least of nothing and a limit would be the limit.
    due = months.isnull().ifelse(None, months_later(last, ibis.least(months, most)))
    return Verdict(met=due <= facts.as_of, unanswered=due.isnull(), due_on=due)

"""Art. 14: property in the members' names over the locality's limits."""

import ibis

from features.rules.core import Question, Verdict, rule
from features.rules.eligibility import limits_passed
from features.rules.states import answered

ARTICLE_14 = "《最低生活保障审核确认办法》第十四条"


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_14,
    zh="金融资产超过限额 {yuan} 元",
    en="financial assets exceed the limit by {yuan} yuan",
    source="balances",
    weight=3.0,
    also={Question.EXIT_DUE: 0.5},
)
def deposits_over_limit(facts: ibis.Table) -> Verdict:
    """Balances of all counted members together exceed the limit for so many people."""
    over = facts.deposit_fen - facts.persons * facts.deposit_limit_fen
    return Verdict(
        met=(over > 0) & (facts.persons > 0),
        unanswered=~answered(facts, "balances"),
        amount_fen=ibis.greatest(over, 0),
        event_on=facts.deposit_on,
        known_on=facts.deposit_known_on,
    )


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_14,
    zh="名下小型汽车超过价值限额，最高指导价 {yuan} 元",
    en="a car in a member's name is over the value limit, listed at {yuan} yuan",
    source="vehicles",
    weight=3.0,
    also={Question.EXIT_DUE: 0.5},
)
def vehicle_over_limit(facts: ibis.Table) -> Verdict:
    """A car over the limit, or more cars than allowed; a car without a price is unclear."""
    return Verdict(
        met=limits_passed(facts)["cars"],
        unclear=facts.cars_unpriced > 0,
        unanswered=~answered(facts, "vehicles"),
        amount_fen=facts.car_price_fen,
        event_on=facts.car_on,
        known_on=facts.car_known_on,
    )


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_14,
    zh="名下住房多于一套或有商铺，请核对套数与面积",
    en="more than one dwelling, or a shop, in the members' names",
    source="real_estate",
    weight=1.0,
)
def second_dwelling_or_shop(facts: ibis.Table) -> Verdict:
    """Over the number allowed, or several of more area a person than allowed, or a shop: met.

    A second dwelling within both: who lives there must be looked at.
    """
    return Verdict(
        met=limits_passed(facts)["dwellings"] | limits_passed(facts)["shops"],
        unclear=facts.dwellings > 1,
        unanswered=~answered(facts, "real_estate"),
        event_on=facts.home_on,
        known_on=facts.home_known_on,
    )


@rule(
    question=Question.HIDDEN_INCOME,
    article=ARTICLE_14,
    zh="名下有存续市场主体，注册资本 {yuan} 元",
    en="an active market entity in a member's name, registered capital {yuan} yuan",
    source="entities",
    weight=1.5,
    also={Question.EXIT_DUE: 0.5},
)
def market_entity_active(facts: ibis.Table) -> Verdict:
    """A company with capital over the limit, or more companies than allowed, and business income: met.

    Registered alone it may be idle, or opened on a lent identity; a person's own stall may be their living.
    """
    return Verdict(
        met=limits_passed(facts)["companies"],
        unclear=facts.companies + facts.individual_businesses > 0,
        unanswered=~answered(facts, "entities"),
        amount_fen=facts.company_capital_fen,
        event_on=facts.entity_on,
        known_on=facts.entity_known_on,
    )

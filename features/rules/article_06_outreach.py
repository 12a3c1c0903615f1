"""Art. 6: hardship that a street must act on unasked. Plane B only: nobody here has given authorisation.

Every rule leads to a visit that offers help. None is about a household already in a programme.
"""

from typing import Any

import ibis

from features.rules.core import Question, Universe, Verdict, rule
from features.rules.states import answered

ARTICLE_6 = "《最低生活保障审核确认办法》第六条（主动发现）"


def _outside(facts: ibis.Table) -> Any:
    """Not in a programme, and somebody alive to be visited."""
    return ~facts.in_programme.fill_null(False) & (facts.persons > 0)


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6 + "、第八条",
    zh="有重度残疾成员，未享受救助",
    en="a severely disabled member and no assistance",
    source="certificates",
    weight=1.0,
)
def severe_disability_without_benefit(facts: ibis.Table) -> Verdict:
    """A valid certificate of grade 1-2, or grade 3 of the mind."""
    return Verdict(
        met=_outside(facts) & (facts.single_disabled > 0),
        unanswered=~answered(facts, "certificates"),
        event_on=facts.disability_on,
        known_on=facts.disability_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6,
    zh="有重大疾病成员，近12个月医疗自付 {yuan} 元",
    en="a seriously ill member, {yuan} yuan paid by the family in 12 months",
    source="serious_illness",
    weight=1.0,
)
def illness_with_high_cost(facts: ibis.Table) -> Verdict:
    """On the register and the family's own costs reach the locality's figure; ill alone is unclear."""
    ill = _outside(facts) & (facts.ill > 0)
    return Verdict(
        met=ill & (facts.self_paid_year_fen >= facts.law_hardship_self_paid_yuan_year_fen),
        unclear=ill,
        unanswered=~(answered(facts, "serious_illness") & answered(facts, "settlements")),
        amount_fen=facts.self_paid_year_fen,
        event_on=facts.ill_on,
        known_on=facts.ill_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6,
    zh="失业保险金已领完，家中有在读子女",
    en="unemployment benefit has run out and children are in school",
    source="unemployment_benefits",
    weight=0.25,
)
def unemployment_ended_with_pupils(facts: ibis.Table) -> Verdict:
    """Benefit ran out within the year and somebody is in school; without pupils unclear."""
    ended = _outside(facts) & (facts.dole_ended > 0)
    return Verdict(
        met=ended & (facts.pupils > 0),
        unclear=ended,
        unanswered=~(answered(facts, "unemployment_benefits") & answered(facts, "enrolments")),
        event_on=facts.dole_ended_on,
        known_on=facts.dole_ended_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6,
    zh="老年人独自一户",
    en="an old person registered alone",
    source="residents",
    weight=1.25,
)
def old_alone(facts: ibis.Table) -> Verdict:
    """One member, of old age. Pensions need authorisation, so whether one is drawn is for the visit."""
    return Verdict(
        met=ibis.literal(False),
        unclear=_outside(facts) & facts.is_old_alone,
        unanswered=~answered(facts, "residents"),
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6 + "；防止返贫监测",
    zh="列入防返贫监测",
    en="on the watch list against falling back into poverty",
    source="poverty_watch",
    weight=2.5,
)
def poverty_watch_listed(facts: ibis.Table) -> Verdict:
    """Listed and not delisted on the date."""
    return Verdict(
        met=_outside(facts) & (facts.watched > 0),
        unanswered=~answered(facts, "poverty_watch"),
        event_on=facts.watched_on,
        known_on=facts.watched_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6,
    zh="网格员近半年上报困难或患病",
    en="a grid worker reported hardship or illness in the last half year",
    source="grid_reports",
    weight=2.0,
)
def grid_hardship_report(facts: ibis.Table) -> Verdict:
    """A report of hardship or illness; other kinds of report may not serve discovery."""
    return Verdict(
        met=_outside(facts) & (facts.hard_count > 0),
        unanswered=~answered(facts, "grid_reports"),
        event_on=facts.hard_on,
        known_on=facts.hard_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6 + "；《社会救助暂行办法》第十八条（特困）",
    zh="家中有孤儿",
    en="an orphan in the household",
    source="other_benefits",
    weight=1.25,
)
def orphan(facts: ibis.Table) -> Verdict:
    """An orphan allowance is paid to a member."""
    return Verdict(
        met=_outside(facts) & (facts.orphans > 0),
        unanswered=~answered(facts, "other_benefits"),
        event_on=facts.orphan_on,
        known_on=facts.orphan_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6 + "；《社会救助暂行办法》第四十七条",
    zh="近期领取临时救助",
    en="temporary relief is being paid",
    source="other_benefits",
    weight=1.5,
)
def temporary_relief_running(facts: ibis.Table) -> Verdict:
    """Somebody already found the family in urgent need."""
    return Verdict(
        met=_outside(facts) & (facts.reliefs > 0),
        unanswered=~answered(facts, "other_benefits"),
        event_on=facts.relief_on,
        known_on=facts.relief_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6,
    zh="租住公租房，且有病残、失业或困难上报，月租 {yuan} 元",
    en="public rental housing together with illness, disability, lost work or a report, rent {yuan} yuan",
    source="public_rental",
    weight=0.75,
)
def public_rental_with_hardship(facts: ibis.Table) -> Verdict:
    """A tenant with one more sign of hardship; a tenant alone is no finding."""
    sign = (facts.single_disabled > 0) | (facts.ill > 0) | (facts.dole_ended > 0) | (facts.hard_count > 0)
    return Verdict(
        met=_outside(facts) & (facts.rentals > 0) & sign,
        unanswered=~answered(facts, "public_rental"),
        amount_fen=facts.rent_fen,
        event_on=facts.rental_on,
        known_on=facts.rental_known_on,
    )


@rule(
    question=Question.UNAPPLIED_ELIGIBLE,
    universe=Universe.REGISTER,
    article=ARTICLE_6,
    zh="耕地少且有重病或重残成员",
    en="little land, and a seriously ill or severely disabled member",
    source="land_subsidies",
    weight=0.75,
)
def little_land_and_illness(facts: ibis.Table) -> Verdict:
    """Rural: land per person below the locality's figure, with illness or disability. No land on record may
    also mean another trade, so it counts only together with them."""
    little = facts.land_millionth_mu < facts.persons * facts.law_hardship_land_mu_per_person
    sign = (facts.single_disabled > 0) | (facts.ill > 0)
    return Verdict(
        met=_outside(facts) & (facts.urban_rural == "rural") & little & sign,
        unanswered=~(answered(facts, "land_subsidies") & answered(facts, "serious_illness")),
        known_on=facts.land_known_on,
    )

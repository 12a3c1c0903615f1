"""社会救助暂行办法 and its neighbours: what a household may be entitled to beside dibao (一户一策).

Each says that somebody in the household may be entitled to something nobody there has: an offer to make.
"""

import ibis

from features.rules.core import Universe, Verdict, between, status
from features.rules.states import answered

BOTH = (Universe.ON_FILE, Universe.REGISTER)
INTERIM = "《社会救助暂行办法》"


@status(
    article=INTERIM + "第二十八条",
    zh="医疗救助",
    en="medical assistance",
    universes=BOTH,
    amount=("近12个月医疗自付（元）", "medical costs the family paid in 12 months (yuan)"),
)
def programme_medical(facts: ibis.Table) -> Verdict:
    """Somebody is seriously ill, or what the family paid itself reaches the local figure."""
    high = facts.self_paid_year_fen >= facts.law_hardship_self_paid_yuan_year_fen
    return Verdict(
        met=(facts.persons > 0) & ((facts.ill > 0) | high),
        unanswered=~(answered(facts, "serious_illness") & answered(facts, "settlements")),
        amount_fen=facts.self_paid_year_fen,
    )


@status(article=INTERIM + "第三十三条", zh="教育救助", en="education assistance")
def programme_education(facts: ibis.Table) -> Verdict:
    """A member at school without aid."""
    return Verdict(met=facts.pupils > facts.aided, unanswered=~answered(facts, "enrolments"))


@status(article=INTERIM + "第三十七条", zh="住房救助", en="housing assistance")
def programme_housing(facts: ibis.Table) -> Verdict:
    """No home in the members' names and no public rental; in whose home they live, the visit asks."""
    none = (facts.persons > 0) & (facts.dwellings + facts.homesteads + facts.rentals == 0)
    told = answered(facts, "real_estate") & answered(facts, "public_rental")
    return between(none & told, ~none)


@status(
    article="《国务院关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见》（国发〔2015〕52号）",
    zh="残疾人两项补贴",
    en="the two subsidies to disabled persons",
    universes=BOTH,
)
def programme_disability(facts: ibis.Table) -> Verdict:
    """More severely disabled members than draw a subsidy, or in a dibao household more disabled ones."""
    open_ = facts.disabled > facts.disability_drawn
    entitled = (facts.severe > facts.disability_drawn) | ((facts.category == "dibao") & open_)
    told = answered(facts, "certificates") & answered(facts, "other_benefits")
    return Verdict(met=entitled, unclear=open_, unanswered=~told)


@status(article=INTERIM + "第四十二条", zh="就业救助", en="help to find work")
def programme_employment(facts: ibis.Table) -> Verdict:
    """More members able to work than are seen insured. An offer of help, and no finding against anybody."""
    idle = facts.able > facts.based
    told = answered(facts, "contributions") & answered(facts, "certificates")
    return between(idle & told, ~idle & (facts.ageless == 0))


@status(
    article="《中华人民共和国老年人权益保障法》第三十三条（高龄津贴）",
    zh="高龄津贴",
    en="allowance for the very old",
    universes=BOTH,
)
def programme_old_age(facts: ibis.Table) -> Verdict:
    """More members of the age the place names than draw the allowance."""
    return Verdict(
        met=facts.supplement_old > facts.old_age_drawn, unanswered=~answered(facts, "other_benefits")
    )

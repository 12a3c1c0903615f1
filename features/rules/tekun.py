"""特困人员认定办法: no labour ability, no source of living, no able supporter: what records show."""

import ibis

from features.rules.article_04_dibao import barred, below, reaches
from features.rules.core import Universe, Verdict, between, status
from features.rules.states import answered


@status(
    article="《特困人员认定办法》第四条",
    zh="特困迹象：成员均无劳动能力且无生活来源；有无赡养、抚养义务人请入户了解",
    en="signs of tekun: nobody able to work, no source of living; who must support them, a visit asks",
    universes=(Universe.ON_FILE, Universe.REGISTER),
)
def tekun(facts: ibis.Table) -> Verdict:
    """Every member is a child, old or severely disabled, and income is surely below the tekun standard.

    No record says who must support them: so these are signs, and the visit asks.
    """
    line = facts.line_tekun_fen
    unable = facts.persons == facts.unable
    may_be = facts.persons <= facts.unable + facts.ageless
    told = answered(facts, "certificates")
    return between(unable & below(facts, line), barred(facts) | reaches(facts, line) | (~may_be & told))

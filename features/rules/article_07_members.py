"""Art. 7, and the 2022 notice on deaths: who is still a member of the household that is paid, and once."""

import ibis

from features.rules.core import Question, Verdict, rule, status
from features.rules.dates import months_later
from features.rules.states import answered

ARTICLE_7 = "《最低生活保障审核确认办法》第七条"
NOTICE_ON_DEATHS = "2022-10-20 通知（民发〔2022〕83号）：死亡后3个月内完成处理"


@rule(
    question=Question.EXIT_DUE,
    article=NOTICE_ON_DEATHS,
    zh="成员已有死亡登记，仍计入保障人口，每月涉及 {yuan} 元",
    en="a member's death is on record and still counted, {yuan} yuan a month",
    source="deaths",
    weight=4.0,
)
def death_not_followed_up(facts: ibis.Table) -> Verdict:
    """A listed member is on the death register."""
    return Verdict(
        met=facts.death_count > 0,
        unanswered=~answered(facts, "deaths"),
        amount_fen=facts.death_count * facts.law_standard_fen,
        event_on=facts.death_on,
        known_on=facts.death_known_on,
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_7,
    zh="成员户籍已注销，未见死亡登记，请核实去向，每月涉及 {yuan} 元",
    en="a member's hukou was cancelled with no death on record: ask where they are, {yuan} yuan a month",
    source="residents",
    weight=3.0,
)
def registration_cancelled(facts: ibis.Table) -> Verdict:
    """A listed member's hukou was cancelled; why is for the visit to say."""
    return Verdict(
        met=facts.cancelled_count > 0,
        unanswered=~answered(facts, "residents"),
        amount_fen=facts.cancelled_count * facts.law_standard_fen,
        event_on=facts.cancelled_on,
        known_on=facts.cancelled_known_on,
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_7,
    zh="成员正在羁押服刑，不计入保障人口，每月涉及 {yuan} 元",
    en="a member is in custody and does not count, {yuan} yuan a month",
    source="custody",
    weight=4.0,
)
def member_in_custody(facts: ibis.Table) -> Verdict:
    """A listed member is in custody on the date."""
    return Verdict(
        met=facts.custody_count > 0,
        unanswered=~answered(facts, "custody"),
        amount_fen=facts.custody_count * facts.law_standard_fen,
        event_on=facts.custody_on,
        known_on=facts.custody_known_on,
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_7,
    zh="成员在纳入后结婚，配偶不在本户，请核实是否仍共同生活，每月涉及 {yuan} 元",
    en="a member married after the grant and the spouse is not in the household, {yuan} yuan a month",
    source="marriages",
    weight=2.0,
)
def member_married_out(facts: ibis.Table) -> Verdict:
    """Married since the grant to somebody elsewhere: with others in the household it is a member leaving;
    of a person alone it may be that the spouse moved in."""
    return Verdict(
        met=(facts.married_count > 0) & (facts.persons > 1),
        unclear=facts.married_count > 0,
        unanswered=~answered(facts, "marriages"),
        amount_fen=facts.married_count * facts.law_standard_fen,
        event_on=facts.married_on,
        known_on=facts.married_known_on,
    )


@rule(
    question=Question.EXIT_DUE,
    article=ARTICLE_7,
    zh="成员居住地已迁出本区县，每月涉及 {yuan} 元",
    en="members now reside in another district, {yuan} yuan a month",
    source="residents",
    weight=4.0,
)
def moved_away(facts: ibis.Table) -> Verdict:
    """All members reside elsewhere: moved. Some of them: for the visit to say."""
    return Verdict(
        met=(facts.moved_count > 0) & (facts.moved_count >= facts.persons),
        unclear=facts.moved_count > 0,
        unanswered=~answered(facts, "residents"),
        amount_fen=facts.moved_count * facts.law_standard_fen,
        event_on=facts.moved_on,
        known_on=facts.moved_known_on,
    )


@status(
    article=NOTICE_ON_DEATHS,
    zh="死亡成员逾期未处理",
    en="a member's death was not followed up in time",
    amount=("每月涉及金额", "a month"),
    due=("处理期限", "the day by which it is to be followed up"),
)
def death_follow_up_overdue(facts: ibis.Table) -> Verdict:
    """The first of the deaths on record of listed members is longer ago than the notice allows."""
    due = months_later(facts.death_first_on, facts.law_death_follow_up_months)
    return Verdict(
        met=(facts.death_count > 0) & (due < facts.as_of),
        unanswered=~answered(facts, "deaths"),
        amount_fen=facts.death_count * facts.law_standard_fen,
        due_on=due,
    )


@status(
    article=ARTICLE_7 + "；《特困人员认定办法》（孤儿、特困不重复享受）",
    zh="重复保障",
    en="covered twice",
)
def covered_twice(facts: ibis.Table) -> Verdict:
    """A member who counts in two households on file, or an orphan's living beside tekun."""
    orphan = (facts.category == "tekun") & (facts.orphans > 0)
    return Verdict(met=(facts.twice > 0) | orphan, unanswered=~answered(facts, "other_benefits"))

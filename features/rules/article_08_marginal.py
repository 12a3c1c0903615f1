"""Art. 8: marginal households, and the persons in them who may be covered alone."""

import ibis

from features.rules.article_04_dibao import barred, below, reaches
from features.rules.core import Question, Verdict, between, rule, status
from features.rules.eligibility import monthly, rounded_up
from features.rules.facts.households import MARGINAL
from features.rules.states import answered

ARTICLE_8 = "《最低生活保障审核确认办法》第八条"


@status(article=ARTICLE_8, zh="低保边缘家庭", en="marginal household")
def dibao_marginal(facts: ibis.Table) -> Verdict:
    """Income a person from the standard to below the marginal line, property within the limits."""
    standard, line = facts.line_dibao_fen, facts.line_marginal_fen
    poorer = facts.income_high_year_fen < facts.persons * standard
    return between(
        reaches(facts, standard) & below(facts, line), barred(facts) | reaches(facts, line) | poorer
    )


@status(
    code="single_person_dibao",
    article=ARTICLE_8,
    zh="单人保",
    en="a person of a marginal household, covered alone",
    amount=("每月保障金额（每名可单独保障的成员按低保标准）", "a month: the standard for each such person"),
)
def coverable_alone(facts: ibis.Table) -> Verdict:
    """A severely disabled or seriously ill member of a marginal household; each person once."""
    marginal = dibao_marginal.expression(facts)
    persons = facts.covered_alone
    told = answered(facts, "certificates") & answered(facts, "serious_illness")
    refused = ~marginal.unclear.fill_null(False) | ((persons == 0) & told)
    met = (marginal.met & (persons > 0)).fill_null(False)
    possible = rounded_up(facts, persons * facts.line_dibao_fen)
    return between(met, refused, amount_fen=(met | ~refused).ifelse(possible, 0))


@rule(
    question=Question.UNDERPAID,
    article=ARTICLE_8,
    zh="低保边缘家庭中有重残或重病成员，可参照单人户纳入低保，每月约 {yuan} 元",
    en="a severely disabled or seriously ill member of a marginal household, coverable alone: {yuan} yuan",
    source="certificates",
    weight=1.5,
)
def single_person_dibao(facts: ibis.Table) -> Verdict:
    """Certain where the household is certainly marginal; the person applies of their own will (art. 28)."""
    person = (facts.single_disabled > 0) | (facts.ill > 0)
    unpaid = facts.benefit_fen.fill_null(0) == 0
    marginal = facts.category.isin(MARGINAL) & person & unpaid
    return Verdict(
        met=marginal & (facts.eligibility == "eligible"),
        unclear=marginal & (facts.eligibility == "unknown"),
        unanswered=~(answered(facts, "certificates") & answered(facts, "serious_illness")),
        amount_fen=monthly(facts.line_dibao_fen),
        event_on=ibis.greatest(facts.disability_on, facts.ill_on),
        known_on=ibis.greatest(facts.disability_known_on, facts.ill_known_on),
    )

"""Puts facts, eligibility and rules together: one judgement a household, and its findings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis

from features.parameters import Parameters, in_force
from features.rules.article_31_review import with_classes
from features.rules.core import Question, Rule, Status, Universe
from features.rules.eligibility import monthly, with_answer, with_income
from features.rules.facts.assemble import Keep, assemble
from features.rules.facts.rows import Tables
from features.rules.listed import RULES, STATUSES
from features.rules.money import yuan
from features.rules.states import confidence

#: An unclear verdict gives this share of a rule's points: a question is worth a visit less than a fact.
UNCLEAR_SHARE = 0.4
#: Amounts only break ties: at most this much, below the least points of any rule.
TIE_BREAK = 0.05
#: What the judgement keeps of the facts.
RESULTS = (
    "household_id",
    "eligibility",
    "income_low_year_fen",
    "income_high_year_fen",
    "law_standard_fen",
    "entitled_low_fen",
    "entitled_high_fen",
    "benefit_fen",
    "missing_item",
    "article",
)
SCORED = tuple(Question)


@dataclass(frozen=True)
class Judgement:
    """Two expressions over one engine; nothing has run yet.

    judgements: one row a household (household_id, eligibility, income_low_yuan, income_high_yuan,
    standard_yuan, entitled_low_yuan, entitled_high_yuan, benefit_yuan, missing_item, article, rule_score_*,
    underpaid_yuan, and for every status of the universe `status_<code>` (true, unknown, unanswered, false)
    with `_yuan` and `_on` where it is declared to have them). findings: one row a household and rule met or
    unclear (household_id, rule, question, verdict true|unknown, amount_yuan, zh, en, article, department,
    event_on, known_on, confidence).
    verdicts: the wide table both come from; cache it where both are written.
    """

    verdicts: ibis.Table
    universe: Universe

    @property
    def judgements(self) -> ibis.Table:
        """See the class."""
        return judgements(self.verdicts, self.universe)

    @property
    def findings(self) -> ibis.Table:
        """See the class."""
        return findings(self.verdicts, self.universe)


def judge(
    profile: ibis.Table, tables: Tables, as_of: date, parameters: Parameters, universe: str = "on_file"
) -> Judgement:
    """Judge every household of a profile (see the package's own text for what is needed).

    KeyError names tables that are missing; `UserError` a district or date without parameters.
    """
    return describe(profile, tables, ibis.literal(as_of), in_force(parameters, as_of), universe)


def as_it_is(name: str, table: ibis.Table) -> ibis.Table:
    """Hold nothing: the whole judgement is one expression."""
    del name
    return table


def describe(
    profile: ibis.Table,
    tables: Tables,
    as_of: Any,
    values: ibis.Table,
    universe: str = "on_file",
    keep: Keep = as_it_is,
) -> Judgement:
    """The same where the date is an expression and intermediates are held by the caller.

    values: `features.parameters.in_force` of the date. keep: takes a name and an expression and returns the
    table that stands for it; with it the judgement compiles in a fraction of the time.
    """
    where = Universe(universe)
    facts = assemble(profile, tables, as_of, values, where, keep)
    if where is Universe.REGISTER:
        facts = _without_file(facts)
    answers = with_answer(with_income(facts))
    if where is Universe.ON_FILE:
        answers = with_classes(answers)
    answers = keep("law_answers", answers)
    return Judgement(keep("law_verdicts", with_verdicts(answers, where)), where)


def _without_file(facts: ibis.Table) -> ibis.Table:
    """A family that never applied: plane A holds nothing, and says nothing."""
    nothing = ibis.literal(0, "int64")
    whole = (
        "earned_year_fen",
        "earned_high_year_fen",
        "earned_before_year_fen",
        "business_year_fen",
        "pension_year_fen",
        "based",
        "deposit_fen",
        "cars",
        "cars_over",
        "dwellings",
        "dwelling_area",
        "shops",
        "companies",
        "company_capital_fen",
    )
    silent = ("withholding", "contributions", "pensions", "balances", "real_estate", "vehicles", "entities")
    states = {f"{source}_state": ibis.literal("not_authorised") for source in silent}
    return facts.mutate(**dict.fromkeys(whole, nothing), **states)


def rules_of(universe: Universe) -> tuple[Rule, ...]:
    """The rules that speak of a universe."""
    return tuple(rule for rule in RULES if rule.universe is universe)


def statuses_of(universe: Universe) -> tuple[Status, ...]:
    """The statuses that are told of a universe."""
    return tuple(status for status in STATUSES if universe in status.universes)


def with_verdicts(facts: ibis.Table, universe: Universe) -> ibis.Table:
    """Add for each rule: `<code>__verdict` (true, unknown, unanswered, false), amount, dates, confidence.

    Beside them what every status of the universe says.
    """
    columns: dict[str, Any] = {}
    for rule in rules_of(universe):
        verdict = rule.expression(facts)
        columns[f"{rule.code}__verdict"] = verdict.word()
        amount = ibis.null("int64") if verdict.amount_fen is None else verdict.amount_fen.cast("int64")
        columns[f"{rule.code}__amount"] = amount
        columns[f"{rule.code}__event_on"] = _day(verdict.event_on)
        columns[f"{rule.code}__known_on"] = _day(verdict.known_on)
        columns[f"{rule.code}__confidence"] = confidence(facts, rule.source)
    return facts.select(*RESULTS, **columns, **_with_statuses(facts, universe))


def _with_statuses(facts: ibis.Table, universe: Universe) -> dict[str, Any]:
    """For each status `status_<code>` (true, unknown, unanswered, false), its amount (fen) and its day."""
    columns: dict[str, Any] = {}
    for status in statuses_of(universe):
        verdict, name = status.expression(facts), f"status_{status.code}"
        word = verdict.word()
        if status.since:
            word = (facts.as_of >= ibis.literal(status.since)).ifelse(word, "false")
        columns[name] = word
        if status.amount:
            columns[f"{name}_fen"] = verdict.amount_fen.cast("int64").fill_null(0)
        if status.due:
            columns[f"{name}_on"] = _day(verdict.due_on)
    return columns


def _day(value: Any) -> Any:
    return ibis.null("date") if value is None else value.cast("date")


def judgements(verdicts: ibis.Table, universe: Universe) -> ibis.Table:
    """One row a household; money DECIMAL(18,2) a month, scores DOUBLE."""
    underpaid = ibis.greatest(verdicts.entitled_low_fen - verdicts.benefit_fen, 0).fill_null(0)
    eligible = verdicts.eligibility == "eligible"
    told = amounts(verdicts)
    if universe is Universe.REGISTER:
        told["income_high_yuan"] = yuan(ibis.null("int64"))
    return verdicts.select(
        "household_id",
        "eligibility",
        **told,
        benefit_yuan=yuan(verdicts.benefit_fen),
        missing_item=verdicts.missing_item,
        article=verdicts.article,
        **{f"rule_score_{question}": score(verdicts, universe, question) for question in SCORED},
        underpaid_yuan=yuan(eligible.ifelse(underpaid, 0)),
        **_status_columns(verdicts, universe),
    )


def amounts(answers: ibis.Table) -> dict[str, Any]:
    """Bounds on income, the standard and bounds on the amount, DECIMAL(18,2) yuan a month, by name."""
    told = {
        "income_low": monthly(answers.income_low_year_fen),
        "income_high": monthly(answers.income_high_year_fen),
        "standard": answers.law_standard_fen,
        "entitled_low": answers.entitled_low_fen,
        "entitled_high": answers.entitled_high_fen,
    }
    return {f"{name}_yuan": yuan(fen) for name, fen in told.items()}


def result_names(universe: Universe) -> list[str]:
    """The columns of `judgements`, in their order."""
    money = ("income_low", "income_high", "standard", "entitled_low", "entitled_high", "benefit")
    names = ["household_id", "eligibility", *(f"{name}_yuan" for name in money), "missing_item", "article"]
    names += [*(f"rule_score_{question}" for question in SCORED), "underpaid_yuan"]
    for status in statuses_of(universe):
        parts = ("", *(("_yuan",) if status.amount else ()), *(("_on",) if status.due else ()))
        names += [f"status_{status.code}{part}" for part in parts]
    return names


def _status_columns(verdicts: ibis.Table, universe: Universe) -> dict[str, Any]:
    """Statuses as they are told: amounts in yuan."""
    columns: dict[str, Any] = {}
    for status in statuses_of(universe):
        name = f"status_{status.code}"
        columns[name] = verdicts[name]
        if status.amount:
            columns[f"{name}_yuan"] = yuan(verdicts[f"{name}_fen"])
        if status.due:
            columns[f"{name}_on"] = verdicts[f"{name}_on"]
    return columns


def score(verdicts: ibis.Table, universe: Universe, question: Question) -> Any:
    """How strongly rules alone would put a household on a list (DOUBLE, 0 not at all).

    The sum of the points of rules met, with `UNCLEAR_SHARE` of them where unclear, as a bureau would count
    signs: one near-certain fact (3-4) outranks several hints (1-2), two facts outrank one. The greatest
    amount at stake, against the standard, breaks ties.
    """
    points: Any = ibis.literal(0.0)
    stake: Any = ibis.literal(0, "int64")
    for rule in rules_of(universe):
        weight = rule.points(question)
        if weight == 0:
            continue
        verdict = verdicts[f"{rule.code}__verdict"]
        share = verdict.cases(("true", 1.0), ("unknown", UNCLEAR_SHARE), else_=0.0)
        points = points + share * weight
        stake = ibis.greatest(stake, (share > 0).ifelse(verdicts[f"{rule.code}__amount"].fill_null(0), 0))
    size = stake.cast("float64")
    tie = TIE_BREAK * size / (size + verdicts.law_standard_fen.fill_null(100_000) + 1)
    return (points > 0).ifelse(points + tie, 0.0)


def findings(verdicts: ibis.Table, universe: Universe) -> ibis.Table:
    """One row a household and rule that is met or unclear, with the sentence, the article and the dates."""
    # Each rule's few columns are scanned: an array of all rules a household would be built to be thrown away.
    return ibis.union(*[_found(verdicts, rule) for rule in rules_of(universe)])


def _found(verdicts: ibis.Table, rule: Rule) -> ibis.Table:
    rows = verdicts.filter(verdicts[f"{rule.code}__verdict"].isin(("true", "unknown")))
    amount = yuan(rows[f"{rule.code}__amount"])
    written = amount.cast("string").fill_null("0.00")
    return rows.select(
        "household_id",
        rule=ibis.literal(rule.code),
        question=ibis.literal(str(rule.question)),
        verdict=rows[f"{rule.code}__verdict"],
        amount_yuan=amount,
        zh=ibis.literal(rule.zh).replace("{yuan}", written),
        en=ibis.literal(rule.en).replace("{yuan}", written),
        article=ibis.literal(rule.article),
        department=ibis.literal(rule.department),
        event_on=rows[f"{rule.code}__event_on"],
        known_on=rows[f"{rule.code}__known_on"],
        confidence=rows[f"{rule.code}__confidence"],
    )

"""The steps of the computation as expressions over what the judge kept: nothing is worked out twice.

`law_answers`, `law_members`, `law_absent` and `law_present` are what `features.rules.describe` keeps; incomes
of members come from the same rows as the household's facts, summed by person instead of by household.
"""

from typing import Any

import ibis

from features.incomes import year_fen
from features.rules import eligibility
from features.rules.facts import income
from features.rules.facts.rows import Tables, joined, open_on
from features.rules.money import MONTHS, divide_down

#: What a household's amount is made of, by which of the two incomes it rests on.
CASES = {"low": "income_high_year_fen", "high": "income_low_year_fen"}
SUPPLEMENTS = {
    "severe": "law_supplement_severe_disability_fen",
    "ill": "law_supplement_serious_illness_fen",
    "minors": "law_supplement_child_fen",
    "supplement_old": "law_supplement_old_age_fen",
}


def household_steps(answers: ibis.Table) -> ibis.Table:
    """One row a household: every fact of the judge, and the named steps between them (fen, int64).

    gross_year_fen, deduction_year_fen: income on record before medical costs, and those costs, as far as
    they are deducted; `possible_` the same with jobs of unknown wage; standing_year_fen: what the family
    declared less wages that stopped. basis_<case>_fen, rounded_<case>_fen, supplement_<kind>_fen: the amount.
    """
    gross = eligibility.gross(answers, answers.earned_year_fen)
    possible = eligibility.gross(answers, answers.earned_high_year_fen)
    steps: dict[str, Any] = {
        "interest_year_fen": eligibility.deposit_interest(answers),
        "gross_year_fen": gross,
        "deduction_year_fen": eligibility.medical_deduction(answers, gross),
        "possible_gross_year_fen": possible,
        "possible_deduction_year_fen": eligibility.medical_deduction(answers, possible),
        "standing_year_fen": eligibility.standing_income(answers),
        "line_year_fen": answers.persons * answers.line_fen,
        "deposit_limit_all_fen": answers.persons * answers.deposit_limit_fen,
        "company_over": eligibility.company_over(answers),
        **{f"passed_{code}": passed for code, passed in eligibility.limits_passed(answers).items()},
    }
    for case, income_of in CASES.items():
        basis = eligibility.amount_basis(answers, answers[income_of])
        steps[f"basis_{case}_fen"] = basis
        steps[f"rounded_{case}_fen"] = eligibility.rounded_up(answers, basis)
    heads = ibis.greatest(answers.persons, 1)
    for bound in ("low", "high"):
        steps[f"per_head_{bound}_fen"] = divide_down(answers[f"income_{bound}_year_fen"], MONTHS * heads)
    for kind, each in SUPPLEMENTS.items():
        steps[f"supplement_{kind}_fen"] = answers[kind] * answers[each]
    return answers.mutate(**steps)


def member_steps(members: ibis.Table, absent: ibis.Table) -> ibis.Table:
    """One row a person listed: born_on; `why` they do not count, gone_on, gone_known_on, or null."""
    away = absent.select("household_id", "person_id", "why", "gone_on", "gone_known_on")
    beside = members.left_join(away, ["household_id", "person_id"], rname="away_{name}")
    return beside.select("household_id", "person_id", "born_on", "why", "gone_on", "gone_known_on")


def income_steps(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """One row a person and kind of income: household_id, person_id, code, source, amount_fen, dates.

    amount_fen: a year, int64; what is taken off is negative. known_on: the last record's arrival; first_on,
    last_on: the months or dates it speaks of.
    """
    months = income.earned_months(tables, present, as_of)
    months = months.filter(months.turn == 0)
    earned = months.group_by(["household_id", "person_id"]).agg(
        **{name: months[name].sum().cast("int64") for name in ("wage", "telling", "sure", "other")},
        low=months.low.sum().cast("int64"),
        high=months.high.sum().cast("int64"),
        scale=income.per_year(months.window.max()),
        first_on=months.earned_on.min(),
        last_on=months.earned_on.max(),
        known_on=months.earned_known_on.max(),
    )
    job = (earned.wage >= earned.telling).ifelse("withholding", "contributions")
    parts = [
        _kind(earned, "wages", job, earned.sure * earned.scale),
        _kind(earned, "labour", "withholding", earned.other * earned.scale),
        _kind(earned, "employment_cost", None, (earned.low - earned.sure - earned.other) * earned.scale),
        _kind(earned, "wage_unknown", "contributions", (earned.high - earned.low) * earned.scale),
        _summed(income.business_months(tables, present, as_of), "business", "withholding"),
        _summed(income.pension_months(tables, present, as_of), "pension", "pensions", "gross"),
        _summed(income.pension_months(tables, present, as_of), "pension_left_out", "pensions", "left_out"),
        _summed(income.unemployment_months(tables, present, as_of), "unemployment", "unemployment_benefits"),
        _yearly(income.land_rows(tables, present, as_of), "land"),
        _yearly(income.land_rows(tables, present, as_of, counted=False), "land_left_out"),
        _programmes(tables, present, as_of),
    ]
    every = ibis.union(*parts)
    return every.filter(every.amount_fen != 0)


def _kind(rows: ibis.Table, code: Any, source: Any, amount_fen: Any) -> ibis.Table:
    told = ibis.null("string") if source is None else source
    return rows.select(
        "household_id",
        "person_id",
        code=ibis.literal(code) if isinstance(code, str) else code,
        source=ibis.literal(told) if isinstance(told, str) else told,
        amount_fen=amount_fen.cast("int64"),
        first_on=rows.first_on,
        last_on=rows.last_on,
        known_on=rows.known_on,
    )


def _summed(kept: ibis.Table, code: str, source: str, what: str = "amount") -> ibis.Table:
    """Rows of the latest window by person, a year; `left_out` is what counts for less than it is."""
    kept = kept.mutate(left_out=kept.amount - kept.gross)
    sums = kept.group_by(["household_id", "person_id"]).agg(
        sum=kept[what].sum().cast("int64"),
        scale=income.per_year(kept.law_income_window_months.max()),
        first_on=kept.month.min(),
        last_on=kept.month.max(),
        known_on=kept.received_on.max(),
    )
    return _kind(sums, code, source, sums["sum"] * sums.scale)


def _yearly(rows: ibis.Table, code: str) -> ibis.Table:
    # A subsidy is of a year, not of a day.
    year = ibis.date(rows.year.cast("int32"), 12, 31)
    sums = rows.group_by(["household_id", "person_id"]).agg(
        sum=rows.amount.sum().cast("int64"),
        first_on=year.min(),
        last_on=year.max(),
        known_on=rows.received_on.max(),
    )
    return _kind(sums, code, "land_subsidies", sums["sum"])


def _programmes(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Relief of other programmes, running on the date; apart from it allowances that some places count."""
    rows = joined(tables, "other_benefits", present)
    rows = rows.filter(open_on(rows, as_of))
    allowances = [(code, f"{code}_allowance") for code in ("old_age", "disability")]
    rows = rows.mutate(code=rows.programme.cases(*allowances, else_="programmes_left_out"))
    sums = rows.group_by(["household_id", "person_id", "code"]).agg(
        sum=year_fen(rows, "other_benefits.amount_yuan_month").sum().cast("int64"),
        first_on=rows["from"].min(),
        last_on=rows["from"].max(),
        known_on=rows.received_on.max(),
    )
    return _kind(sums, sums.code, "other_benefits", sums["sum"])

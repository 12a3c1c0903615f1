"""The household itself: place, category, what it declared, what it is paid, and the law that holds there."""

from typing import Any

import ibis

from features.parameters.declared import DECLARED, Unit
from features.rules.facts.rows import Tables
from features.rules.money import MILLION, MONTHS, divide_up, fen, millionths

HEAD = (
    "household_id",
    "number",
    "district_code",
    "urban_rural",
    "category",
    "in_programme",
    "authorised",
)
#: Values that hold for the household's people only; the household's own facts need them no more.
FOR_PEOPLE = (
    "law_working_age_from",
    "law_working_age_until",
    "law_old_age_from",
    "law_supplement_old_age_from",
    "law_severe_disability_grade",
    "law_income_window_months",
    "law_necessary_employment_cost_fen",
    "law_contribution_base_floor_fen",
    "law_resident_basic_pension_not_counted_fen",
    "law_land_subsidy_counted",
    "law_homestead_counted",
    "law_vehicle_value_limit_fen",
    "law_streets_declaring_by_year",
)
#: Columns that are folded into the lines, limits and terms below.
FOLDED = (
    "law_marginal_factor",
    "law_tekun_factor",
    "law_deposit_limit_months",
    "law_income_deductible_employment_cost",
    "law_income_deductible_illness_cost",
    "law_income_deductible_disability_cost",
    "law_income_deductible_education_cost",
    "law_gradual_exit_months_max",
    "law_rigid_expenditure_valid_months_max",
)
#: Parameters no rule asks for: staff, the linter and replays read them. A rule that does takes its own out.
UNREAD = (
    "hidden_income_materiality_months",
    "clock_survey_working_days",
    "clock_record_check_working_days",
    "clock_public_notice_days",
    "clock_county_opinion_working_days",
    "clock_refusal_notice_working_days",
    "clock_decision_working_days",
    "clock_decision_longest_working_days",
    "clock_street_decision_working_days",
    "refusal_grounds",
    "street_decides",
    "public_notice_days",
    "clock_plan_working_days",
    "linked_medical_insurance_yuan",
    "linked_heating_yuan",
    "linked_power_yuan",
    "linked_education_aid_yuan",
    "linked_kept_by_marginal",
)
#: Categories whose benefit tops income up to a line.
MARGINAL = ("dibao_marginal", "rigid_expenditure")


def law(values: ibis.Table) -> ibis.Table:
    """The values in force (`features.parameters.in_force`): money in fen, shares and factors in millionths.

    A list of codes becomes a flag a code: `law_income_exempt_scholarship`. Adds the yearly income line of one
    person by category: `line_dibao_fen`, `line_marginal_fen`, `line_tekun_fen`, and `deposit_limit_fen` per
    person. What may not be deducted is deducted at 0, and no local term is longer than the national one.
    """
    columns: dict[str, Any] = {}
    for name, declared in DECLARED.items():
        if name in UNREAD:
            continue
        kind = values[name].type()
        if declared.unit.is_money:
            columns["law_" + name.removesuffix("_yuan") + "_fen"] = fen(values[name])
        elif kind.is_decimal():
            columns["law_" + name] = millionths(values[name])
        elif declared.unit is Unit.LIST:
            codes = {f"law_{name}_{code}": values[name].contains(code) for code in declared.choices}
            columns |= {flag: held.fill_null(False) for flag, held in codes.items()}
        else:
            columns["law_" + name] = values[name]
    table = values.select("district_code", "urban_rural", **columns)
    year = table.law_standard_fen * MONTHS
    return table.mutate(
        line_dibao_fen=year,
        line_marginal_fen=divide_up(year * table.law_marginal_factor, MILLION),
        line_tekun_fen=divide_up(year * table.law_tekun_factor, MILLION),
        deposit_limit_fen=table.law_standard_fen * table.law_deposit_limit_months,
        law_necessary_employment_cost_fen=table.law_income_deductible_employment_cost.ifelse(
            table.law_necessary_employment_cost_fen, 0
        ),
        law_medical_deduction_share_max=table.law_income_deductible_illness_cost.ifelse(
            table.law_medical_deduction_share_max, 0
        ),
        law_gradual_exit_months=ibis.least(table.law_gradual_exit_months, table.law_gradual_exit_months_max),
        law_rigid_expenditure_valid_months=ibis.least(
            table.law_rigid_expenditure_valid_months, table.law_rigid_expenditure_valid_months_max
        ),
    ).drop(*FOLDED)


def households(
    profile: ibis.Table, tables: Tables, values: ibis.Table, sources: tuple[str, ...]
) -> ibis.Table:
    """One row a household of the profile: head columns, law, declared figures and benefit paid.

    declared_fen and declared_period: the declared income as written; declared_by_year_here: whether the
    street declares by the year (see `features.rules.facts.declared`). benefit_fen: paid a month, null for
    households not on file. review_class and staff_relative: as the file says, null where it does not.
    Of the profile's states and confidences, those of `sources` are taken.
    """
    profile = profile.mutate(authorised=profile.authorised.fill_null(False))
    evidence = [f"{source}_{part}" for source in sources for part in ("state", "confidence")]
    head = profile.select(*HEAD, *[name for name in evidence if name in profile.columns])
    table = head.left_join(law(values), ["district_code", "urban_rural"], rname="law_{name}")
    table = table.drop("law_district_code", "law_urban_rural")
    register = tables.get("household_register")
    if register is None:
        absent = ibis.null("int64")
        return table.mutate(
            declared_fen=absent,
            declared_period=ibis.null("string"),
            declared_by_year_here=ibis.null("boolean"),
            benefit_fen=absent,
            granted_on=ibis.null("date"),
            register_known_on=ibis.null("date"),
            review_class=ibis.null("string"),
            staff_relative=ibis.null("string"),
        )
    own = register.select(
        register_no=register.household_no,
        declared_fen=fen(register.declared_income_yuan),
        declared_period=register.income_period,
        street=register.region_code.substr(0, 9),
        benefit_fen=fen(register.benefit_yuan_month),
        granted_on=register.granted_on,
        register_known_on=register.received_on,
        review_class=register.review_class,
        staff_relative=register.staff_relative,
    )
    joined = table.left_join(own, table.number == own.register_no)
    by_year = joined.law_streets_declaring_by_year.contains(joined.street)
    return joined.mutate(declared_by_year_here=by_year).drop("register_no", "street")

"""The household itself: place, category, what it declared, what it is paid, and the law that holds there."""

import ibis

from features.parameters.declared import DECLARED
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
#: Values that are folded into the lines and limits below, or that no rule asks for.
UNUSED = (
    "law_gradual_exit_months_max",
    "law_death_follow_up_months",
    "law_hidden_income_materiality_months",
    "law_gradual_exit_months",
    "law_rigid_expenditure_ratio",
    "law_marginal_factor",
    "law_tekun_factor",
    "law_deposit_limit_months",
    *(f"law_{name}" for name in DECLARED if name.startswith("clock_")),
    "law_street_decides",
)
#: Categories whose benefit tops income up to a line.
MARGINAL = ("dibao_marginal", "rigid_expenditure")


def law(values: ibis.Table) -> ibis.Table:
    """The values in force (`features.parameters.in_force`): money in fen, shares and factors in millionths.

    Adds the yearly income line of one person by category: `line_dibao_fen`, `line_marginal_fen`,
    `line_tekun_fen`, and `deposit_limit_fen` per person.
    """
    columns = {}
    for name, declared in DECLARED.items():
        kind = values[name].type()
        if declared.unit.is_money:
            columns["law_" + name.removesuffix("_yuan") + "_fen"] = fen(values[name])
        elif kind.is_decimal():
            columns["law_" + name] = millionths(values[name])
        else:
            columns["law_" + name] = values[name]
    table = values.select("district_code", "urban_rural", **columns)
    year = table.law_standard_fen * MONTHS
    return table.mutate(
        line_dibao_fen=year,
        line_marginal_fen=divide_up(year * table.law_marginal_factor, MILLION),
        line_tekun_fen=divide_up(year * table.law_tekun_factor, MILLION),
        deposit_limit_fen=table.law_standard_fen * table.law_deposit_limit_months,
    ).drop(*UNUSED)


def households(
    profile: ibis.Table, tables: Tables, values: ibis.Table, sources: tuple[str, ...]
) -> ibis.Table:
    """One row a household of the profile: head columns, law, declared figures and benefit paid.

    declared_fen and declared_period: the declared income as written; declared_by_year_here: whether the
    street declares by the year (see `features.rules.facts.declared`). benefit_fen: paid a month, null for
    households not on file.
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
        )
    own = register.select(
        register_no=register.household_no,
        declared_fen=fen(register.declared_income_yuan),
        declared_period=register.income_period,
        street=register.region_code.substr(0, 9),
        benefit_fen=fen(register.benefit_yuan_month),
        granted_on=register.granted_on,
        register_known_on=register.received_on,
    )
    joined = table.left_join(own, table.number == own.register_no)
    by_year = joined.law_streets_declaring_by_year.contains(joined.street)
    return joined.mutate(declared_by_year_here=by_year).drop("register_no", "street")

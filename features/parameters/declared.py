"""Which values the law leaves to data: each named once, with its unit, its scope and its bounds."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a value is measured in; it also decides how the value is written and checked."""

    YUAN = "yuan"
    YUAN_MONTH = "yuan/month"
    YUAN_YEAR = "yuan/year"
    YUAN_PERSON_MONTH = "yuan/person/month"
    DAYS = "days"
    WORKING_DAYS = "working days"
    MONTHS = "months"
    YEARS = "years"
    COUNT = "count"
    GRADE = "grade"
    MU_PERSON = "mu/person"
    FACTOR = "factor"
    SHARE = "share"
    SHARE_YEAR = "share/year"
    FLAG = "flag"
    STREETS = "streets"

    @property
    def is_money(self) -> bool:
        """Whether a value is yuan, to the fen at most."""
        return self.value.startswith("yuan")

    @property
    def is_whole(self) -> bool:
        """Whether a value is a whole number."""
        return self in (Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS, Unit.COUNT, Unit.GRADE)


class Scope(StrEnum):
    """NATIONAL: one value for the country, in national.yaml; LOCAL: each region file says its own."""

    NATIONAL = "national"
    LOCAL = "local"


@dataclass(frozen=True)
class Declared:
    """One parameter: its name, unit and scope, and the bounds outside which it is a typing error.

    optional: a file may leave it out; where it does, nothing is known of it and nothing is judged by it.
    """

    name: str
    unit: Unit
    scope: Scope
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(10_000_000)
    optional: bool = False


def _national(name: str, unit: Unit, minimum: int = 0, maximum: int = 10_000_000) -> Declared:
    return Declared(name, unit, Scope.NATIONAL, Decimal(minimum), Decimal(maximum))


def _local(name: str, unit: Unit, minimum: int = 0, maximum: int = 10_000_000) -> Declared:
    return Declared(name, unit, Scope.LOCAL, Decimal(minimum), Decimal(maximum))


DECLARED: dict[str, Declared] = {
    declared.name: declared
    for declared in (
        _national("marginal_factor", Unit.FACTOR, 1, 3),
        _national("rounding_yuan", Unit.YUAN, 1, 10),
        _national("gradual_exit_months_max", Unit.MONTHS, 0, 12),
        _national("death_follow_up_months", Unit.MONTHS, 0, 12),
        _national("resident_basic_pension_not_counted_yuan", Unit.YUAN_PERSON_MONTH, 0, 2000),
        _national("hidden_income_materiality_share", Unit.SHARE),
        _national("hidden_income_materiality_months", Unit.MONTHS, 1, 12),
        _national("working_age_from", Unit.YEARS, 14, 20),
        _national("working_age_until", Unit.YEARS, 50, 70),
        _national("old_age_from", Unit.YEARS, 55, 70),
        _national("severe_disability_grade", Unit.GRADE, 1, 4),
        Declared(
            "declared_income_month_limit_standards",
            Unit.FACTOR,
            Scope.NATIONAL,
            Decimal(2),
            Decimal(20),
            optional=True,
        ),
        Declared("streets_declaring_by_year", Unit.STREETS, Scope.LOCAL, optional=True),
        _local("standard", Unit.YUAN_PERSON_MONTH, 200, 5000),
        _local("income_window_months", Unit.MONTHS, 1, 12),
        _local("necessary_employment_cost_yuan", Unit.YUAN_PERSON_MONTH, 0, 3000),
        _local("contribution_base_floor_yuan", Unit.YUAN_PERSON_MONTH, 500, 30_000),
        _local("medical_deduction_share_max", Unit.SHARE),
        _local("land_subsidy_counted", Unit.FLAG),
        _local("deposit_interest_rate_year", Unit.SHARE_YEAR),
        _local("missing_wage_bound_yuan", Unit.YUAN_PERSON_MONTH, 500, 20_000),
        _local("missing_pension_bound_yuan", Unit.YUAN_PERSON_MONTH, 100, 20_000),
        _local("deposit_limit_months", Unit.MONTHS, 1, 120),
        _local("vehicle_value_limit_yuan", Unit.YUAN, 0, 1_000_000),
        _local("dwellings_limit", Unit.COUNT, 1, 10),
        _local("homestead_counted", Unit.FLAG),
        _local("shops_limit", Unit.COUNT, 0, 10),
        _local("company_capital_limit_yuan", Unit.YUAN),
        _local("gradual_exit_months", Unit.MONTHS, 0, 12),
        _local("tekun_factor", Unit.FACTOR, 1, 3),
        _local("rigid_expenditure_ratio", Unit.SHARE),
        _local("supplement_severe_disability_yuan", Unit.YUAN_PERSON_MONTH, 0, 2000),
        _local("supplement_serious_illness_yuan", Unit.YUAN_PERSON_MONTH, 0, 2000),
        _local("supplement_child_yuan", Unit.YUAN_PERSON_MONTH, 0, 2000),
        _local("supplement_old_age_yuan", Unit.YUAN_PERSON_MONTH, 0, 2000),
        _local("supplement_old_age_from", Unit.YEARS, 55, 110),
        _local("hardship_self_paid_yuan_year", Unit.YUAN_YEAR, 0, 1_000_000),
        _local("hardship_land_mu_per_person", Unit.MU_PERSON, 0, 100),
        _national("clock_survey_working_days", Unit.WORKING_DAYS, 1, 60),
        _national("clock_record_check_working_days", Unit.WORKING_DAYS, 1, 60),
        _national("clock_public_notice_days", Unit.DAYS, 1, 60),
        _national("clock_county_opinion_working_days", Unit.WORKING_DAYS, 1, 60),
        _national("clock_refusal_notice_working_days", Unit.WORKING_DAYS, 1, 60),
        _national("clock_decision_working_days", Unit.WORKING_DAYS, 1, 120),
        _national("clock_decision_longest_working_days", Unit.WORKING_DAYS, 1, 120),
        _national("clock_street_decision_working_days", Unit.WORKING_DAYS, 1, 120),
        Declared("street_decides", Unit.FLAG, Scope.LOCAL, optional=True),
        Declared(
            "clock_plan_working_days",
            Unit.WORKING_DAYS,
            Scope.LOCAL,
            Decimal(1),
            Decimal(120),
            optional=True,
        ),
    )
}

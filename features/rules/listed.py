"""Every rule, by article. A new rule is a function in its article's file and a line here."""

from features.rules import article_06_outreach as outreach
from features.rules import article_07_members as members
from features.rules import article_13_income as income
from features.rules import article_14_property as property_
from features.rules import article_23_amount as amount
from features.rules.core import Rule

RULES: tuple[Rule, ...] = (
    outreach.severe_disability_without_benefit,
    outreach.illness_with_high_cost,
    outreach.unemployment_ended_with_pupils,
    outreach.old_alone,
    outreach.poverty_watch_listed,
    outreach.grid_hardship_report,
    outreach.orphan,
    outreach.temporary_relief_running,
    outreach.public_rental_with_hardship,
    outreach.little_land_and_illness,
    members.death_not_followed_up,
    members.registration_cancelled,
    members.member_in_custody,
    members.member_married_out,
    members.moved_away,
    income.income_above_line,
    income.job_of_unknown_wage,
    income.declared_income_above_line,
    income.income_above_declared,
    income.wages_new_after_grant,
    income.pension_new_after_grant,
    income.graduate_with_wages,
    income.housing_fund_without_job,
    income.irregular_income_undeclared,
    income.work_or_property_seen,
    property_.deposits_over_limit,
    property_.vehicle_over_limit,
    property_.second_dwelling_or_shop,
    property_.market_entity_active,
    amount.duplicate_benefit,
    amount.paid_less_than_entitled,
    amount.income_fell,
    amount.work_lost,
    amount.declared_income_unseen,
    amount.medical_costs_deductible,
    amount.member_added,
    amount.supplement_missed,
    amount.marginal_below_standard,
    amount.single_person_dibao,
)

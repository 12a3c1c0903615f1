"""Every rule and status, by article. A new one is a function in its article's file and a line here."""

from features.rules import article_04_dibao as dibao
from features.rules import article_06_outreach as outreach
from features.rules import article_07_members as members
from features.rules import article_08_marginal as marginal
from features.rules import article_11_relatives as relatives
from features.rules import article_13_income as income
from features.rules import article_14_property as property_
from features.rules import article_23_amount as amount
from features.rules import article_31_changes as changes
from features.rules import article_31_review as review
from features.rules import gradual_exit, programmes, rigid_expenditure, supplements, tekun
from features.rules.core import Rule, Status

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
    income.duplicate_benefit,
    amount.paid_less_than_entitled,
    changes.income_fell,
    changes.work_lost,
    changes.declared_income_unseen,
    income.medical_costs_deductible,
    changes.member_added,
    supplements.supplement_missed,
    dibao.marginal_below_standard,
    marginal.single_person_dibao,
)

STATUSES: tuple[Status, ...] = (
    dibao.dibao,
    marginal.dibao_marginal,
    marginal.coverable_alone,
    tekun.tekun,
    rigid_expenditure.rigid_expenditure,
    supplements.categorised_supplement,
    gradual_exit.gradual_exit,
    review.review_class_a,
    review.review_class_b,
    review.review_class_c,
    review.review_due,
    relatives.staff_relative,
    members.death_follow_up_overdue,
    members.covered_twice,
    programmes.programme_medical,
    programmes.programme_education,
    programmes.programme_housing,
    programmes.programme_disability,
    programmes.programme_employment,
    programmes.programme_old_age,
)

import numpy as np
import pytest

from models.outcomes import exit_due, hidden_income, line_yuan, unapplied_eligible
from models.underpaid import priority


@pytest.mark.parametrize(
    ("finding", "months", "income", "persons", "expected"),
    [
        ("income_undeclared", 6, 4000, 3, 1),  # 1,333 a person, line 1,150
        ("income_undeclared", 6, 3500, 3, 0),  # 1,167: above the line, not materially
        ("income_undeclared", 2, 9000, 3, 0),  # material, not for long enough
        ("property_undeclared", 3, 0, 3, 1),
        ("property_undeclared", 2, 0, 3, 0),
        ("ineligible", 6, 9000, 3, 0),  # unreported change is the other question
        ("no_change", 0, 0, 3, 0),
        ("income_undeclared", np.nan, 4000, 3, np.nan),  # for how long was left blank
        ("income_undeclared", 6, np.nan, 3, np.nan),  # ... or how much
        ("income_undeclared", np.nan, 3500, 3, 0),  # not materially, however long
        ("income_undeclared", 2, np.nan, 3, 0),
        ("property_undeclared", np.nan, 0, 3, np.nan),
        ("no_change", np.nan, np.nan, 3, 0),
        ("refused", np.nan, np.nan, 3, np.nan),
        ("unreachable", np.nan, np.nan, 3, np.nan),
    ],
)
def test_material_undeclared_income(finding, months, income, persons, expected):
    label = hidden_income([finding], [months], [income], [persons], [1150.0])
    np.testing.assert_equal(label, [expected])


@pytest.mark.parametrize(
    ("finding", "action", "expected"),
    [
        ("ineligible", "stop", 1),
        ("ineligible", "gradual_exit", 1),
        ("deceased_member", "stop", 1),
        ("deceased_member", "decrease", 0),  # a member died and the others stay eligible
        ("income_undeclared", "stop", np.nan),  # verified as not due, yet not for a change
        ("property_undeclared", "gradual_exit", np.nan),
        ("income_undeclared", "decrease", 0),  # concealed, and still due
        ("no_change", None, 0),
        ("refused", None, np.nan),
    ],
)
def test_benefit_ended_for_an_unreported_change(finding, action, expected):
    np.testing.assert_equal(exit_due([finding], [action], [3], [3]), [expected])


def test_before_the_months_a_finding_reaches_the_benefit_was_still_due():
    told = exit_due(["ineligible"] * 2 + ["refused"], ["stop"] * 3, [2, 2, np.nan], [2, 3, 1])
    np.testing.assert_equal(told, [1, 0, np.nan])
    blank = exit_due(["ineligible"] * 2 + ["no_change"], ["stop", "stop", None], [np.nan] * 3, [1, 0, 1])
    np.testing.assert_equal(blank, [np.nan, 1, 0])
    concealed = exit_due(["property_undeclared"] * 2, ["stop"] * 2, [2, 2], [2, 3])
    np.testing.assert_equal(concealed, [np.nan, 0])


def test_eligible_counts_whether_the_family_then_applied_or_not():
    results = ["eligible_applied", "eligible_declined", "not_eligible", "unreachable"]
    np.testing.assert_equal(unapplied_eligible(results), [1, 1, 0, np.nan])


def test_no_household_is_both_concealing_and_unreported():
    findings = ["income_undeclared", "property_undeclared", "ineligible", "deceased_member", "moved"]
    n = len(findings)
    hidden = hidden_income(findings, [12] * n, [1e5] * n, [1] * n, [800.0] * n)
    due = exit_due(findings, ["stop"] * n, [12] * n, 1)
    assert not ((hidden == 1) & (due == 1)).any()
    assert ((hidden == 1) | (due == 1)).all()


def test_the_marginal_line_is_one_and_a_half_standards():
    np.testing.assert_allclose(line_yuan(["dibao", "dibao_marginal"], [820, 820]), [820, 1230])


def test_underpaid_orders_by_amount_a_person_and_by_need():
    order = priority(
        np.array([300.0, 300.0, 300.0, 0.0]), np.array([1, 3, 3, 1]), np.array([False, False, True, True])
    )
    assert order[0] > order[2] > order[1] > order[3] == 0

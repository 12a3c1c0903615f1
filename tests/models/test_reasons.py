from datetime import date

import numpy as np
import pytest

from models.reasons import SourceState, explain
from models.scoring import score
from tests.models.example_bundle import example_bundle, example_rows, example_spec

SEEN = SourceState("found", date(2025, 11, 1), date(2025, 12, 10), 1.0)


def told(question="hidden_income", values=None, push=None, **sources):
    """Explain one household of the example bundle with contributions given by feature."""
    bundle = example_bundle(question)
    row, parts = np.full(len(bundle.names), np.nan), np.zeros(len(bundle.names))
    for name, value in (values or {}).items():
        row[bundle.names.index(name)] = value
    for name, part in (push or {}).items():
        parts[bundle.names.index(name)] = part
    return explain(bundle, row, parts, sources)


def test_a_reason_names_department_dates_value_and_unit():
    one = told(
        values={"income_taxed_yuan_12m": 48000}, push={"income_taxed_yuan_12m": 1.2}, withholding=SEEN
    ).reasons[0]
    assert one.zh == "税务（2025-11，收到于2025-12-10）：近12个月扣缴收入 48,000 元"
    assert (
        one.en
        == "taxation (2025-11, received 2025-12-10): income with tax withheld, last 12 months 48,000 yuan"
    )
    assert (one.kind, one.department, one.confidence) == ("reason", "taxation", 1.0)


def test_a_doubtful_match_asks_to_check_the_record_first():
    one = told(
        values={"property_deposits_yuan": 90000},
        push={"property_deposits_yuan": 0.8},
        balances=SourceState("found", date(2025, 9, 30), date(2025, 10, 12), 0.82),
    ).reasons[0]
    assert one.kind == "check_record"
    assert one.zh.startswith("请先核对记录：金融机构（2025-09-30，收到于2025-10-12，身份匹配把握 82%）")


@pytest.mark.parametrize("state", ["not_returned", "not_matched", "not_authorised"])
def test_no_returned_record_is_never_a_reason_to_visit(state):
    one = told(
        values={"property_deposits_yuan": 90000},
        push={"property_deposits_yuan": 0.8},
        balances=SourceState(state),
    ).reasons[0]
    assert one.kind == "check_record"


def test_that_nothing_was_found_is_a_reason_only_where_help_is_sought():
    values, push = {"composition_persons_count": 1.0}, {"composition_persons_count": 0.5}
    nothing = SourceState("nothing_found", None, date(2025, 12, 5), None)
    helping = told("unapplied_eligible", values, push, residents=nothing).reasons[0]
    assert (helping.kind, "查询无记录" in helping.zh) == ("reason", True)
    assert told("hidden_income", values, push, residents=nothing).reasons[0].kind == "check_record"


@pytest.mark.parametrize(("raising", "reasons"), [(5, 1), (4, 1), (3, 0)])
def test_a_reason_is_told_where_four_fifths_of_the_bag_agree(raising, reasons):
    bundle = example_bundle("hidden_income")
    column = bundle.names.index("property_deposits_yuan")
    row, parts = np.full(len(bundle.names), np.nan), np.zeros(len(bundle.names))
    row[column], parts[column] = 90_000, 0.4
    # One that says nothing of the deposit does not agree that it raises the score.
    bag = [parts if number < raising else np.zeros_like(parts) for number in range(5)]
    assert len(explain(bundle, row, parts, {"balances": SEEN}, bag).reasons) == reasons
    against = [-parts] * 5
    assert explain(bundle, row, -parts, {"balances": SEEN}, against).speaks_for


def test_an_unknown_value_is_no_reason_at_all():
    assert told(push={"property_deposits_yuan": 2.0}, balances=SEEN).reasons == ()


def test_having_nothing_is_no_ground_to_visit_but_may_speak_for_the_family():
    values, push = {"property_deposits_yuan": 0.0}, {"property_deposits_yuan": 0.5}
    assert told("hidden_income", values, push, balances=SEEN).reasons == ()
    pull = {"property_deposits_yuan": -0.5}
    assert told("hidden_income", values, pull, balances=SEEN).speaks_for[0].value == 0
    helping = {"composition_persons_count": 0.0}
    assert told("unapplied_eligible", helping, {"composition_persons_count": 0.5}, residents=SEEN).reasons


def test_need_tells_for_help_and_never_against():
    values, push = {"health_disabled_count": 1.0}, {"health_disabled_count": 0.7}
    assert told("unapplied_eligible", values, push, certificates=SEEN).reasons[0].topic == "disability"
    assert "health_disabled_count" not in example_bundle("hidden_income").names


def test_at_most_three_reasons_strongest_first_and_one_that_speaks_for_the_family():
    names = [n for n in example_bundle().names if n != "benefits_on_file_years"]
    push = {name: 1.0 - 0.1 * k for k, name in enumerate(names)} | {"benefits_on_file_years": -0.6}
    result = told(values=dict.fromkeys(example_bundle().names, 5.0), push=push)
    assert [r.feature for r in result.reasons] == names[:3]
    assert [(r.kind, r.feature) for r in result.speaks_for] == [("speaks_for", "benefits_on_file_years")]


def test_reasons_of_a_topic_are_summed_before_they_are_told():
    bundle, spec = example_bundle(), example_spec("hidden_income")
    row = example_rows(spec, 1, seed=2, missing=0.0)
    parts = score(bundle, row).contributions[0]
    result = explain(bundle, row[0], parts, {})
    for reason in (*result.reasons, *result.speaks_for):
        columns = [k for k, f in enumerate(bundle.features) if f.topic == reason.topic]
        assert reason.contribution == pytest.approx(parts[columns].sum())

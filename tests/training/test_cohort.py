from datetime import date

import pandas as pd
import pytest

from features.engines import memory_warehouse
from features.errors import UserError
from tests.models.example_bundle import example_spec
from tests.training.practice_store import city
from training.cohort import WEIGHT_CAP, month_before, person_months, read_records, training_cohort
from training.profiles import ProfileStore


def visit(number, selected, finding="no_change", months=0, received=None, **more):
    action = "stop" if finding == "ineligible" else "none"
    row = {"household_no": number, "selected_on": selected, "arm": "routine", "finding": finding}
    return row | {"months_affected": months, "action": action, "received_on": received or selected} | more


def spoken_months(rows, number="N1"):
    records = read_records(memory_warehouse({"verifications": rows}), "on_file", date(2025, 12, 31))
    spoken = person_months(records)
    return sorted(spoken[spoken["number"] == number]["month"] - 2025 * 12)


def test_a_check_speaks_of_the_months_since_the_last_one():
    assert spoken_months([visit("N1", "2025-03-10"), visit("N1", "2025-06-10")])[-3:] == [3, 4, 5]


def test_a_first_check_speaks_of_six_months_at_most():
    assert spoken_months([visit("N1", "2025-09-10")]) == [3, 4, 5, 6, 7, 8]


def test_a_refusal_speaks_of_no_month_and_does_not_count_as_a_check():
    rows = [visit("N1", "2025-03-10"), visit("N1", "2025-05-10", "refused"), visit("N1", "2025-06-10")]
    assert spoken_months(rows)[-3:] == [3, 4, 5]


def test_a_finding_reaches_back_the_months_it_affects_and_no_further(tmp_path):
    made = city(tmp_path, "exit_due", households=20, months=10)
    rows = [visit("N00001", "2025-12-05", "ineligible", months=2)]
    records = read_records(memory_warehouse({"verifications": rows}), "on_file", date(2025, 12, 31))
    cohort = training_cohort(made.store, made.spec, records, made.months)
    by_month = dict(zip(cohort.facts["as_of"].dt.month, cohort.label, strict=True))
    assert by_month == {6: 0, 7: 0, 8: 0, 9: 0, 10: 1, 11: 1}


def test_a_visit_meets_the_profile_of_the_month_before_its_selection():
    records = read_records(
        memory_warehouse({"verifications": [visit("N1", "2025-01-10")]}), "on_file", date(2025, 12, 31)
    )
    assert month_before(records)["month"].tolist() == [2024 * 12 + 12]


def test_outcomes_delivered_later_do_not_exist_yet():
    rows = [
        visit("N1", "2025-03-10", received=date(2025, 3, 20)),
        visit("N1", "2025-03-10", "ineligible", received=date(2025, 8, 1)),  # a correction
        visit("N2", "2025-03-10", received=date(2025, 7, 1)),
    ]
    warehouse = memory_warehouse({"verifications": rows})
    then = read_records(warehouse, "on_file", date(2025, 6, 30))
    assert then["finding"].tolist() == ["no_change"]
    now = read_records(warehouse, "on_file", date(2025, 12, 31)).set_index("number")["finding"]
    assert now.to_dict() == {"N1": "ineligible", "N2": "no_change"}


def test_random_visits_stand_for_more_up_to_a_cap(tmp_path):
    made = city(tmp_path, households=200, months=6)
    cohort = training_cohort(
        made.store, made.spec, read_records(made.warehouse, "on_file", date(2025, 12, 31)), made.months
    )
    weights = cohort.facts.groupby("arm")["weight"].unique()
    assert weights["random"].tolist() == [WEIGHT_CAP]
    assert weights["routine"].tolist() == [1.0]


def test_missing_profiles_are_named_with_the_command_that_makes_them(tmp_path):
    store, spec = ProfileStore(tmp_path), example_spec("hidden_income")
    with pytest.raises(UserError, match=r"no on_file profiles.*python -m features profile"):
        store.month_ends("on_file", date(2025, 6, 30))
    with pytest.raises(UserError, match=r"no on_file profiles as of 2025-06-30.*python -m features profile"):
        store.read(spec, date(2025, 6, 30))


def test_profiles_of_an_older_catalogue_are_refused_by_column(tmp_path):
    made = city(tmp_path, households=20, months=4)
    path = tmp_path / "profiles" / "on_file" / f"{made.months[0]}.parquet"
    pd.read_parquet(path).drop(columns=made.spec.names[0]).to_parquet(path)
    with pytest.raises(UserError, match=made.spec.names[0]):
        made.store.read(made.spec, made.months[0])

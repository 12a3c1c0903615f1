"""Statutory clocks: due days, how late, and unknown where the records cannot tell."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import parameters
from features.parameters.workdays import load_workdays
from features.rules.clocks import CLOCKS, DECIDED, Reading, read_clocks

VALUES, WORKDAYS = parameters.load(), load_workdays()
URBAN, RURAL = "990102", "990123"


def read(
    applied_on: str, decided_on: str | None = None, decision: str | None = "pending", *,
    as_of: str = "2025-12-31", district: str = RURAL,
) -> dict[str, Reading]:  # fmt: skip
    application = {
        "applied_on": date.fromisoformat(applied_on),
        "decided_on": date.fromisoformat(decided_on) if decided_on else None,
        "decision": decision,
    }
    readings = read_clocks(application, district, "rural", VALUES, WORKDAYS, date.fromisoformat(as_of))
    return {reading.clock.code: reading for reading in readings}


def told(reading: Reading) -> tuple[Any, ...]:
    return str(reading.due_on), reading.running, reading.overdue, reading.overdue_by


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("survey", ("2025-09-29", True, False, 0)),
        ("plan", ("2025-10-17", True, False, 0)),
        ("decision", ("2025-11-12", True, False, 0)),
        ("longest", ("2025-12-03", True, False, 0)),
    ],
)
def test_a_clock_runs_over_a_holiday_and_a_worked_weekend(code: str, expected: tuple[Any, ...]) -> None:
    assert told(read("2025-09-25", as_of="2025-09-29")[code]) == expected


def test_an_application_nobody_decided_is_late_by_so_many_working_days() -> None:
    readings = read("2025-09-25", as_of="2025-12-08")
    assert told(readings["decision"]) == ("2025-11-12", True, True, 18)
    assert told(readings["longest"]) == ("2025-12-03", True, True, 3)


def test_a_decision_in_time_stops_the_clock_for_good() -> None:
    readings = read("2025-09-25", "2025-11-12", "granted", as_of="2025-12-31")
    assert told(readings["decision"]) == ("2025-11-12", False, False, 0)
    assert told(readings["plan"]) == ("2025-10-17", False, True, 18)


def test_where_the_street_decides_it_has_twenty_days_and_the_county_thirty() -> None:
    urban, rural = read("2025-11-03", district=URBAN), read("2025-11-03")
    assert "street_decision" in urban
    assert "decision" not in urban
    assert "street_decision" not in rural
    assert urban["street_decision"].days == 20
    assert rural["decision"].days == 30


def test_a_refusal_is_told_within_three_days_of_the_decision() -> None:
    early = read("2025-09-25", "2025-10-31", "refused", as_of="2025-11-03")["refusal_notice"]
    assert told(early) == ("2025-11-05", True, False, 0)
    late = read("2025-09-25", "2025-10-31", "refused", as_of="2025-11-06")["refusal_notice"]
    assert (late.overdue, late.overdue_by, late.running) == (None, None, False)
    assert "没有记录" in late.why[0]
    assert "refusal_notice" not in read("2025-09-25", "2025-10-31", "granted")


def test_whether_a_stage_without_a_date_was_kept_is_unknown_once_it_was_due() -> None:
    survey = read("2025-09-25", as_of="2025-10-20")["survey"]
    assert (survey.overdue, survey.overdue_by) == (None, None)
    assert survey.why is not None
    # The decision came before the survey was even due: it was kept.
    quick = read("2025-09-25", "2025-09-26", "granted")["survey"]
    assert (quick.overdue, quick.running) == (False, False)


@pytest.mark.parametrize("code", ["public_notice", "county_opinion"])
def test_a_clock_whose_start_nobody_records_says_so(code: str) -> None:
    reading = read("2025-09-25")[code]
    assert (reading.starts_on, reading.due_on, reading.overdue, reading.running) == (None, None, None, False)
    assert "起算日" in reading.why[0]


def test_a_decision_without_its_day_is_unknown_not_late() -> None:
    reading = read("2025-01-06", None, "granted")["decision"]
    assert (reading.overdue, reading.overdue_by, reading.running) == (None, None, False)


def test_a_decision_after_the_date_is_not_seen_yet() -> None:
    reading = read("2025-09-25", "2025-12-01", "granted", as_of="2025-11-03")["plan"]
    assert reading.stopped_on is None


def test_beyond_the_last_notice_the_clock_says_it_cannot_count() -> None:
    reading = read("2026-12-10", as_of="2026-12-20")["decision"]
    assert (reading.due_on, reading.overdue, reading.running) == (None, None, True)
    assert "2026-12-28" in reading.why[0]
    assert "2026-12-28" in reading.why[1]


def test_every_clock_is_cited_and_its_period_was_in_force_when_the_family_applied() -> None:
    for reading in read("2025-09-25", "2025-10-31", "refused").values():
        assert "〔" in reading.article
    assert "street_decision" not in read("2022-06-01", district=URBAN)
    assert len({clock.code for clock in CLOCKS}) == len(CLOCKS)


@given(
    st.dates(date(2023, 1, 1), date(2026, 6, 30)),
    st.integers(0, 120),
    st.integers(0, 90),
    st.sampled_from((*DECIDED, "pending", None)),
)
def test_time_only_makes_a_clock_later_and_it_never_says_late_before_the_due_day(
    applied_on: date, wait: int, more: int, decision: str | None
) -> None:
    application = {"applied_on": applied_on, "decided_on": None, "decision": decision}
    first = applied_on + timedelta(days=wait)
    for earlier, later in zip(
        read_clocks(application, RURAL, "rural", VALUES, WORKDAYS, first),
        read_clocks(application, RURAL, "rural", VALUES, WORKDAYS, first + timedelta(days=more)),
        strict=True,
    ):
        assert earlier.due_on == later.due_on
        if earlier.overdue:
            assert first > earlier.due_on
            assert later.overdue is None or later.overdue_by >= earlier.overdue_by > 0
        if decision in DECIDED and earlier.clock.starts == "applied_on":
            assert earlier.overdue is None

"""Working days: the notices as published, nothing guessed beyond them, and arithmetic that cannot slip."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import UserError
from features.parameters.reading import DIRECTORY
from features.parameters.workdays import Workdays, load_workdays

LOADED = load_workdays()
DAYS = st.dates(LOADED.first, LOADED.last)
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(("year", "days"), [(2023, 249), (2024, 251), (2025, 248)])
def test_a_year_has_as_many_working_days_as_the_notices_make(year: int, days: int) -> None:
    assert sum(day.year == year for day in LOADED.days) == days


def test_holidays_are_off_and_the_weekends_that_make_up_for_them_are_worked() -> None:
    off = ["2023-01-23", "2024-02-12", "2025-10-08", "2026-02-23", "2026-10-07", "2023-01-02"]
    worked = [
        "2023-04-23",
        "2024-02-04",
        "2024-02-09",
        "2025-09-28",
        "2026-02-14",
        "2026-10-10",
        "2025-12-31",
    ]
    assert not any(LOADED.is_working(date.fromisoformat(day)) for day in off)
    assert all(LOADED.is_working(date.fromisoformat(day)) for day in worked)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2025-09-26", 3, "2025-09-30"),  # Sunday the 28th is worked
        ("2025-09-30", 1, "2025-10-09"),  # eight days off
        ("2025-10-10", 1, "2025-10-11"),  # a worked Saturday
        ("2026-02-12", 3, "2026-02-24"),
        ("2024-04-03", 2, "2024-04-08"),  # Sunday the 7th is worked
        ("2025-06-13", 0, "2025-06-13"),
    ],
)
def test_a_period_ends_on_the_day_the_notice_makes_it(start: str, count: int, due: str) -> None:
    assert LOADED.after(date.fromisoformat(start), count) == date.fromisoformat(due)


@given(DAYS, COUNTS, COUNTS)
def test_more_days_never_end_earlier_and_two_periods_follow_on(start: date, one: int, other: int) -> None:
    first, both = LOADED.after(start, one), LOADED.after(start, one + other)
    if first is None:
        assert both is None
    if both is not None:
        assert first is not None
        assert start <= first <= both
        assert LOADED.after(first, other) == both


@given(DAYS, DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(one: date, other: date, count: int) -> None:
    early, late = LOADED.after(min(one, other), count), LOADED.after(max(one, other), count)
    assert late is None or (early is not None and early <= late)


@given(DAYS, st.integers(1, 60))
def test_the_day_a_period_ends_is_worked_and_so_many_working_days_later(start: date, count: int) -> None:
    due = LOADED.after(start, count)
    if due is not None:
        assert LOADED.is_working(due)
        assert LOADED.between(start, due) == count
        assert LOADED.between(due, start) == -count
        every = (start + timedelta(days=n) for n in range(1, (due - start).days + 1))
        assert sum(bool(LOADED.is_working(day)) for day in every) == count


@given(
    st.one_of(st.dates(max_value=LOADED.first - timedelta(1)), st.dates(LOADED.last + timedelta(1))), COUNTS
)
def test_beyond_the_notices_nothing_is_said(day: date, count: int) -> None:
    assert LOADED.is_working(day) is None
    assert LOADED.after(day, count) is None
    assert LOADED.between(date(2025, 6, 2), day) is None


def test_a_period_that_runs_past_the_last_notice_is_unknown() -> None:
    assert LOADED.after(LOADED.last - timedelta(days=5), 30) is None
    # New Year's holiday of the next year may reach back into December: its notice says.
    assert LOADED.is_working(date(LOADED.last.year, 12, 29)) is None


MENDS = [
    ("2025-01-26, ", "2025-01-26, 2025-01-27, ", r"worked_weekends\.2025-01-27"),
    ("2025-01-26", "2025-02-02", r"worked_weekends\.2025-02-02.*no holiday"),
    ("to: 2025-02-04", "to: 2025-01-04", r"holidays\.2\.to"),
    ("to: 2025-02-04", "to: 2026-02-04", r"holidays\.2025-12-29.*2025"),
    ("from: 2025-01-28", "form: 2025-01-28", r"form.*did you mean from"),
    ("year: 2025", "year: 2026", r"year.*holidays_2026"),
    ("issued_on: 2024-11-12\n", "", r"issued_on.*add it"),
    ("from: 2025-04-04", "from: soon", r"holidays\.3\.from.*YYYY-MM-DD"),
    ("from: 2025-10-01", "from: 2025-05-31", r"holidays.*twice"),
]


@pytest.mark.parametrize(("old", "new", "said"), MENDS)
def test_a_mistake_is_refused_with_file_key_and_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    shutil.copytree(DIRECTORY, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "holidays_2025.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError, match=said) as refused:
        load_workdays(tmp_path)
    assert "holidays_202" in str(refused.value)


def test_a_year_left_out_is_refused(tmp_path: Path) -> None:
    for year in (2023, 2025):
        shutil.copy(DIRECTORY / f"holidays_{year}.yaml", tmp_path)
    with pytest.raises(UserError, match=r"holidays_2025\.yaml: year.*add holidays_2024\.yaml"):
        load_workdays(tmp_path)
    with pytest.raises(UserError, match="add the State Council's notice"):
        load_workdays(tmp_path / "none")


def test_every_notice_is_cited_and_was_issued_before_its_year() -> None:
    assert isinstance(LOADED, Workdays)
    for notice in LOADED.notices:
        assert "国办发明电〔" in notice.reference
        assert notice.issued_on.year == notice.year - 1

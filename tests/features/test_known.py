"""What was known on a date: arrival decides, not the event; a correction counts from its own arrival."""

from datetime import date
from pathlib import Path

import pytest

from features.engines import memory_warehouse, open_warehouse
from features.intake.export import run_export
from features.intake.release import run_release
from features.intake.workbook import read_sheets
from features.known import Calendar, known, load_calendar
from features.sources import SOURCES
from tests.features.landing_folder import KEY, Landing, csv, id_no, xlsx

A, B = "a" * 18, "b" * 18


def _wages(as_of: date, *rows: tuple[str, str, float]) -> list[tuple[str, float]]:
    """Month and amount known on a date, of rows (received_on, month, amount) of one person and payer."""
    table = [
        {
            "id_no": A,
            "payer_uscc": "u",
            "kind": "wages",
            "month": month,
            "income_yuan": amount,
            "received_on": on,
        }
        for on, month, amount in rows
    ]
    warehouse = memory_warehouse({"withholding": table})
    found = known(warehouse.table("withholding"), SOURCES["withholding"], as_of)
    return sorted(
        (str(row["month"])[:10], float(row["income_yuan"])) for row in found.to_pyarrow().to_pylist()
    )


def test_what_arrives_after_the_date_is_not_there() -> None:
    rows = [("2025-02-10", "2025-01-01", 100.0), ("2025-03-10", "2025-02-01", 200.0)]
    assert _wages(date(2025, 3, 9), *rows) == [("2025-01-01", 100.0)]
    assert len(_wages(date(2025, 3, 10), *rows)) == 2


def test_a_correction_replaces_from_its_own_arrival() -> None:
    rows = [("2025-02-10", "2025-01-01", 100.0), ("2025-05-10", "2025-01-01", 900.0)]
    assert _wages(date(2025, 5, 9), *rows) == [("2025-01-01", 100.0)]
    assert _wages(date(2025, 5, 10), *rows) == [("2025-01-01", 900.0)]


def test_a_late_correction_of_an_old_month_does_not_hide_the_newer_month() -> None:
    rows = [
        ("2025-02-10", "2025-01-01", 100.0),
        ("2025-03-10", "2025-02-01", 200.0),
        ("2025-05-10", "2025-01-01", 110.0),
    ]
    assert _wages(date(2025, 6, 1), *rows) == [("2025-01-01", 110.0), ("2025-02-01", 200.0)]


def test_two_rows_of_one_key_in_one_delivery_are_both_kept() -> None:
    rows = [("2025-02-10", "2025-01-01", 100.0), ("2025-02-10", "2025-01-01", 50.0)]
    assert _wages(date(2025, 3, 1), *rows) == [("2025-01-01", 50.0), ("2025-01-01", 100.0)]


@pytest.mark.parametrize("told", [None, date(2025, 2, 10)])
def test_of_a_full_register_only_the_latest_delivery_is_read(told: date | None) -> None:
    rows = [
        {"id_no": A, "born_on": "1980-01-01", "hukou_household_no": "1", "received_on": "2025-01-10"},
        {"id_no": B, "born_on": "1980-01-01", "hukou_household_no": "1", "received_on": "2025-01-10"},
        {"id_no": A, "born_on": "1980-01-01", "hukou_household_no": "2", "received_on": "2025-02-10"},
        {"id_no": B, "born_on": "1980-01-01", "hukou_household_no": "3", "received_on": "2025-03-10"},
    ]
    table = memory_warehouse({"residents": rows}).table("residents")
    found = known(table, SOURCES["residents"], date(2025, 3, 9), told).to_pyarrow().to_pylist()
    assert [(row["id_no"], row["hukou_household_no"]) for row in found] == [(A, "2")]


def test_nothing_was_known_before_the_first_delivery() -> None:
    assert _wages(date(2025, 1, 1), ("2025-02-10", "2025-01-01", 100.0)) == []


def _pensions(*rows: tuple[str, str]) -> list[dict[str, object]]:
    return [
        {"id_no": f"{n:018d}", "kind": "resident", "month": month, "amount_yuan": 1, "received_on": on}
        for n, (on, month) in enumerate(rows)
    ]


def test_months_are_counted_from_the_latest_month_delivered() -> None:
    rows = _pensions(("2025-11-10", "2025-10-01"), ("2025-12-10", "2025-11-01"), ("2025-12-20", "2025-06-01"))
    calendar = load_calendar(memory_warehouse({"pensions": rows}))
    assert calendar.anchor("pensions", date(2025, 12, 31)) == date(2025, 11, 1)
    assert calendar.anchor("pensions", date(2025, 11, 30)) == date(2025, 10, 1)


def test_one_stray_month_does_not_move_everybodys_window() -> None:
    rows = _pensions(*[("2025-11-10", "2025-10-01")] * 9, ("2025-11-10", "2025-11-01"))
    calendar = load_calendar(memory_warehouse({"pensions": rows}))
    assert calendar.anchor("pensions", date(2025, 11, 30)) == date(2025, 10, 1)


def test_a_department_silent_for_longer_than_its_cadence_has_not_returned() -> None:
    calendar = load_calendar(memory_warehouse({"pensions": _pensions(("2025-06-10", "2025-05-01"))}))
    assert calendar.returned("pensions", date(2025, 6, 10))
    assert calendar.returned("pensions", date(2025, 9, 11))  # 93 days: twice a month and 31 days
    assert not calendar.returned("pensions", date(2025, 9, 12))
    assert not calendar.returned("pensions", date(2025, 6, 9))
    assert not calendar.returned("vehicles", date(2025, 6, 10))


CERTIFICATES = ["身份证号", "残疾类别", "残疾等级", "发证日期"]
GOOD, UNREAD = [id_no(1), "肢体", "1", "2024-01-02"], [id_no(2), "肢体", "1", "2024-13-02"]


def _certificates(landing: Landing, **files: list[list[str]]) -> Calendar:
    """The calendar after these files; a name such as `on_02_05` is the day in 2024."""
    for day, rows in files.items():
        folder = day.replace("on_", "2024-").replace("_", "-")
        landing.deliver(f"disability/{folder}/certificates.csv", csv(CERTIFICATES, *rows))
    assert {entry.status for entry in landing.take().values()} <= {"taken", "repeated", "known"}
    return load_calendar(open_warehouse(landing.warehouse))


def test_a_file_of_which_every_row_was_set_aside_and_its_copies_are_no_answer(tmp_path: Path) -> None:
    calendar = _certificates(Landing(tmp_path), on_02_05=[UNREAD], on_02_20=[UNREAD])
    assert not calendar.returned("certificates", date(2024, 2, 28))
    assert calendar.latest("certificates", date(2024, 2, 28)) is None


def test_a_file_with_one_good_row_or_with_none_at_all_is_an_answer(tmp_path: Path) -> None:
    calendar = _certificates(Landing(tmp_path / "one"), on_02_05=[UNREAD, GOOD], on_02_20=[UNREAD, GOOD])
    assert calendar.received["certificates"] == (date(2024, 2, 5), date(2024, 2, 20))
    calendar = _certificates(Landing(tmp_path / "none"), on_02_05=[])
    assert calendar.returned("certificates", date(2024, 2, 28))


def test_a_file_that_nobody_could_read_leaves_the_earlier_answer_as_old_as_it_is(tmp_path: Path) -> None:
    calendar = _certificates(Landing(tmp_path), on_01_05=[GOOD], on_03_05=[UNREAD])
    assert calendar.latest("certificates", date(2024, 3, 31)) == date(2024, 1, 5)


def test_a_good_file_replaced_in_its_place_by_an_unreadable_one_is_an_answer_no_more(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    assert _certificates(landing, on_02_05=[GOOD]).returned("certificates", date(2024, 2, 28))
    assert not _certificates(landing, on_02_05=[UNREAD]).returned("certificates", date(2024, 2, 28))


def test_a_copy_that_comes_to_light_with_an_earlier_date_does_not_answer_for_its_day(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    _certificates(landing, on_03_05=[GOOD])
    calendar = _certificates(landing, on_02_05=[GOOD])
    assert calendar.received["certificates"] == (date(2024, 3, 5),)


def _release(landing: Landing, header: str, cell: str, on: date) -> Calendar:
    """Correct one cell of the only row that waits, release it on a day, and read the calendar."""
    folder = landing.folder.parent / "out"
    run_export(landing.warehouse, landing.folder, folder)
    (path,) = folder.glob("*/*.xlsx")
    first, line = next(rows for _, rows in read_sheets(path.read_bytes()) if rows)
    line[first.index(header)] = cell
    back = path.with_name("back.xlsx")
    back.write_bytes(xlsx({"更正": [first, line]}))
    assert run_release(back, landing.warehouse, KEY, "0107", on).released == 1
    return load_calendar(open_warehouse(landing.warehouse))


def test_rows_released_of_a_file_set_aside_whole_answer_from_their_release_on(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    _certificates(landing, on_02_05=[UNREAD])
    calendar = _release(landing, "发证日期", "2024-01-02", date(2024, 2, 20))
    assert not calendar.returned("certificates", date(2024, 2, 19))
    assert calendar.latest("certificates", date(2024, 2, 20)) == date(2024, 2, 20)


def test_a_release_of_a_file_that_was_read_makes_nothing_newer(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    _certificates(landing, on_02_05=[GOOD, UNREAD])
    calendar = _release(landing, "发证日期", "2024-01-02", date(2024, 2, 20))
    assert calendar.received["certificates"] == (date(2024, 2, 5),)


def test_the_months_of_a_file_set_aside_whole_count_from_its_release_on(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    header = ["身份证号", "养老类型", "月份", "金额"]
    for received, month, amount in (("02", "2024-01", "100"), ("03", "2024-02", "约三百")):
        rows = [id_no(1), "居民", month, amount]
        landing.deliver(f"human_resources/2024-{received}-05/pensions.csv", csv(header, rows))
    landing.take()
    calendar = _release(landing, "金额", "300", date(2024, 3, 20))
    assert calendar.anchor("pensions", date(2024, 3, 19)) == date(2024, 1, 1)
    assert calendar.anchor("pensions", date(2024, 3, 20)) == date(2024, 2, 1)


def test_a_small_register_set_aside_whole_leaves_the_earlier_one_until_its_rows_are_released(
    tmp_path: Path,
) -> None:
    landing = Landing(tmp_path)
    header = ["身份证号", "姓名", "性别", "出生日期", "户籍户号"]
    for month, number, born in (("02", 1, "1970-01-02"), ("03", 2, "1970-13-02")):
        rows = [id_no(number), "练习", "男", born, "HK1"]
        landing.deliver(f"public_security/2024-{month}-25/residents.csv", csv(header, rows))
    landing.take()
    calendar = _release(landing, "出生日期", "1970-01-02", date(2024, 4, 2))
    table = open_warehouse(landing.warehouse).table("residents")
    people = {
        day: known(table, SOURCES["residents"], day, calendar.register("residents", day)).to_pyarrow()[
            "id_no"
        ]
        for day in (date(2024, 4, 1), date(2024, 4, 2))
    }
    assert [column.to_pylist() for column in people.values()] == [[id_no(1)], [id_no(2)]]

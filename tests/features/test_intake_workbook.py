"""Spreadsheets as departments make them."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from features.intake import workbook
from tests.features.landing_folder import Landing, id_no, xlsx

PLACE = "civil_affairs/2024-02-05/deaths.xlsx"
HEADER = ["序号", "身份证号", "姓名", "死亡日期"]


def test_a_title_a_merged_header_numbers_as_text_totals_and_a_signature(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [
        ["2024年1月死亡人员登记表"],
        [],
        [None, "身份证号", "姓名", None],
        [1, id_no(1), "张三", "2024-01-05"],
        [2, id_no(2), "李四", 45297],
        [None, None, None, None],
        [3, id_no(3), "王五", datetime(2024, 1, 7)],
        ["合计", 3],
        ["制表人：赵六", None, "审核："],
    ]
    merged = [("Sheet1", "A2:A3", "序号"), ("Sheet1", "B2:C2", "人员信息"), ("Sheet1", "D2:D3", "死亡日期")]
    landing.deliver(PLACE, xlsx({"Sheet1": rows}, merged))
    entry = landing.take()["deaths.xlsx"]
    assert (entry.status, entry.rows_in, entry.rows_taken) == ("taken", 3, 3)
    assert landing.rows("deaths", "id_no", "died_on", "row_number") == [
        (id_no(1), date(2024, 1, 5), 4),
        (id_no(2), date(2024, 1, 6), 5),
        (id_no(3), date(2024, 1, 7), 7),
    ]


def test_an_identity_number_stored_as_a_number_has_lost_its_digits(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [
        HEADER,
        [1, float(id_no(1, "19880808")[:17]) * 10, "张", "2024-01-05"],
        [2, id_no(2), "李", 20240106],
    ]
    landing.deliver(PLACE, xlsx({"Sheet1": rows}))
    entry = landing.take()["deaths.xlsx"]
    assert landing.quarantined(entry)[2][1].startswith("身份证号：号码已变成浮点数")
    assert landing.rows("deaths", "died_on") == [(date(2024, 1, 6),)]


def test_the_sheet_whose_header_matches_is_taken(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [HEADER, [1, id_no(1), "张", "2024-01-05"]]
    sheets = {
        "说明": [["本表由民政局填报"], ["身份证号不得有空格"]],
        "数据": rows,
        "模板": [HEADER],
        "Sheet3": [],
    }
    landing.deliver(PLACE, xlsx(sheets))
    entry = landing.take()["deaths.xlsx"]
    assert entry.rows_taken == 1
    assert "读取工作表“数据”" in entry.assumptions


def test_two_sheets_of_the_same_table_with_different_rows_are_refused(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    sheets = {name: [HEADER, [1, id_no(n), "张", "2024-01-05"]] for n, name in enumerate(("一月", "二月"))}
    landing.deliver(PLACE, xlsx(sheets))
    entry = landing.take()["deaths.xlsx"]
    assert (entry.status, entry.reason) == (
        "refused",
        "工作表“一月”“二月”都是这张表而内容不同；请只保留一张后重发。",
    )


def test_a_workbook_under_the_name_of_a_csv_is_read_by_its_content(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(
        "civil_affairs/2024-02-05/deaths.csv", xlsx({"S": [HEADER, [1, id_no(1), "张", "20240105"]]})
    )
    assert landing.take()["deaths.csv"].rows_taken == 1


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(PLACE, xlsx({"S": [HEADER, [1, id_no(1), "张", "20240105"]]})[:-400])
    entry = landing.take()["deaths.xlsx"]
    assert (entry.status, entry.reason) == ("refused", "工作簿已损坏或被截断，无法解压；请重新导出后重发。")


@pytest.mark.parametrize("lying", [False, True])
def test_a_zip_bomb_is_refused_without_being_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lying: bool
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 20_000_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    content = packed.getvalue()
    if lying:  # the directory claims ten bytes
        content = content.replace((30_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert len(content) < 100_000
    landing = Landing(tmp_path)
    landing.deliver(PLACE, content)
    entry = landing.take()["deaths.xlsx"]
    assert entry.status == "refused"
    assert "压缩炸弹" in (entry.reason or "")


def test_a_formula_is_read_by_its_value_and_text_that_begins_with_an_equals_sign_is_set_aside(
    tmp_path: Path,
) -> None:
    landing = Landing(tmp_path)
    landing.deliver(
        "civil_affairs/2024-02-05/deaths.csv",
        f"身份证号,姓名,死亡日期\n{id_no(1)},=cmd|' /C calc'!A0,2024-01-05\n{id_no(2)},李,2024-01-05\n",
    )
    entry = landing.take()["deaths.csv"]
    assert landing.quarantined(entry) == {2: ("name", "姓名：单元格里是公式而不是值，请粘贴为数值后重发")}

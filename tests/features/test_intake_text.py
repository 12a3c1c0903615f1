"""Text files in every encoding and with every separator departments use; the table is the same."""

from pathlib import Path

import pytest

from tests.features.landing_folder import Landing, csv, id_no

HEADER = ["公民身份号码", "姓名", "死亡日期"]
ROWS = [[id_no(1), "张三丰", "2024-01-05"], [id_no(2), "欧阳·娜", "2024-01-06"]]
PLACE = "civil_affairs/2024-02-05/deaths.csv"


@pytest.mark.parametrize(
    ("encoding", "separator", "end"),
    [
        ("utf-8", ",", "\n"),
        ("utf-8-sig", ",", "\r\n"),
        ("gbk", "\t", "\r\n"),
        ("gb18030", "，", "\n"),
        ("utf-8", ";", "\r"),
        ("utf-16", "\t", "\r\n"),
    ],
)
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    landing = Landing(tmp_path)
    landing.deliver(PLACE, csv(HEADER, *ROWS, separator=separator, end=end).encode(encoding))
    entry = landing.take()["deaths.csv"]
    assert (entry.status, entry.rows_in, entry.rows_taken) == ("taken", 2, 2)
    assert landing.rows("deaths", "id_no", "name", "row_number") == [
        (ROWS[0][0], "张三丰", 2),
        (ROWS[1][0], "欧阳·娜", 3),
    ]


def test_a_full_width_comma_inside_quotes_is_text(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(
        "utilities/2024-02-05/usage.csv", '用户地址，月份，用电量\n"甲路1号，后门"，2024-01，"1,200"\n'
    )
    landing.take()
    assert landing.rows("usage", "meter_address", "kwh") == [("甲路1号，后门", 1200.0)]


def test_a_title_above_and_signatures_below_are_no_records(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    body = csv(
        ["2024年1月死亡人员名单", "", ""], HEADER, *ROWS, ["合计", "2人", ""], ["制表人：王五", "", ""]
    )
    landing.deliver(PLACE, body)
    entry = landing.take()["deaths.csv"]
    assert (entry.rows_in, entry.rows_taken, entry.rows_quarantined) == (2, 2, 0)
    assert "表尾第 5、6 行是合计、签章或说明，不是记录，没有读入" in entry.assumptions
    assert [row for (row,) in landing.rows("deaths", "row_number")] == [3, 4]


def test_rows_that_do_not_fit_the_header_are_set_aside_one_by_one(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    body = csv(HEADER, ROWS[0], [id_no(3), "少一列"], [id_no(4), "多", "2024-01-01", "一列"], ROWS[1])
    landing.deliver(PLACE, body)
    entry = landing.take()["deaths.csv"]
    assert (entry.rows_in, entry.rows_taken, entry.rows_quarantined) == (4, 2, 2)
    assert landing.quarantined(entry) == {
        3: ("", "这一行的列数与表头不符"),
        4: ("", "这一行的列数与表头不符"),
    }
    assert landing.rows("deaths", "row_number") == [(2,), (5,)]


def test_an_open_quote_swallows_no_row_below_it(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    body = csv(HEADER, ROWS[0], [id_no(3), '"张', "2024-01-01"], ROWS[1], [id_no(5), "李", "2024-01-09"])
    landing.deliver(PLACE, body)
    entry = landing.take()["deaths.csv"]
    assert (entry.rows_in, entry.rows_taken) == (4, 3)
    assert landing.quarantined(entry) == {3: ("", "这一行的引号不成对")}


def test_a_line_break_inside_quotes_and_blank_lines_are_read_as_meant(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(
        PLACE, f'{",".join(HEADER)}\n\n{id_no(1)},"张\n三",2024-01-05\n,,\n{id_no(2)},李,2024-01-06\n\n'
    )
    entry = landing.take()["deaths.csv"]
    assert (entry.rows_in, entry.rows_taken) == (2, 2)
    assert landing.rows("deaths", "name", "row_number") == [("张\n三", 3), ("李", 6)]


def test_a_file_cut_in_the_middle_of_a_row_keeps_the_good_rows(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    whole = csv(HEADER, *ROWS, [id_no(3), "王", "2024-01-09"]).encode()
    landing.deliver(PLACE, whole[: whole.rindex("王".encode()) + 2])
    entry = landing.take()["deaths.csv"]
    assert (entry.status, entry.rows_in, entry.rows_taken) == ("taken", 3, 2)
    assert "文件在一行中间结束，可能被截断，最后一行已隔离" in entry.assumptions


def test_a_row_with_bytes_of_no_character_is_set_aside_alone(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(PLACE, csv(HEADER, *ROWS).encode().replace("娜".encode(), b"\xff\xfe\xfa"))
    entry = landing.take()["deaths.csv"]
    assert (entry.rows_in, entry.rows_taken) == (2, 1)
    assert landing.quarantined(entry)[3] == ("", "这一行有无法解码的字符，请用 UTF-8 编码重新导出")


def test_headers_vary_by_department_and_unknown_columns_are_noted(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    header = ["序号", " *证 件 号 码 ", "名字", "死亡日期", "备注栏"]
    landing.deliver(PLACE, csv(header, ["1", ROWS[0][0], "张", "2024-01-05", "x"]))
    entry = landing.take()["deaths.csv"]
    assert entry.rows_taken == 1
    assert "未声明的列，没有读入：序号、备注栏" in entry.assumptions


def test_an_amount_in_ten_thousands_by_its_header(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    header = ["身份证号", "机构名称", "资产类型", "余额（万元）", "截止日期"]
    landing.deliver(
        "financial/2024-04-20/balances.csv", csv(header, [id_no(1), "工行", "存款", "1.25", "2024-03-31"])
    )
    entry = landing.take()["balances.csv"]
    assert [str(amount) for (amount,) in landing.rows("balances", "balance_yuan")] == ["12500.00"]
    assert "balance_yuan 的表头以万元计，已折算为元" in entry.assumptions

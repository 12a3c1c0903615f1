"""Every form a value arrives in: what is read, what is set aside and why."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from features.identity.pseudonym import person_id
from tests.features.landing_folder import Landing, csv, id_no

GOOD = id_no(1)
OLD = GOOD[:6] + GOOD[8:17]
WRONG_CHECK = GOOD[:17] + ("0" if GOOD[17] != "0" else "1")
X_NUMBER = next(id_no(n) for n in range(100, 400) if id_no(n).endswith("X"))


def outcomes(
    landing: Landing, place: str, header: list[str], column: str, rows: list[list[str]]
) -> list[object]:
    """For each row the stored value of `column`, or ("quarantined", column, reason)."""
    landing.deliver(place, csv(header, *rows))
    entry = next(iter(landing.take().values()))
    assert entry.status == "taken", entry.reason
    assert entry.rows_in == len(rows)
    found: dict[int, object] = (
        {number: ("quarantined", *why) for number, why in landing.quarantined(entry).items()}
        if entry.rows_quarantined
        else {}
    )
    found |= dict(landing.rows(Path(place).stem, "row_number", column))
    return [found[number] for number in range(2, len(rows) + 2)]


def test_identity_numbers(tmp_path: Path) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in GOOD)
    cases = {
        GOOD: GOOD,
        f" {GOOD[:6]} {GOOD[6:]} ": GOOD,
        f"'{GOOD}": GOOD,
        wide: GOOD,
        X_NUMBER.lower(): X_NUMBER,
        OLD: GOOD,
        f'"=""{GOOD}"""': GOOD,
        "9.90102E+17": "号码已变成浮点数",
        "990102197001020000.0": "号码已变成浮点数",
        WRONG_CHECK: "校验码不符",
        "无": "必填项为空",
        "": "必填项为空",
        "12345": "不是 18 位或 15 位身份证号",
        "INFINITY": "不是 18 位或 15 位身份证号",
        "1.00E+99": "号码已变成浮点数",
        "990102197013020018": "校验码不符",
        "990102701302001": "出生日期不存在",
        "=1+1": "公式",
    }
    landing = Landing(tmp_path)
    found = outcomes(
        landing, "civil_affairs/2024-02-05/deaths.csv", ["身份证号", "死亡日期"], "id_no",
        [[written, "2024-01-05"] for written in cases],
    )  # fmt: skip
    for (written, expected), outcome in zip(cases.items(), found, strict=True):
        if expected[0].isdigit():
            assert outcome == expected, written
        else:
            assert outcome[:2] == ("quarantined", "id_no"), written
            assert expected in outcome[2], written
    assert set(landing.rows("deaths", "person_id")) == {
        (person_id(GOOD, "practice"),),
        (person_id(X_NUMBER, "practice"),),
    }


def test_a_birth_date_that_does_not_exist_is_named_even_where_the_check_character_is_right(
    tmp_path: Path,
) -> None:
    (outcome,) = outcomes(
        Landing(tmp_path), "civil_affairs/2024-02-05/deaths.csv", ["身份证号", "死亡日期"], "id_no",
        [[id_no(1, born="19701302"), "2024-01-05"]],
    )  # fmt: skip
    assert outcome == ("quarantined", "id_no", "身份证号：身份证号里的出生日期不存在")


MAY = date(2024, 5, 1)


def test_dates(tmp_path: Path) -> None:
    cases = {
        "2024-05-01": MAY, "2024.5.1": MAY, "20240501": MAY, "2024年5月1日": MAY, "2024/5/1": MAY,
        "45413": MAY, "45413.0": MAY, "2024-05-01 00:00:00": MAY, "2024-05-01T08:30:00": MAY,
        "２０２４－０５－０１": MAY, " 2024-5-1 ": MAY, "20240501083000": MAY,
        "2024-02-29": date(2024, 2, 29),
        "2024-13-01": "不是可识别的日期", "2023-02-29": "不是可识别的日期", "0000-00-00": "必填项为空",
        "1066-10-14": "1900", "昨天": "不是可识别的日期", "无": "必填项为空",
        "May 1, 2024": "不是可识别的日期", "INFINITY": "不是可识别的日期", "epoch": "不是可识别的日期",
    }  # fmt: skip
    rows = [[id_no(number), written if "," not in written else f'"{written}"']
            for number, written in enumerate(cases)]  # fmt: skip
    found = outcomes(
        Landing(tmp_path), "civil_affairs/2024-06-05/deaths.csv", ["身份证号", "死亡日期"], "died_on", rows
    )
    for (written, expected), outcome in zip(cases.items(), found, strict=True):
        if isinstance(expected, date):
            assert outcome == expected, written
        else:
            assert outcome[:2] == ("quarantined", "died_on"), written
            assert expected in outcome[2], written


def test_months(tmp_path: Path) -> None:
    cases = ["2024-05", "202405", "2024年5月", "2024/5", "2024.05", "2024-05-17", "20240517", "2024年05月份"]
    rows = [
        [f"某路{number}号", written, "10"] for number, written in enumerate([*cases, "2024-13", "202400"])
    ]
    found = outcomes(
        Landing(tmp_path), "utilities/2024-06-05/usage.csv", ["用户地址", "月份", "用电量"], "month", rows
    )
    assert found[: len(cases)] == [MAY] * len(cases)
    assert all(outcome[2] == "月份：不是可识别的月份" for outcome in found[len(cases) :])


def test_amounts(tmp_path: Path) -> None:
    cases = {
        "1234.5": "1234.50", '"1,234.50"': "1234.50", "￥1234.5": "1234.50", "¥ 1234.50元": "1234.50",
        "1.2万元": "12000.00", "1.2万": "12000.00", "０.５亿": "50000000.00", "１２３４．５": "1234.50",
        "-300": "-300.00", "(300.00)": "-300.00", "1234.567": "1234.57", "0": "0.00", "1E+4": "10000.00",
        "-": None, "/": None, "无": None, "": None, "1 234": "1234.00",
        "约三千": "不是可识别的金额", '"1,23,4"': "不是可识别的金额", "12..5": "不是可识别的金额",
    }  # fmt: skip
    rows = [
        [id_no(number), "工商银行", "存款", written, "2024-03-31"] for number, written in enumerate(cases)
    ]
    found = outcomes(
        Landing(tmp_path), "financial/2024-04-20/balances.csv",
        ["身份证号", "机构名称", "资产类型", "余额", "截止日期"], "balance_yuan", rows,
    )  # fmt: skip
    for (written, expected), outcome in zip(cases.items(), found, strict=True):
        if expected is None:  # the balance is required, so an empty one sets the row aside
            assert outcome == ("quarantined", "balance_yuan", "余额：必填项为空"), written
        elif expected[-1].isdigit():
            assert outcome == Decimal(expected), written
        else:
            assert outcome == ("quarantined", "balance_yuan", f"余额：{expected}"), written


def test_an_optional_amount_may_be_absent_but_not_below_its_minimum_nor_unreadable(tmp_path: Path) -> None:
    written = ["500", "-", "/", "无", "", "-5", "很多"]
    rows = [[id_no(number), "2024-01-01", "", value] for number, value in enumerate(written)]
    found = outcomes(
        Landing(tmp_path), "housing/2024-02-12/public_rental.csv",
        ["身份证号", "起始日期", "截止日期", "租金"], "rent_yuan", rows,
    )  # fmt: skip
    assert found[:5] == [Decimal("500.00"), None, None, None, None]
    assert found[5] == ("quarantined", "rent_yuan", "租金：小于允许的最小值")
    assert found[6] == ("quarantined", "rent_yuan", "租金：不是可识别的金额")


def test_an_open_end_written_as_a_date_is_no_end(tmp_path: Path) -> None:
    written = ["2024-08-01", "9999-12-31", "长期", "0000-00-00", "", "2024-13-01"]
    rows = [[id_no(number), "2024-01-01", value, "1"] for number, value in enumerate(written)]
    found = outcomes(
        Landing(tmp_path), "housing/2024-02-12/public_rental.csv",
        ["身份证号", "起始日期", "截止日期", "租金"], "to", rows,
    )  # fmt: skip
    assert found[:5] == [date(2024, 8, 1), None, None, None, None]
    assert found[5] == ("quarantined", "to", "截止日期：不是可识别的日期")


def test_codes_are_read_by_the_words_of_the_declaration(tmp_path: Path) -> None:
    written = ["低保", "最低生活保障", "dibao", "DIBAO", "特困 人员", "无", "", "富裕"]
    rows = [[f"DB{n}", id_no(n), word, "城镇", "990102001001"] for n, word in enumerate(written)]
    found = outcomes(
        Landing(tmp_path), "civil_affairs/2024-01-28/household_register.csv",
        ["户编号", "户主身份证号", "救助类别", "城乡", "区划代码"], "category", rows,
    )  # fmt: skip
    assert found[:7] == ["dibao"] * 4 + ["tekun", "none", "none"]
    assert found[7] == ("quarantined", "category", "救助类别：取值不在约定的代码内")


def test_region_codes_and_household_numbers(tmp_path: Path) -> None:
    header = ["户编号", "户主身份证号", "救助类别", "城乡", "区划代码"]
    rows = [
        ["DB1", id_no(1), "低保", "城市", "990102001001"],
        ["ＤＢ２ ", id_no(2), "低保", "城市", "990102001"],
        ["3.0", id_no(3), "低保", "城市", "990102001003.0"],
        ["9.90102E+11", id_no(4), "低保", "城市", "990102001001"],
        ["DB5", id_no(5), "低保", "城市", "9.90102E+11"],
        ["DB6", id_no(6), "低保", "城市", "北京"],
    ]
    landing = Landing(tmp_path)
    found = outcomes(landing, "civil_affairs/2024-01-28/household_register.csv", header, "region_code", rows)
    assert found[:3] == ["990102001001", "990102001000", "990102001003"]
    assert [outcome[1:] for outcome in found[3:]] == [
        ("household_no", "户编号：号码已变成浮点数或科学计数，位数丢失，无法恢复，请按文本格式重新导出"),
        ("region_code", "区划代码：号码已变成浮点数或科学计数，位数丢失，无法恢复，请按文本格式重新导出"),
        ("region_code", "区划代码：不是 12 位区划代码"),
    ]
    assert landing.rows("household_register", "household_no") == [("DB1",), ("DB2",), ("3",)]


def test_names_are_kept_as_written_but_for_blanks_at_the_ends(tmp_path: Path) -> None:
    cases = {
        "张三": "张三", " 张三　": "张三", "'张三": "张三", "张?": "张?", "Ａ": "Ａ", "无": None, "NA": "NA",
        "买买提·艾力": "买买提·艾力", "買買提．艾力": "買買提．艾力", "张　三": "张　三", "𬱖": "𬱖",
    }  # fmt: skip
    rows = [[id_no(number), written, "2024-01-05"] for number, written in enumerate(cases)]
    header = ["身份证号", "姓名", "死亡日期"]
    found = outcomes(Landing(tmp_path), "civil_affairs/2024-02-05/deaths.csv", header, "name", rows)
    assert found == list(cases.values())


def test_grades_and_years_in_words(tmp_path: Path) -> None:
    header = ["身份证号", "残疾类别", "残疾等级", "发证日期"]
    written = ["1", "二级", "3级", "4.0", "5", "1.5", "甲"]
    rows = [[id_no(n), "肢体", grade, "2020-01-01"] for n, grade in enumerate(written)]
    found = outcomes(Landing(tmp_path), "disability/2024-02-05/certificates.csv", header, "grade", rows)
    assert found[:4] == [1, 2, 3, 4]
    assert [outcome[2].split("：")[1] for outcome in found[4:]] == [
        "大于允许的最大值",
        "不是整数",
        "不是整数",
    ]

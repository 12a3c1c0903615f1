"""Deliveries that cannot be trusted as a whole, and the sentence each gets."""

from pathlib import Path

import pytest

from features.errors import UserError
from features.intake.run import run_intake
from tests.features.landing_folder import Landing, csv, id_no

DEATHS = csv(["身份证号", "姓名", "死亡日期"], [id_no(1), "张", "2024-01-05"])
REGISTER = ["户编号", "户主身份证号", "救助类别", "城乡", "区划代码"]


def household(number: int, category: str = "低保") -> list[str]:
    return [f"DB{number}", id_no(number % 1000), category, "城市", "990102001001"]


@pytest.mark.parametrize(
    ("place", "content", "sentence"),
    [
        ("civil_affairs/2024-02-05/deaths.csv", "", "文件是空的"),
        ("civil_affairs/2024-02-05/deaths.csv", "\n \n", "文件是空的"),
        (
            "civil_affairs/2024-02-05/deaths.csv",
            csv(["身份证号", "姓名"], [id_no(1), "张"]),
            "缺少必需的列 死亡日期（died_on）；请补上该列后重发，或者在 features/sources/deaths.py 里",
        ),
        (
            "civil_affairs/2024-02-05/deaths.csv",
            csv(
                ["身份证号", "补贴项目", "月金额", "起始日期", "截止日期"],
                [id_no(1), "高龄津贴", "1", "2024-01-01", ""],
            ),
            "内容是表“其他补贴”（other_benefits），却用了 deaths 的文件名",
        ),
        ("civil_affairs/2024-02-05/deaths.csv", "甲,乙\n1,2\n", "找不到“死亡登记”的表头"),
        ("civil_affairs/2024-02-05/deaths.docx", DEATHS, "文件类型 .docx 不受理"),
        ("civil_affairs/2024-02-05/births.csv", DEATHS, "文件名 births.csv 不是已声明的表"),
        ("civil_affairs/latest/deaths.csv", DEATHS, "接收日期文件夹 latest 不是日期"),
        ("weather/2024-02-05/deaths.csv", DEATHS, "部门文件夹 weather 不在约定的十二个部门内"),
        ("housing/2024-02-05/deaths.csv", DEATHS, "表 deaths 应由民政交付"),
        ("deaths.csv", DEATHS, "文件不在“部门/接收日期/”文件夹里"),
        (
            "human_resources/2024-02-05/unemployment_benefits.csv",
            csv(["身份证号", "养老类型", "月份", "金额"], [id_no(1), "职工", "2024-01", "1"]),
            "内容是表“养老金”（pensions）",
        ),
        ("civil_affairs/2024-01-28/household_register.csv", csv(REGISTER), "全量登记册没有任何记录"),
        (
            "civil_affairs/2024-01-28/household_register.csv",
            csv(REGISTER, household(1), household(2))[:-30],
            "全量登记册在一行中间结束",
        ),
        (
            "civil_affairs/2024-01-28/household_register.csv",
            csv(REGISTER, *(household(n, "富裕" if n < 12 else "低保") for n in range(20))),
            "20 行里有 12 行不能读（最多的是“救助类别：取值不在约定的代码内”，12 行）",
        ),
    ],
)
def test_refused_with_a_sentence(tmp_path: Path, place: str, content: str, sentence: str) -> None:
    landing = Landing(tmp_path)
    landing.deliver(place, content)
    (entry,) = landing.take().values()
    assert entry.status == "refused"
    assert sentence in (entry.reason or "")
    assert (entry.rows_taken, entry.path) == (0, None)
    assert not list(landing.warehouse.glob("tables/*/*"))


def test_a_month_in_which_nothing_happened_is_taken_with_no_rows(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver("civil_affairs/2024-02-05/deaths.csv", "身份证号,姓名,死亡日期")
    entry = landing.take()["deaths.csv"]
    assert (entry.status, entry.rows_in) == ("taken", 0)


def test_a_dropped_optional_column_is_noted_and_taken(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver(
        "civil_affairs/2024-02-05/deaths.csv", csv(["身份证号", "死亡日期"], [id_no(1), "2024-01-05"])
    )
    entry = landing.take()["deaths.csv"]
    assert "没有交付的可选列，按空值处理：姓名（name）" in entry.assumptions
    assert landing.rows("deaths", "name") == [(None,)]


def test_the_earlier_register_stays_where_the_next_one_is_refused(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver("civil_affairs/2024-01-28/household_register.csv", csv(REGISTER, household(1)))
    landing.deliver("civil_affairs/2024-02-28/household_register.csv", csv(REGISTER))
    landing.take()
    assert landing.rows("household_register", "household_no") == [("DB1",)]


def test_a_note_that_disagrees_is_recorded_and_an_absent_one_too(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    place = "civil_affairs/2024-02-05/deaths.csv"
    landing.deliver(place, DEATHS)
    landing.note(place, rows=7, sha256="0" * 64)
    landing.deliver(
        "civil_affairs/2024-03-05/marriages.csv", csv(["男方身份证号", "女方身份证号", "结婚日期"])
    )
    entries = landing.take()
    assert {"交付单写 7 行，实有 1 行", "文件的 sha256 与交付单不符"} <= set(
        entries["deaths.csv"].assumptions
    )
    assert "没有 delivery.yaml，行数与校验值未核对" in entries["marriages.csv"].assumptions


@pytest.mark.parametrize(
    "note", ["{table: deaths, file: deaths.csv, rows: 1}", "deaths: {rows: 1}", "- {table: deaths, rows: 1}"]
)
def test_notes_of_every_shape_are_understood(tmp_path: Path, note: str) -> None:
    landing = Landing(tmp_path)
    landing.deliver("civil_affairs/2024-02-05/deaths.csv", DEATHS)
    landing.deliver("civil_affairs/2024-02-05/delivery.yaml", note)
    assert landing.take()["deaths.csv"].assumptions == ()


@pytest.mark.parametrize("note", ["{{{", "42", "- 42", "- {file: x}"])
def test_a_note_that_cannot_be_read_keeps_nothing_out(tmp_path: Path, note: str) -> None:
    landing = Landing(tmp_path)
    landing.deliver("civil_affairs/2024-02-05/deaths.csv", DEATHS)
    landing.deliver("civil_affairs/2024-02-05/delivery.yaml", note)
    assert landing.take()["deaths.csv"].status == "taken"


def test_a_cut_register_is_known_by_its_note(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    place = "civil_affairs/2024-01-28/household_register.csv"
    landing.deliver(place, csv(REGISTER, household(1)))
    landing.note(place, rows=4000, sha256="0" * 64)
    entry = landing.take()["household_register.csv"]
    assert "只有 1 行，交付单写的是 4000 行" in (entry.reason or "")


def test_a_landing_folder_that_is_none_or_empty(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder; give --landing"):
        run_intake(tmp_path / "nowhere", tmp_path / "w", "practice")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no deliveries"):
        run_intake(tmp_path / "empty", tmp_path / "w", "practice")
    assert not (tmp_path / "w").exists()


def test_a_folder_of_something_else_is_not_made_a_warehouse(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.deliver("civil_affairs/2024-02-05/deaths.csv", DEATHS)
    landing.warehouse.mkdir()
    (landing.warehouse / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="neither a warehouse nor empty"):
        landing.take()

"""From files to linked rows, their review and the profiles: what came without a usable number."""

import json
import os
import re
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from features.__main__ import app
from features.engines import Catalogue, open_warehouse
from features.errors import UserError
from features.known import seen
from features.linking import link_rows
from tests.features.landing_folder import KEY, Landing, csv, id_no

BORN = {1: "19700102", 3: "19700102", 5: "19551231", 7: "19800229"}
NAMES = {1: "张三", 3: "李四", 5: "王五", 7: "李四"}
RESIDENTS = ["身份证号", "姓名", "性别", "出生日期", "户籍户号"]
WAGES = ["身份证号", "姓名", "扣缴义务人代码", "所得项目", "月份", "收入额"]


def number(person: int) -> str:
    return id_no(person, BORN[person])


def resident(person: int, written: str | None = None, household: str = "HK1") -> list[str]:
    born = BORN[person]
    day = f"{born[:4]}-{born[4:6]}-{born[6:]}"
    return [written or number(person), NAMES[person], "男", day, household]


def register(*persons: int) -> str:
    return csv(RESIDENTS, *(resident(person, household=f"HK{person}") for person in persons))


def wage(written: str, name: str, month: str, yuan: str = "3000") -> list[str]:
    return [written, name, "91350100M000100Y43", "工资薪金", month, yuan]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path)
    landing.deliver("public_security/2024-01-25/residents.csv", register(1, 3, 5, 7))
    typo = number(1)[:9] + str((int(number(1)[9]) + 1) % 10) + number(1)[10:]
    rows = [
        wage(number(5), "王五", "2024-01"),
        wage(typo, "張三", "2024-01"),
        wage("无", "李四", "2024-01"),
        wage("9.90102E+17", "王五", "2024-01", "4000"),
        wage(number(1), "张三", "2024-13"),
    ]
    landing.deliver("taxation/2024-02-26/withholding.csv", csv(WAGES, *rows))
    return landing


def wages(landing: Landing) -> list[tuple[str, str, float | None]]:
    rows = open_warehouse(landing.warehouse).table("withholding").to_pyarrow().to_pylist()
    standing = [row for row in rows if row["replaced_on"] is None]
    found = [(row["id_no"], str(row["received_on"]), row["link_probability"]) for row in standing]
    return sorted(found, key=str)


def test_rows_in_are_rows_taken_and_quarantined_and_the_unidentified_are_among_the_latter(
    landing: Landing,
) -> None:
    entry = landing.take()["withholding.csv"]
    assert (entry.rows_in, entry.rows_taken, entry.rows_quarantined) == (5, 1, 4)
    apart = open_warehouse(landing.warehouse).unidentified("withholding").to_pyarrow().to_pylist()
    assert [row["row_number"] for row in apart] == [3, 4, 5]  # the bad month is no question of who
    assert apart[2]["written"] == "9.90102E+17"
    assert all(row["id_no"] is None and row["person_id"] is None for row in apart)


def test_a_sure_link_is_a_row_of_its_person_from_the_day_it_was_received(landing: Landing) -> None:
    landing.take()
    assert [row[0] for row in wages(landing)] == [number(5)]
    counts = link_rows(landing.warehouse, KEY)
    assert counts["withholding"] == {"rows": 3, "linked": 2, "to_review": 1}
    (first, second, third) = wages(landing)
    assert {first[0], second[0], third[0]} == {number(1), number(5)}
    linked = [row for row in wages(landing) if row[2] is not None]
    assert all(received == "2024-02-26" and probability > 0.9 for _, received, probability in linked)
    rows = open_warehouse(landing.warehouse).table("withholding").to_pyarrow().to_pylist()
    own = next(row["person_id"] for row in rows if row["id_no"] == number(5))
    assert re.fullmatch("P[0-9a-f]{15}", own)


def test_linking_again_changes_nothing(landing: Landing) -> None:
    landing.take()
    link_rows(landing.warehouse, KEY)
    before = open_warehouse(landing.warehouse).links().to_pyarrow()
    link_rows(landing.warehouse, KEY)
    assert open_warehouse(landing.warehouse).links().to_pyarrow() == before


def test_what_arrives_later_changes_no_link_that_was_there(landing: Landing) -> None:
    landing.take()
    link_rows(landing.warehouse, KEY)
    before = wages(landing)
    later = csv(RESIDENTS, *(resident(p, household=f"HK{p}") for p in (1, 3, 5, 7)), resident(1, id_no(11)))
    landing.deliver("public_security/2024-03-25/residents.csv", later)
    landing.take()
    link_rows(landing.warehouse, KEY)
    assert wages(landing) == before


def test_a_head_listed_twice_is_linked_once_to_one_person(landing: Landing) -> None:
    header = ["户编号", "身份证号", "姓名", "与户主关系"]
    typo = number(1)[:16] + str((int(number(1)[16]) + 1) % 10) + number(1)[17]
    rows = [
        ["D1", number(1), "张三", "户主"],
        ["D1", typo, "张三", "户主"],
        ["D1", number(5), "王五", "配偶"],
    ]
    landing.deliver("civil_affairs/2024-01-28/household_members.csv", csv(header, *rows))
    landing.take()
    link_rows(landing.warehouse, KEY)
    rows_now = open_warehouse(landing.warehouse).table("household_members").to_pyarrow().to_pylist()
    assert sorted(row["id_no"] for row in rows_now) == sorted([number(1), number(1), number(5)])


def test_an_old_number_of_15_digits_needs_no_link(landing: Landing) -> None:
    old = number(5)[:6] + number(5)[8:17]
    landing.deliver("taxation/2024-03-26/withholding.csv", csv(WAGES, wage(old, "王五", "2024-02")))
    landing.take()
    assert [row[0] for row in wages(landing)] == [number(5), number(5)]


def command(*arguments: object) -> tuple[int, dict[str, Any], str]:
    done = CliRunner().invoke(app, [str(argument) for argument in (*arguments, "--json")])
    if isinstance(done.exception, UserError):
        return 2, {}, str(done.exception)
    lines = done.stdout.strip().splitlines()
    return done.exit_code, json.loads(lines[-1]) if lines else {}, done.output


def fill(path: Path, answers: dict[int, str]) -> None:
    """Write the list again with decisions in the last column of some lines (0 is the first)."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                last = column == len(cells) - 1
                sheet.write(row, column, answers.get(row - 1, cell) if last else cell)


def test_a_caseworker_decides_is_remembered_and_can_take_it_back(landing: Landing, tmp_path: Path) -> None:
    landing.take()
    command("link", "--warehouse", landing.warehouse)
    listed = tmp_path / "list.xlsx"
    _, counted, _ = command("review", "--warehouse", landing.warehouse, "--write", listed)
    assert counted == {"to_review": 2, "decided": 0, "taken": 0}  # two persons share the name
    assert stat.S_IMODE(os.stat(listed).st_mode) == 0o600

    rows = CalamineWorkbook.from_path(str(listed)).get_sheet_by_index(0).to_python()
    chosen = next(place for place, row in enumerate(rows[1:]) if row[6] == number(3))
    fill(listed, {chosen: "是", 1 - chosen: "否"})
    read = ("review", "--warehouse", landing.warehouse, "--read", listed)
    _, counted, _ = command(*read, "--by", "0107", "--on", "2024-03-10")
    assert counted == {"to_review": 0, "decided": 2, "taken": 2}
    # Known from the decision on: a profile of an earlier day stays what it was.
    assert (number(3), "2024-03-10", 1.0) in wages(landing)

    # The same spelling next month needs no second decision; linking again forgets nothing.
    landing.deliver("taxation/2024-03-26/withholding.csv", csv(WAGES, wage("无", "李四", "2024-02")))
    landing.take()
    command("link", "--warehouse", landing.warehouse)
    assert (number(3), "2024-03-26", 1.0) in wages(landing)

    command("review", "--warehouse", landing.warehouse, "--write", listed)
    rows = CalamineWorkbook.from_path(str(listed)).get_sheet_by_index(0).to_python()
    assert {row[9] for row in rows[1:]} == {"是", "否"}
    fill(listed, dict.fromkeys(range(len(rows) - 1), "撤销"))
    _, counted, _ = command(*read, "--by", "0203", "--on", "2024-04-01")
    assert counted == {"to_review": 2, "decided": 0, "taken": 2}
    assert number(3) not in [row[0] for row in wages(landing)]
    # Taking back is a decision too, of somebody on a day.
    assert {
        (line["decision"], line["decided_by"], line["decided_on"]) for line in lines_to_review(landing)
    } == {("undone", "0203", date(2024, 4, 1))}
    # ... and holds from its own day on: what was decided and known before it stays so.
    assert [known_on(landing, number(3), date(2024, *day)) for day in ((3, 9), (3, 10), (3, 31), (4, 1))] == [
        0, 1, 2, 0
    ]  # fmt: skip
    assert known_decisions(landing) == ["confirmed", "refused", "undone", "undone"]


def test_a_sure_link_that_a_caseworker_refused_is_no_link(landing: Landing) -> None:
    landing.take()
    link_rows(landing.warehouse, KEY)
    links = open_warehouse(landing.warehouse).links().to_pyarrow().to_pylist()
    link = next(link for link in links if link["id_no"] == number(1))
    catalogue = Catalogue.open(landing.warehouse, KEY)
    catalogue.decide_link(
        link["written"], link["name"], link["person_id"], "refused", "0107", date(2024, 4, 2)
    )
    catalogue.close()
    link_rows(landing.warehouse, KEY)
    assert number(1) not in [row[0] for row in wages(landing)]
    assert known_on(landing, number(1), date(2024, 4, 1)) == 1
    assert known_on(landing, number(1), date(2024, 4, 2)) == 0


def test_decisions_of_an_earlier_version_are_kept(landing: Landing) -> None:
    landing.take()
    link_rows(landing.warehouse, KEY)
    line = next(line for line in lines_to_review(landing) if line["id_no"] == number(3))
    connection = open_catalogue(landing)
    connection.execute("DROP TABLE decided_links")
    connection.execute(
        "CREATE TABLE link_decisions (written VARCHAR, name VARCHAR, person_id VARCHAR, decision VARCHAR,"
        " decided_by VARCHAR, decided_on DATE, PRIMARY KEY (written, name, person_id))"
    )
    connection.execute(
        "INSERT INTO link_decisions VALUES (?, ?, ?, 'confirmed', '0107', DATE '2024-03-10')",
        [line["written"], line["name"], line["person_id"]],
    )
    connection.close()
    landing.take()
    assert (number(3), "2024-03-10", 1.0) in wages(landing)
    landing.take()
    assert known_decisions(landing) == ["confirmed"]


@pytest.mark.parametrize(
    ("answers", "options", "sentence"),
    [
        ({0: "也许"}, ("--by", "0107", "--on", "2024-03-10"), "the last column takes"),
        ({0: "是"}, ("--by", "0107"), "needs --by"),
        ({0: "是"}, ("--by", "0107", "--on", "soon"), "needs a date like"),
        # Dated back it would change profiles that have been made.
        ({0: "是"}, ("--by", "0107", "--on", "2024-02-25"), "dated before the last delivery"),
    ],
)
def test_a_list_that_cannot_be_taken_whole_is_not_taken(
    landing: Landing, tmp_path: Path, answers: dict[int, str], options: tuple[str, ...], sentence: str
) -> None:
    landing.take()
    link_rows(landing.warehouse, KEY)
    listed = tmp_path / "list.xlsx"
    command("review", "--warehouse", landing.warehouse, "--write", listed)
    fill(listed, answers)
    code, _, said = command("review", "--warehouse", landing.warehouse, "--read", listed, *options)
    assert code == 2
    assert sentence in said
    assert "李四" not in said
    _, counted, _ = command("review", "--warehouse", landing.warehouse)
    assert counted["decided"] == 0


def test_without_a_warehouse_one_sentence_says_so(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (tmp_path / "none", empty):
        code, _, said = command("review", "--warehouse", folder)
        assert code == 2
        assert "is not a warehouse" in said
    assert list(empty.iterdir()) == []


def test_a_warehouse_of_an_earlier_version_is_brought_up_to_date_by_an_intake(landing: Landing) -> None:
    landing.take()
    connection = open_catalogue(landing)
    connection.execute("DROP TABLE links")
    connection.close()
    with pytest.raises(UserError, match="earlier version"):
        open_warehouse(landing.warehouse)
    landing.take()
    assert open_warehouse(landing.warehouse).table("withholding").count().to_pyarrow().as_py() == 1


def known_on(landing: Landing, written: str, day: date) -> int:
    """Rows under a number that a profile of the day sees."""
    rows = seen(open_warehouse(landing.warehouse).table("withholding"), day)
    return int(rows.filter(rows.id_no == written).count().to_pyarrow().as_py())


def known_decisions(landing: Landing) -> list[str]:
    connection = open_catalogue(landing)
    try:
        asked = "SELECT decision FROM decided_links ORDER BY decision_order"
        return sorted(decision for (decision,) in connection.execute(asked).fetchall())
    finally:
        connection.close()


def lines_to_review(landing: Landing) -> list[dict[str, Any]]:
    catalogue = Catalogue.open(landing.warehouse, KEY)
    try:
        return catalogue.links_to_review()
    finally:
        catalogue.close()


def open_catalogue(landing: Landing) -> Any:
    import duckdb

    return duckdb.connect(str(landing.warehouse / "catalogue.duckdb"))

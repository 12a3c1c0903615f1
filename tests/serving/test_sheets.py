import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from features.errors import UserError
from features.identity.masking import masked
from serving.batch import record_batch
from serving.casework.database import migrate, open_database, reading
from serving.casework.events import first_broken_event
from serving.casework.tables import KINDS, Event
from serving.export import export_lists
from serving.messages import text
from serving.places import community_name, street_name
from serving.sheets import HEADER_ROW, line_count, write_workbooks
from tests.serving.practice import AS_OF, STREETS


@pytest.fixture(scope="module")
def exported(batch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheets")
    engine = open_database(f"sqlite:///{folder / 'casework.db'}", create=True)
    migrate(engine)
    record_batch(engine, batch)
    export_lists(engine, folder / "lists", None, by="test")
    return engine, folder / "lists"


def rows(path, street):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(street).to_python()


def test_one_workbook_a_kind_and_one_sheet_a_street(exported):
    _, folder = exported
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{kind}.xlsx" for kind in KINDS)
    for kind in KINDS:
        assert CalamineWorkbook.from_path(str(folder / f"{kind}.xlsx")).sheet_names == list(STREETS)


def test_the_sheet_has_title_note_and_every_item_in_order(exported, batch):
    _, folder = exported
    sheet = rows(folder / "exit_due.xlsx", STREETS[0])
    items = [i for i in batch.items if i["kind"] == "exit_due" and i["street_code"] == STREETS[0]]
    numbers = {row["household_id"]: row["number"] for row in batch.households}
    assert sheet[0][0].startswith("应退未退核查名单　练习甲区")
    assert text("decides_nothing", "zh") in sheet[1][0]
    assert sheet[HEADER_ROW][0] == text("visit", "zh")
    body = sheet[HEADER_ROW + 1 :]
    ordered = sorted(items, key=lambda item: item["visit_order"])
    assert [row[0] for row in body] == [item["visit_order"] for item in ordered]
    assert [row[2] for row in body] == [numbers[item["household_id"]] for item in ordered]
    for row, item in zip(body, ordered, strict=True):
        assert all(line["zh"] in row[4] for line in item["checks"])
        assert row[6:] == ["", ""]


def test_the_paper_tells_neither_arm_nor_score_nor_band(exported, batch):
    _, folder = exported
    figures = {f"{i['score']:.3f}" for i in batch.items if i["score"] is not None}
    for kind in KINDS:
        for street in STREETS:
            words = "\n".join(str(cell) for row in rows(folder / f"{kind}.xlsx", street) for cell in row)
            assert not any(word in words for word in ("random", "随机", "评分 0", "rank", "较高", *figures))


def test_text_that_looks_like_a_formula_stays_text(exported):
    _, folder = exported
    for kind in KINDS:
        with zipfile.ZipFile(folder / f"{kind}.xlsx") as archive:
            sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
            assert not any(b"<f>" in archive.read(name) for name in sheets)
    assert any(str(row[2]).startswith("=") for row in rows(folder / "exit_due.xlsx", STREETS[0]))


def test_the_page_is_a4_landscape_with_its_header_repeated(exported):
    _, folder = exported
    with zipfile.ZipFile(folder / "underpaid.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "第 &amp;P 页 共 &amp;N 页" in sheet
    assert "_xlnm.Print_Titles" in book
    assert f"${HEADER_ROW + 1}:${HEADER_ROW + 1}" in book


def test_the_export_is_in_the_log(exported):
    engine, _ = exported
    with reading(engine) as connection:
        actions = [row.action for row in connection.execute(Event.__table__.select())]
        assert first_broken_event(connection) is None
    assert actions == ["run_recorded", "lists_exported"]


def test_a_date_without_a_batch_is_told(exported, tmp_path):
    engine, _ = exported
    with pytest.raises(UserError, match="holds no batch as of 2020-01-31"):
        export_lists(engine, tmp_path, date(2020, 1, 31), by="test")


def test_a_failure_while_writing_leaves_the_older_workbooks(tmp_path):
    write_workbooks(tmp_path, {"underpaid": []}, AS_OF, {})
    before = (tmp_path / "underpaid.xlsx").read_bytes()
    with pytest.raises(KeyError):
        write_workbooks(tmp_path, {"underpaid": [{"street_code": "990102001"}]}, AS_OF, {})
    assert [path.name for path in tmp_path.iterdir()] == ["underpaid.xlsx"]
    assert (tmp_path / "underpaid.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "width", "lines"), [("", 10, 1), ("abc\nd", 10, 2), ("低保低保低保", 10, 2)]
)
def test_a_chinese_character_is_two_wide(words, width, lines):
    assert line_count(words, width) == lines


def test_places_and_numbers_as_people_read_them():
    districts = {"990102": {"zh": "练习甲区", "en": "district A"}}
    assert street_name("990102001", districts, "zh") == "练习甲区001街道"
    assert street_name("990199001", districts, "zh") == "990199001"
    assert community_name("990102001003", "zh") == "003社区"
    assert masked("99010200100123") == "****0123"

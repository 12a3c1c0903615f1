"""The words that officials write for a code: read by what is left without blanks and punctuation."""

from pathlib import Path

import ibis
import pytest

from features.intake import tidying
from features.intake.kinds import code_words
from features.sources import SOURCES
from features.sources.core import Column, Kind
from tests.features.landing_folder import Landing, csv, id_no

CODED = {f"{s.name}.{c.name}": c for s in SOURCES.values() for c in s.columns if c.kind is Kind.CODE}


@pytest.mark.parametrize("column", CODED.values(), ids=CODED)
def test_no_word_stands_for_two_codes(column: Column) -> None:
    codes: dict[str, set[str]] = {}
    for word, code in code_words(column):
        codes.setdefault(tidying.comparable_word(word), set()).add(code)
    assert {word: found for word, found in codes.items() if len(found) > 1} == {}


@pytest.mark.parametrize("column", CODED.values(), ids=CODED)
def test_an_empty_word_is_declared_and_never_what_is_left_of_a_word(column: Column) -> None:
    assert all(tidying.comparable_word(word) for word, _ in code_words(column) if word)


def test_the_engine_compares_words_as_the_declaration_does() -> None:
    written = [word for column in CODED.values() for word, _ in code_words(column)]
    written += ["存续(在营,开业、在册)", "Work－Seen", "工资，薪金 所得", "ＤＩＢＡＯ", "—", "「住宅」"]
    table = ibis.memtable({"n": range(len(written)), "word": written})
    engine = ibis.duckdb.connect()
    plain = tidying.comparable(tidying.narrowed(table.word))
    found = engine.to_pyarrow(table.select("n", plain=plain).order_by("n")).to_pydict()["plain"]
    assert found == [tidying.comparable_word(word) for word in written]


#: department, table, header, a row with {} for the word, column, word as written -> code.
READ = [
    ("disability", "certificates", "身份证号,残疾类别,残疾等级,发证日期", "{id},{word},1,2020-01-01",
     "category", {
        "视力残疾": "visual", "听力残疾": "hearing", "言语残疾": "speech", "肢体残疾": "physical",
        "智力残疾": "intellectual", "精神残疾": "mental", "多重残疾": "multiple", "肢体（残疾）": "physical",
    }),
    ("taxation", "withholding", "身份证号,所得项目,月份,收入额", "{id},{word},2024-01,1", "kind", {
        "劳务报酬所得": "labour", "工资薪金所得": "wages", "工资、薪金所得": "wages",
        '"工资,薪金所得"': "wages", "经营所得": "business", "平台从业人员所得": "platform",
        "全年一次性奖金收入": "wages",
    }),
    ("market_regulation", "entities", "统一社会信用代码,状态,法定代表人身份证号,成立日期",
     "99010219700102000{n},{word},{id},2020-01-01", "status", {
        "存续（在营、开业、在册）": "active", '"存续(在营,开业,在册)"': "active",
        "在业": "active", "注销": "cancelled",
        "吊销，未注销": "revoked", "吊销未注销": "revoked", "吊销，已注销": "cancelled",
    }),
    ("public_security", "vehicles", "所有人身份证号,号牌号码,车辆类型,登记日期",
     "{id},浙A{n},{word},2020-01-01", "kind", {
        "小型轿车": "car", "小型普通客车": "car", "普通二轮摩托车": "motorcycle", "轻型货车": "truck",
        "轻型栏板货车": "truck", "大型普通客车": "other",
    }),
    ("human_resources", "pensions", "身份证号,养老类型,月份,金额", "{id},{word},2024-01,1", "kind", {
        "企业职工基本养老保险": "employee", "机关事业单位基本养老保险": "employee",
        "城乡居民基本养老保险": "resident",
    }),
    ("education", "enrolments", "身份证号,学段,起始日期", "{id},{word},2024-09-01", "stage", {
        "普通高中": "senior", "中等职业学校": "vocational", "大学": "bachelor", "大专": "bachelor",
        "高职（专科）": "bachelor", "小学": "primary", "初中": "junior", "硕士研究生": "postgraduate",
    }),
]  # fmt: skip


@pytest.mark.parametrize(
    ("department", "table", "header", "row", "column", "words"), READ, ids=[case[1] for case in READ]
)
def test_official_words_are_read(
    tmp_path: Path, department: str, table: str, header: str, row: str, column: str, words: dict[str, str]
) -> None:
    landing = Landing(tmp_path)
    lines = [row.format(id=id_no(n), n=n, word=word) for n, word in enumerate(words)]
    landing.deliver(f"{department}/2024-10-05/{table}.csv", "\n".join([header, *lines, ""]))
    entry = landing.take()[f"{table}.csv"]
    assert (entry.status, entry.rows_quarantined) == ("taken", 0), entry.reason
    assert [code for (code,) in landing.rows(table, column)] == list(words.values())


def test_what_may_be_two_codes_or_says_nothing_is_set_aside(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [[id_no(n), word, "2024-09-01"] for n, word in enumerate(["九年一贯制", "中学", "？", "（）"])]
    landing.deliver("education/2024-10-05/enrolments.csv", csv(["身份证号", "学段", "起始日期"], *rows))
    entry = landing.take()["enrolments.csv"]
    assert (entry.rows_taken, entry.rows_quarantined) == (0, 4)


def test_signs_alone_are_not_the_empty_word(tmp_path: Path) -> None:
    """An empty category is nobody's; `？` is one that somebody did not know."""
    landing = Landing(tmp_path)
    header = ["户编号", "户主身份证号", "救助类别", "城乡", "区划代码"]
    rows = [[f"DB{n}", id_no(n), word, "城市", "990102001001"] for n, word in enumerate(["", "？", "（）"])]
    landing.deliver("civil_affairs/2024-01-28/household_register.csv", csv(header, *rows))
    entry = landing.take()["household_register.csv"]
    assert landing.rows("household_register", "category") == [("none",)]
    assert {column for column, _ in landing.quarantined(entry).values()} == {"category"}

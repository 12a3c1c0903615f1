"""Every form in which data arrives, with the outcome expected: a catalogue run through the real intake.

`FORMS` names each form once; the tests and `make bench-data` run the same catalogue. A form is made from a
small clean table, so that what it should become is written beside it and not computed by what is tested.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq
import xlsxwriter

from features.engines import open_warehouse, read_entries
from features.identity.id_number import check_character
from features.intake import summary, workbook
from features.intake.entry import Entry
from features.intake.problems import reason_zh
from features.intake.run import run_intake
from features.sources import SOURCES

KEY = "practice"
DEATHS, PENSIONS = "civil_affairs/2024-02-05/deaths", "human_resources/2024-02-05/pensions"
REGISTER, BALANCES = "civil_affairs/2024-01-28/household_register", "financial/2024-04-20/balances"
HEADER = ("身份证号", "姓名", "死亡日期")
PENSION_HEADER = ("身份证号", "养老类型", "月份", "金额")
REGISTER_HEADER = ("户编号", "户主身份证号", "救助类别", "城乡", "区划代码")
BALANCE_HEADER = ("身份证号", "机构名称", "资产类型", "余额", "截止日期")
#: The limit on unpacked workbooks while the catalogue runs: a bomb of the real size takes seconds to count.
BOMB_LIMIT = 20_000_000


def id_no(number: int, born: str = "19700102") -> str:
    """A valid identity number of nobody: area 990102 was never assigned."""
    digits = f"990102{born}{number:03d}"
    return digits + check_character(digits)


@dataclass(frozen=True)
class Expected:
    """What becomes of a form's files; None where a form does not ask.

    statuses: of each file in the order of arrival. rows: stored values of `columns` in file order.
    quarantined: row number -> (column, code). says: a part of the reason of a refusal or repetition, or of
    what was assumed. silent: tables that the run reports as silent, with the deliveries missed.
    """

    statuses: tuple[str, ...] = ("taken",)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] | None = None
    quarantined: tuple[tuple[int, str, str], ...] = ()
    says: str = ""
    silent: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Form:
    """A way data arrives: `files` are (place in the landing folder, content) in the order of their runs."""

    zh: str
    en: str
    table: str
    files: tuple[tuple[str, bytes], ...]
    expected: Expected


# How the files are made


def lines(*rows: Sequence[str], separator: str = ",", end: str = "\n") -> str:
    """A delimited text."""
    return end.join(separator.join(cells) for cells in rows) + end


def book(
    sheets: dict[str, Sequence[Sequence[Any]]],
    merged: Sequence[tuple[str, str]] = (),
    formulas: Sequence[tuple[str, str, Any]] = (),
) -> bytes:
    """A workbook; `merged` (range, text) and `formulas` (cell, formula, value) stand on the first sheet."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as workbook_:
        pages = [workbook_.add_worksheet(name) for name in sheets]
        for page, rows in zip(pages, sheets.values(), strict=True):
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if cell is not None and cell != "":
                        written_as = page.write_string if isinstance(cell, str) else page.write
                        written_as(number, place, cell)
        for place, text in merged:
            pages[0].merge_range(place, text)
        for cell, formula, value in formulas:
            pages[0].write_formula(cell, formula, None, value)
    return written.getvalue()


def bomb() -> bytes:
    """A small archive that unpacks to more than the limit."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (BOMB_LIMIT + 1_000_000))
    return packed.getvalue()


A, B = (id_no(1), "张三", "2024-01-05"), (id_no(2), "李四", "2024-01-06")
TWO = ((id_no(1), date(2024, 1, 5)), (id_no(2), date(2024, 1, 6)))
CLEAN = lines(HEADER, A, B)
WIDE = str.maketrans({code - 0xFEE0: code for code in range(0xFF01, 0xFF5F)})


def two(says: str = "") -> Expected:
    """Both clean rows, unharmed."""
    return Expected(columns=("id_no", "died_on"), rows=TWO, says=says)


def deaths(zh: str, en: str, content: str | bytes, expected: Expected, ending: str = "csv") -> Form:
    """One file of deaths."""
    content = content.encode() if isinstance(content, str) else content
    return Form(zh, en, "deaths", ((f"{DEATHS}.{ending}", content),), expected)


def cell(zh: str, en: str, table: str, column: str, written: str, outcome: Any) -> Form:
    """One cell of one row: `outcome` is the value stored, or a code in brackets where the row is set aside.

    A good row follows, which must be taken whatever stands in the first.
    """
    place, header, base, other = CELLS[table]
    zh_name = SOURCES[table].column(column).zh
    quoted = f'"{written}"' if "," in written else written
    first = [quoted if name == zh_name else value for name, value in zip(header, base, strict=True)]
    content = lines(header, first, other[0]).encode()
    good = other[1][column]
    if isinstance(outcome, list):
        expected = Expected(columns=(column,), rows=((good,),), quarantined=((2, column, outcome[0]),))
    else:
        expected = Expected(columns=(column,), rows=((outcome,), (good,)))
    return Form(zh, en, table, ((f"{place}.csv", content),), expected)


_REGISTER_ROW = ("DB1", id_no(1), "低保", "城市", "990102001001")
CELLS: dict[str, Any] = {
    "deaths": (DEATHS, HEADER, A, (B, {"id_no": id_no(2), "name": "李四", "died_on": date(2024, 1, 6)})),
    "balances": (
        BALANCES, BALANCE_HEADER, (id_no(1), "工商银行", "存款", "1", "2024-03-31"),
        ((id_no(2), "工商银行", "存款", "8.5", "2024-03-31"), {"balance_yuan": Decimal("8.50")}),
    ),
    "pensions": (
        PENSIONS, PENSION_HEADER, (id_no(1), "职工", "2024-01", "100"),
        ((id_no(2), "职工", "2024-01", "200"), {"month": date(2024, 1, 1), "amount_yuan": Decimal("200.00")}),
    ),
    "household_register": (
        REGISTER, (*REGISTER_HEADER, "申报收入"), (*_REGISTER_ROW, "1"),
        (("DB2", id_no(2), "低保", "城市", "990102001001", "8"), {"declared_income_yuan": Decimal("8.00")}),
    ),
}  # fmt: skip


# Files: encodings, separators, workbooks


def encoded(zh: str, en: str, encoding: str, says: str = "") -> Form:
    return deaths(zh, en, CLEAN.encode(encoding), two(says))


def separated(zh: str, en: str, separator: str, says: str) -> Form:
    return deaths(zh, en, lines(HEADER, A, B, separator=separator), two(says))


def headed(zh: str, en: str, header: str) -> Form:
    return deaths(zh, en, lines((header, *HEADER[1:]), A, B), two())


FILES = (
    encoded("GBK 编码", "GBK", "gbk", "GB18030"),
    deaths(
        "GB18030 编码的生僻字", "GB18030 with a character GBK lacks",
        lines(HEADER, (id_no(1), "㑇𠮷", "2024-01-05"), B).encode("gb18030"),
        Expected(columns=("name",), rows=(("㑇𠮷",), ("李四",)), says="GB18030"),
    ),
    encoded("UTF-8 无标记", "UTF-8 without mark", "utf-8"),
    encoded("UTF-8 带标记", "UTF-8 with mark", "utf-8-sig"),
    encoded("UTF-16 编码", "UTF-16", "utf-16", "UTF-16"),
    separated("逗号", "comma", ",", ""),
    separated("制表符", "tab", "\t", "分隔符是制表符"),
    separated("全角逗号", "full-width comma", "，", "分隔符是全角逗号"),
    deaths("Windows 换行", "carriage return and line feed", lines(HEADER, A, B, end="\r\n"), two()),
    deaths("表头上有标题行", "title row above the header", lines(("2024年1月死亡人员登记表",), HEADER, A, B),
           two()),
    deaths("表尾有合计与签章", "totals and a signature below", CLEAN + "合计,2,\n制表人：王,,审核：\n",
           two("表尾第 4、5 行")),
    Form("合计行填满必需的列", "totals that fill every required column", "household_members",
         (("civil_affairs/2024-01-28/household_members.csv",
           lines(("户编号", "身份证号", "姓名"), ("DB1", id_no(1), "张三"), ("合计", "1", "")).encode()),),
         Expected(columns=("household_no",), rows=(("DB1",),), says="表尾第 3 行")),
    deaths("中间有空行", "blank lines between", lines(HEADER, A, ("", "", ""), B), two()),
    deaths("引号里有换行", "line break inside quotes",
           lines(HEADER, (id_no(1), '"张\n三"', "2024-01-05"), B), two()),
    deaths("引号没有闭合", "a quote that never closes", lines(HEADER, (id_no(3), '"王', "2024-01-05"), A, B),
           Expected(columns=("id_no", "died_on"), rows=TWO, quarantined=((2, "", "quotes"),))),
    deaths("多出一格的行", "a row with a cell too many", lines(HEADER, (*A, "多"), A, B),
           Expected(columns=("id_no", "died_on"), rows=TWO, quarantined=((2, "", "fields"),))),
    deaths("无法解码的字节", "bytes of no character",
           lines(HEADER, (id_no(3), "王?", "2024-01-05"), A, B).encode().replace(b"?", b"\xff"),
           Expected(columns=("id_no", "died_on"), rows=TWO, quarantined=((2, "", "undecodable"),))),
    deaths("工作簿标题行", "workbook with a title row",
           book({"Sheet1": [("2024年1月死亡登记",), HEADER, A, B]}),
           two(), "xlsx"),
    deaths("工作簿合并表头", "workbook with merged header cells",
           book({"Sheet1": [(), (None, "身份证号", "姓名", None), ("1", *A), ("2", *B)]},
                [("A1:A2", "序号"), ("B1:C1", "人员信息"), ("D1:D2", "死亡日期")]),
           two("序号"), "xlsx"),
    deaths("工作簿合计与签章", "workbook with totals and a signature",
           book({"Sheet1": [HEADER, A, B, ("合计", "2"), ("制表人：王", "", "审核：")]}),
           two("表尾"), "xlsx"),
    deaths("工作簿日期存为数字", "workbook with dates as numbers and as dates",
           book({"Sheet1": [HEADER, (*A[:2], 45296), (*B[:2], date(2024, 1, 6))]}), two(), "xlsx"),
    Form("工作簿数字存为文本", "workbook with numbers stored as text", "pensions",
         ((f"{PENSIONS}.xlsx",
            book({"Sheet1": [PENSION_HEADER, (id_no(1), "职工", "202401", "1,234.50")]})),),
         Expected(columns=("month", "amount_yuan"), rows=((date(2024, 1, 1), Decimal("1234.50")),))),
    deaths("工作簿多张工作表", "workbook with several sheets",
           book({"说明": [("本表由民政局填报",)], "数据": [HEADER, A, B], "模板": [HEADER]}),
           two("读取工作表“数据”"), "xlsx"),
    deaths("两张工作表内容不同", "two sheets of the table that differ",
           book({"一": [HEADER, A], "二": [HEADER, B]}), Expected(("refused",), says="请只保留一张"), "xlsx"),
    deaths("工作簿里的公式", "a formula in a workbook: its value is read",
           book({"Sheet1": [HEADER, (*A[:2], None), B]}, formulas=[("C2", "=DATE(2024,1,5)", 45296)]),
           two(), "xlsx"),
    deaths("以工作簿之名的文本", "text under the name of a workbook", CLEAN, two(), "xlsx"),
    headed("表头：公民身份号码", "header of public security", "公民身份号码"),
    headed("表头：证件号码", "header of finance", "证件号码"),
    headed("表头：身份证号码 带空格", "header with blanks and a star", "*身 份 证 号 码"),
    headed("表头：英文列名", "header by the column's name", "id_no"),
)  # fmt: skip

# Cells: identity numbers, names, dates, amounts

CHECKED = id_no(1)
WRONG = CHECKED[:17] + ("0" if CHECKED[17] != "0" else "1")
WITH_X = next(id_no(n) for n in range(100, 400) if id_no(n).endswith("X"))
MAY = date(2024, 5, 1)


def number(zh: str, en: str, written: str, outcome: Any) -> Form:
    return cell(f"身份证号：{zh}", f"identity number: {en}", "deaths", "id_no", written, outcome)


def name(zh: str, en: str, written: str, outcome: Any = None) -> Form:
    return cell(f"姓名：{zh}", f"name: {en}", "deaths", "name", written, outcome or written)


def day(zh: str, en: str, written: str, outcome: Any = MAY) -> Form:
    return cell(f"日期：{zh}", f"date: {en}", "deaths", "died_on", written, outcome)


def yuan(zh: str, en: str, written: str, outcome: str | list[str]) -> Form:
    value = Decimal(outcome) if isinstance(outcome, str) else outcome
    return cell(f"金额：{zh}", f"amount: {en}", "balances", "balance_yuan", written, value)


VALUES = (
    number("浮点数丢了位数", "a float, digits lost", "3.30102E+17", ["digits_lost"]),
    number("前置撇号", "leading apostrophe", f"'{CHECKED}", CHECKED),
    number("全角数字", "full-width digits", CHECKED.translate(WIDE), CHECKED),
    number("小写 x", "lower-case x", WITH_X.lower(), WITH_X),
    number("空格", "spaces", f" {CHECKED[:6]} {CHECKED[6:]} ", CHECKED),
    number("15 位旧号", "15 digits", CHECKED[:6] + CHECKED[8:17], CHECKED),
    number("校验码不符", "wrong check digit", WRONG, ["id_check"]),
    number("别人的号码", "another person's: valid, so identity has to tell", id_no(77), id_no(77)),
    number("无", "none", "无", ["missing"]),
    name("全角空格", "full-width space inside", "张\u3000三"),
    name("首尾空白", "blanks at the ends", "\u3000张三 ", "张三"),
    name("问号代生僻字", "? for a rare character", "张?"),
    name("生僻字", "a rare character", "张𬭎"),
    name("繁体", "traditional", "張國華"),
    name("间隔号 ·", "middle dot U+00B7", "买买提·艾力"),
    name("间隔号 •", "bullet U+2022", "买买提•艾力"),
    name("间隔号 ．", "full-width stop", "买买提．艾力"),
    name("间隔号 ・", "katakana dot", "买买提・艾力"),
    name("以等号开头", "a formula that begins with =", "=cmd|' /C calc'!A0", ["formula"]),
    day("2024-05-01", "dashes", "2024-05-01"),
    day("2024.5.1", "dots", "2024.5.1"),
    day("20240501", "eight digits", "20240501"),
    day("2024年5月1日", "in words", "2024年5月1日"),
    day("表格序列数", "serial number", "45413"),
    day("2024-13-01", "month 13", "2024-13-01", ["date"]),
    day("0000-00-00", "nothing, as a date", "0000-00-00", ["missing"]),
    yuan("1,234.50", "thousands", "1,234.50", "1234.50"),
    yuan("￥1234.5", "currency sign", "￥1234.5", "1234.50"),
    yuan("1.2万元", "ten thousands", "1.2万元", "12000.00"),
    yuan("全角数字", "full-width", "１２３４．５", "1234.50"),
    yuan("负数", "negative where it may be", "-300", "-300.00"),
    cell("金额：负数不许", "amount: negative where it may not be", "pensions", "amount_yuan", "-300",
         ["minimum"]),
    yuan("-", "dash", "-", ["missing"]),
    yuan("/", "slash", "/", ["missing"]),
    yuan("无", "none", "无", ["missing"]),
    cell("可空金额写“-”", "optional amount as a dash", "household_register", "declared_income_yuan", "-",
         None),
    yuan("文字", "words", "约三千", ["yuan"]),
    cell("月份栏写一整年", "a whole year where a month is due", "pensions", "month", "2024年",
         ["whole_year"]),
    cell("金额写元/年", "an amount that says a year where months are due", "pensions", "amount_yuan",
         "14400元/年", ["yuan"]),
)  # fmt: skip

# Deliveries: periods, repetitions, corrections, what is refused

RAN = "civil_affairs/2024-{}-05/deaths.csv"


def events(zh: str, en: str, files: Sequence[tuple[str, str]], expected: Expected) -> Form:
    return Form(zh, en, "deaths", tuple((place, content.encode()) for place, content in files), expected)


def register(zh: str, en: str, files: Sequence[tuple[str, str]], expected: Expected) -> Form:
    return Form(zh, en, "household_register", tuple((p, content.encode()) for p, content in files), expected)


_HOMES = lines(REGISTER_HEADER, _REGISTER_ROW, ("DB2", id_no(2), "低保", "城市", "990102001001"))
_FEBRUARY = (RAN.format("02"), lines(HEADER, (*A[:2], "2024-01-01")))
_OTHERS = "public_security/2024-{}-05/custody.csv"
_CUSTODY = lines(("身份证号", "起始日期", "截止日期"), (id_no(5), "2024-01-01", "2024-02-01"))
DELIVERIES = (
    register(
        "同一表头下的月与年", "monthly and yearly figures under one header",
        [(f"{REGISTER}.csv", lines((*REGISTER_HEADER, "申报收入", "收入周期"), (*_REGISTER_ROW, "1000", "月"),
                                   ("DB2", *_REGISTER_ROW[1:], "12000", "年")))],
        Expected(columns=("declared_income_yuan", "income_period"),
                 rows=((Decimal(1000), "month"), (Decimal(12000), "year"))),
    ),
    Form("按月的列写成元/年", "a year's figures under a monthly header", "pensions",
         ((f"{PENSIONS}.csv", lines((*PENSION_HEADER[:3], "金额（元/年）"),
                                    (id_no(1), "职工", "2024-01", "14400")).encode()),),
         Expected(("refused",), says="写的是全年数")),
    Form("表头以万元计", "a header that counts in ten thousands", "balances",
         ((f"{BALANCES}.csv", lines((*BALANCE_HEADER[:3], "余额(万元)", "截止日期"),
                                    (id_no(1), "工商银行", "存款", "1.2", "2024-03-31")).encode()),),
         Expected(columns=("balance_yuan",), rows=((Decimal(12000),),), says="以万元计")),
    events("同一文件送两次", "a file sent twice", [(RAN.format("02"), CLEAN), (RAN.format("03"), CLEAN)],
           Expected(("taken", "repeated"), ("id_no", "died_on"), TWO, says="内容相同")),
    events("一个月更正重发", "a month again, corrected",
           [(RAN.format("02"), CLEAN), (RAN.format("03"), lines(HEADER, (*A[:2], "2024-01-09")))],
           Expected(("taken", "taken"), ("id_no", "died_on", "received_on"),
                    ((*TWO[0], date(2024, 2, 5)), (*TWO[1], date(2024, 2, 5)),
                     (id_no(1), date(2024, 1, 9), date(2024, 3, 5))))),
    events("缺一个月", "a month missing", [_FEBRUARY, (RAN.format("04"), CLEAN)],
           Expected(("taken", "taken"), silent=(("deaths", 1),))),
    Form("部门停报两个月", "a department silent for two months", "deaths",
         tuple((place, content.encode()) for place, content in
               [_FEBRUARY, *((_OTHERS.format(m), f"{_CUSTODY}{id_no(6)},2024-{m}-01,\n")
                                 for m in ("02", "03", "04"))]),
         Expected(("taken",) * 4, silent=(("deaths", 2),))),
    events("行的次序打乱", "rows out of order", [(f"{DEATHS}.csv", lines(HEADER, B, A))],
           Expected(columns=("id_no", "died_on"), rows=(TWO[1], TWO[0]))),
    events("列改了名", "a required column renamed to what nobody declared",
           [(f"{DEATHS}.csv", lines((*HEADER[:2], "何时"), A, B))],
           Expected(("refused",), says="缺少必需的列 死亡日期")),
    events("多了一列", "a column added", [(f"{DEATHS}.csv", lines((*HEADER, "血型"), (*A, "A"), (*B, "O")))],
           two("未声明的列，没有读入：血型")),
    events("少了可选列", "an optional column dropped",
           [(f"{DEATHS}.csv", lines((HEADER[0], HEADER[2]), (A[0], A[2]), (B[0], B[2])))],
           two("没有交付的可选列，按空值处理：姓名")),
    events("列换了次序", "columns in another order",
           [(f"{DEATHS}.csv", lines(HEADER[::-1], A[::-1], B[::-1]))], two()),
    events("空文件", "an empty file", [(f"{DEATHS}.csv", "")], Expected(("refused",), says="文件是空的")),
    events("只有表头", "a header and no rows: nothing happened", [(f"{DEATHS}.csv", lines(HEADER))],
           Expected(columns=("id_no",), rows=())),
    events("事件表被截断", "events cut in the middle of a row",
           [(f"{DEATHS}.csv", CLEAN + f"{id_no(3)},王")],
           Expected(columns=("id_no", "died_on"), rows=TWO, quarantined=((4, "", "fields"),),
                    says="可能被截断")),
    register("登记册被截断", "a register cut: the earlier one stays",
             [(f"{REGISTER}.csv", _HOMES), ("civil_affairs/2024-02-28/household_register.csv", _HOMES[:-30])],
             Expected(("taken", "refused"), ("household_no", "received_on"),
                      (("DB1", date(2024, 1, 28)), ("DB2", date(2024, 1, 28))), says="在一行中间结束")),
    register("登记册没有记录", "a register without records: the earlier one stays",
             [(f"{REGISTER}.csv", _HOMES),
              ("civil_affairs/2024-02-28/household_register.csv", lines(REGISTER_HEADER))],
             Expected(("taken", "refused"), ("household_no",), (("DB1",), ("DB2",)), says="没有任何记录")),
    deaths("工作簿被截断", "a workbook cut", book({"Sheet1": [HEADER, A, B]})[:-200],
           Expected(("refused",), says="已损坏或被截断"), "xlsx"),
    deaths("压缩炸弹", "a zip bomb", bomb(), Expected(("refused",), says="压缩炸弹"), "xlsx"),
    events("另一张表用了这个名字", "another table under this table's name",
           [(f"{DEATHS}.csv", lines(PENSION_HEADER, (id_no(1), "职工", "2024-01", "1")))],
           Expected(("refused",), says="内容是表“养老金”")),
    events("没有交付单", "no delivery note", [(f"{DEATHS}.csv", CLEAN)], two("没有 delivery.yaml")),
    events("交付单不符", "a wrong delivery note",
           [("civil_affairs/2024-02-05/delivery.yaml", "- {table: deaths, rows: 9, sha256: ab}\n"),
            (f"{DEATHS}.csv", CLEAN)], two("交付单写 9 行，实有 2 行")),
    events("交付单的期间不符", "a note of another period than its rows",
           [("civil_affairs/2024-02-05/delivery.yaml", "- {table: deaths, period: 2023-12}\n"),
            (f"{DEATHS}.csv", CLEAN)], two("期间是 2023-12，记录的死亡日期在 2024-01")),
    events("交付单无法读取", "a delivery note that cannot be read",
           [("civil_affairs/2024-02-05/delivery.yaml", "a: [1\n\t:"), (f"{DEATHS}.csv", CLEAN)],
           two("delivery.yaml 无法读取")),
    events("不受理的文件类型", "a file of another kind", [(f"{DEATHS}.pdf", "%PDF-1.4")],
           Expected(("refused",), says="文件类型 .pdf 不受理")),
    deaths("旧版或加密的工作簿", "an old or locked workbook", b"\xd0\xcf\x11\xe0" + b"\0" * 600,
           Expected(("refused",), says="旧版 XLS 或加了密码"), "xlsx"),
)  # fmt: skip

FORMS: tuple[Form, ...] = FILES + VALUES + DELIVERIES


def run_form(form: Form, folder: Path) -> dict[str, Any]:
    """Take one form in; `folder` is new. Returns name, expected, got and whether they are the same."""
    landing, warehouse = folder / "landing", folder / "warehouse"
    entries: list[Entry] = []
    for place, content in form.files:
        path = landing / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if path.name != "delivery.yaml":
            with patch.object(workbook, "LARGEST_UNPACKED", BOMB_LIMIT):
                new = [e for e in run_intake(landing, warehouse, KEY, workers=1) if e.file == place]
            entries += new
    expected = _shown(form, form.expected)
    got = _shown(form, _outcome(form, entries, warehouse))
    counted = all(e.rows_in == e.rows_taken + e.rows_quarantined for e in entries if e.status == "taken")
    return {
        "form": f"{form.zh} / {form.en}",
        "expected": expected,
        "got": got,
        "holds": counted and expected == got,
    }


def run_forms(folder: Path) -> list[dict[str, Any]]:
    """Every form of the catalogue, each in a folder of its own below `folder`."""
    return [run_form(form, folder / f"form{n:02d}") for n, form in enumerate(FORMS)]


def _outcome(form: Form, entries: Sequence[Entry], warehouse: Path) -> Expected:
    """What became of the form, in the terms of what was expected of it."""
    asked = form.expected
    said = [text for e in entries for text in (e.reason or "", *e.assumptions) if text]
    says = asked.says if any(asked.says in text for text in said) else " | ".join(said)
    rows = None
    if asked.rows is not None:
        table = open_warehouse(warehouse).table(form.table).order_by("received_on", "row_number")
        rows = tuple(tuple(r.values()) for r in table.select(*asked.columns).to_pyarrow().to_pylist())
    silences = summary.silences(read_entries(warehouse, "taken") + read_entries(warehouse, "repeated"))
    return Expected(
        tuple(e.status for e in entries),
        asked.columns,
        rows,
        tuple(place for e in entries if e.rows_quarantined for place in _set_aside(warehouse, e)),
        says if asked.says else "",
        tuple((s["table"], s["missed"]) for s in silences),
    )


def _set_aside(warehouse: Path, entry: Entry) -> list[tuple[int, str, str]]:
    """(row number, column, reason) of the rows of a delivery in quarantine."""
    rows = pq.read_table(warehouse / "quarantine" / f"{entry.delivery_id}.parquet").to_pylist()
    return [(row["row_number"], row["column"], row["reason_zh"]) for row in rows]


def _shown(form: Form, outcome: Expected) -> dict[str, Any]:
    """An outcome as JSON; a code is shown as the sentence that staff read."""
    shown: dict[str, Any] = {"statuses": list(outcome.statuses)}
    if outcome.rows is not None:
        shown["rows"] = [[value if value is None else _text(value) for value in row] for row in outcome.rows]
    shown["quarantined"] = [
        [row, column, _reason(form.table, column, code)] for row, column, code in outcome.quarantined
    ]
    if outcome.says:
        shown["says"] = outcome.says
    shown["silent"] = [list(place) for place in outcome.silent]
    return shown


def _text(value: Any) -> str:
    return str(value.quantize(Decimal("0.01"))) if isinstance(value, Decimal) else str(value)


def _reason(table: str, column: str, code: str) -> str:
    try:
        return reason_zh(SOURCES[table], column, code)
    except KeyError:
        return code  # what was got is the sentence already


def main(run: Callable[[Path], list[dict[str, Any]]] = run_forms) -> int:
    """Print each form that does not hold and the count of those that do; exit code 1 where one does not."""
    with tempfile.TemporaryDirectory(prefix="forms-") as folder:
        found = run(Path(folder))
    for form in found:
        if not form["holds"]:
            print(json.dumps(form, ensure_ascii=False, indent=1))
    print(f"{sum(form['holds'] for form in found)} of {len(found)} forms as expected")
    return 0 if all(form["holds"] for form in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())

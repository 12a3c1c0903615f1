"""What a header says behind an amount's name: its unit, unless the cell has its own, and its period."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.incomes import Period
from features.intake.entry import Entry
from features.intake.export import run_export
from features.intake.headers import column_of
from features.intake.release import run_release
from features.intake.units import Said, said_of, suffix
from features.intake.workbook import read_sheets
from features.sources import SOURCES
from tests.features.landing_folder import KEY, Landing, csv, id_no, xlsx

RENTAL, REGISTER = "housing/2024-02-12/public_rental.csv", "civil_affairs/2024-01-28/household_register.csv"
HOUSEHOLD = ["户编号", "户主身份证号", "救助类别", "城乡", "区划代码"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("余额", None),
        ("余额(万元)", Said("余额", 10_000, "")),
        ("余额(单位:元)", Said("余额", 1, "")),
        ("余额(千元)", Said("余额", 1_000, "")),
        ("注册资本(百万元)", Said("注册资本", 1_000_000, "")),
        ("余额(亿元)", Said("余额", 100_000_000, "")),
        ("租金(元/年)", Said("租金", 1, "年")),
        ("租金(万元/年)", Said("租金", 10_000, "年")),
        ("租金[每月]", Said("租金", 1, "月")),
        ("年学费(元/学期)", Said("年学费", 1, "学期")),
        ("余额(必填)", Said("余额", 1, "")),
    ],
)
def test_a_header_is_taken_apart(header: str, said: Said | None) -> None:
    assert said_of(header) == said


@pytest.mark.parametrize("period", [None, Period.YEAR, Period.STATED])
@pytest.mark.parametrize("unit", [1, 1_000, 10_000, 1_000_000])
def test_what_goes_out_for_correction_is_read_back_alike(unit: int, period: Period | None) -> None:
    written = period if period is not Period.STATED else None
    found = column_of(SOURCES["public_rental"], "租金" + suffix(unit, written))
    assert found
    assert (found.unit, found.period) == (unit, written)


def test_the_header_s_unit_is_skipped_where_the_cell_names_its_own(tmp_path: Path) -> None:
    cases = {
        "1.2": "12000.00", "1.2万元": "12000.00", "1.2万": "12000.00", "12000元": "12000.00",
        "12000 元整": "12000.00", "0.01亿": "1000000.00", "1.23456": "12345.60", "-0.5": "-5000.00",
        "(0.5)": "-5000.00", "1234.5678": "12345678.00", "￥1.2": "12000.00", "1.2千元": "1200.00",
        "1E+1": "100000.00", "约三千": None, "1.2千万亿": None,
    }  # fmt: skip
    landing = Landing(tmp_path)
    header = ["身份证号", "机构名称", "资产类型", "余额(万元)", "截止日期"]
    rows = [[id_no(n), "某银行", "存款", written, "2024-03-31"] for n, written in enumerate(cases)]
    landing.deliver("financial/2024-04-20/balances.csv", csv(header, *rows))
    entry = landing.take()["balances.csv"]
    found = dict(landing.rows("balances", "row_number", "balance_yuan"))
    told = [found.get(n) for n in range(2, len(cases) + 2)]
    assert told == [None if value is None else Decimal(value) for value in cases.values()]
    assert {why for _, why in landing.quarantined(entry).values()} == {"余额：不是可识别的金额"}


def _rents(landing: Landing, header: str, *written: str) -> Entry:
    rows = [[id_no(n), "2024-01-01", value] for n, value in enumerate(written)]
    landing.deliver(RENTAL, csv(["身份证号", "起始日期", header], *rows))
    return landing.take()["public_rental.csv"]


@pytest.mark.parametrize(
    ("header", "written", "rent"),
    [
        ("租金（元/年）", "6000", "500.00"),
        ("租金（元/年）", "1000", "83.33"),
        ("租金（元/年）", "0.06", "0.01"),  # half a fen a month is rounded up
        ("租金（元/年）", "0.6万元", "500.00"),
        ("租金（万元/年）", "0.6", "500.00"),
        ("租金（元/月）", "500", "500.00"),
        ("租金", "500", "500.00"),
    ],
)
def test_a_rent_by_the_year_is_a_twelfth_a_month(
    tmp_path: Path, header: str, written: str, rent: str
) -> None:
    landing = Landing(tmp_path)
    entry = _rents(landing, header, written, "")
    assert landing.rows("public_rental", "rent_yuan") == [(Decimal(rent),), (None,)]
    said = "rent_yuan 的表头写明是全年数，已折算为约定的周期（除以 12，四舍五入到分）"
    assert (said in entry.assumptions) == ("年" in header)
    stored = pq.read_schema(landing.warehouse / str(entry.path)).field("rent_yuan").type
    assert stored == pa.decimal128(18, 2)


@pytest.mark.parametrize(
    ("place", "header", "row", "said"),
    [
        ("agriculture/2024-12-05/land_subsidies.csv", "身份证号,年度,金额（元/月）", f"{id_no(1)},2024,100",
         "列“金额（元/月）”写的是每月数，与“金额”（amount_yuan）约定的周期不符"),
        ("human_resources/2024-02-15/pensions.csv", "身份证号,养老类型,月份,金额(元/年)",
         f"{id_no(1)},职工,2024-01,14400",
         "列“金额(元/年)”写的是全年数，与“金额”（amount_yuan）约定的周期不符"),
        (REGISTER, f"{','.join(HOUSEHOLD)},月保障金额（元/年）",
         f"DB1,{id_no(1)},低保,城市,990102001001,9600",
         "（benefit_yuan_month）约定的周期不符"),
        ("education/2024-10-05/enrolments.csv", "身份证号,学段,起始日期,年学费（元/学期）",
         f"{id_no(1)},小学,2024-09-01,500", "写的是每学期的数，与“年学费”（fee_yuan_year）约定的周期不符"),
        (RENTAL, "身份证号,起始日期,租金(元/季度)", f"{id_no(1)},2024-01-01,900",
         "写的是每季的数，与“租金”（rent_yuan）约定的周期不符"),
    ],
)  # fmt: skip
def test_a_period_that_cannot_be_converted_is_refused_by_name(
    tmp_path: Path, place: str, header: str, row: str, said: str
) -> None:
    landing = Landing(tmp_path)
    landing.deliver(place, f"{header}\n{row}\n")
    (entry,) = landing.take().values()
    assert entry.status == "refused"
    assert said in (entry.reason or "")


@pytest.mark.parametrize(
    ("header", "stated", "periods"),
    [
        ("申报收入（元/年）", None, ["year", None, "year"]),
        ("申报收入（元/月）", None, ["month", None, "month"]),
        ("申报收入（万元/年）", None, ["year", None, "year"]),
        ("申报收入", None, [None, None, None]),
        ("申报收入（元/年）", ["", "", "月"], ["year", None, "month"]),
    ],
)
def test_an_income_s_period_is_filled_from_its_header_where_the_row_does_not_say(
    tmp_path: Path, header: str, stated: list[str] | None, periods: list[str | None]
) -> None:
    landing = Landing(tmp_path)
    rows = [
        [f"DB{n}", id_no(n), "低保", "城市", "990102001001", written] + ([stated[n]] if stated else [])
        for n, written in enumerate(["1", "", "2"])
    ]
    columns = [*HOUSEHOLD, header] + (["收入周期"] if stated else [])
    landing.deliver(REGISTER, csv(columns, *rows))
    entry = landing.take()["household_register.csv"]
    assert entry.status == "taken", entry.reason
    unit = 10_000 if "万" in header else 1
    amounts = [Decimal(unit), None, Decimal(2 * unit)]
    found = landing.rows("household_register", "declared_income_yuan", "income_period")
    assert found == list(zip(amounts, periods, strict=True))
    assert any("收入周期（income_period）为空的行照此填写" in said for said in entry.assumptions) == (
        "/" in header
    )


def test_a_row_under_a_yearly_header_goes_out_as_it_stands_and_comes_back_converted(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = [[id_no(1), "2024-01-01", "6000"], [id_no(2), "2024-13-01", "1.2万元"]]
    landing.deliver(RENTAL, csv(["身份证号", "起始日期", "租金（元/年）"], *rows))
    landing.take()
    run_export(landing.warehouse, landing.folder, tmp_path / "out")
    path = tmp_path / "out" / "housing" / "public_rental.xlsx"
    header, line = next(rows for _, rows in read_sheets(path.read_bytes()) if rows)
    assert line[header.index("租金（元/年）")] == "1.2万元"
    line[header.index("起始日期")] = "2024-02-01"
    path.write_bytes(xlsx({"更正": [header, line]}))
    assert run_release(path, landing.warehouse, KEY, "0107", date(2024, 3, 1)).released == 1
    assert landing.rows("public_rental", "rent_yuan") == [(Decimal("500.00"),), (Decimal("1000.00"),)]

"""The page says what the JSON says, stands alone, and appears whole or not at all."""

import json
import re
import tomllib
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from features.__main__ import app
from features.errors import UserError
from features.quality import shown
from features.quality.page import page, write_page
from features.quality.tables import mend_table, summary_table
from tests.features.landing_folder import KEY, Landing, csv, id_no
from tests.features.quality_city import report_of_city

ROOT = Path(__file__).parents[2]


class Reader(HTMLParser):
    """Text of every table row, by the part it lies in; and every attribute that names a place."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self.places: list[str] = []
        self.tags: list[str] = []
        self.where, self.cell = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        self.places += [str(value) for name, value in attrs if name in ("src", "href", "action", "data")]
        self.where = named.get("id") or self.where
        if tag == "tr":
            self.rows.setdefault(self.where, []).append([])
        if tag in ("td", "th"):
            self.rows[self.where][-1].append("")
            self.cell = True

    def handle_endtag(self, tag: str) -> None:
        self.cell = self.cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.rows[self.where][-1][-1] += data.strip()


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return report_of_city()


@pytest.fixture(scope="module")
def told(report) -> Reader:
    return read(page(report, set()))


def test_the_pages_numbers_are_those_of_the_json(report, told: Reader) -> None:
    for measure in report["measures"]:
        by_month = [row for row in told.rows.get(measure["code"], []) if row[0] == "件数"]
        if measure["by_month"] and (measure["hits"] or not measure["complete"]):
            months = shown.by(measure["by_month"], "month")
            hits = [shown.whole(months[m]["hits"]) if m in months else shown.NONE for m in report["months"]]
            assert by_month == [["件数", *hits]]
        for row in measure["by_department"]:
            if len(measure["by_department"]) > 1 and row["of"] and not measure["complete"]:
                cells = [
                    shown.whole(row["hits"]),
                    shown.whole(row["of"]),
                    shown.share(row),
                    shown.interval(row),
                    shown.whole(row["households"]),
                ]
                assert cells in [row[1:] for row in told.rows[measure["code"]]]
    assert [row[3] for row in told.rows["first"][1:]] == [
        shown.whole(fault["households"]) for fault in report["mend_first"]
    ]
    assert len(told.rows["tables"]) == 1 + len(report["tables"])


def test_the_street_table_has_every_street_and_headline_measure(report, told: Reader) -> None:
    headline = [m for m in report["measures"] if m["headline"] and m["by_street"]]
    rows = told.rows["streets"]
    assert rows[0][1:] == [measure["name"]["zh"] for measure in headline]
    assert [row[0] for row in rows[1:]] == shown.street_codes(report["measures"], set())
    first = shown.by(headline[0]["by_street"], "street_code")
    assert [row[1] for row in rows[1:]] == [shown.share(first.get(row[0])) for row in rows[1:]]


def test_the_page_stands_alone_and_runs_nothing(told: Reader, report) -> None:
    assert all(place.startswith("#") for place in told.places)
    assert not {"script", "link", "img", "iframe", "form", "object"} & set(told.tags)
    text = page(report, set())
    assert "http" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r"\son\w+=", text)


def test_the_page_links_only_to_what_is_on_it(report) -> None:
    text = page(report, set())
    assert set(re.findall(r'href="#(\w+)"', text)) <= set(re.findall(r'id="(\w+)"', text))


def test_too_few_are_written_as_too_few(told: Reader) -> None:
    assert f"{shown.TOO_FEW[0]} n=14" in str(told.rows["departments"])


@pytest.mark.parametrize(
    ("share", "written"), [(0, "0.0%"), (0.0004, "0.04%"), (0.0123, "1.2%"), (0.5, "50.0%"), (1, "100.0%")]
)
def test_a_share_is_written_with_the_digits_it_needs(share: float, written: str) -> None:
    assert shown.percent(share) == written


def test_the_template_is_in_the_package_and_the_package_in_the_wheel() -> None:
    assert (files("features.quality") / "page.html.j2").is_file()
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "features" in wheel["packages"]
    assert set(wheel) == {"packages"}, "hatchling packs every file of a package unless told otherwise"


def test_the_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "new" / "quality.html"
    write_page(target, "one")
    assert target.read_text() == "one"
    with pytest.raises(UnicodeEncodeError):
        write_page(target, "two \ud800")
    assert target.read_text() == "one"
    assert list(target.parent.iterdir()) == [target]


def test_the_screens_tables_hold_the_same_numbers(report) -> None:
    remedies = list(mend_table(report).columns[-1].cells)
    assert remedies == [fault["remedy"]["zh"] for fault in report["mend_first"]]
    civil = next(iter(zip(*(column.cells for column in summary_table(report).columns), strict=True)))
    assert civil[0] == "民政"
    assert "n=14" in civil


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    landing = Landing(tmp_path)
    header = ("身份证号", "姓名", "死亡日期")
    landing.deliver(
        "civil_affairs/2025-12-05/deaths.csv",
        csv(header, (id_no(1), "张三", "2025-11-02"), ("33010219700102001X", "李四", "2025-11-02")),
    )
    landing.take()
    assert KEY == "practice"
    return landing.warehouse


@pytest.mark.long
def test_the_command_ends_with_one_line_of_json_and_writes_the_page(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "quality.html"
    given = ["quality", "--warehouse", str(warehouse), "--as-of", "2025-12-31", "--months", "2"]
    done = CliRunner().invoke(app, [*given, "--page", str(target), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout.strip().splitlines()[-1])
    measures = {measure["code"]: measure for measure in found["measures"]}
    assert (measures["rejected_numbers"]["hits"], measures["rejected_numbers"]["of"]) == (1, 2)
    assert found["as_of"] == "2025-12-31"
    assert '<html lang="zh-CN">' in target.read_text(encoding="utf-8")
    assert "张三" not in target.read_text(encoding="utf-8") + done.output


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--as-of", "2025-13-01"], "--as-of"),
        (["--as-of", "2025-12-31", "--department", "police"], "public_security"),
        (["--as-of", "2025-12-31", "--page", "."], "--page"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(warehouse: Path, more: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["quality", "--warehouse", str(warehouse), *more])
    assert isinstance(done.exception, UserError)
    assert said in str(done.exception)


def test_help_says_what_it_is_and_is_not() -> None:
    told = CliRunner().invoke(app, ["quality", "--help"], env={"COLUMNS": "200"}).output
    for word in ("mend first", "decides nothing", "--page", "证据不足", "docs/reference/quality.md"):
        assert word in told

"""`python -m monitoring report` on a small city: quiet when nothing changed, loud when something did."""

import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from features.errors import UserError
from monitoring import report
from monitoring.__main__ import app

NOW = date(2025, 12, 31)
QUESTIONS = ("hidden_income", "exit_due", "unapplied_eligible")
FILES = ("drift.html", "drift.json", "outcomes.html", "outcomes.json")


def run(city: "City", *more: str) -> Result:  # noqa: F821
    """The command; what it raises is raised here."""
    result = CliRunner().invoke(app, city.options("--json", *more))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def summary_of(city: "City") -> dict:  # noqa: F821
    return json.loads((city.report / "summary.json").read_text())


def copied(city: "City", folder: Path) -> "City":  # noqa: F821
    """A city of its own for one module's tests."""
    return type(city)(Path(shutil.copytree(city.root, folder / "city")))


class Links(HTMLParser):
    """Collects the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


@pytest.fixture(scope="module")
def quiet(quiet_city: "City", tmp_path_factory: pytest.TempPathFactory) -> "City":  # noqa: F821
    """The quiet city with its report."""
    city = copied(quiet_city, tmp_path_factory.mktemp("quiet"))
    last = json.loads(run(city).stdout.splitlines()[-1])
    assert last["alerts"] == 0
    return city


def test_a_quiet_month_is_quiet_and_everything_is_there(quiet: "City") -> None:  # noqa: F821
    city = quiet
    summary = summary_of(city)
    assert summary["reference"] == ["2025-08-31"]
    page = (city.report / "index.html").read_text()
    for question in QUESTIONS:
        for name in FILES:
            assert f"{question}_{name}" in Links(page).found
        for kind in ("drift", "outcomes"):
            drawn = json.loads((city.report / f"{question}_{kind}.json").read_text())
            assert drawn["status"] == "written"
            assert drawn["evidently"]["metrics"]
            html = (city.report / f"{question}_{kind}.html").read_text()
            assert "<html" in html
            assert len(html) > 100_000
    assert all((city.report / link).is_file() for link in Links(page).found)
    assert "证据不足" not in page.split("训练之后")[1].split("训练时已见")[0]
    after = summary["questions"]["hidden_income"]["performance"]["after_training"]
    assert after["random_n"] > 100
    assert after["prevalence"]["low"] < 0.25 < after["prevalence"]["high"] + 0.05
    low, high = after["chosen"]["precision"]
    assert 0 < low < high < 1, "unreachable households are pending, so the bounds differ"
    assert not list(city.report.parent.glob(".*")), "no temporary folder is left"


def test_what_is_kept_of_a_month_names_no_household(quiet: "City") -> None:  # noqa: F821
    for path in quiet.report.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"Hon_file\d|Hregister\d|\bon_file-\d|\bregister-\d", text), path.name


@pytest.fixture(scope="module")
def harmed(quiet_city: "City", tmp_path_factory: pytest.TempPathFactory) -> dict:  # noqa: F821
    """One report of a city where insurance contributions fail for 60 % of the households on file, and where
    deposits of the register shift and one of its columns is lost."""

    def outage(profile: pd.DataFrame) -> pd.DataFrame:
        out = np.random.default_rng(4).random(len(profile)) < 0.6
        profile.loc[out, "income_contributions_months_12m"] = np.nan
        profile.loc[out, "contributions_state"] = "not_returned"
        return profile

    def shifted(profile: pd.DataFrame) -> pd.DataFrame:
        profile["property_deposits_yuan"] += 2.0
        profile["employment_platform_share"] = np.nan
        return profile

    city = copied(quiet_city, tmp_path_factory.mktemp("harmed"))
    city.change("on_file", NOW, outage)
    city.change("register", NOW, shifted)
    run(city)
    return summary_of(city)


def test_an_outage_of_sixty_per_cent_of_a_department_is_caught_in_the_same_report(harmed: dict) -> None:
    found = harmed["alerts"]
    state = next(a for a in found if a["subject"] == "on_file/contributions/not_returned")
    assert state["level"] == "act"
    assert state["value"] == pytest.approx(0.6, abs=0.05)
    assert state["value"] > state["threshold"]
    assert "人社" in state["zh"]
    absent = {a["subject"] for a in found if a["monitor"] == "missing"}
    assert {"hidden_income/contributions", "exit_due/contributions"} <= absent
    for question in ("hidden_income", "exit_due"):
        assert harmed["questions"][question]["values_fired"] == [], "what is known has not moved"


def test_shifted_scores_and_a_lost_column_are_caught(harmed: dict) -> None:
    assert {"score", "values", "missing"} <= {alert["monitor"] for alert in harmed["alerts"]}
    score = next(a for a in harmed["alerts"] if a["monitor"] == "score")
    assert score["subject"] == "unapplied_eligible"
    assert score["value"] > score["threshold"] > 0
    assert harmed["questions"]["unapplied_eligible"]["values_fired"] == ["property_deposits_yuan"]
    drawing = harmed["questions"]["unapplied_eligible"]["drawings"]["drift"]
    assert drawing["empty_columns"] == ["employment_platform_share"]
    assert drawing["status"] == "written", "an empty column must not kill the report"


def test_one_household_is_insufficient_evidence_not_full_drift(city: "City") -> None:  # noqa: F821
    city.change("on_file", NOW, lambda profile: profile[:1])
    run(city)
    summary = summary_of(city)
    question = summary["questions"]["hidden_income"]
    assert question["score"]["status"] == "insufficient_evidence"
    assert question["drawings"]["drift"]["status"] == "insufficient_evidence"
    assert "证据不足" in (city.report / "hidden_income_drift.html").read_text()
    assert json.loads((city.report / "hidden_income_drift.json").read_text())["evidently"] is None
    assert not [a for a in summary["alerts"] if a["subject"].startswith("hidden_income")]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (("--as-of", "2026-01-31"), "2026-01-31"),
        (("--reference", "2025-12-31"), "--reference"),
        (("--reference", "2024-01-31"), "2024-01-31"),
        (("--bundles", "/nowhere"), "/nowhere"),
        (("--warehouse", "/nowhere"), "/nowhere"),
        (("--as-of", "yesterday"), "--as-of"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(
    city: "City",  # noqa: F821
    more: tuple[str, ...],
    named: str,
) -> None:
    with pytest.raises(UserError, match=named):
        run(city, *more)
    assert not list((city.root / "out").rglob("*")) or not list((city.root / "out" / "monitoring").iterdir())


def test_a_failing_column_leaves_the_others(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    month = pd.DataFrame({"good": generator.normal(size=200), "bad": generator.normal(size=200)})
    now = month.copy()
    now["bad"] = np.inf
    written = report.write_drift(now, month, tmp_path / "x", rate=0.01, seed=1)
    assert written.status == "written"
    assert [name for name, _ in written.failed] == ["bad"]
    document = json.loads((tmp_path / "x.json").read_text())
    assert "column=good" in json.dumps(document)
    assert "column=bad" not in json.dumps(document)


def test_a_sample_is_replayed_by_its_seed() -> None:
    table = pd.DataFrame({"x": np.arange(20_000.0)})
    first, again = report.sampled(table, 3), report.sampled(table, 3)
    assert len(first) == report.SAMPLE_ROWS
    assert first.equals(again)
    assert not first.equals(report.sampled(table, 4))

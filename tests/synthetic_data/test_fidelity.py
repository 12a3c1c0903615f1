"""The practice world beside published figures: verdicts follow from the files, and nothing is passed over."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from features.errors import UserError
from features.sources import SOURCES
from synthetic_data.__main__ import app
from synthetic_data.city import City, write_city
from synthetic_data.dirt import Mess
from synthetic_data.fidelity import ATTRIBUTES, compare, correlations
from synthetic_data.fidelity_figures import FIGURES
from synthetic_data.fidelity_measures import MEASURES, Seen, share
from synthetic_data.landing_rows import delivered
from synthetic_data.scenarios import SCENARIOS


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fidelity") / "world"
    write_city(City(2_000, 12, 5, np.datetime64("2024-01", "M"), Mess.NONE), folder, lambda done, steps: None)
    return folder


@pytest.fixture(scope="module")
def report(world: Path) -> dict[str, Any]:
    return compare(world)


def test_every_measure_is_that_of_one_declared_figure() -> None:
    named = [figure.measure for figure in FIGURES if figure.measure]
    assert sorted(named) == sorted(MEASURES)
    assert len({figure.key for figure in FIGURES}) == len(FIGURES)
    assert all(figure.low <= figure.high and figure.how and figure.source.zh for figure in FIGURES)


def test_verdicts_follow_from_interval_and_published_range(report: dict[str, Any]) -> None:
    assert sum(report["counts"].values()) == len(report["figures"]) == len(FIGURES)
    for figure in report["figures"]:
        if figure["verdict"] == "not_measurable":
            assert figure["measured"] is None, figure["key"]
            assert figure["why_not"], figure["key"]
        else:
            low, high = figure["interval"]
            assert low <= figure["measured"] <= high, figure["key"]
            apart = high < figure["published"][0] or low > figure["published"][1]
            assert apart == (figure["verdict"] == "outside"), figure["key"]


def test_figures_are_what_the_files_say_counted_another_way(world: Path, report: dict[str, Any]) -> None:
    found = {figure["key"]: figure["measured"] for figure in report["figures"]}
    homes = pd.read_parquet(world / "truth/households.parquet")
    text = sorted(world.glob("landing/civil_affairs/*-28/household_register.csv"))[-1].read_text("utf-8")
    dibao = sum("低保" in line.split(",") for line in text.splitlines()[1:])
    assert found["dibao_share"] == dibao / len(homes)
    outreach = pd.read_parquet(world / "truth/census_outreach.parquet").result
    assert found["unapplied_eligible"] == (outreach != "not_eligible").mean()
    assert 0.2 < found["contacts_stale"] < 0.4
    assert 0.02 < found["exit_due"] + found["hidden_income"] < 0.25


def test_every_declared_case_is_counted(world: Path, report: dict[str, Any]) -> None:
    cases = pd.read_parquet(world / "truth/scenarios.parquet")
    assert [case["name"] for case in report["scenarios"]] == [scenario.name for scenario in SCENARIOS]
    assert sum(case["families"] for case in report["scenarios"]) == len(cases)
    assert all(0 <= case["on_file"] <= case["families"] > 0 for case in report["scenarios"])
    assert sum(case["on_file"] for case in report["scenarios"]) > len(SCENARIOS)


def test_files_are_read_back_as_they_were_written(world: Path) -> None:
    residents = delivered(world / "landing", "residents", latest=True)
    assert list(residents) == [column.name for column in SOURCES["residents"].columns]
    assert residents.born_on.notna().mean() > 0.99
    assert set(residents.sex.dropna()) == {"male", "female"}
    grades = delivered(world / "landing", "certificates")  # written in GB18030
    assert grades.category.isin(SOURCES["certificates"].column("category").domain or {}).mean() > 0.95


def test_correlations_are_those_of_ranks(report: dict[str, Any]) -> None:
    x = np.arange(20.0)
    told = correlations(pd.DataFrame({"x": x, "cube": x**3, "down": -x, "same": 1.0}))
    assert told["x"]["cube"] == 1
    assert told["x"]["down"] == -1
    assert told["x"]["same"] is None
    matrix = report["correlations"]
    assert list(matrix) == list(ATTRIBUTES)
    assert all(matrix[a][b] == matrix[b][a] for a in ATTRIBUTES for b in ATTRIBUTES)
    assert (matrix["per_capita_yuan_month"]["deposits_yuan"] or 0) > 0.4
    assert (matrix["per_capita_yuan_month"]["on_file"] or 0) < -0.1


def test_wilson_interval_of_a_known_share() -> None:
    measured = share(10, 100)
    assert (round(measured.low, 4), round(measured.high, 4)) == (0.0552, 0.1744)
    assert share(100, 1000, units=100).high == share(10, 100).high


def test_the_command_writes_json_and_a_page(world: Path, tmp_path: Path) -> None:
    page = tmp_path / "fidelity.html"
    result = CliRunner().invoke(app, ["fidelity", str(world), "--json", "--page", str(page)])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    text = page.read_text("utf-8")
    assert told["households"] == 2000
    assert all(figure["zh"] in text for figure in told["figures"])
    assert all(case["zh"] in text for case in told["scenarios"])
    assert "<script" not in text
    assert not list(tmp_path.glob(".*"))


def test_a_folder_that_is_no_world_says_what_to_do(world: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="generate"):
        compare(tmp_path)
    shutil.copytree(world / "truth", tmp_path / "truth")
    (tmp_path / "landing").mkdir()
    with pytest.raises(UserError, match="household_register"):
        _ = Seen(tmp_path).register

"""The speed page reads what the benchmarks write: each benchmark's own command, its costly work replaced."""

import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

import numpy as np
import pytest
import typer

from benchmarks import (
    contributions,
    contributions_rates,
    explained_models,
    night,
    profiles,
    rules,
    service_load,
    speed,
)
from benchmarks import spark_city as spark
from benchmarks.loopback import Load
from benchmarks.spark_compare import Difference
from benchmarks.spark_events import Work
from benchmarks.stages import Stage
from models.questions import SPECS
from tests.models.example_bundle import example_bundle

STAGE = Stage("stage", 1.0, 1.0)
Replace = Callable[..., None]


def write_contributions(out: Path, replace: Replace) -> None:
    replace(explained_models, ROWS=500)
    replace(contributions, SHAPES=(contributions.JUDGED,), woodelf=lambda _: (1.0, np.zeros((400, 100))))
    replace(contributions, ODD={kind: explained_models.ODD[kind] for kind in ("plain", "depth 3")})
    replace(contributions_rates, DEPTHS=(2, 4), SIZES=(1, 10), SECONDS=0.0)
    with suppress(typer.Exit):  # so few trees are not that much faster
        contributions.main(trees=2, rounds=1, out=out, docs=out / "docs")


def write_night(out: Path, replace: Replace) -> None:
    made = [{"name": name, "seconds": 1.0, "peak_mb": 1.0} for name in (*night.FILES, *night.PROFILES)]
    told = {"households": 9, "lists": {}, "share_recomputed": 0.1, "recomputed": 1, "asked": 9}
    replace(
        night, make_city=lambda *_: made, run_stage=lambda *_: (STAGE, told), read_entries=lambda *_: [],
        same_runs=lambda *_: True, largest_difference=lambda *_: (0.0, 9),
        largest_topic_difference=lambda *_: (0.0, 9), load_bundles=lambda _: {"exit_due": example_bundle()},
    )  # fmt: skip
    bundles = out / "bundles"
    for question in SPECS:
        (bundles / question).mkdir(parents=True)
    with suppress(typer.Exit):
        night.main(households=20, bundles=bundles, out=out, sizes="10,20", peer=10, seed=7)


def write_service(out: Path, replace: Replace) -> None:
    bundle = example_bundle()
    home = dict.fromkeys(("household_id", "profile", "sources", "as_of", "question"), "")
    replace(
        service_load, load_bundles=lambda _: {bundle.question: bundle}, _copy=lambda *_: "",
        _homes=lambda *_: [home], load=lambda *_, **__: Load([0.001], wall=1.0, worked=0.1),
    )  # fmt: skip
    replace(
        service_load.Place, check=lambda *_: None,
        served=lambda *_, **__: nullcontext(), bare=lambda *_: nullcontext(),
    )  # fmt: skip
    service_load.main(out, "", None, rounds=1, seconds=0.1, out=out, docs=out / "service.md")


def write_rules(out: Path, replace: Replace) -> None:
    replace(
        rules, situations=lambda: {"situations": 1, "failed": 0},
        against_reference=lambda *_: {"mismatches": 0},
        write_city=lambda city, *_: city.mkdir(parents=True), compare=lambda *_: None,
        run_told=lambda _: dict.fromkeys(("seconds", "laid_out_s", "computed_s", "peak_mb"), 1.0),
    )  # fmt: skip
    rules.main(households=10, reference=1, seed=7, out=out)


def write_profiles(out: Path, replace: Replace) -> None:
    figures = {"ours_s": [1.0], "pandas_s": [2.0], "compared": {"equal": True}, "limited": {"equal": True}}
    figures |= {"households": 10, "columns": 3, "ratio": 2.0, "peak_mb": 1.0, "pandas_peak_mb": 1.0}
    replace(
        profiles, make_city=lambda *_: [], write_given=lambda _, work, __: work.mkdir(),
        beside_pandas=lambda _: figures,
    )  # fmt: skip
    profiles.main(households=10, seed=7, out=out)


def write_spark(out: Path, replace: Replace) -> None:
    work = Work(1.0, 1.0, 1, 1, 0.0, 0.0, 0.0, 0.0, 1.0)
    replace(
        spark, made=lambda *_: (out, []), write_models=lambda *_: None,
        run_spark=lambda _, __, cores: spark.Run(cores, STAGE, STAGE, work, work),
        differences=lambda *_: {"profiles": Difference(rows=1)},
    )  # fmt: skip
    spark.main(households=100, seed=7, out=out, bundles=None, cost_model=False)


#: What writes each part.
WRITERS = {
    "contributions.json": write_contributions,
    "night.json": write_night,
    "service.json": write_service,
    "rules.json": write_rules,
    "spark.json": write_spark,
    "profiles.json": write_profiles,
}


@pytest.mark.long
def test_every_bar_finds_its_figure_in_what_the_benchmarks_write(tmp_path, monkeypatch):
    def replace(of: object, **replaced: object) -> None:
        for name, value in replaced.items():
            monkeypatch.setattr(of, name, value)

    assert set(WRITERS) == set(speed.PARTS)
    for name, write in WRITERS.items():
        write(tmp_path, replace)
        assert (tmp_path / name).is_file()
    with suppress(typer.Exit):
        speed.main(tmp_path, tmp_path / "speed.md")
    told = json.loads((tmp_path / "speed.json").read_text())
    assert not told["not_run"]
    assert [bar for bar, holds in told["gates"].items() if holds is None] == []
    page = (tmp_path / "docs" / "contributions.md").read_text()
    assert "| depth 3 |" in page
    assert "(contributions.svg)" in page
    assert (tmp_path / "docs" / "contributions.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("name", "figure"), [("ratio_lightgbm", 39.9), ("ratio_woodelf", 4.9), ("max_abs_error", 2e-10)]
)
def test_a_bar_of_contributions_that_does_not_hold_is_told(name, figure):
    leaves, depth = contributions.JUDGED
    good = {"leaves": leaves, "depth": depth, "ratio_lightgbm": 40.0, "ratio_woodelf": 5.0}
    told = {"shapes": [good], "max_abs_error": 1e-10}
    assert all(contributions.gates(told)[0].values())
    worse = told | {name: figure} if name in told else told | {"shapes": [good | {name: figure}]}
    assert list(contributions.gates(worse)[0].values()).count(False) == 1

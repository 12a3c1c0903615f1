"""Figures of speed are joined, held against their bars, and what was not run is named."""

import json

import pytest
import typer

from benchmarks.results import write_json
from benchmarks.speed import BARS, PARTS, main

SHAPE = {"leaves": 31, "depth": 6, "ratio_lightgbm": 55.0, "ratio_woodelf": 7.0, "rows_per_core_s": 30_000}


def test_what_was_not_run_is_named_and_no_bar_of_it_is_held(tmp_path):
    write_json(tmp_path / "contributions.json", {"shapes": [SHAPE], "max_abs_error": 1e-14, "machine": {}})
    main(tmp_path, tmp_path / "page.md")
    told = json.loads((tmp_path / "speed.json").read_text())
    assert told["contributions"] == {
        "ratio_lightgbm": 55.0, "ratio_woodelf": 7.0, "rows_per_core_s": 30_000, "max_abs_error": 1e-14,
    }  # fmt: skip
    assert sum(holds is True for holds in told["gates"].values()) == 3
    assert sum(holds is None for holds in told["gates"].values()) == len(BARS) - 3
    assert len(told["not_run"]) == len(PARTS) - 1
    page = (tmp_path / "page.md").read_text()
    assert "| 55 | yes |" in page
    assert "make bench-spark" in page


def test_a_bar_that_does_not_hold_fails(tmp_path):
    slow = SHAPE | {"ratio_lightgbm": 39.0}
    write_json(tmp_path / "contributions.json", {"shapes": [slow], "max_abs_error": 1e-14, "machine": {}})
    with pytest.raises(typer.Exit):
        main(tmp_path)
    assert (tmp_path / "speed.json").exists()

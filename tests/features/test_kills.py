"""An intake killed at random moments leaves a warehouse that the next run completes, to the same content."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import kills
from benchmarks.kills import run_kills
from tests.features.landing_folder import Landing, csv, id_no


@pytest.mark.long
def test_nothing_is_lost_when_an_intake_is_killed(tmp_path: Path) -> None:
    found = run_kills(tmp_path, moments=1, seed=3)
    assert found["states_lost"] == 0
    assert found["kills"] + found["finished"] == 1
    assert found["deliveries"] > 100


@pytest.mark.parametrize("code", [0, 1])
def test_a_next_run_that_fails_counts_as_lost(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = Landing(tmp_path)
    landing.deliver(
        "civil_affairs/2024-02-05/deaths.csv", csv(["身份证号", "死亡日期"], [id_no(1), "2024-01-05"])
    )
    landing.take()
    ending = [sys.executable, "-c", f"raise SystemExit({code})"]
    monkeypatch.setattr(kills, "_start", lambda *where: subprocess.Popen(ending))
    whole = kills.content(landing.warehouse)
    assert kills._completes(landing.folder, landing.warehouse, whole) == (code == 0)

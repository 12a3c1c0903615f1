"""An intake killed at random moments leaves a warehouse that the next run completes, to the same content."""

from pathlib import Path

from benchmarks.kills import run_kills


def test_nothing_is_lost_when_an_intake_is_killed(tmp_path: Path) -> None:
    found = run_kills(tmp_path, moments=1, seed=3)
    assert found["states_lost"] == 0
    assert found["kills"] + found["finished"] == 1
    assert found["deliveries"] > 100

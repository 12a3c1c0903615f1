"""A peer's environment holds what it needs and nothing of ours; what it says is its last line."""

import sys
from importlib.metadata import version

import pytest
import typer

from benchmarks.alone import alone, as_here, run_told


def test_a_peer_is_given_its_packages_and_no_project(tmp_path):
    command = alone(["peer==1.0", *as_here("numpy")], "peer_woodelf.py", tmp_path / "model.txt", 400)
    assert command[1:4] == ["run", "--isolated", "--no-project"]
    assert command[4:8] == ["--with", "peer==1.0", "--with", f"numpy=={version('numpy')}"]
    assert command[9].endswith("benchmarks/peer_woodelf.py")
    assert command[10:] == [str(tmp_path / "model.txt"), "400"]


def test_the_last_line_is_told_and_a_failure_ends_the_benchmark():
    assert run_told([sys.executable, "-c", 'print("noise"); print(\'{"seconds": 1.5}\')']) == {"seconds": 1.5}
    with pytest.raises(typer.Exit):
        run_told([sys.executable, "-c", "raise SystemExit(3)"])

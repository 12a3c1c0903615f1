"""Commands of the product run as a user would, each a process of its own: its seconds and peak memory."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

console = Console()
ROOT = Path(__file__).parents[1]
#: Between two looks at the memory of a command.
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Stage:
    """One command: wall seconds, and the peak memory of all its processes together in MiB."""

    name: str
    seconds: float
    peak_mb: float


class StageError(Exception):
    """A command that ended with another exit code than 0."""

    def __init__(self, name: str, exit_code: int) -> None:
        super().__init__(f"{name} ended with exit code {exit_code}")
        self.exit_code = exit_code


def run_stage(name: str, *arguments: str) -> tuple[Stage, dict[str, Any]]:
    """Run `python -m …`, let its progress through, and return the stage and its last line of JSON.

    `StageError` where it fails; what it printed has been shown.
    """
    console.rule(f"[bold]{name}")
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([sys.executable, "-m", *arguments, "--json"], stdout=output, cwd=ROOT)
        watch = _Watch(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = max(watch.stop(), usage.ru_maxrss / 1024)
        output.seek(0)
        lines = output.read().strip().splitlines()
    if process.returncode != 0:
        console.print("\n".join(lines))
        raise StageError(name, process.returncode)
    stage = Stage(name, round(time.perf_counter() - started, 1), round(peak, 0))
    console.print(f"{name}: {stage.seconds} s, {stage.peak_mb:.0f} MiB")
    return stage, json.loads(lines[-1])


class _Watch:
    """Looks at the memory of a process and its children until stopped; 0 where there is no /proc."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak = pid, 0.0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def stop(self) -> float:
        """Stop looking; the largest sum seen, in MiB."""
        self.ended.set()
        self.thread.join()
        return self.peak

    def _look(self) -> None:
        while not self.ended.wait(LOOK_SECONDS):
            self.peak = max(self.peak, sum(map(_memory_mb, _family(self.pid))))


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(member for child in children for member in _family(int(child)))]


def _memory_mb(pid: int) -> float:
    """Proportional set size: pages that several processes share are counted once between them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024

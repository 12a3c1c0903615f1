"""kill -9 at random moments of an intake, then run again: the same warehouse as an undisturbed run.

A small practice world is taken in by a process of its own, which is killed at a moment drawn over the
seconds that an undisturbed run takes. What earlier runs recorded must be readable then, and after the next
run the content of the catalogue and of every Parquet file must equal the undisturbed run's.
"""

import argparse
import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from features.engines import CATALOGUE_FILE, open_warehouse, read_entries

HOUSEHOLDS, MONTHS = 300, 6
KEY = "practice"
ROOT = Path(__file__).parents[1]


def run_kills(
    folder: Path, moments: int = 10, seed: int = 7, households: int = HOUSEHOLDS, months: int = MONTHS
) -> dict[str, Any]:
    """Kill an intake at so many moments, each in a warehouse of its own below `folder` (new).

    Returns `kills` (processes that died of the signal), `finished` (moments that came too late),
    `states_lost` (warehouses whose next run failed, that differ after it, or that hid what had been
    recorded), `deliveries`, and `seconds` of the undisturbed run. RuntimeError where that one fails.
    """
    landing = _world(folder / "world", households, months, seed)
    undisturbed = folder / "undisturbed"
    began = time.monotonic()
    if _start(landing, undisturbed).wait():
        raise RuntimeError("the undisturbed intake failed, so there is nothing to compare with")
    seconds = time.monotonic() - began
    whole = content(undisturbed)
    draw = random.Random(seed)
    kills = lost = 0
    for moment in range(moments):
        warehouse = folder / f"killed{moment}"
        kills += _kill_after(draw.uniform(0, seconds), landing, warehouse)
        standing = _recorded_and_readable(warehouse)
        lost += not (_completes(landing, warehouse, whole) and standing)
        shutil.rmtree(warehouse)
    return {
        "kills": kills,
        "finished": moments - kills,
        "states_lost": lost,
        "deliveries": len(whole["catalogue"]),
        "seconds": round(seconds, 2),
    }


def content(warehouse: Path) -> dict[str, Any]:
    """The catalogue without the order of its rows, and each Parquet file's schema and values, as a digest."""
    statuses = ("taken", "repeated", "refused")
    entries = sorted(repr(entry) for status in statuses for entry in read_entries(warehouse, status))
    files = {p.relative_to(warehouse).as_posix(): _digest(p) for p in sorted(warehouse.rglob("*.parquet"))}
    return {"catalogue": entries, "files": files}


def _digest(path: Path) -> str:
    table = pq.read_table(path)
    return hashlib.sha256(f"{table.schema}{table.to_pylist()}".encode()).hexdigest()


def _world(folder: Path, households: int, months: int, seed: int) -> Path:
    wanted = ["--households", str(households), "--months", str(months), "--seed", str(seed)]
    command = [sys.executable, "-m", "synthetic_data", "generate", "--out", str(folder), *wanted]
    subprocess.run(command, check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
    return folder / "landing"


def _start(landing: Path, warehouse: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "features", "intake", "--key", KEY]
    where = ["--landing", str(landing), "--warehouse", str(warehouse)]
    return subprocess.Popen([*command, *where], cwd=ROOT, stderr=subprocess.DEVNULL)


def _kill_after(seconds: float, landing: Path, warehouse: Path) -> bool:
    """Whether the signal reached a process that was still running."""
    process = _start(landing, warehouse)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def _completes(landing: Path, warehouse: Path, whole: dict[str, Any]) -> bool:
    """Whether the next run ends well, with the undisturbed run's content and nothing half-written left."""
    ended_well = _start(landing, warehouse).wait() == 0
    return ended_well and content(warehouse) == whole and not list(warehouse.rglob("*.part"))


def _recorded_and_readable(warehouse: Path) -> bool:
    """Whether the rows that the catalogue says were taken can be read, each of them, after the kill."""
    if not (warehouse / CATALOGUE_FILE).exists():
        return True  # killed before anything was promised
    opened = open_warehouse(warehouse)
    promised: dict[str, int] = {}
    for entry in read_entries(warehouse, "taken"):
        promised[entry.table] = promised.get(entry.table, 0) + entry.rows_taken
    return all(opened.table(table).count().execute() == rows for table, rows in promised.items())


def main() -> int:
    """Print the result as JSON; exit code 1 where a state was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        found = run_kills(Path(folder), given.moments, given.seed)
    print(json.dumps(found))
    return 1 if found["states_lost"] else 0


if __name__ == "__main__":
    raise SystemExit(main())

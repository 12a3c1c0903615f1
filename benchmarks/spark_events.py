"""What Spark's own event log says of a run: seconds of tasks, bytes shuffled, how unevenly stages are cut."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What makes Spark write one plain log a run; the folder is added by the caller.
SETTINGS = (
    "spark.eventLog.enabled=true",
    "spark.eventLog.rolling.enabled=false",
    "spark.eventLog.compress=false",
)
MEBI = 1 << 20


@dataclass(frozen=True)
class Work:
    """Sums over all tasks of a run. skew: how much longer stages take because their parts differ in rows.

    Of stages that read a shuffle: rows of the largest part times parts, over all rows (1: all alike).
    """

    task_seconds: float
    cpu_seconds: float
    jobs: int
    tasks: int
    read_mb: float
    shuffled_mb: float
    written_mb: float
    spilled_mb: float
    skew: float


def read_work(folder: Path) -> Work:
    """The sums of the one log in a folder; StopIteration where there is none."""
    log = next(path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith("."))
    jobs, tasks = 0, []
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            jobs += event["Event"] == "SparkListenerJobStart"
            if event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                tasks.append((event["Stage ID"], event["Task Metrics"]))
    return summed(jobs, tasks)


def summed(jobs: int, tasks: list[tuple[int, dict[str, Any]]]) -> Work:
    """The same from (stage, metrics) of every task."""
    metrics = [one for _, one in tasks]
    return Work(
        task_seconds=round(sum(one["Executor Run Time"] for one in metrics) / 1e3, 1),
        cpu_seconds=round(sum(one["Executor CPU Time"] for one in metrics) / 1e9, 1),
        jobs=jobs,
        tasks=len(tasks),
        read_mb=_mb(one["Input Metrics"]["Bytes Read"] for one in metrics),
        shuffled_mb=_mb(one["Shuffle Write Metrics"]["Shuffle Bytes Written"] for one in metrics),
        written_mb=_mb(one["Output Metrics"]["Bytes Written"] for one in metrics),
        spilled_mb=_mb(one["Disk Bytes Spilled"] for one in metrics),
        skew=round(_skew(tasks), 3),
    )


def _skew(tasks: list[tuple[int, dict[str, Any]]]) -> float:
    stages: dict[int, list[int]] = defaultdict(list)
    for stage, one in tasks:
        stages[stage].append(one["Shuffle Read Metrics"]["Total Records Read"])
    cut = [rows for rows in stages.values() if len(rows) > 1 and sum(rows)]
    rows = sum(sum(parts) for parts in cut)
    return sum(max(parts) * len(parts) for parts in cut) / rows if rows else 1.0


def _mb(numbers: Any) -> float:
    return round(sum(numbers) / MEBI, 1)

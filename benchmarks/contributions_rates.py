"""Households explained a second, ours and LightGBM's own: by depth, and by how many are asked about at once.

One core is told by its processor seconds, two threads by the clock; of several calls the fastest counts,
which other work on the machine has disturbed least.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.explained_models import model
from benchmarks.stages import console
from models.contributions import explained
from models.trees import walk

#: Leaves of the models of every depth.
LEAVES, DEPTHS = 63, (4, 6, 8, 10, 12)
#: Leaves and depth of the model that bars are set for, and that is asked about ever more rows.
JUDGED, SIZES = (31, 6), (1, 10, 100, 1_000, 10_000, 100_000)
#: Rows that LightGBM explains where any number would do, and rows that are explained here.
OWN, ROWS = 400, 5_000
#: LightGBM is asked about no more rows than these: its rate no longer changes, and a call takes minutes.
MOST = 10_000
#: A call is repeated until so long has passed.
SECONDS = 2.0
CLOCKS = {1: time.process_time, 2: time.perf_counter}


def rates(trees: int) -> dict[str, list[dict[str, Any]]]:
    """Rows a second: `ours_1` and `lightgbm_2` are ours in one thread, LightGBM's in two."""
    by_depth = []
    for depth in DEPTHS:
        booster, rows = model(LEAVES, depth, trees)
        by_depth.append({"depth": depth} | _both(booster, rows[:ROWS], rows[:OWN]))
        console.print(by_depth[-1])
    booster, rows = model(*JUDGED, trees)
    by_rows = []
    for size in SIZES:
        asked = np.resize(rows, (size, rows.shape[1]))
        by_rows.append({"rows": size} | _both(booster, asked, asked if size <= MOST else None))
        console.print(by_rows[-1])
    return {"by_depth": by_depth, "by_rows": by_rows}


def _both(booster: Any, rows: np.ndarray, own: np.ndarray | None) -> dict[str, int]:
    flat = walk(booster)
    explained(flat, rows[:1])  # compiled before it is timed
    told = {}
    for threads, clock in CLOCKS.items():
        told[f"ours_{threads}"] = rate(partial(explained, flat, rows, threads), len(rows), clock)
        if own is not None:
            call = partial(booster.predict, own, pred_contrib=True, num_threads=threads)
            told[f"lightgbm_{threads}"] = rate(call, len(own), clock)
    return told


def rate(explain: Callable[[], object], rows: int, clock: Callable[[], float]) -> int:
    """Rows a second of the fastest call; each explains so many."""
    ends, seconds = time.perf_counter() + SECONDS, []
    while not seconds or time.perf_counter() < ends:
        began = clock()
        explain()
        seconds.append(clock() - began)
    return round(rows / min(seconds))

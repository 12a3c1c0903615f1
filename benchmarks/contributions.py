"""Exact contributions beside LightGBM's own: `make bench-contributions`; OUT/contributions.json.

Both explain the same households on one core in turns; the ratio is of processor seconds a household, the
median of several rounds. Answers must agree to 1e-10, or the benchmark fails.
"""

import statistics
import time
from pathlib import Path
from typing import Annotated, Any

import lightgbm
import numpy as np
import typer

from benchmarks.results import machine, run_main, write_json
from benchmarks.stages import console
from models.contributions import explained
from models.trees import walk

COLUMNS, TOLERANCE = 100, 1e-10
#: (leaves, greatest depth) of the models that are explained; -1 is free.
SHAPES = ((31, 4), (31, 6), (63, 8), (63, 12), (63, -1))
#: Rows that LightGBM explains in a round, and rows that are explained here: each takes some seconds.
OWN, ROWS = 400, 20_000


def main(
    trees: Annotated[int, typer.Option(help="Trees of each model.")] = 300,
    rounds: Annotated[int, typer.Option(min=1, help="Interleaved rounds.")] = 3,
    out: Annotated[Path, typer.Option(help="Folder of contributions.json.")] = Path("out/bench"),
) -> None:
    """Time both on every shape, and hold their answers together."""
    shapes = [measured(leaves, depth, trees, rounds) for leaves, depth in SHAPES]
    told = {
        "shapes": shapes,
        "trees": trees,
        "columns": COLUMNS,
        "max_abs_error": max(one["max_abs_error"] for one in shapes),
        "machine": machine("lightgbm", "numba"),
    }
    write_json(out / "contributions.json", told)
    if told["max_abs_error"] > TOLERANCE:
        raise typer.Exit(1)


def measured(leaves: int, depth: int, trees: int, rounds: int) -> dict[str, Any]:
    """One shape: households a second of each, and how many times as fast ours is."""
    booster, rows = model(leaves, depth, trees)
    flat = walk(booster)
    explained(flat, rows[:64])  # compiled before it is timed
    own_seconds, seconds, error = [], [], 0.0
    for _ in range(rounds):
        began = time.process_time()
        own = booster.predict(rows[:OWN], pred_contrib=True, num_threads=1)
        own_seconds.append((time.process_time() - began) / OWN)
        began = time.process_time()
        found = explained(flat, rows)
        seconds.append((time.process_time() - began) / len(rows))
        error = max(error, float(np.abs(found[:OWN] - own).max()))
    told = {
        "leaves": leaves,
        "depth": depth,
        "deepest": flat.deepest,
        "lightgbm_rows_per_core_s": round(1 / statistics.median(own_seconds)),
        "rows_per_core_s": round(1 / statistics.median(seconds)),
        "ratio_lightgbm": round(statistics.median(own_seconds) / statistics.median(seconds), 1),
        "max_abs_error": error,
    }
    console.print(told)
    return told


def model(leaves: int, depth: int, trees: int) -> tuple[lightgbm.Booster, np.ndarray]:
    """A model of many columns with unknowns, and the rows it is asked about."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(ROWS, COLUMNS))
    rows[random.random(rows.shape) < 0.05] = np.nan
    known = np.nan_to_num(rows)
    label = known[:, 0] + known[:, 1] * known[:, 2] + known[:, 3:8].sum(axis=1) + random.normal(size=ROWS) > 0
    options = {
        "objective": "binary", "num_leaves": leaves, "max_depth": depth, "min_data_in_leaf": 5,
        "num_threads": 1, "verbosity": -1, "deterministic": True, "force_row_wise": True, "seed": 0,
    }  # fmt: skip
    return lightgbm.train(options, lightgbm.Dataset(rows, label.astype(float)), trees), rows


if __name__ == "__main__":
    run_main(main)

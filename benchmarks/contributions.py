"""Exact contributions beside LightGBM's own and woodelf's: `make bench-contributions`.

All explain the same households on one core in turns; a ratio is of processor seconds a household, the median
of several rounds. woodelf (in an environment of its own) explains all rows at once, which suits it best; it
reads unknown values as LightGBM does and adds in single precision. Ours must agree with LightGBM's to 1e-10,
on the large models and on odd ones (`benchmarks.explained_models`). Then the rates, one core and two threads,
by depth and by number of rows. Everything lands in OUT/contributions.json.
"""

import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import lightgbm
import numpy as np
import typer

from benchmarks.alone import alone, as_here, run_told
from benchmarks.contributions_page import write_page
from benchmarks.contributions_rates import JUDGED, OWN, rates
from benchmarks.explained_models import COLUMNS, ODD, ROWS, model, strange
from benchmarks.results import machine, run_main, tell_gates, write_json
from benchmarks.stages import console
from models.contributions import contributions, explained
from models.trees import walk

PEER = "woodelf-explainer==0.4.8"
#: Bars; those of speed are of one shape.
TIMES_LIGHTGBM, TIMES_WOODELF, TOLERANCE = 40, 5, 1e-10
#: (leaves, greatest depth) of the models that are explained; -1 is free.
SHAPES = ((31, 4), JUDGED, (63, 8), (63, 12), (63, -1))


def main(
    trees: Annotated[int, typer.Option(help="Trees of each model.")] = 300,
    rounds: Annotated[int, typer.Option(min=1, help="Interleaved rounds.")] = 3,
    out: Annotated[Path, typer.Option(help="Folder of contributions.json.")] = Path("out/bench"),
    docs: Annotated[
        Path | None, typer.Option(help="Folder of the page and its picture to write as well.")
    ] = None,
) -> None:
    """Time all three on every shape, hold their answers together, and tell the rates."""
    with tempfile.TemporaryDirectory(prefix="dibao-contributions-") as folder:
        shapes = [measured(leaves, depth, trees, rounds, Path(folder)) for leaves, depth in SHAPES]
    odd = odd_errors()
    told: dict[str, Any] = {
        "shapes": shapes,
        "trees": trees,
        "columns": COLUMNS,
        "rows": ROWS,
        "rounds": rounds,
        "odd_models": odd,
        "max_abs_error": max([*odd.values(), *(one["max_abs_error"] for one in shapes)]),
        "rates": rates(trees),
        "woodelf": PEER,
        "machine": machine("lightgbm", "numba"),
    }
    told["gates"], figures = gates(told)
    write_json(out / "contributions.json", told)
    if docs is not None:
        write_page(told, figures, docs)
    tell_gates(told["gates"], figures)


def gates(told: Mapping[str, Any]) -> tuple[dict[str, bool], dict[str, float]]:
    """Which bars hold, and the figure of each."""
    shape, error = judged(told), told["max_abs_error"]
    figures = {
        f"at least {TIMES_LIGHTGBM} times as fast as LightGBM's own": shape["ratio_lightgbm"],
        f"at least {TIMES_WOODELF} times as fast as woodelf": shape["ratio_woodelf"],
        f"largest error at most {TOLERANCE:g}": error,
    }
    holds = (
        shape["ratio_lightgbm"] >= TIMES_LIGHTGBM,
        shape["ratio_woodelf"] >= TIMES_WOODELF,
        error <= TOLERANCE,
    )
    return dict(zip(figures, holds, strict=True)), figures


def judged(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shape that bars of speed are set for."""
    return next(one for one in told["shapes"] if (one["leaves"], one["depth"]) == JUDGED)


def measured(leaves: int, depth: int, trees: int, rounds: int, folder: Path) -> dict[str, Any]:
    """One shape: households a second of each, and how many times as fast ours is."""
    made, rows = model(leaves, depth, trees)
    made.save_model(folder / "model.txt")
    np.save(folder / "rows.npy", rows)
    booster = lightgbm.Booster(model_file=folder / "model.txt")
    flat = walk(booster)
    explained(flat, rows[:64])  # compiled before it is timed
    seconds: dict[str, list[float]] = {"lightgbm": [], "ours": [], "woodelf": []}
    error = woodelf_error = 0.0
    for _ in range(rounds):
        began = time.process_time()
        own = booster.predict(rows[:OWN], pred_contrib=True, num_threads=1)
        seconds["lightgbm"].append((time.process_time() - began) / OWN)
        began = time.process_time()
        found = explained(flat, rows)
        seconds["ours"].append((time.process_time() - began) / len(rows))
        took, theirs = woodelf(folder)
        seconds["woodelf"].append(took / len(rows))
        error = max(error, float(np.abs(found[:OWN] - own).max()))
        woodelf_error = max(woodelf_error, float(np.abs(theirs - own[:, :-1]).max()))
    median = {who: statistics.median(times) for who, times in seconds.items()}
    told = {
        "leaves": leaves,
        "depth": depth,
        "deepest": flat.deepest,
        "rows_per_core_s": round(1 / median["ours"]),
        "lightgbm_rows_per_core_s": round(1 / median["lightgbm"]),
        "woodelf_rows_per_core_s": round(1 / median["woodelf"]),
        "ratio_lightgbm": round(median["lightgbm"] / median["ours"], 1),
        "ratio_woodelf": round(median["woodelf"] / median["ours"], 1),
        "max_abs_error": error,
        "woodelf_max_abs_error": woodelf_error,
    }
    console.print(told)
    return told


def woodelf(folder: Path) -> tuple[float, np.ndarray]:
    """woodelf on the saved model and rows: processor seconds, and what it says of the first rows."""
    files = [folder / name for name in ("model.txt", "rows.npy", "woodelf.npy")]
    seconds = run_told(alone([PEER, *as_here("lightgbm")], "peer_woodelf.py", *files, OWN))["seconds"]
    return seconds, np.load(folder / "woodelf.npy")


def odd_errors() -> dict[str, float]:
    """Largest error on each odd model, asked about every kind of number."""
    found = {}
    for kind, make in ODD.items():
        booster, x = make()
        rows = strange(x)
        found[kind] = float(
            np.abs(contributions(booster, rows) - booster.predict(rows, pred_contrib=True)).max()
        )
    return found


if __name__ == "__main__":
    run_main(main)

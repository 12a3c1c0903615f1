"""Other learners beside the product's: the same rows, windows and budget, each in its own environment."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.alone import alone, as_here
from benchmarks.models_city import City, Floats
from benchmarks.stages import ROOT, console
from models import metrics
from models.metrics import HouseholdBootstrap, interval
from training import champion
from training.cohort import Cohort
from training.fit import Setting, favourable_values
from training.judged import Judged

#: What `uv run --isolated` brings for each peer, beside Optuna, NumPy and scikit-learn.
PEERS = {
    "hist_gradient_boosting": (),
    "hist_gradient_boosting_free": (),  # what the law's directions cost
    "xgboost": ("xgboost",),
    "catboost": ("catboost",),
    "explainable_boosting": ("interpret-core[required]",),
    "logistic": (),
}
REPLICATES = 60


def beside_peers(
    folder: Path, city: City, learnt: Cohort, judged: Judged, ours: Floats, *, seconds: float
) -> dict[str, Any]:
    """Average precision and seconds of each peer, and by how much ours (raw scores) is ahead.

    Peers are bound to the same directions and read unknown values as ours does: a score that falls when
    deposits rise is none that could be used. One is free, to tell what that costs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = judged.trust > 0
    label, household = judged.cohort.label[known], judged.cohort.household[known]
    problem = folder / "problem.npz"
    _write(problem, city, learnt, judged.cohort.rows[known], label)
    boot = HouseholdBootstrap(household, seed=0)
    drawn = boot.ranking(label, ours[known], replicates=REPLICATES)[1]
    reached = metrics.average_precision(label, ours[known])
    told: dict[str, Any] = {"ours": {"average_precision": interval(reached, drawn).rounded()}}
    for peer in PEERS:
        answers = folder / f"{peer}.json"
        needs = [*as_here("optuna", "numpy", "scikit-learn"), *PEERS[peer]]
        command = alone(needs, "peer_models.py", problem, seconds, answers, peer)
        subprocess.run(command, cwd=ROOT, check=True)
        found = json.loads(answers.read_text())
        said = np.load(answers.with_suffix(".npy"))
        ahead = interval(
            reached - found["average_precision"],
            drawn - boot.ranking(label, said, replicates=REPLICATES)[1],
        )
        told[peer] = found | {"ours_ahead": ahead.rounded()}
        console.print(peer, told[peer])
    shutil.rmtree(folder)
    return told


def _write(path: Path, city: City, learnt: Cohort, judge_rows: Floats, judge_label: Floats) -> None:
    spec, windows = learnt.spec, champion.rolling(learnt)
    favourable = favourable_values(spec, learnt.rows)
    known = Setting(spec, favourable, city.plan.trained_as_of, city.seed, city.threads).known
    places = {f"learn_{k}": learn for k, (learn, _) in enumerate(windows)}
    places |= {f"judge_{k}": judge for k, (_, judge) in enumerate(windows)}
    np.savez(
        path, rows=known(learnt.rows), label=learnt.label,
        weight=learnt.weight, monotone=spec.monotone, windows=len(windows),
        judge_rows=known(judge_rows), judge_label=judge_label, **places,
    )  # fmt: skip

"""A world marked: how well each score orders its households, and whether the mark keeps its word."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.deciles import Calibration, calibration
from benchmarks.mark_learnt import Learnt
from benchmarks.true_labels import Labelled, read_labelled
from models import metrics
from models.bundle import load_bundle
from models.metrics import HouseholdBootstrap, interval
from models.scoring import score
from models.spec import ModelSpec
from training.profiles import ProfileStore

Floats = npt.NDArray[np.float64]

TOP = 0.05
REPLICATES = 60
#: Differences in average precision that say whether the learner can be believed.
DIFFERENCES = (("coarse", "posterior"), ("mark", "posterior"), ("everything", "mark"), ("mark", "half"))


def judge(
    learnt: Learnt,
    store: ProfileStore,
    spec: ModelSpec,
    census: pd.DataFrame,
    months: Sequence[date],
    bundle: Path,
    *,
    threads: int,
) -> tuple[dict[str, Any], pd.DataFrame]:
    """What mark.json tells of a question, and the mark of every household and month.

    bundle: the champion's folder; where there is none, it is left out.
    """
    read = read_labelled(store, spec, months, census, dtype=np.float64)
    scores = {
        shown: learner.said(learnt.rows(shown, read), threads) for shown, learner in learnt.learners.items()
    }
    place = learnt.posterior.place(learnt.cells(read))
    scores["posterior"] = learnt.posterior.share[place]
    scores["rules"] = read.facts["rule_score"].to_numpy(dtype=np.float64)
    if bundle.is_dir():
        scores["champion"] = champion(bundle, read, threads)
    level = learnt.about["prevalence_relative_error"]
    kept = {
        name: calibration(read.label, scores[name], read.household, level_error=level)
        for name in ("mark", "everything")
    } | {
        "posterior": calibration(
            read.label, scores["posterior"], read.household, source=place, source_error=learnt.posterior.error
        )
    }
    ranked = ranking(read, scores)
    told = {
        **learnt.about,
        "judged": {
            "labels": len(read.label),
            "households": len(np.unique(read.household)),
            "positives": int(read.label.sum()),
            "prevalence": round(float(read.label.mean()), 5),
            "months": [str(month) for month in months],
        },
        "columns": {shown: len(learner.names) for shown, learner in learnt.learners.items()},
        "cells": len(learnt.posterior.cells),
        **ranked,
        "calibration": {name: one.summary() for name, one in kept.items()},
        "gates": gates(ranked["differences"], kept),
    }
    marks = read.facts[["household_id", "as_of"]].assign(
        mark=scores["mark"], mark_everything=scores["everything"], truth=read.label.astype(np.int8)
    )
    return told, marks


def champion(folder: Path, read: Labelled, threads: int) -> Floats:
    """Log-odds of a trained bundle (n,)."""
    bundle = load_bundle(folder)
    rows = np.asarray(read.columns(bundle.names), dtype=np.float64)
    return score(bundle, rows, num_threads=threads, contributions=False).raw


def ranking(read: Labelled, scores: dict[str, Floats]) -> dict[str, Any]:
    """Average precision, area and precision at the top of every score; shares of the mark and differences.

    Every score is judged on the same replicates of households: shares and differences have honest intervals.
    """
    boot, label = HouseholdBootstrap(read.household, seed=0), read.label
    drawn = {name: boot.ranking(label, one, replicates=REPLICATES) for name, one in scores.items()}
    area = {name: interval(metrics.auc(label, one), drawn[name][0]) for name, one in scores.items()}
    value = {name: metrics.average_precision(label, one) for name, one in scores.items()}
    precision = {name: pair[1] for name, pair in drawn.items()}
    return {
        "average_precision": {name: interval(value[name], precision[name]).rounded() for name in scores},
        "auc": {name: found.rounded() for name, found in area.items()},
        "precision_at_5_percent": {
            name: round(metrics.precision(label, metrics.top(one, TOP)), 4) for name, one in scores.items()
        },
        "share_of_mark": {
            name: interval(value[name] / value["mark"], precision[name] / precision["mark"]).rounded()
            for name in scores
        },
        "differences": {
            f"{one} - {other}": interval(
                value[one] - value[other], precision[one] - precision[other]
            ).rounded()
            for one, other in DIFFERENCES
        },
    }


def gates(differences: dict[str, Any], kept: dict[str, Calibration]) -> dict[str, bool | None]:
    """What must hold before a share of the mark may be told; None: the judged world is too small to say."""
    held: dict[str, bool | None] = {
        "the learner reaches the posterior of the coarse reading": differences["coarse - posterior"]["high"]
        >= 0,
        "the mark is not below that posterior": differences["mark - posterior"]["high"] >= 0,
    }
    for name, one in kept.items():
        held[f"{name}: mean within 2 % of the prevalence"] = one.mean_holds
        held[f"{name}: each decile within 3 standard errors"] = one.tenths_hold
    return held

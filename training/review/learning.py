"""How much more labels would help: the champion, logistic regression and LightGBM on fewer of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from models.metrics import auc
from training.cohort import Cohort
from training.guards.gate import LEAST_LABELS, LEAST_POSITIVES
from training.review.case import Case
from training.review.refit import fitted, learners, raw
from training.review.scored import ranked

#: Numbers of labels tried, and all there are.
SIZES = (250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 100_000)


def learning_curve(case: Case, tell: Callable[[str], None] = lambda step: None) -> dict[str, Any]:
    """One point a learner and number of labels: average precision and confirmed in 100 visits."""
    points = []
    for size in sizes(len(case.learnt.label)):
        some = drawn(case.learnt, size, case.seed)
        positives = int(some.label.sum())
        for role, name in learners(case).items():
            tell(f"{role} {size}")
            point = {"learner": role, "candidate": name, "labels": len(some.label), "positives": positives}
            enough = len(some.label) >= LEAST_LABELS and positives >= LEAST_POSITIVES
            if enough:
                order = raw(fitted(case, some, name), case.judged.cohort.rows, case.threads)
                point |= ranked(case, order)
                point["auc"] = round(auc(case.label[case.known], order[case.known]), 4)
            points.append(point | {"enough": enough})
    return {"labels": len(case.learnt.label), "points": points}


def sizes(labels: int) -> list[int]:
    """Numbers of labels to try: those well below all there are, and all."""
    return [size for size in SIZES if size < 0.9 * labels] + [labels]


def drawn(cohort: Cohort, size: int, seed: int) -> Cohort:
    """Whole households in a random order until `size` rows are reached; larger draws contain smaller ones."""
    if size >= len(cohort.label):
        return cohort
    ids, place = np.unique(cohort.household, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(ids))[place]
    line = np.argsort(order, kind="stable")[:size]
    return cohort.take(np.sort(line))

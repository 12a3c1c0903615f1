"""Would another training tell the same families the same reasons, and list the same families?

Refits on households drawn with replacement and with another seed; their lists and the top three reasons of
whom they list are compared by Jaccard's index. Reasons are grouped as a caseworker reads them.
"""

from collections.abc import Callable
from itertools import combinations, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from models.bundle import Bundle
from models.reasons import MOST, explain
from models.scoring import score
from training.review.case import Case
from training.review.refit import fitted, household_sample, raw

Floats = npt.NDArray[np.float64]

REFITS = 4
#: Households whose reasons are compared, at most.
HOUSEHOLDS = 400
#: Jaccard of the top reasons that must be reached, and from how many labels.
GATES = ((30_000, 0.86), (5_000, 0.80))


def stability(case: Case, tell: Callable[[str], None] = lambda step: None) -> dict[str, Any]:
    """Jaccard indices over pairs of refits: data drawn again, and the seed alone."""
    found: dict[str, Any] = {"labels": len(case.learnt.label), "refits": REFITS, "reasons_a_household": MOST}
    for kind in ("drawn_again", "other_seed"):
        refits = []
        for number in range(REFITS):
            tell(f"{kind} {number + 1}/{REFITS}")
            rows = household_sample(case.learnt, number) if kind == "drawn_again" else case.learnt
            refits.append(fitted(case, rows, case.bundle.kind, seed=case.bundle.seed + 1_000 * (number + 1)))
        found[kind] = agreement(case, refits)
    return found | {"gate": gate(found["other_seed"]["reasons"]["value"], found["labels"])}


def agreement(case: Case, refits: list[Bundle]) -> dict[str, Any]:
    """Mean and range over pairs of refits of both indices."""
    rows = case.judged.cohort.rows
    lists = [np.flatnonzero(case.visits(raw(one, rows, case.threads)) > 0.5) for one in refits]
    listed = np.flatnonzero(case.visits(case.raw) > 0.5)
    some = np.random.default_rng(case.seed).permutation(listed)[:HOUSEHOLDS]
    told = [top_topics(one, rows[some], case.threads) for one in refits]
    pairs = list(combinations(range(len(refits)), 2))
    return {
        "households": len(some),
        "listed": len(listed),
        "lists": spread([jaccard(set(lists[a]), set(lists[b])) for a, b in pairs]),
        "reasons": spread(
            [
                float(np.mean([jaccard(x, y) for x, y in zip(told[a], told[b], strict=True)]))
                for a, b in pairs
                if len(some)
            ]
        ),
    }


def top_topics(bundle: Bundle, rows: Floats, threads: int = 1) -> list[set[str]]:
    """The topics of each household's reasons, as they would be told."""
    found = score(bundle, rows, num_threads=threads)
    voices = zip(*found.members, strict=True) if found.members else repeat(())
    return [
        {reason.topic for reason in explain(bundle, values, one, {}, own).reasons}
        for values, one, own in zip(rows, found.contributions, voices, strict=False)
    ]


def jaccard(one: set[Any], other: set[Any]) -> float:
    """Shared over all; two empty sets agree."""
    return len(one & other) / len(one | other) if one | other else 1.0


def spread(values: list[float]) -> dict[str, float | None]:
    """Mean, least and most; None where there is none."""
    if not values:
        return {"value": None, "low": None, "high": None}
    return {name: round(float(f(values)), 4) for name, f in (("value", np.mean), ("low", min), ("high", max))}


def gate(reasons: float | None, labels: int) -> bool | None:
    """Whether reasons are as stable as that many labels must make them; None below 5,000."""
    for least, wanted in GATES:
        if labels >= least:
            return reasons is not None and reasons >= wanted
    return None

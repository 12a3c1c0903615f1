"""How good a model is on later months it never saw, beside rules, logistic regression and random visits.

Every comparison is at equal visits: each street's own monthly capacity. Intervals resample households.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models import metrics
from models.metrics import HouseholdBootstrap, Interval, interval
from training.cohort import Cohort
from training.judged import Judged

Floats = npt.NDArray[np.float64]

#: Verified income over the line, within which a family is "near the line".
NEAR_LINE = (0.8, 1.1)
RANKING_REPLICATES = 60


def compare(judged: Judged, scores: dict[str, Floats], *, seed: int) -> dict[str, Any]:
    """Precision at capacity of every scorer, differences and lifts of `model`, with 95 % intervals.

    scores: `model`, `logistic`, `rules` and any other; (n,) over the judged rows. `random` is added.
    """
    cohort, place = judged.cohort, judged.place
    known = judged.trust > 0
    label, trust = np.nan_to_num(cohort.label), judged.trust
    order = scores | {"random": np.zeros(len(label))}
    got = {name: metrics.visits(score, place, judged.capacity) for name, score in order.items()}
    counted = {name: (one * trust)[known] for name, one in got.items()}
    boot = HouseholdBootstrap(cohort.household[known], seed=seed)
    drawn = boot.precisions(label[known], counted)
    value = {name: metrics.precision(label[known], one) for name, one in counted.items()}
    visited = round(float(got["model"].sum()))
    found = {name: interval(value[name], drawn[name], visited).rounded() for name in order}
    return {
        "visits": visited,
        "precision_at_capacity": found["model"],
        **{f"{name}_precision_at_capacity": found[name] for name in order if name not in ("model", "random")},
        "random_precision": found["random"],
        **{
            f"difference_over_{name}": interval(
                value["model"] - value[name], drawn["model"] - drawn[name]
            ).rounded()
            for name in order
            if name not in ("model", "random")
        },
        "lift_over_random": _ratio(value, drawn, "random").rounded(3),
        "lift_over_rules": _ratio(value, drawn, "rules").rounded(3),
        "found_share": _recall(label * trust, got["model"]),
        **_ranking(boot, label[known], scores["model"][known], trust[known]),
        "rules_average_precision": round(
            metrics.average_precision(label[known], scores["rules"][known], trust[known]), 4
        ),
        "logistic_average_precision": round(
            metrics.average_precision(label[known], scores["logistic"][known], trust[known]), 4
        ),
        "false_positives_near_line": near_line(cohort, got["model"], known),
    }


def _ratio(value: dict[str, float], drawn: dict[str, Floats], other: str) -> Interval:
    bottom = np.where(drawn[other] > 0, drawn[other], np.nan)
    share = value["model"] / value[other] if value[other] else float("nan")
    return interval(share, drawn["model"] / bottom)


def _recall(positives: Floats, got: Floats) -> float | None:
    return round(float((positives * got).sum() / positives.sum()), 4) if positives.sum() else None


def _ranking(boot: HouseholdBootstrap, label: Floats, score: Floats, trust: Floats) -> dict[str, Any]:
    area, precision = boot.ranking(label, score, trust, RANKING_REPLICATES)
    return {
        "auc": interval(metrics.auc(label, score, trust), area, len(label)).rounded(),
        "average_precision": interval(
            metrics.average_precision(label, score, trust), precision, len(label)
        ).rounded(),
    }


def near_line(cohort: Cohort, got: Floats, known: npt.NDArray[np.bool_]) -> dict[str, float | int] | None:
    """False-positive rate of families near the line over that of all; None where no income was verified."""
    income = cohort.facts["near"].to_numpy(dtype=float)
    negative = known & (np.nan_to_num(cohort.label) == 0)
    near = negative & (income >= NEAR_LINE[0]) & (income < NEAR_LINE[1])
    if not near.any() or not got[negative].sum():
        return None
    rates = got[near].mean(), got[negative].mean()
    return {
        "value": round(float(rates[0] / rates[1]), 3),
        "near": int(near.sum()),
        "all": int(negative.sum()),
    }


def prevalence(random_arm: Cohort, predicted: Floats, population_mean: float) -> dict[str, Any]:
    """Share of positives among everybody, from the random arm with its stored probabilities.

    Visits without a conclusion are made up for within thirds of the predicted probability, and bounded: all
    of them negative, all of them positive. The model-assisted estimate is narrower and as unbiased.
    """
    label, known = random_arm.label, ~np.isnan(random_arm.label)
    if known.sum() < 2:
        return {"value": None, "low": None, "high": None, "n": int(known.sum())}
    chance = random_arm.facts["probability"].to_numpy(dtype=float)
    answered = chance * _answered(predicted, known, 1 / chance)
    household = random_arm.household
    found = metrics.hajek(label[known], answered[known], household[known])
    assisted = metrics.as_share(
        metrics.difference_estimate(
            label[known], predicted[known], answered[known], population_mean, household[known]
        )
    )
    bounds = [metrics.hajek(np.where(known, label, end), chance, household).value for end in (0.0, 1.0)]
    return {
        "value": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "n": found.n,
        "without_conclusion": int((~known).sum()),
        "bounds": [round(end, 4) for end in bounds],
        "model_assisted": assisted.rounded(),
    }


def _answered(predicted: Floats, known: npt.NDArray[np.bool_], weight: Floats) -> Floats:
    """Weighted share of visits with a conclusion in each third of the predicted probability; (n,)."""
    thirds = np.searchsorted(np.quantile(predicted, [1 / 3, 2 / 3]), predicted)
    share = [
        (weight * known)[thirds == one].sum() / max(weight[thirds == one].sum(), 1e-12) for one in range(3)
    ]
    return np.maximum(np.array(share)[thirds], 0.1)


def calibration(random_arm: Cohort, said: Floats, judged: Judged, judged_said: Floats) -> dict[str, Any]:
    """Expected calibration error on the random arm and, where trusted labels exist, on the judged months.

    Few random visits make the error look larger than it is: `noise` is what a perfect model would show.
    """
    known = ~np.isnan(random_arm.label)
    weight = 1 / random_arm.facts["probability"].to_numpy(dtype=float)[known]
    trusted = judged.trust > 0
    found = {
        "judged": round(
            metrics.calibration_error(
                np.nan_to_num(judged.cohort.label)[trusted], judged_said[trusted], judged.trust[trusted]
            ),
            4,
        ),
        "mean_said": round(float(np.average(judged_said[trusted], weights=judged.trust[trusted])), 4),
        "mean_found": round(
            float(np.average(np.nan_to_num(judged.cohort.label)[trusted], weights=judged.trust[trusted])), 4
        ),
    }
    if known.sum() < 30:
        return {"random_arm": None, "n": int(known.sum()), **found}
    bins = max(2, min(10, int(known.sum()) // 60))
    label = random_arm.label[known]
    return {
        "random_arm": round(metrics.calibration_error(label, said[known], weight, bins), 4),
        "noise": round(_perfect(said[known], weight, bins), 4),
        "n": int(known.sum()),
        **found,
    }


def _perfect(said: Floats, weight: Floats, bins: int) -> float:
    random = np.random.default_rng(0)
    drawn = ((random.random(len(said)) < said).astype(float) for _ in range(50))
    return float(np.mean([metrics.calibration_error(one, said, weight, bins) for one in drawn]))


def labels_by_arm(cohort: Cohort) -> dict[str, dict[str, int]]:
    """Visits, conclusions and confirmed, by arm; each visit once."""
    facts = cohort.facts.sort_values("as_of").drop_duplicates("event", keep="last")
    grouped = facts.groupby("arm")["label"].agg(["size", "count", "sum"])
    return {
        str(arm): {"visits": int(size), "concluded": int(count), "confirmed": int(total)}
        for arm, size, count, total in grouped.itertuples()
    }


def reference(names: tuple[str, ...], rows: Floats, raw: Floats, as_of: pd.Timestamp) -> dict[str, Any]:
    """Quantiles and missing shares of a month, for monitoring to compare later months with."""

    def described(column: Floats) -> dict[str, Any]:
        known = column[~np.isnan(column)]
        tenths = np.quantile(known, np.linspace(0, 1, 11)).tolist() if len(known) else []
        return {"quantiles": tenths, "missing": round(1 - len(known) / max(len(column), 1), 6)}

    features = {name: described(column) for name, column in zip(names, rows.T, strict=True)}
    return {"as_of": as_of.date().isoformat(), "n": len(rows), "features": features, "raw": described(raw)}

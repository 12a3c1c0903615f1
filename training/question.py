"""One question from records to an evaluated bundle; reads like the method's contents page."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.engines import Warehouse
from features.errors import UserError
from models.bundle import Bundle, content_digest
from models.scoring import probability, score
from models.spec import ModelSpec
from training import champion, evaluate
from training.cohort import Cohort, assemble, month_before, read_records, training_cohort
from training.fit import Setting, favourable_values, fit_candidate, raw_scores
from training.guards.gate import refuse_clairvoyance, refuse_leaks, require_enough
from training.judged import Judged, judged_months
from training.profiles import ProfileStore
from training.stage_one import fit_stage_one

Floats = npt.NDArray[np.float64]
Progress = Callable[[str], None]

#: The random arm is pooled over so many months for prevalence.
PREVALENCE_MONTHS = 12
#: What the bundle keeps of the evaluation.
SUMMARY = (
    "champion",
    "auc",
    "average_precision",
    "precision_at_capacity",
    "rules_precision_at_capacity",
    "logistic_precision_at_capacity",
    "lift_over_random",
    "prevalence",
    "ece",
    "judged_months",
)


@dataclass(frozen=True)
class Plan:
    """The months learnt from, with what was known by `trained_as_of`, and the later months judged on."""

    trained_as_of: date
    learnt: tuple[date, ...]
    judged: tuple[date, ...]


def plan_months(months: Sequence[date], test_months: int) -> Plan:
    """The last `test_months` are judged; what was known the month before is learnt from."""
    if len(months) < test_months + 3:
        raise UserError(
            f"画像只有 {len(months)} 个月 / there are profiles of {len(months)} month ends up to "
            f"{months[-1]}; "
            f"{test_months} to judge and at least 3 to learn from are needed. Make earlier ones with "
            "python -m features profile --from … --to …, or give a smaller --test-months."
        )
    judged = tuple(months[-test_months:])
    return Plan(months[-test_months - 1], tuple(months[:-test_months]), judged)


@dataclass(frozen=True)
class Trained:
    """A bundle, what was found about it, and how long it took."""

    bundle: Bundle
    evaluation: dict[str, Any]


def train(
    spec: ModelSpec,
    store: ProfileStore,
    warehouse: Warehouse,
    census: pd.DataFrame | None,
    as_of: date,
    *,
    test_months: int,
    seed: int,
    threads: int,
    data_version: str,
    tell: Progress,
) -> Trained:
    """Learn from what was known, choose, calibrate, and judge on the months after."""
    started = time.perf_counter()
    plan = plan_months(store.month_ends(spec.universe, as_of), test_months)
    tell("cohort")
    records = read_records(warehouse, spec.universe, plan.trained_as_of)
    cohort = training_cohort(store, spec, records, plan.learnt)
    learnt = cohort.labelled()
    require_enough(spec, learnt.label)
    guarded = refuse_leaks(spec, learnt)
    setting = setting_for(spec, store, learnt, plan, seed, threads, tell)
    chosen = champion.compared(setting, learnt, tell)
    setting, name = chosen.setting, chosen.name
    tell("champion")
    dealt = refuse_clairvoyance(setting, learnt, name)
    fitted = fit_candidate(setting, learnt, name)
    baseline = fit_candidate(setting, learnt, champion.BASELINE)
    calibration = champion.calibrated(setting, name, learnt)
    prevalence = _random_prevalence(cohort)
    bundle = champion.as_bundle(setting, fitted, calibration, prevalence, data_version)
    tell("evaluation")
    records = read_records(warehouse, spec.universe, as_of)
    judged = judged_months(store, spec, plan.judged, records, census)
    raw = score(bundle, judged.cohort.rows, num_threads=threads, contributions=False).raw
    scores = {
        "model": raw,
        "rules": judged.cohort.facts["rule_score"].to_numpy(dtype=float),
        "logistic": raw_scores(setting, baseline, judged.cohort.rows),
    }
    found = evaluate.compare(judged, scores, seed=seed)
    found |= _on_random_arm(bundle, store, spec, plan, records, census, judged, raw, threads)
    found |= {
        "champion": name,
        "trained_as_of": plan.trained_as_of.isoformat(),
        "learnt_months": [plan.learnt[0].isoformat(), plan.learnt[-1].isoformat()],
        "judged_months": [day.isoformat() for day in plan.judged],
        "judged_by": judged.source,
        "labels_by_arm": evaluate.labels_by_arm(cohort),
        "training_rows": len(learnt.label),
        "training_positives": int(learnt.label.sum()),
        "conclusions": champion.conclusions(learnt),
        "candidates": [one.row() for one in chosen.table],
        "shapes": [asdict(shape) for shape in setting.shapes],
        "strongest_single_features": guarded.strongest,
        "suspected_leaks": [leak.row() for leak in guarded.suspected],
        "shuffled_labels": dealt,
        "calibration": {"slope": calibration.slope, "shift": calibration.shift},
        "features": len(spec.names),
    }
    if setting.stage_one:
        found["stage_one"] = {"auc": round(setting.stage_one.auc, 4), "rows": setting.stage_one.rows}
    return Trained(_finished(bundle, judged, raw, found, plan), found | {"seconds": _since(started)})


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 1)


def setting_for(
    spec: ModelSpec,
    store: ProfileStore,
    learnt: Cohort,
    plan: Plan,
    seed: int,
    threads: int,
    tell: Progress,
) -> Setting:
    """What every fit on these labels shares; for discovery stage one is fitted here."""
    setting = Setting(spec, favourable_values(spec, learnt.rows), plan.trained_as_of, seed, threads)
    if spec.universe != "register":
        return setting
    tell("stage one")
    return replace(setting, stage_one=fit_stage_one(store, spec, list(plan.learnt), seed, threads))


def _random_prevalence(cohort: Cohort) -> float:
    """Weighted share of positives in the random arm, pulled to all labels by the weight of one visit.

    Without a single random visit it is the share among all labels, which is too high where routine visits
    go where suspicion is; the card then tells that the random arm is empty.
    """
    facts = cohort.facts[~cohort.facts["event"].duplicated(keep="last")].dropna(subset=["label"])
    random = facts[(facts["arm"] == "random") & (facts["probability"] > 0)]
    weight = 1 / random["probability"]
    positives, total = float((weight * random["label"]).sum()), float(weight.sum())
    unit = total / len(random) if len(random) else 1.0
    return (positives + unit * float(facts["label"].mean())) / (total + unit)


def _on_random_arm(
    bundle: Bundle,
    store: ProfileStore,
    spec: ModelSpec,
    plan: Plan,
    records: pd.DataFrame,
    census: pd.DataFrame | None,
    judged: Judged,
    raw: Floats,
    threads: int,
) -> dict[str, Any]:
    """Prevalence beside the truth, and calibration, from the random arm's recorded visits."""
    random = _random_arm(store, spec, plan, records)
    said = score(bundle, random.rows, num_threads=threads, contributions=False).probability
    judged_said = probability(bundle, raw)
    share = evaluate.prevalence(random, said, float(judged_said.mean()))
    share["truth"] = _truth(store, spec, random, census)
    later = np.isin(random.facts["as_of"], pd.to_datetime(list(plan.judged)))
    # The model's residuals on what it learnt from are too small: of the judged months alone.
    unseen = evaluate.prevalence(random.take(later), said[later], float(judged_said.mean()))
    share["model_assisted"] = unseen.get("model_assisted")
    errors = evaluate.calibration(random.take(later), said[later], judged, judged_said)
    return {"prevalence": share, "ece": errors["random_arm"], "calibration_error": errors}


def _random_arm(store: ProfileStore, spec: ModelSpec, plan: Plan, records: pd.DataFrame) -> Cohort:
    months = (*plan.learnt, *plan.judged)[-PREVALENCE_MONTHS:]
    spoken = month_before(records[(records["arm"] == "random") & (records["probability"] > 0)])
    parts = []
    for as_of in months:
        wanted = spoken[spoken["month"] == as_of.year * 12 + as_of.month]
        profiles = store.read(spec, as_of, wanted["number"].tolist())
        parts.append(profiles.merge(wanted, on="number", how="inner"))
    joined = pd.concat(parts, ignore_index=True)
    return assemble(spec, joined)


def _truth(store: ProfileStore, spec: ModelSpec, random: Cohort, census: pd.DataFrame | None) -> float | None:
    """The census' share of positives over the months of the random arm; None without a census."""
    if census is None:
        return None
    months = [stamp.date() for stamp in sorted(random.facts["as_of"].unique())]
    thin = replace(spec, features=())
    everybody = judged_months(store, thin, months, pd.DataFrame(), census)
    return round(float(np.nanmean(everybody.cohort.label)), 4)


def _finished(bundle: Bundle, judged: Judged, raw: Floats, found: dict[str, Any], plan: Plan) -> Bundle:
    """The bundle with its version, a summary of the metrics and the reference for monitoring."""
    first = (judged.cohort.facts["as_of"] == pd.Timestamp(plan.judged[0])).to_numpy()
    return replace(
        bundle,
        version=f"{plan.trained_as_of}-{content_digest(bundle)[:8]}",
        metrics={name: found[name] for name in SUMMARY},
        reference=evaluate.reference(
            bundle.names, judged.cohort.rows[first], raw[first], pd.Timestamp(plan.judged[0])
        ),
    )

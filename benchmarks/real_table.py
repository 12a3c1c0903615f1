"""One question asked of any table: the product's guards, fit, choice, calibration and measures, end to end.

A table, a label, what stays together, a column of time and the fields that may be read. What is done is what
`training.question` does for the product's own questions; what differs is where rows come from.
"""

import time
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.real_encoding import Encoded, encode, learn_encoding
from benchmarks.real_problem import Problem
from benchmarks.real_splits import Split, splits
from benchmarks.real_time import as_days, periods
from features.declaration import Feature
from features.errors import UserError
from features.sources.core import Plane
from models import metrics
from models.scoring import probability, score
from models.spec import ModelSpec
from training import champion
from training.boosting import Shape
from training.cohort import Cohort
from training.fit import Setting, favourable_values, fit_candidate, raw_scores
from training.guards.columns import labelled_too_early, later_than
from training.guards.evidence import Leak, Seen
from training.guards.gate import find_leaks, require_enough
from training.guards.shuffled import shuffled_labels

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

TOP_SHARE = 0.05
REPLICATES = 200
#: The penalty of a regression hardly depends on more rows than these.
PENALTY_ROWS = 4_000
PLAIN_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Fitted:
    """What one split learnt, and what it says of the rows judged: log-odds, probability, regression.

    shapes: those the champion was chosen among, a searched one with them.
    """

    champion: str
    shapes: tuple[Shape, ...]
    raw: Floats
    said: Floats
    linear: Floats


def table_spec(name: str, encoding: list[Encoded]) -> ModelSpec:
    """A question without direction or department over the encoded columns."""
    features = tuple(
        Feature(
            name=f"c{place}",
            side="table",
            zh=one.name,
            en=one.name,
            unit=one.unit,
            topic=one.origin,
            reads=(),
            of=(),
            source=None,
            need=False,
            declared=False,
            raises=0,
            expression=lambda rows: rows,
            floor=Plane.OWN,
        )
        for place, one in enumerate(encoding)
    )
    return ModelSpec(name, name, name, "", "", "on_file", (), False, (Plane.OWN,), features)


def last_days(problem: Problem) -> pd.Series | None:
    """The last day each row speaks of; None where the table has no such time."""
    if problem.time is None:
        return None
    time = periods(problem.table[problem.time], problem.time)
    return time.until if time.dated else None


class Road:
    """From columns to scores on one split: encoding, candidates, champion, calibration."""

    def __init__(self, problem: Problem, seed: int, threads: int) -> None:
        self.problem, self.seed, self.threads = problem, seed, threads
        self.household, self.until = problem.household, last_days(problem)

    def fit(self, split: Split) -> Fitted:
        """Choose on the windows, learn from everything, calibrate on households left out, and score."""
        setting, cohort, judged = self.prepared(split.learn, split.judge)
        chosen = champion.compared(setting, cohort, windows=split.windows)
        setting, name = chosen.setting, chosen.name
        fitted = fit_candidate(setting, cohort, name)
        baseline = fit_candidate(setting, cohort, champion.BASELINE)
        calibration = champion.calibrated(setting, name, cohort)
        bundle = champion.as_bundle(setting, fitted, calibration, float(cohort.label.mean()), "")
        raw = score(bundle, judged, num_threads=self.threads, contributions=False).raw
        said, plain = probability(bundle, raw), raw_scores(setting, baseline, judged)
        return Fitted(name, setting.shapes, raw, said, plain)

    def prepared(self, learn: Positions, judge: Positions) -> tuple[Setting, Cohort, Floats]:
        """Encoding learnt from the rows learnt from; the setting, their cohort, and the rows judged."""
        problem = self.problem
        encoding = learn_encoding(problem.table.iloc[learn], problem.fields, problem.nominal)
        if not encoding:
            raise UserError(
                f"{problem.name}: 允许的 {len(problem.fields)} 列都是空的 / all {len(problem.fields)} fields "
                "are empty in the rows to learn from; allow others."
            )
        spec = table_spec(problem.name, encoding)
        rows, judged = (self._encoded(encoding, places) for places in (learn, judge))
        setting = Setting(
            spec,
            favourable_values(spec, rows),
            PLAIN_DAY,
            self.seed,
            self.threads,
            bag=problem.bag,
            penalty_rows=PENALTY_ROWS,
        )
        return setting, Cohort(spec, rows, self._facts(learn)), judged

    def _encoded(self, encoding: list[Encoded], places: Positions) -> Floats:
        until = None if self.until is None else self.until.iloc[places]
        return encode(self.problem.table.iloc[places], encoding, until)

    def _facts(self, places: Positions) -> pd.DataFrame:
        """Every row a random visit of its own: such a table was not chosen by anybody's suspicion."""
        return pd.DataFrame(
            {
                "household_id": self.household[places],
                "as_of": pd.Timestamp(PLAIN_DAY),
                "known_on": pd.Timestamp(PLAIN_DAY),
                "label": self.problem.label[places],
                "weight": 1.0,
                "arm": "random",
                "probability": 1.0,
                "event": places,
            }
        )

    def shuffled(self, split: Split, chosen: Fitted) -> tuple[float, float, list[Leak]]:
        """The same road with outcomes dealt at random."""

        def fit(label: Floats, learn: Positions, judge: Positions) -> Floats:
            dealt = Road(replace(self.problem, label=label), self.seed, self.threads)
            setting, cohort, judged = dealt.prepared(learn, judge)
            smaller = replace(setting, bag=champion.COMPARING_BAG, shapes=chosen.shapes)
            return raw_scores(smaller, fit_candidate(smaller, cohort, chosen.champion), judged)

        return shuffled_labels(fit, self.problem.label, split.learn, split.judge, self.seed)

    def seen(self, split: list[Split]) -> Seen:
        """The table as the guards see it; a split in time has two sides, and rows that are on neither."""
        problem, everything = self.problem, np.arange(len(self.problem.table))
        encoding = learn_encoding(problem.table, problem.fields, problem.nominal)
        known = {*problem.fields, *problem.outcome}
        whole = Seen(
            tuple(one.name for one in encoding),
            tuple(one.origin for one in encoding),
            self._encoded(encoding, everything),
            problem.label,
            self.household,
            beside=problem.table[[one for one in problem.table if one not in known]],
        )
        if problem.time is None:
            return whole
        side = np.full(len(everything), "", dtype=object)
        side[split[0].learn], side[split[0].judge] = "learn", "judge"
        return replace(whole, side=side).take(side != "")


def guarded(problem: Problem, seed: int = 0) -> list[Leak]:
    """What the guards find in a table, without being told where."""
    problem = problem.labelled()
    road = Road(problem, seed, 1)
    seen = road.seen(splits(problem, seed))
    days = [one for one, kind in zip(seen.origin, seen.names, strict=True) if kind == f"{one}:days"]
    found: list[Leak] = []
    if road.until is not None:
        found += later_than(pd.DataFrame({one: as_days(problem.table[one]) for one in days}), road.until)
        found += _too_early(problem)
    return found + find_leaks(seen.without({column for leak in found for column in leak.columns}))


def _too_early(problem: Problem) -> list[Leak]:
    """Labels known before the period of their row began."""
    if problem.time is None or problem.known is None:
        return []
    time, known = (periods(problem.table[one], one) for one in (problem.time, problem.known))
    return labelled_too_early(time.since - pd.Timedelta(days=1), known.until)


def run(problem: Problem, *, seed: int = 0, threads: int = 1) -> dict[str, Any]:
    """Judge a problem: guards, then every split; 95 % intervals resample what stays together."""
    started, spent = time.perf_counter(), time.process_time()
    leaks = guarded(problem, seed)
    problem = problem.labelled()
    road = Road(problem, seed, threads)
    made = splits(problem, seed)
    judge = np.concatenate([one.judge for one in made])
    label = problem.label[judge]
    if not 0 < label.sum() < len(label):
        raise UserError(
            f"{problem.name}: 被检验的 {len(label)} 行只有一类结果 / all {len(label)} rows to judge are "
            "of one class; judge more of them with an earlier --from."
        )
    for one in made:
        require_enough(table_spec(problem.name, []), problem.label[one.learn])
    fitted = [road.fit(one) for one in made]
    dealt, spread, alarmed = road.shuffled(made[0], fitted[0])
    raw, linear, said = (
        np.concatenate([getattr(one, name) for one in fitted]) for name in ("raw", "linear", "said")
    )
    # Folds of their own calibration are ordered among one another by what they say.
    order = raw if len(made) == 1 else said
    boot = metrics.HouseholdBootstrap(road.household[judge], seed=seed)
    return {
        "rows": len(problem.label),
        "judged": len(judge),
        "columns": len(problem.fields),
        "base": round(float(label.mean()), 4),
        **figures(label, order, boot),
        "calibration_error": round(metrics.calibration_error(label, said), 4),
        "mean_said": round(float(said.mean()), 4),
        "linear": figures(label, linear, boot),
        "champion": _most(fitted),
        "shuffled_labels": {"auc": round(dealt, 4), "standard_deviation": round(spread, 4)},
        "leaks": [leak.row() for leak in leaks + alarmed],
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time() - spent, 1),
    }


def figures(label: Floats, order: Floats, boot: metrics.HouseholdBootstrap) -> dict[str, Any]:
    """AUC, average precision and precision of the top 5 %, each with its interval."""
    got = metrics.top(order, TOP_SHARE)
    area, precise = boot.ranking(label, order, replicates=REPLICATES)
    top = boot.precisions(label, {"top": got})["top"]
    return {
        "auc": metrics.interval(metrics.auc(label, order), area, len(label)).rounded(),
        "average_precision": metrics.interval(
            metrics.average_precision(label, order), precise, len(label)
        ).rounded(),
        "precision_at_5_percent": metrics.interval(metrics.precision(label, got), top, len(label)).rounded(),
    }


def _most(fitted: list[Fitted]) -> dict[str, int]:
    """Champions of the splits, and of how many."""
    names = [one.champion for one in fitted]
    return {name: names.count(name) for name in sorted(set(names), key=lambda name: -names.count(name))}

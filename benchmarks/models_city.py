"""One question trained on a city's recorded outcomes and judged on its later months, beside the mark.

The mark of the city that taught it is cross-fitted: each household is marked by a learner of true labels that
never saw it. A share of the mark is told for as many labels as asked, each chosen, tuned and fitted anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.flexible import fit_flexible, left_out
from benchmarks.mark_learnt import at_most
from benchmarks.stages import console
from benchmarks.true_labels import read_labelled
from features.engines import open_warehouse
from models import metrics
from models.metrics import HouseholdBootstrap, interval
from models.spec import ModelSpec
from training import champion
from training.cohort import Cohort, read_records, training_cohort
from training.fit import Setting, favourable_values, fit_candidate, raw_scores
from training.judged import Judged, judged_months
from training.profiles import ProfileStore
from training.question import Plan, plan_months, setting_for

Floats = npt.NDArray[np.float64]

REPLICATES = 60


@dataclass(frozen=True)
class City:
    """A practice city taken in and profiled: what training reads, and the audit that it must not see."""

    folder: Path
    spec: ModelSpec
    store: ProfileStore
    census: pd.DataFrame
    as_of: date
    test_months: int
    seed: int
    threads: int

    @property
    def plan(self) -> Plan:
        """Months learnt from and months judged on."""
        return plan_months(self.store.month_ends(self.spec.universe, self.as_of), self.test_months)

    def learnt(self) -> Cohort:
        """Every recorded conclusion known by the training date."""
        warehouse = open_warehouse(self.folder / "warehouse")
        records = read_records(warehouse, self.spec.universe, self.plan.trained_as_of)
        return training_cohort(self.store, self.spec, records, self.plan.learnt).labelled()

    def recorded(self, judged: Judged) -> Floats:
        """What visits of the judged months wrote down, a label for each judged row (n,); NaN: nobody went."""
        records = read_records(open_warehouse(self.folder / "warehouse"), self.spec.universe, self.as_of)
        told = judged_months(self.store, replace(self.spec, features=()), self.plan.judged, records, None)
        return told.cohort.label[place_of(told.cohort.facts, judged)]

    def column(self, judged: Judged, name: str) -> Floats:
        """A column of the profile for each judged row (n,)."""
        read = [
            self.store.read(self.spec, day, features=(name,))[["household_id", "as_of", name]]
            for day in self.plan.judged
        ]
        table = pd.concat(read, ignore_index=True)
        return table[name].to_numpy(dtype=np.float64)[place_of(table, judged)]

    def judged(self) -> Judged:
        """Everybody in the judged months of whom a full audit tells the question's answer."""
        seen = judged_months(self.store, self.spec, self.plan.judged, pd.DataFrame(), self.census)
        told = ~np.isnan(seen.cohort.label)
        return replace(seen, cohort=seen.cohort.take(told), trust=seen.trust[told])


def marked(city: City, judged: Judged, *, labels: int) -> dict[str, Floats]:
    """The marks of each judged row (n,), by learners of true labels of other households; probability.

    mark: nothing restrains it. mark_in_law: a punitive question's keeps the directions that the law asks for
    and counts the unknown in the family's favour; what it reaches, a lawful model could.
    """
    spec, plan = city.spec, city.plan
    read = read_labelled(city.store, spec, [*plan.learnt, *plan.judged], city.census)
    later = read.facts["as_of"].isin(pd.to_datetime(list(plan.judged))).to_numpy()
    taught = at_most(labels, read, city.seed)
    console.print(f"mark: {len(taught.label):,} true labels")
    here = read.where(later)
    place, kept = place_of(here.facts, judged), {"seed": city.seed, "threads": city.threads}
    learnt, asked = taught.columns(spec.names), here.columns(spec.names)
    told = fit_flexible(spec.names, learnt, taught.label, taught.household, **kept, tell=console.print)
    found = {"mark": left_out(told, asked, here.household, **kept)[place]}
    if spec.punitive:
        favourable = favourable_values(spec, learnt)
        setting = Setting(spec, favourable, plan.trained_as_of, city.seed, city.threads)
        learnt, asked = setting.known(learnt), setting.known(asked)
        bound = fit_flexible(
            spec.names, learnt, taught.label, taught.household, **kept,
            directions=spec.monotone, tell=console.print,
        )  # fmt: skip
        found["mark_in_law"] = left_out(bound, asked, here.household, **kept)[place]
    return found


def place_of(table: pd.DataFrame, judged: Judged) -> npt.NDArray[np.int64]:
    """Where each judged household and month stands in a table (n,); every one must."""
    keys = pd.MultiIndex.from_frame(table[["household_id", "as_of"]])
    place = keys.get_indexer(pd.MultiIndex.from_frame(judged.cohort.facts[["household_id", "as_of"]]))
    assert (place >= 0).all(), "a judged household is missing"
    return np.asarray(place, dtype=np.int64)


def by_labels(
    city: City, judged: Judged, mark: Floats, counts: Sequence[int], told: Any = console.print
) -> list[dict[str, Any]]:
    """Share of the mark's average precision reached with so many conclusions; the last is all there are."""
    every = city.learnt()
    found = []
    for count in counts:
        cohort = so_many(every, count, city.seed)
        if cohort is None:
            continue
        row = judge(city, cohort, judged, mark)
        told(row)
        found.append(row)
    return found


def so_many(cohort: Cohort, count: int, seed: int) -> Cohort | None:
    """The rows of `count` visits drawn at random; None where there are fewer."""
    events = cohort.facts["event"].unique()
    if len(events) < count:
        return None
    drawn = np.random.default_rng(seed).choice(events, count, replace=False)
    return cohort.take(cohort.facts["event"].isin(drawn).to_numpy())


def judge(city: City, cohort: Cohort, judged: Judged, mark: Floats) -> dict[str, Any]:
    """Compare, choose and fit on these labels; average precision beside the mark, logistic and rules."""
    setting = setting_for(
        city.spec, city.store, cohort, city.plan, city.seed, city.threads, lambda step: None
    )
    chosen = champion.compared(setting, cohort)
    rows = judged.cohort.rows
    scores = {"mark": mark, "rules": judged.cohort.facts["rule_score"].to_numpy(dtype=float)}
    for name in dict.fromkeys((champion.BASELINE, chosen.name)):
        scores[name] = raw_scores(chosen.setting, fit_candidate(chosen.setting, cohort, name), rows)
    return {
        "conclusions": champion.conclusions(cohort),
        "rows": len(cohort.label),
        "positives": int(cohort.label.sum()),
        "champion": chosen.name,
        **shares(judged, scores, chosen.name),
    }


def shares(judged: Judged, scores: dict[str, Floats], name: str) -> dict[str, Any]:
    """Average precision of every score and the champion's share of the mark, on the same replicates."""
    known = judged.trust > 0
    label, household = judged.cohort.label[known], judged.cohort.household[known]
    boot = HouseholdBootstrap(household, seed=0)
    drawn = {key: boot.ranking(label, one[known], replicates=REPLICATES) for key, one in scores.items()}
    value = {key: metrics.average_precision(label, one[known]) for key, one in scores.items()}

    def beside(other: str) -> dict[str, Any]:
        return interval(value[name] / value[other], drawn[name][1] / drawn[other][1]).rounded()

    area = {key: metrics.auc(label, one[known]) for key, one in scores.items()}
    return {
        "average_precision": {key: interval(value[key], drawn[key][1]).rounded() for key in scores},
        "auc": {key: interval(area[key], drawn[key][0]).rounded() for key in scores},
        "share_of_oracle": beside("mark"),
        **{f"over_{other}": beside(other) for other in scores if other not in ("mark", name)},
    }

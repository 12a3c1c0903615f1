"""What the parts of one question's review share: the bundle, whom it is judged on, and what people visited.

Nothing is computed before a part asks for it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.catalogue import CATALOGUE
from features.engines import Warehouse
from features.errors import UserError
from models import metrics
from models.bundle import Bundle, load_bundle
from models.groups import MARKS
from models.metrics import HouseholdBootstrap
from models.questions import SPECS
from models.scoring import probability, score
from models.spec import ModelSpec
from training.boosting import Shape
from training.cohort import Cohort, month_before, read_records, training_cohort
from training.fit import Setting
from training.judged import Judged, judged_months
from training.profiles import ProfileStore
from training.question import Plan
from training.stage_one import fit_stage_one

Floats = npt.NDArray[np.float64]

#: Arms that people chose themselves.
PEOPLE = ("rule", "report", "routine")


@dataclass(frozen=True)
class Case:
    """One question under review. as_of: outcomes delivered by then judge.

    mark: household_id, as_of and `mark`, probabilities from elsewhere (`benchmarks/mark.py`), or None.
    """

    bundle: Bundle
    evaluation: Mapping[str, Any]
    spec: ModelSpec
    store: ProfileStore
    warehouse: Warehouse
    census: pd.DataFrame | None
    as_of: date
    seed: int
    threads: int
    mark: pd.DataFrame | None = None

    @cached_property
    def plan(self) -> Plan:
        """The months the bundle learnt from and those it is judged on."""
        judged = tuple(date.fromisoformat(day) for day in self.evaluation["judged_months"])
        ends = self.store.month_ends(self.spec.universe, judged[-1])
        learnt = tuple(day for day in ends if day <= self.bundle.trained_as_of)
        return Plan(self.bundle.trained_as_of, learnt, judged)

    @cached_property
    def learnt(self) -> Cohort:
        """The labelled rows the bundle was trained on."""
        records = read_records(self.warehouse, self.spec.universe, self.plan.trained_as_of)
        return training_cohort(self.store, self.spec, records, self.plan.learnt).labelled()

    @cached_property
    def setting(self) -> Setting:
        """What refits share with the bundle: what stands for unknown, seed, shapes of trees, stage one."""
        unknown = tuple(feature.unknown for feature in self.bundle.features)
        made = Setting(self.spec, unknown, self.bundle.trained_as_of, self.bundle.seed, self.threads)
        made = replace(made, shapes=tuple(Shape(**told) for told in self.evaluation["shapes"]))
        if self.spec.universe != "register":
            return made
        learnt = list(self.plan.learnt)
        return replace(
            made, stage_one=fit_stage_one(self.store, self.spec, learnt, self.bundle.seed, self.threads)
        )

    @cached_property
    def records(self) -> pd.DataFrame:
        """Every visit or contact recorded by `as_of`."""
        return read_records(self.warehouse, self.spec.universe, self.as_of)

    @cached_property
    def judged(self) -> Judged:
        """Everybody of the judged months, with the census' conclusions or the recorded ones."""
        return judged_months(self.store, self.spec, self.plan.judged, self.records, self.census)

    @cached_property
    def recorded(self) -> Judged:
        """The same months with the recorded conclusions alone."""
        if self.census is None:
            return self.judged
        return judged_months(self.store, self.spec, self.plan.judged, self.records, None)

    @cached_property
    def raw(self) -> Floats:
        """(n,) log-odds of the judged rows."""
        return self.scored(self.judged.cohort.rows)

    @cached_property
    def chance(self) -> Floats:
        """(n,) calibrated probability of the judged rows."""
        return probability(self.bundle, self.raw)

    @cached_property
    def ideal(self) -> tuple[Floats, bool]:
        """(n,) probabilities that stand for the ideal scorer, and whether they are from elsewhere."""
        if self.mark is None:
            return self.chance, False
        keys = ["household_id", "as_of"]
        joined = self.judged.cohort.facts[keys].merge(self.mark, on=keys, how="left")["mark"].to_numpy(float)
        whole = not np.isnan(joined).any()
        return (joined, True) if whole else (self.chance, False)

    @cached_property
    def people(self) -> pd.DataFrame:
        """One line a judged row: number, month, the marks of `models.groups`, `found` (the recorded
        conclusion, NaN where none) and `visited` (1 where staff chose the household themselves)."""
        facts = self.judged.cohort.facts[["household_id", "as_of"]]
        read = [self.store.read(self.spec, day, features=MARKS) for day in self.plan.judged]
        columns = ["household_id", "as_of", "number", *MARKS]
        joined = facts.merge(pd.concat(read)[columns], on=["household_id", "as_of"], how="left")
        joined["month"] = joined["as_of"].dt.year * 12 + joined["as_of"].dt.month
        own = month_before(self.records[self.records["arm"].isin(PEOPLE)])
        made = set(zip(own["number"], own["month"], strict=True))
        pairs = zip(joined["number"], joined["month"], strict=True)
        joined["visited"] = np.array([pair in made for pair in pairs], dtype=np.float64)
        keys = ["household_id", "as_of"]
        found = self.recorded.cohort.facts[[*keys, "label"]].drop_duplicates(keys)
        return joined.merge(found.rename(columns={"label": "found"}), on=keys, how="left")

    @cached_property
    def findings(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a rule finds the question true in that month, on a record surely theirs."""
        facts, found = self.judged.cohort.facts, np.zeros(len(self.judged.trust), dtype=bool)
        for as_of in self.plan.judged:
            here = (facts["as_of"] == pd.Timestamp(as_of)).to_numpy()
            true = self.store.findings(self.spec, as_of)
            found[here] = facts.loc[here, "household_id"].isin(true)
        return found

    @cached_property
    def boot(self) -> HouseholdBootstrap:
        """Resamples the households of the judged rows with a trusted conclusion."""
        return HouseholdBootstrap(self.judged.cohort.household[self.known], seed=self.seed)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a conclusion stands for anybody."""
        return self.judged.trust > 0

    @property
    def label(self) -> Floats:
        """(n,) 1 or 0; 0 where unknown, which `trust` leaves out."""
        return np.nan_to_num(self.judged.cohort.label)

    def scored(self, rows: Floats) -> Floats:
        """Log-odds of rows in the order of the bundle."""
        return score(self.bundle, rows, num_threads=self.threads, contributions=False).raw

    def said(self, rows: Floats) -> Floats:
        """Calibrated probabilities of rows in the order of the bundle."""
        return probability(self.bundle, self.scored(rows))

    def visits(self, order: Floats, capacity: Mapping[object, int] | None = None) -> Floats:
        """Expected visits (n,) of an order at each street's capacity, or at another one."""
        places = self.judged.capacity if capacity is None else capacity
        return metrics.visits(order, self.judged.place, places)


def open_case(
    bundles: Path,
    question: str,
    store: ProfileStore,
    warehouse: Warehouse,
    census: pd.DataFrame | None,
    as_of: date | None,
    *,
    mark: pd.DataFrame | None = None,
    seed: int,
    threads: int,
) -> Case:
    """A question's case from what `training run` wrote; `UserError` says what is missing or does not fit."""
    bundle = load_bundle(bundles / question)
    found = read_evaluation(bundles, question)
    if found.get("version", bundle.version) != bundle.version:
        raise UserError(
            f"{bundles}：{question} 的模型包与 evaluation.json 不是同一次训练 / bundle and evaluation.json"
            " are of two runs; run python -m training run again."
        )
    spec = _spec_of(bundle)
    last = date.fromisoformat(found["judged_months"][-1])
    return Case(bundle, found, spec, store, warehouse, census, as_of or last, seed, threads, mark)


def _spec_of(bundle: Bundle) -> ModelSpec:
    """The question's spec with the bundle's features; `UserError` where this version refuses them."""
    try:
        features = tuple(CATALOGUE[name] for name in bundle.names)
        return replace(SPECS[bundle.question](CATALOGUE), features=features)
    except (KeyError, ValueError) as problem:
        raise UserError(
            f"{bundle.question} 的模型包用的是另一版特征 / the bundle was trained on features of another"
            f" version ({problem}); run python -m training run again."
        ) from None


def read_evaluation(bundles: Path, question: str) -> dict[str, Any]:
    """A question's part of evaluation.json; `UserError` names the command that makes it."""
    path = bundles / "evaluation.json"
    if not path.is_file():
        raise UserError(f"没有 {path} / there is no {path}; run python -m training run first.")
    found = json.loads(path.read_text(encoding="utf-8"))
    if question not in found:
        raise UserError(f"{path} 没有 {question} / holds no {question}; run python -m training run first.")
    return dict(found[question])

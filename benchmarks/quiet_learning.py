"""A model that begins with what was known before the quiet and goes on learning from a plan's own visits."""

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.quiet_city import RECORDED, Quiet
from benchmarks.recipients import Recipient
from features.engines import open_warehouse
from models import metrics
from models.bundle import Bundle
from models.scoring import score
from models.spec import ModelSpec
from training import champion
from training.cohort import Cohort, assemble, read_records, training_cohort
from training.fit import Setting, draft, favourable_values, fit_candidate
from training.profiles import ProfileStore

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

#: Months since a check, by what counts as one.
SINCE_CHECK = (
    "change_months_since_verification",
    "change_months_since_met",
    "change_months_since_looked_into",
)
#: Features of what began since the last look: their amount, and how many months ago it began.
SINCE_THEN = {
    "change_new_base_yuan": ("employment_base_new_yuan_12m", "employment_newest_job_months"),
    "change_new_pension_yuan": ("income_pension_new_yuan_12m", "income_pension_newest_months"),
}


@dataclass(frozen=True)
class Start:
    """A model as it stands when the quiet begins: its labels, the candidate chosen, and the fit."""

    setting: Setting
    base: Cohort
    bundle: Bundle

    def again(self, cohort: Cohort, bag: int | None = None) -> Bundle:
        """The same candidate on other labels; the calibration stays: plans and lists need the order."""
        setting = replace(self.setting, favourable=favourable_values(self.setting.spec, cohort.rows))
        setting = replace(setting, bag=bag or setting.bag)
        fitted = fit_candidate(setting, cohort, self.bundle.kind)
        return replace(draft(setting, fitted), calibration=self.bundle.calibration)

    def scores(self, bundle: Bundle, seen: pd.DataFrame) -> tuple[Floats, Floats]:
        """(log-odds, probability) of these profiles."""
        rows = seen[list(self.setting.spec.names)].to_numpy(dtype=float)
        made = score(bundle, rows, num_threads=self.setting.threads, contributions=False)
        return made.raw, made.probability


def start(quiet: Quiet, spec: ModelSpec, seed: int, threads: int) -> Start:
    """Train on what was known the month before the quiet; the candidate is chosen as training chooses it."""
    store, warehouse = ProfileStore(quiet.folder), open_warehouse(quiet.folder / "warehouse")
    records = read_records(warehouse, spec.universe, quiet.known_until)
    base = training_cohort(store, spec, records, quiet.learnt).labelled()
    setting = Setting(spec, favourable_values(spec, base.rows), quiet.known_until, seed, threads)
    chosen = champion.compared(setting, base)
    setting, name = chosen.setting, chosen.name
    fitted, calibration = fit_candidate(setting, base, name), champion.calibrated(setting, name, base)
    bundle = champion.as_bundle(setting, fitted, calibration, float(base.label.mean()), "")
    return Start(setting, base, bundle)


@dataclass
class Visits:
    """What a plan's visits recorded, and what profiles therefore say of the last check."""

    gathered: list[pd.DataFrame] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)

    def as_left(self, number: int, seen: pd.DataFrame) -> pd.DataFrame:
        """Profiles before the planned month `number` as these visits would have left them."""
        last = seen["household_id"].map(self.last).to_numpy(dtype=float)
        times = seen["household_id"].map(self.times).fillna(0).to_numpy(dtype=float)
        ago = {name: np.fmin(seen[name].to_numpy(dtype=float), number - 1 - last) for name in SINCE_CHECK}
        into = ago["change_months_since_looked_into"]
        new = {
            name: np.where(seen[months].to_numpy(dtype=float) < into, seen[amount], 0.0 * seen[amount])
            for name, (amount, months) in SINCE_THEN.items()
        }
        persons = seen["composition_persons_count"].where(seen["composition_persons_count"] > 0)
        return seen.copy().assign(
            **ago,
            **new,
            change_verifications_count_24m=seen["change_verifications_count_24m"] + times,
            change_new_income_ratio_standard=sum(new.values()) / persons / seen["standard_yuan"],
        )

    def keep(self, number: int, month: Recipient, here: Places, chance: Floats) -> None:
        """Record the visits to the rows `here`; chance (here,): of the lot, NaN where it brought nobody."""
        seen = self.as_left(number, month.seen.iloc[here])
        said = {name: seen[f"said_{name}"] for name in RECORDED}
        arm = np.where(np.isnan(chance), "score", "random")
        known = pd.Timestamp(month.as_of)
        self.gathered.append(seen.assign(**said, arm=arm, probability=chance, known_on=known, months_back=1))
        for household, met in zip(seen["household_id"], month.truth.reached[here], strict=True):
            self.times[household] = self.times.get(household, 0) + 1
            if met:
                self.last[household] = number

    def with_base(self, base: Cohort) -> Cohort:
        """What was known before the quiet, and every conclusion recorded since."""
        if not self.gathered:
            return base
        joined = pd.concat(self.gathered, ignore_index=True)
        event = base.facts["event"].max() + 1 + np.arange(len(joined))
        later = assemble(base.spec, joined.assign(event=event)).labelled()
        facts = pd.concat([base.facts, later.facts], ignore_index=True)
        return Cohort(base.spec, np.concatenate([base.rows, later.rows]), facts)


class Hazard(Protocol):
    """What a plan asks month by month."""

    def probability(self, number: int, month: Recipient, here: Places) -> Floats:
        """Of exit due, of the rows `here`; (here,)."""

    def visited(self, number: int, month: Recipient, here: Places, chance: Floats) -> None:
        """Hear what the visits to the rows `here` found."""


@dataclass
class Learning:
    """A model that learns anew after so many months; 0 never. said, true: what it said, and what was so."""

    start: Start
    retrain: int
    visits: Visits = field(default_factory=Visits)
    bundle: Bundle | None = None
    said: list[Floats] = field(default_factory=list)
    true: list[Floats] = field(default_factory=list)

    def probability(self, number: int, month: Recipient, here: Places) -> Floats:
        """Of exit due, of the rows `here`, as the plan's own visits left them; (here,)."""
        if self.retrain and number and number % self.retrain == 0:
            self.bundle = self.start.again(self.visits.with_base(self.start.base))
        seen = self.visits.as_left(number, month.seen.iloc[here])
        said = self.start.scores(self.bundle or self.start.bundle, seen)[1]
        self.said.append(said)
        self.true.append(month.truth.exit_due[here].astype(float))
        return said

    def visited(self, number: int, month: Recipient, here: Places, chance: Floats) -> None:
        """Keep what the visits to the rows `here` recorded."""
        self.visits.keep(number, month, here, chance)

    def told(self) -> dict[str, Any]:
        """How well it ordered whom it was asked about, month by month, and how right its level was."""
        said, true = np.concatenate(self.said), np.concatenate(self.true)
        by_month = [metrics.auc(t, s) for t, s in zip(self.true, self.said, strict=True)]
        return {
            "candidate": self.start.bundle.kind,
            "labels_before": len(self.start.base.label),
            "positives_before": int(self.start.base.label.sum()),
            "labels_since": sum(map(len, self.visits.gathered)),
            "auc": round(float(np.mean(by_month)), 4),
            "average_precision": round(metrics.average_precision(true, said), 4),
            "prevalence": round(float(true.mean()), 4),
            "mean_probability": round(float(said.mean()), 4),
        }


class Knowing:
    """A model that sees the truth: what no plan can do better."""

    def probability(self, number: int, month: Recipient, here: Places) -> Floats:
        """1 where exit is due, else 0; (here,)."""
        return month.truth.exit_due[here].astype(float)

    def visited(self, number: int, month: Recipient, here: Places, chance: Floats) -> None:
        """It has nothing to learn."""

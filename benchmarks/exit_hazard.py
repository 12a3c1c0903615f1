"""The current probability of exit due under a plan: learnt before the quiet, then from the plan's own visits."""

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.quiet_city import RECORDED, Quiet
from benchmarks.recipients import Recipient
from features.catalogue import CATALOGUE
from features.engines import open_warehouse
from models import exit_due, metrics
from models.bundle import Bundle
from models.scoring import score
from models.spec import ModelSpec
from training import champion
from training.cohort import Cohort, assemble, read_records, training_cohort
from training.fit import Setting, draft, favourable_values, fit_candidate
from training.profiles import ProfileStore

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Hazard(Protocol):
    """What a plan asks month by month."""

    def probability(self, number: int, month: Recipient, here: Places, since: Floats) -> Floats: ...
    def visited(self, number: int, month: Recipient, here: Places, since: Floats, chance: Floats) -> None: ...


@dataclass
class Learnt:
    """A trained exit_due model that goes on learning. retrain: after so many months, 0 never.

    said, true: of each month the probabilities of those asked about, and what was true.
    """

    setting: Setting
    base: Cohort
    name: str
    bundle: Bundle
    retrain: int = 0
    gathered: list[pd.DataFrame] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    said: list[Floats] = field(default_factory=list)
    true: list[Floats] = field(default_factory=list)

    def anew(self, retrain: int) -> "Learnt":
        """The same model before any visit."""
        return Learnt(self.setting, self.base, self.name, self.bundle, retrain)

    def probability(self, number: int, month: Recipient, here: Places, since: Floats) -> Floats:
        """Of the rows `here`, whose last check is `since` months before the planned month; (here,)."""
        if self.retrain and number and number % self.retrain == 0 and self.gathered:
            self.bundle = again(self.setting, self._all(), self.bundle)
        seen = self.as_left(number, month.seen.iloc[here], since)
        rows = seen[list(self.setting.spec.names)].to_numpy(dtype=float)
        made = score(self.bundle, rows, num_threads=self.setting.threads, contributions=False)
        self.said.append(made.probability)
        self.true.append(month.truth.exit_due[here].astype(float))
        return made.probability

    def as_left(self, number: int, seen: pd.DataFrame, since: Floats) -> pd.DataFrame:
        """The profiles as they would be after the plan's own visits: what they say of the last check."""
        last = seen["household_id"].map(self.last).to_numpy(dtype=float)
        times = seen["household_id"].map(self.times).fillna(0).to_numpy(dtype=float)
        checked = np.fmin(seen["change_months_since_verification"].to_numpy(dtype=float), number - 1 - last)
        into = since - 1
        new = {
            name: np.where(seen[months].to_numpy(dtype=float) < into, seen[amount], 0.0 * seen[amount])
            for name, amount, months in (
                ("change_new_base_yuan", "employment_base_new_yuan_12m", "employment_newest_job_months"),
                ("change_new_pension_yuan", "income_pension_new_yuan_12m", "income_pension_newest_months"),
            )
        }
        persons = seen["composition_persons_count"].where(seen["composition_persons_count"] > 0)
        ratio = (
            (new["change_new_base_yuan"] + new["change_new_pension_yuan"]) / persons / seen["standard_yuan"]
        )
        return seen.copy().assign(
            change_months_since_verification=checked,
            change_months_since_looked_into=into,
            change_verifications_count_24m=seen["change_verifications_count_24m"] + times,
            change_new_income_ratio_standard=ratio,
            **new,
        )

    def visited(self, number: int, month: Recipient, here: Places, since: Floats, chance: Floats) -> None:
        """Keep what the visits to the rows `here` recorded. since, chance: of every row of the month."""
        seen = self.as_left(number, month.seen.iloc[here], since[here])
        self.gathered.append(
            seen.assign(
                **{name: seen[f"said_{name}"] for name in RECORDED},
                arm=np.where(np.isnan(chance[here]), "score", "random"),
                probability=chance[here],
                known_on=pd.Timestamp(month.as_of),
                months_back=1,
            )
        )
        reached = month.truth.reached[here]
        for household, met in zip(seen["household_id"], reached, strict=True):
            self.times[household] = self.times.get(household, 0) + 1
            if met:
                self.last[household] = number

    def _all(self) -> Cohort:
        """What was known before the quiet, and what the plan's visits recorded since."""
        joined = pd.concat(self.gathered, ignore_index=True)
        event = self.base.facts["event"].max() + 1 + np.arange(len(joined))
        later = assemble(self.setting.spec, joined.assign(event=event)).labelled()
        facts = pd.concat([self.base.facts, later.facts], ignore_index=True)
        return Cohort(self.setting.spec, np.concatenate([self.base.rows, later.rows]), facts)

    def told(self) -> dict[str, Any]:
        """How well it ordered those it was asked about, month by month, and how well its level was."""
        said, true = np.concatenate(self.said), np.concatenate(self.true)
        return {
            "candidate": self.name,
            "labels_before": len(self.base.label),
            "positives_before": int(self.base.label.sum()),
            "labels_since": sum(map(len, self.gathered)),
            "auc": round(
                float(np.mean([metrics.auc(t, s) for t, s in zip(self.true, self.said, strict=True)])), 4
            ),
            "average_precision": round(metrics.average_precision(true, said), 4),
            "prevalence": round(float(true.mean()), 4),
            "mean_probability": round(float(said.mean()), 4),
        }


class Knowing:
    """A model that sees the truth: what no plan can do better."""

    def probability(self, number: int, month: Recipient, here: Places, since: Floats) -> Floats:
        return month.truth.exit_due[here].astype(float)

    def visited(self, number: int, month: Recipient, here: Places, since: Floats, chance: Floats) -> None:
        """It learns nothing."""


def learn(quiet: Quiet, seed: int, threads: int) -> Learnt:
    """Train on what was known the month before the quiet; the candidate is chosen as training chooses it."""
    spec: ModelSpec = exit_due.spec(CATALOGUE)
    store, warehouse = ProfileStore(quiet.folder), open_warehouse(quiet.folder / "warehouse")
    records = read_records(warehouse, spec.universe, quiet.known_until)
    base = training_cohort(store, spec, records, quiet.learnt).labelled()
    setting = Setting(spec, favourable_values(spec, base.rows), quiet.known_until, seed, threads)
    chosen = champion.compared(setting, base)
    setting, name = chosen.setting, chosen.name
    fitted, calibration = fit_candidate(setting, base, name), champion.calibrated(setting, name, base)
    bundle = champion.as_bundle(setting, fitted, calibration, float(base.label.mean()), "")
    return Learnt(setting, base, name, bundle)


def again(setting: Setting, cohort: Cohort, bundle: Bundle) -> Bundle:
    """The same candidate on more labels; its calibration stays, for a plan needs only the order."""
    setting = replace(setting, favourable=favourable_values(setting.spec, cohort.rows))
    return replace(
        draft(setting, fit_candidate(setting, cohort, bundle.kind)), calibration=bundle.calibration
    )

"""Who is asked about, as of when, and what a visit then found.

A verification selected in month m + 1 meets the profile as of the end of month m: what was known when the
household was chosen. Labels are those recorded in deliveries received by the training date, never later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.engines import Warehouse
from features.known import known
from features.sources import SOURCES
from models import exit_due, outcomes
from models.spec import ModelSpec
from training.profiles import ProfileStore

Floats = npt.NDArray[np.float64]

#: A random visit stands for at most this many others in training.
WEIGHT_CAP = 4.0
#: An earlier month told by a later check weighs less than the month of the check.
EARLIER_MONTH_WEIGHT = 0.5


@dataclass(frozen=True)
class Cohort:
    """Rows to learn from or to be judged on.

    rows: (n, features) in the spec's order. facts: one line a row with household_id, as_of, label (1, 0, or
    NaN where no conclusion was reached), weight, arm, probability, known_on, event (the verification it
    comes from), street_code, category, vulnerable, rule_score, and near (verified income over the line).
    """

    spec: ModelSpec
    rows: Floats
    facts: pd.DataFrame

    def take(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "Cohort":
        """The chosen rows, by mask or position."""
        return Cohort(
            self.spec, self.rows[chosen], self.facts.iloc[_positions(chosen)].reset_index(drop=True)
        )

    @property
    def label(self) -> Floats:
        """(n,) of 1, 0 or NaN."""
        return self.facts["label"].to_numpy(dtype=np.float64)

    @property
    def weight(self) -> Floats:
        """(n,) training weights."""
        return self.facts["weight"].to_numpy(dtype=np.float64)

    @property
    def household(self) -> npt.NDArray[np.object_]:
        """(n,) household_id."""
        return self.facts["household_id"].to_numpy(dtype=object)

    @property
    def month(self) -> npt.NDArray[np.int64]:
        """(n,) months since year 0 of the profile."""
        return _month(self.facts["as_of"]).to_numpy(dtype=np.int64)

    @property
    def known(self) -> npt.NDArray[np.int64]:
        """(n,) months since year 0 in which the label was delivered."""
        return _month(self.facts["known_on"]).to_numpy(dtype=np.int64)

    def labelled(self) -> "Cohort":
        """Only rows with a conclusion."""
        return self.take(~np.isnan(self.label))


def _positions(chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.flatnonzero(chosen) if chosen.dtype == bool else np.asarray(chosen, dtype=np.int64)


def read_records(warehouse: Warehouse, universe: str, as_of: date) -> pd.DataFrame:
    """Verifications or contacts recorded in deliveries received by `as_of`, by number and selection date."""
    table, key = outcomes.RECORDS[universe]
    records = known(warehouse.table(table), SOURCES[table], as_of).to_pandas()
    records = records.rename(columns={key: "number", "selection_probability": "probability"})
    for column in ("selected_on", "visited_on", "contacted_on", "recorded_on", "received_on"):
        if column in records:
            records[column] = pd.to_datetime(records[column])
    records["known_on"] = records["received_on"]
    return records.sort_values(["number", "selected_on"], ignore_index=True)


def training_cohort(
    store: ProfileStore, spec: ModelSpec, records: pd.DataFrame, months: Sequence[date]
) -> Cohort:
    """Profiles as of those of the `months` that the records speak of, with labels and weights."""
    spoken = person_months(records) if spec.question == exit_due.QUESTION else month_before(records)
    parts = []
    for as_of in months:
        wanted = spoken[spoken["month"] == as_of.year * 12 + as_of.month]
        if len(wanted):
            profiles = store.read(spec, as_of, wanted["number"].unique().tolist())
            parts.append(profiles.merge(wanted, on="number", how="inner"))
    joined = pd.concat(parts, ignore_index=True) if parts else _none(store, spec, spoken, months[0])
    return assemble(spec, joined)


def _none(store: ProfileStore, spec: ModelSpec, spoken: pd.DataFrame, month: date) -> pd.DataFrame:
    return store.read(spec, month, []).merge(spoken, on="number", how="inner")


def month_before(records: pd.DataFrame) -> pd.DataFrame:
    """One row a record, with the month before its selection; `month` counts months since year 0."""
    chosen = records.assign(event=np.arange(len(records)), months_back=1)
    return chosen.assign(month=_month(records["selected_on"]) - 1)


def person_months(records: pd.DataFrame) -> pd.DataFrame:
    """One row for each month a record speaks of: those since the previous concluded check, at most six.

    A finding reaches back `months_affected` months; the months before it were still right. Records without
    a conclusion say nothing about any month.
    """
    records = records.assign(event=np.arange(len(records)))
    concluded = records[~records["finding"].isin(outcomes.NO_LABEL)].copy()
    selected = _month(concluded["selected_on"])
    previous = selected.groupby(concluded["number"]).shift().fillna(-(10**6))
    reach = np.minimum(selected - previous, exit_due.WINDOW_MONTHS).astype(int)
    spoken = concluded.loc[concluded.index.repeat(reach)].copy()
    spoken["months_back"] = spoken.groupby("event").cumcount() + 1
    spoken["month"] = _month(spoken["selected_on"]) - spoken["months_back"]
    return spoken.reset_index(drop=True)


def _month(stamps: pd.Series) -> pd.Series:
    return stamps.dt.year * 12 + stamps.dt.month


def assemble(spec: ModelSpec, joined: pd.DataFrame) -> Cohort:
    """Labels, weights and feature rows of profiles joined with records."""
    facts = pd.DataFrame(
        {
            "household_id": joined["household_id"].astype(object),
            "as_of": pd.to_datetime(joined["as_of"]),
            "label": labels(spec, joined),
            "arm": joined["arm"].astype(object),
            "probability": joined["probability"].astype(float),
            "known_on": joined["known_on"],
            "event": joined["event"],
            "street_code": joined["street_code"].astype(object),
            "category": joined["category"].astype(object),
            "vulnerable": joined["vulnerable"].astype(bool),
            "rule_score": joined["rule_score"].astype(float),
            "near": nearness(spec, joined),
        }
    )
    facts["weight"] = weights(facts, joined["months_back"].to_numpy())
    return Cohort(spec, joined[list(spec.names)].to_numpy(dtype=np.float64), facts)


def labels(spec: ModelSpec, joined: pd.DataFrame) -> Floats:
    """The label of each row, by `models.outcomes`; for exit_due of each month a finding speaks of."""
    if spec.universe == "register":
        return outcomes.unapplied_eligible(joined["result"].tolist())
    if spec.question == exit_due.QUESTION:
        return outcomes.exit_due(
            joined["finding"].tolist(),
            joined["action"].tolist(),
            joined["months_affected"].astype(float),
            joined["months_back"],
        )
    return outcomes.hidden_income(
        joined["finding"].tolist(),
        joined["months_affected"].astype(float),
        joined["verified_income_yuan_month"].astype(float),
        _persons(joined),
        outcomes.line_yuan(joined["category"].tolist(), joined["standard_yuan"]),
    )


def _persons(joined: pd.DataFrame) -> pd.Series:
    """Members the visit counted where it says so, else those of the profile."""
    return joined["persons"] if "persons" in joined else joined["person_count"]


def nearness(spec: ModelSpec, joined: pd.DataFrame) -> Floats:
    """Verified income a person over the line of the category; NaN where no visit says."""
    if "verified_income_yuan_month" not in joined:
        return np.full(len(joined), np.nan)
    line = outcomes.line_yuan(joined["category"].tolist(), joined["standard_yuan"])
    income = joined["verified_income_yuan_month"].astype(float)
    return np.asarray(income / np.maximum(_persons(joined).astype(float), 1.0) / line)


def weights(facts: pd.DataFrame, months_back: npt.NDArray[np.int64]) -> Floats:
    """Random visits stand for the many they were drawn from, up to a cap; earlier months weigh less."""
    random = (facts["arm"] == "random") & (facts["probability"] > 0)
    drawn = np.where(random, 1.0 / facts["probability"].where(random, 1.0), 1.0)
    return np.asarray(np.minimum(drawn, WEIGHT_CAP) * np.where(months_back > 1, EARLIER_MONTH_WEIGHT, 1.0))

"""A quiet city's recipients month by month: what a plan may know of them, and what is true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from benchmarks.overlay import Month
from benchmarks.quiet_city import Quiet, would_record
from features.identity.thresholds import VISIT
from features.profile_files import read_columns
from models import outcomes
from models.lot import keyed_order
from models.spec import ModelSpec
from training.profiles import ProfileStore

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]

#: Cycles of the practice regions, and the legal minimum (57号 art. 31): half-yearly where pay comes and
#: goes and somebody can work, which puts a household into class A by the rules; else yearly.
CLASS_MONTHS = {"A": 1.0, "B": 3.0, "C": 6.0}
RESTLESS_MONTHS, STABLE_MONTHS = 6.0, 12.0
#: Features of the last check, and those they are made of: read whether the model reads them or not.
OF_LAST_CHECK = (
    "change_months_since_verification",
    "change_months_since_met",
    "change_months_since_looked_into",
    "change_verifications_count_24m",
    "employment_base_new_yuan_12m",
    "employment_newest_job_months",
    "income_pension_new_yuan_12m",
    "income_pension_newest_months",
    "composition_persons_count",
)


@dataclass(frozen=True)
class Recipient:
    """The recipients of one month end; arrays (n,), the rows of `seen` alike.

    seen: facts, features and what a visit would record (`said_…`). truth: for `overlay.simulate`. tie: a
    keyed number in [0, 1) of each household. class_months NaN: no class on file.
    """

    as_of: date
    seen: pd.DataFrame
    truth: Month
    household_id: Objects
    street: Objects
    review_class: Objects
    class_months: Floats
    legal_months: Floats
    vulnerable: Flags
    finding: Flags
    tie: Floats


def read_recipients(quiet: Quiet, spec: ModelSpec, seed: int) -> list[Recipient]:
    """Everybody of whom the question is asked, at each planned month end of the city."""
    told = would_record(quiet.folder / "world" / "truth", seed)
    store, numbers = ProfileStore(quiet.folder), {n: k for k, n in enumerate(sorted(told["number"].unique()))}
    return [_month(store, spec, as_of, told, numbers) for as_of in quiet.planned]


def _month(
    store: ProfileStore, spec: ModelSpec, as_of: date, told: pd.DataFrame, numbers: dict[str, int]
) -> Recipient:
    features = [*spec.names, *(name for name in OF_LAST_CHECK if name not in spec.names)]
    here = told[told["month"] == as_of.year * 12 + as_of.month].drop(columns="month")
    here = here.rename(columns={"persons": "true_persons"})  # a visit's record does not count them
    seen = store.read(spec, as_of, features=features).merge(here, on="number", how="inner")
    seen = seen.merge(_beside(store, as_of), on="household_id", how="left", validate="one_to_one")
    own = seen["review_class"].astype(object).where(seen["review_class"].notna(), "").to_numpy(dtype=object)
    restless = (seen["status_review_class_a"] == "true").to_numpy()
    ids = seen["household_id"].to_numpy(dtype=object)
    return Recipient(
        as_of=as_of,
        seen=seen.copy(),  # in one piece: joined tables are slow to extend
        truth=_truth(seen, np.array([numbers[number] for number in seen["number"]], dtype=np.int64)),
        household_id=ids,
        street=seen["street_code"].to_numpy(dtype=object),
        review_class=own,
        class_months=np.array([CLASS_MONTHS.get(one, np.nan) for one in own]),
        legal_months=np.where(restless, RESTLESS_MONTHS, STABLE_MONTHS),
        vulnerable=seen["vulnerable"].astype(bool).to_numpy(),
        finding=np.isin(ids, list(_found(store, spec.question, as_of))),
        tie=keyed_order(ids, "tie"),
    )


def _beside(store: ProfileStore, as_of: date) -> pd.DataFrame:
    """household_id, review_class and the rules' own class A."""
    filed = read_columns(store.folder, "profiles", "on_file", as_of, ["household_id", "review_class"])
    judged = read_columns(
        store.folder, "judgements", "on_file", as_of, ["household_id", "status_review_class_a"]
    )
    return filed.to_pandas().merge(judged.to_pandas(), on="household_id", how="left")


def _found(store: ProfileStore, question: str, as_of: date) -> Iterable[str]:
    """Households of which a rule finds the question true on a record that is surely theirs."""
    where = (pc.field("question") == question) & (pc.field("verdict") == "true")
    where &= pc.field("confidence") >= VISIT
    rows = read_columns(store.folder, "findings", "on_file", as_of, ["household_id"], where)
    return set(rows["household_id"].to_pylist())


def _truth(seen: pd.DataFrame, home: npt.NDArray[np.int64]) -> Month:
    def due(prefix: str) -> Flags:
        label = outcomes.exit_due(
            seen[f"{prefix}finding"].tolist(),
            seen[f"{prefix}action"].tolist(),
            seen[f"{prefix}months_affected"].astype(float),
            np.zeros(len(seen)),
        )
        return np.asarray(label == 1)

    return Month(
        home=home,
        exit_due=due(""),
        underpaid=(seen["action"] == "increase").to_numpy(),
        ends=due("said_"),
        raises=(seen["said_action"] == "increase").to_numpy(),
        reached=~seen["said_finding"].isin(outcomes.NO_LABEL).to_numpy(),
        since_check=seen["change_months_since_looked_into"].to_numpy(dtype=float) + 1,
    )

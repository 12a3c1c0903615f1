"""What visits found, beside the score each household had the month before.

A prediction is made again by the bundle, on the profile as of the last month end before the household was
selected, so that nothing known later helps it. Outcomes become labels in `models.outcomes`, as in training.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.engines import Warehouse
from features.known import known
from features.profile_files import profiled_dates
from features.sources import SOURCES
from models import outcomes
from models.bundle import Bundle
from models.scoring import score
from monitoring.reading import feature_rows, read_profile

#: What `scored_visits` says of each visit.
COLUMNS = (
    "household_id",
    "month",
    "arm",
    "selection_probability",
    "label",
    "raw",
    "probability",
    "after_training",
)


def recorded(warehouse: Warehouse, universe: str, as_of: date) -> pd.DataFrame:
    """Verifications or outreach contacts known on a date, with `number` and `selected_on` as a date."""
    table, number = outcomes.RECORDS[universe]
    rows = known(warehouse.table(table), SOURCES[table], as_of).to_pandas()
    return rows.assign(number=rows[number], selected_on=pd.to_datetime(rows["selected_on"]).dt.date)


def month_before(day: date) -> date:
    """The last day of the month before a day."""
    return day.replace(day=1) - timedelta(days=1)


def scored_visits(
    bundle: Bundle, profiles: Path, records: pd.DataFrame, as_of: date, months: int
) -> tuple[pd.DataFrame, int]:
    """Visits of the last `months` months with label and score (`COLUMNS`), and how many had no profile.

    A visit is left out, and counted, where its month was not profiled or its household was not in the
    cohort then. `after_training`: selected after the bundle was trained, so that the bundle cannot know it.
    """
    recent = records[records["selected_on"] > _months_back(as_of, months)]
    before = recent["selected_on"].map(month_before)
    parts = []
    for month in sorted(set(before) & set(profiled_dates(profiles, bundle.universe))):
        profile = read_profile(profiles, bundle, month)
        parts.append(_of_month(bundle, profile, recent[before == month], month))
    visits = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return visits, len(recent) - len(visits)


def labels(question: str, visits: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Label of each visit, NaN without a conclusion; `visits` hold the record's and the profile's columns.

    A change that began only in the month of the visit was not yet due the month before.
    """
    if question == "unapplied_eligible":
        return outcomes.unapplied_eligible(visits["result"].tolist())
    if question == "exit_due":
        return outcomes.exit_due(
            visits["finding"].tolist(), visits["action"].tolist(), _numbers(visits["months_affected"]), 1
        )
    line = outcomes.line_yuan(visits["category"].tolist(), _numbers(visits["standard_yuan"]))
    return outcomes.hidden_income(
        visits["finding"].tolist(),
        _numbers(visits["months_affected"]),
        _numbers(visits["verified_income_yuan_month"]),
        _numbers(visits["person_count"]),
        line,
    )


def _of_month(bundle: Bundle, profile: pd.DataFrame, records: pd.DataFrame, month: date) -> pd.DataFrame:
    visits = records.merge(profile, on="number", how="inner", suffixes=("_recorded", ""))
    scores = score(bundle, feature_rows(visits, bundle), contributions=False)
    return pd.DataFrame(
        {
            "household_id": visits["household_id"].to_numpy(),
            "month": month,
            "arm": visits["arm"].to_numpy(),
            "selection_probability": _numbers(visits["selection_probability"]),
            "label": labels(bundle.question, visits),
            "raw": scores.raw,
            "probability": scores.probability,
            "after_training": (visits["selected_on"] > bundle.trained_as_of).to_numpy(dtype=bool),
        }
    )


def _months_back(as_of: date, months: int) -> date:
    """The month end `months` before `as_of`."""
    day = as_of
    for _ in range(months):
        day = month_before(day)
    return day


def _numbers(column: pd.Series) -> npt.NDArray[np.float64]:
    numbers = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(numbers, dtype=np.float64)

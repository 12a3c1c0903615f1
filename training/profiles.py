"""Reads household profiles and what the rules said of them, one month end at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as arrow

from features.identity.thresholds import VISIT
from features.profile_files import read_columns, require_dates
from models.questions import concerned
from models.spec import ModelSpec

FACTS = (
    "household_id",
    "number",
    "street_code",
    "category",
    "in_programme",
    "authorised",
    "person_count",
    "vulnerable",
)


@dataclass(frozen=True)
class ProfileStore:
    """A folder of profiles and judgements, as `features.profile_files` lays it out."""

    folder: Path

    def month_ends(self, universe: str, as_of: date) -> list[date]:
        """Profiled dates up to `as_of`, oldest first; `UserError` where `as_of` is none of them."""
        return require_dates(self.folder, universe, as_of)

    def read(
        self,
        spec: ModelSpec,
        as_of: date,
        numbers: Sequence[str] | None = None,
        features: Sequence[str] | None = None,
        *,
        everybody: bool = False,
    ) -> pd.DataFrame:
        """Facts, features, standard and rule score of one month end, by household_id.

        Keeps of whom the question is asked unless `everybody` is wanted, and only `numbers` and `features`
        where given. Feature columns are float64, unknown is NaN.
        """
        names = list(spec.names if features is None else features)
        rule_score = f"rule_score_{spec.question}"
        wanted = None if numbers is None else arrow.field("number").isin(pa.array(numbers, pa.string()))
        profiles = read_columns(
            self.folder, "profiles", spec.universe, as_of, [*FACTS, *names], wanted
        ).to_pandas()
        judged = (
            read_columns(
                self.folder, "judgements", spec.universe, as_of, ["household_id", "standard_yuan", rule_score]
            )
            .to_pandas()
            .rename(columns={rule_score: "rule_score"})
        )
        judged["standard_yuan"] = judged["standard_yuan"].astype(float)
        joined = profiles.merge(judged, on="household_id", how="left", validate="one_to_one")
        if not everybody:
            joined = joined[concerned(spec, joined)]
        typed = joined.astype(dict.fromkeys([*names, "rule_score"], "float64"))
        stamped = pd.concat([typed, pd.Series(pd.Timestamp(as_of), typed.index, name="as_of")], axis=1)
        stamped["rule_score"] = stamped["rule_score"].fillna(0.0)
        return stamped.sort_values("household_id", ignore_index=True)

    def findings(self, spec: ModelSpec, as_of: date) -> set[str]:
        """Households of which a rule finds the question true in that month, on a record surely theirs."""
        columns = ["household_id", "question", "verdict", "confidence"]
        read = read_columns(self.folder, "findings", spec.universe, as_of, columns).to_pandas()
        sure = read["confidence"].astype(float) >= VISIT
        true = (read["question"] == spec.question) & (read["verdict"] == "true") & sure
        return set(read.loc[true, "household_id"])

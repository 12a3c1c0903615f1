"""Reads household profiles and what the rules said of them, one month end at a time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as arrow

from features.errors import UserError
from models.spec import ModelSpec

FACTS = ("household_id", "number", "street_code", "category", "in_programme", "person_count", "vulnerable")


@dataclass(frozen=True)
class ProfileStore:
    """A folder with `profiles/` and `judgements/`, each `<universe>/<as_of>.parquet`."""

    folder: Path

    def month_ends(self, universe: str) -> list[date]:
        """Dates for which profiles exist, oldest first; `UserError` with the command that makes them."""
        found = sorted(
            date.fromisoformat(path.stem) for path in (self.folder / "profiles" / universe).glob("*.parquet")
        )
        if not found:
            raise UserError(
                f"{self.folder} 没有 {universe} 家庭画像 / holds no {universe} profiles; make them with: "
                f"python -m features profile --warehouse … --out {self.folder} --universe {universe} "
                "--from YYYY-MM-DD --to YYYY-MM-DD"
            )
        return found

    def read(
        self,
        spec: ModelSpec,
        as_of: date,
        numbers: Sequence[str] | None = None,
        features: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Facts, features, standard and rule score of one month end, by household_id.

        Keeps the spec's categories, and only `numbers` and `features` where given. Feature columns are
        float64, unknown is NaN.
        """
        names = list(spec.names if features is None else features)
        profiles = self._table("profiles", spec.universe, as_of, numbers, [*FACTS, *names])
        rule_score = f"rule_score_{spec.question}"
        judged = self._table(
            "judgements", spec.universe, as_of, None, ["household_id", "standard_yuan", rule_score]
        ).rename(columns={rule_score: "rule_score"})
        judged["standard_yuan"] = judged["standard_yuan"].astype(float)
        joined = profiles.merge(judged, on="household_id", how="left", validate="one_to_one")
        if spec.categories:
            joined = joined[joined["category"].isin(spec.categories)]
        typed = joined.astype(dict.fromkeys([*names, "rule_score"], "float64"))
        stamped = pd.concat([typed, pd.Series(pd.Timestamp(as_of), typed.index, name="as_of")], axis=1)
        stamped["rule_score"] = stamped["rule_score"].fillna(0.0)
        return stamped.sort_values("household_id", ignore_index=True)

    def version(self, specs: Sequence[ModelSpec]) -> str:
        """First 16 digits of the SHA-256 over name and content of every profile file the specs read."""
        digest = hashlib.sha256()
        for universe in sorted({spec.universe for spec in specs}):
            for as_of in self.month_ends(universe):
                for kind in ("profiles", "judgements"):
                    path = self.folder / kind / universe / f"{as_of}.parquet"
                    digest.update(f"{kind}/{universe}/{as_of}".encode())
                    digest.update(hashlib.file_digest(path.open("rb"), "sha256").digest())
        return digest.hexdigest()[:16]

    def _table(
        self, kind: str, universe: str, as_of: date, numbers: Sequence[str] | None, columns: Sequence[str]
    ) -> pd.DataFrame:
        path = self.folder / kind / universe / f"{as_of}.parquet"
        if not path.is_file():
            raise UserError(
                f"没有 {as_of} 的 {universe} {kind} / no {universe} {kind} as of {as_of}; make them: "
                f"python -m features profile --warehouse … --out {self.folder} --universe {universe} "
                f"--as-of {as_of}"
            )
        rows = arrow.dataset(path)
        absent = [name for name in columns if name not in rows.schema.names]
        if absent:
            raise UserError(
                f"{path} 缺少列 / lacks the columns {', '.join(absent[:5])}; make the profiles again with "
                "python -m features profile."
            )
        chosen = arrow.field("number").isin(pa.array(numbers, pa.string())) if numbers is not None else None
        return rows.to_table(columns=list(columns), filter=chosen).to_pandas()

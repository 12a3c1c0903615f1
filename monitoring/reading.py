"""What a month's check reads: bundles, and households' profiles of a month."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as parquet

from features.errors import UserError
from models.bundle import FILE, Bundle, load_bundle
from models.questions import NEEDS_AUTHORISATION

#: Columns that say which household a row is about.
WHO = (
    "household_id",
    "number",
    "street_code",
    "category",
    "in_programme",
    "authorised",
    "person_count",
    "standard_yuan",
)


def read_bundles(folder: Path) -> dict[str, Bundle]:
    """The bundles of a folder by question; `UserError` where there is none."""
    found = [load_bundle(path.parent) for path in sorted(folder.glob(f"*/{FILE}"))]
    if not found:
        raise UserError(
            f"{folder} 中没有模型包 / holds no bundle; run `python -m training run … --out {folder}` first."
        )
    return {bundle.question: bundle for bundle in found}


def profile_path(folder: Path, universe: str, as_of: date) -> Path:
    """Where the profiles of one month lie."""
    return folder / "profiles" / universe / f"{as_of.isoformat()}.parquet"


def existing_profile(folder: Path, universe: str, as_of: date) -> Path:
    """The same; `UserError` names the month that is missing and those that exist."""
    path = profile_path(folder, universe, as_of)
    if not path.is_file():
        known = ", ".join(day.isoformat() for day in profile_months(folder, universe)[-6:]) or "-"
        raise UserError(
            f"没有 {as_of} 的家庭画像 {path} / there are no profiles as of {as_of} (there are: {known}); run "
            f"`python -m features profile --universe {universe} --as-of {as_of} --out {folder} …`."
        )
    return path


def profile_months(folder: Path, universe: str) -> list[date]:
    """Months of which profiles exist, oldest first."""
    names = [path.stem for path in (folder / "profiles" / universe).glob("*.parquet")]
    return sorted(date.fromisoformat(name) for name in names if _is_date(name))


def read_profile(folder: Path, bundle: Bundle, as_of: date) -> pd.DataFrame:
    """Profiles of the bundle's cohort on one date: `WHO` and the bundle's features.

    `UserError` names the month that is missing, or a column that the profile lacks.
    """
    path = existing_profile(folder, bundle.universe, as_of)
    there = set(parquet.read_schema(path).names)
    lacking = [name for name in (*bundle.names, *WHO) if name not in there]
    if lacking:
        raise UserError(
            f"{path} 缺少 {len(lacking)} 列，如 {lacking[0]} / lacks {len(lacking)} columns of the "
            f"bundle, such as {lacking[0]}; profile that month again, or train again."
        )
    profile = pd.read_parquet(path, columns=[*WHO, *bundle.names])
    return profile[in_cohort(profile, bundle)].reset_index(drop=True)


def in_cohort(profile: pd.DataFrame, bundle: Bundle) -> npt.NDArray[np.bool_]:
    """Whom the bundle's question concerns: its categories, authorised where that is needed; of the register,
    households in no programme."""
    kept = np.ones(len(profile), dtype=bool)
    if bundle.categories:
        kept &= profile["category"].isin(bundle.categories).to_numpy()
    if bundle.question in NEEDS_AUTHORISATION:
        kept &= profile["authorised"].fillna(False).to_numpy(dtype=bool)
    if bundle.universe == "register":
        kept &= ~profile["in_programme"].fillna(False).to_numpy(dtype=bool)
    return kept


def feature_rows(profile: pd.DataFrame, bundle: Bundle) -> npt.NDArray[np.float64]:
    """The bundle's features as it scores them; (n, features), NaN = unknown."""
    return profile[list(bundle.names)].to_numpy(dtype=np.float64, na_value=np.nan)


def read_states(folder: Path, universe: str, as_of: date, sources: Iterable[str]) -> pd.DataFrame:
    """`household_id` and the state of each source that the profiles of a universe record."""
    path = existing_profile(folder, universe, as_of)
    there = set(parquet.read_schema(path).names)
    return pd.read_parquet(
        path, columns=["household_id", *(f"{s}_state" for s in sources if f"{s}_state" in there)]
    )


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

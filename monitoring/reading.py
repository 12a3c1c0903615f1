"""What a month's check reads: bundles, and households' profiles of a month."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import UserError
from features.profile_files import column_names, read_columns
from models.bundle import FILE, Bundle, load_bundle
from models.questions import concerned

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


def read_profile(folder: Path, bundle: Bundle, as_of: date) -> pd.DataFrame:
    """Profiles of the bundle's cohort on one date: `WHO` and the bundle's features.

    `UserError` names the month that is missing, or a column that the profile lacks.
    """
    columns = [*WHO, *bundle.names]
    profile = read_columns(folder, "profiles", bundle.universe, as_of, columns).to_pandas()
    return profile[concerned(bundle, profile)].reset_index(drop=True)


def feature_rows(profile: pd.DataFrame, bundle: Bundle) -> npt.NDArray[np.float64]:
    """The bundle's features as it scores them; (n, features), NaN = unknown."""
    return profile[list(bundle.names)].to_numpy(dtype=np.float64, na_value=np.nan)


def read_states(folder: Path, universe: str, as_of: date, sources: Iterable[str]) -> pd.DataFrame:
    """`household_id` and the state of each source that the profiles of a universe record."""
    there = column_names(folder, "profiles", universe, as_of)
    states = [f"{source}_state" for source in sources if f"{source}_state" in there]
    return read_columns(folder, "profiles", universe, as_of, ["household_id", *states]).to_pandas()

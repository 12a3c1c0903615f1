"""Profiles as they would be if something else were true: columns changed, what is made of them made again.

Features `of` others are computed by their own expressions (`features.profile.made_of`), so that no change can
contradict itself. What a profile takes from rows of departments cannot be made again here.
"""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from features.catalogue import CATALOGUE, PUBLIC
from features.engines import connect
from features.household import Universe
from features.profile import features_of, made_of
from features.profile_files import read_columns
from models.spec import NEVER_SILENT, ModelSpec
from training.profiles import ProfileStore

Floats = npt.NDArray[np.float64]
Change = Callable[[pd.DataFrame], pd.DataFrame]


def plain_features(universe: str) -> list[str]:
    """Features of a universe that are taken from a source's rows, not made of others."""
    return [feature.name for feature in features_of(Universe(universe)) if not feature.of]


def read_plain(store: ProfileStore, universe: str, as_of: date, households: npt.ArrayLike) -> pd.DataFrame:
    """Plain features and public columns of these households of one month, in their order; unknown is NaN."""
    names = plain_features(universe)
    columns = ["household_id", *PUBLIC, *names]
    read = read_columns(store.folder, "profiles", universe, as_of, columns).to_pandas()
    typed = read.astype(dict.fromkeys(names, "float64")).set_index("household_id")
    return typed.loc[np.asarray(households)].reset_index(drop=True)


def made_again(universe: str, plain: pd.DataFrame, names: tuple[str, ...]) -> Floats:
    """(n, names) of the features `names`, computed from plain ones where they are made of others."""
    table = pa.Table.from_pandas(plain, preserve_index=False).append_column(
        "place", pa.array(np.arange(len(plain)))
    )
    connection = connect(threads=1)
    wide = connection.create_table("plain", table)
    made = made_of(wide, Universe(universe)).order_by("place").select(*names)
    return np.asarray(made.to_pandas().to_numpy(dtype=np.float64))


def silence(department: str, universe: str) -> list[str]:
    """Plain features that a department's silence makes unknown; the registers never fall silent."""
    return [
        feature.name
        for feature in features_of(Universe(universe))
        if not feature.of and feature.source not in NEVER_SILENT and feature.department == department
    ]


def departments(spec: ModelSpec) -> Mapping[str, list[str]]:
    """Each department that can fall silent, with the features of the spec that rest on what it answers."""
    found: dict[str, list[str]] = {}
    for feature in spec.features:
        for source in feature.sources:
            if source not in NEVER_SILENT:
                named = found.setdefault(_department(source), [])
                if feature.name not in named:
                    named.append(feature.name)
    return found


def _department(source: str) -> str:
    return next(f.department for f in CATALOGUE.values() if not f.of and f.source == source)

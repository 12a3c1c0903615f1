"""Models of the shape that is shipped, for timing alone: what they learnt is the rules' own score."""

from datetime import date
from pathlib import Path

import lightgbm
import numpy as np

from features.catalogue import CATALOGUE
from features.profile_files import read_columns
from models.bundle import BundleBand, Component, load_bundle, write_bundle
from models.questions import SPECS
from models.spec import ModelSpec
from tests.models.example_bundle import example_bundle

TREES, LEAVES, DEPTH, MOST_ROWS = 300, 31, 6, 50_000


def write_models(profiles: Path, as_of: date, folder: Path) -> None:
    """One bundle a question over the whole catalogue; those already there stay."""
    for question, declared in SPECS.items():
        spec = declared(CATALOGUE)
        if (folder / question / "bundle.json").is_file():
            load_bundle(folder / question)
            continue
        booster = _fit(spec, profiles, as_of)
        bands = tuple(BundleBand(band.code, band.zh, band.en, 0.1 * band.floor) for band in spec.bands)
        bundle = example_bundle(
            question, catalogue=CATALOGUE, components=(Component(1.0, boosters=(booster,)),), bands=bands
        )
        write_bundle(bundle, folder / question)


def _fit(spec: ModelSpec, profiles: Path, as_of: date) -> lightgbm.Booster:
    table = read_columns(profiles, "profiles", spec.universe, as_of, spec.names).slice(0, MOST_ROWS)
    scored = f"rule_score_{spec.question}"
    points = read_columns(profiles, "judgements", spec.universe, as_of, [scored]).slice(0, MOST_ROWS)
    rows = np.column_stack([table[name].to_numpy() for name in spec.names])
    wanted = points[scored].to_numpy()
    parameters = {
        "objective": "binary", "num_leaves": LEAVES, "max_depth": DEPTH, "learning_rate": 0.05, "seed": 7,
        "verbosity": -1, "deterministic": True, "force_row_wise": True, "num_threads": 1,
        "min_data_in_leaf": 5, "monotone_constraints": list(spec.monotone),
        "monotone_constraints_method": "basic",
    }  # fmt: skip
    label = (wanted > np.median(wanted)).astype(float)
    learnt = lightgbm.Dataset(rows, label, feature_name=list(spec.names))
    return lightgbm.train(parameters, learnt, num_boost_round=TREES)

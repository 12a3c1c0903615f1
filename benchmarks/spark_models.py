"""Models of the shape that is shipped, for timing alone: what they learnt is the rules' own score."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from features.catalogue import CATALOGUE
from features.profile_files import read_columns
from models.bundle import Bundle, Component, load_bundle, write_bundle
from models.questions import SPECS
from models.spec import ModelSpec
from training.boosting import Shape, fit_booster
from training.champion import bands
from training.fit import Fitted, Setting, draft, favourable_values

SHAPE = Shape("timing", leaves=31, depth=6, rounds=300, rate=0.05, least_rows=5, columns=1.0)
MOST_ROWS, PREVALENCE = 50_000, 0.1


def write_models(profiles: Path, as_of: date, folder: Path) -> None:
    """One bundle a question over the whole catalogue; those already there stay."""
    for question, declared in SPECS.items():
        spec = declared(CATALOGUE)
        if (folder / question / "bundle.json").is_file():
            load_bundle(folder / question)
            continue
        write_bundle(_bundle(spec, profiles, as_of), folder / question)


def _bundle(spec: ModelSpec, profiles: Path, as_of: date) -> Bundle:
    table = read_columns(profiles, "profiles", spec.universe, as_of, spec.names).slice(0, MOST_ROWS)
    scored = f"rule_score_{spec.question}"
    points = read_columns(profiles, "judgements", spec.universe, as_of, [scored]).slice(0, MOST_ROWS)
    rows = np.column_stack([table[name].to_numpy() for name in spec.names])
    wanted = points[scored].to_numpy()
    label = (wanted > np.median(wanted)).astype(float)
    booster = fit_booster(spec, rows, label, np.ones(len(rows)), SHAPE, seed=7, threads=1)
    setting = Setting(spec, favourable_values(spec, rows), as_of, seed=7, threads=1)
    made = draft(setting, Fitted("timing", 0.0, (Component(1.0, boosters=(booster,)),)))
    return replace(made, version="timing", data_version="timing", bands=bands(setting, PREVALENCE))

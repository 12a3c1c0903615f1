"""A reviewer's picture of what moves a model: SHAP values of one month (the only file with shap).

Lundberg and Lee, "A unified approach to interpreting model predictions", NeurIPS 2017; for trees Lundberg et
al., "From local explanations to global understanding with explainable AI for trees", 2020.
"""

import os
from datetime import date
from pathlib import Path

import matplotlib
import numpy as np
import shap
from matplotlib import pyplot

from features.catalogue import CATALOGUE
from features.errors import UserError
from models.bundle import load_bundle
from models.questions import SPECS
from models.scoring import score
from training.profiles import ProfileStore

#: Households drawn for the picture; more only thickens it.
SHOWN = 2_000
MOST_FEATURES = 20
PICTURES = (".png", ".svg")
#: Contributions and base must add up to the score on every row shown.
TOLERANCE = 1e-6


def write_picture(
    bundles: Path, question: str, profiles: Path, as_of: date, out: Path, seed: int, threads: int
) -> int:
    """Write a beeswarm of log-odds contributions as PNG or SVG, by its ending; returns households shown.

    `UserError` where the bundle or the month's profiles are missing, or `out` is no picture.
    """
    if out.suffix not in PICTURES:
        raise UserError(f"{out.name} 不是图片名 / is no picture; end it with {' or '.join(PICTURES)}.")
    bundle = load_bundle(bundles / question)
    store, spec = ProfileStore(profiles), SPECS[question](CATALOGUE)
    households = store.read(spec, as_of)
    drawn = households.sample(min(SHOWN, len(households)), random_state=seed)
    rows = drawn[[feature.name for feature in bundle.features]].to_numpy(dtype=np.float64)
    scores = score(bundle, rows, num_threads=threads)
    if np.abs(scores.base + scores.contributions.sum(axis=1) - scores.raw).max() > TOLERANCE:
        raise RuntimeError(f"{question}: contributions do not add up to the score")
    _draw(
        shap.Explanation(
            values=scores.contributions,
            base_values=np.full(len(rows), scores.base),
            data=rows,
            feature_names=[CATALOGUE[feature.name].en for feature in bundle.features],
        ),
        out,
    )
    return len(rows)


def _draw(explanation: shap.Explanation, out: Path) -> None:
    matplotlib.use("Agg")
    shap.plots.beeswarm(explanation, max_display=MOST_FEATURES, show=False)
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}")
    pyplot.savefig(partial, bbox_inches="tight", dpi=120, format=out.suffix.lstrip("."))
    pyplot.close("all")
    os.replace(partial, out)

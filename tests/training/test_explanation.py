import warnings
from datetime import date

import numpy as np
import pytest

with warnings.catch_warnings():
    # shap's colour maps are older than matplotlib's announcement; nothing here draws.
    warnings.simplefilter("ignore", PendingDeprecationWarning)
    import shap

    from training import explain

from features.errors import UserError
from models.scoring import score
from tests.models.example_bundle import example_bundle, example_rows, example_spec


@pytest.mark.filterwarnings("ignore:LightGBM binary classifier with TreeExplainer")
def test_contributions_of_boosters_are_those_of_shap():
    bundle, rows = example_bundle(), example_rows(example_spec("hidden_income"), 60, seed=1, missing=0.0)
    trees, line = bundle.components
    peer = np.mean([shap.TreeExplainer(b).shap_values(rows) for b in trees.boosters], axis=0)
    ours = score(bundle, rows).contributions
    linear = ours - trees.weight * peer
    standard = np.clip(np.where(line.linear.logged, np.log1p(rows), rows), line.linear.low, line.linear.high)
    expected = line.weight * line.linear.coefficient * (standard - line.linear.mean) / line.linear.scale
    assert np.abs(linear - expected).max() < 1e-9


def test_a_picture_that_is_none_is_named(tmp_path):
    with pytest.raises(UserError, match=r"end it with \.png or \.svg"):
        explain.write_picture(tmp_path, "exit_due", tmp_path, date(2025, 12, 31), tmp_path / "x.xyz", 7, 1)

"""woodelf on a saved booster: run in an environment of its own, so it imports nothing of ours.

    python peer_woodelf.py MODEL.txt ROWS.npy VALUES.npy KEPT

Prints the processor seconds of explaining all rows at once; VALUES are the contributions of the first KEPT.
The booster is read and its trees are flattened before the clock starts.
"""

import json
import sys
import time

import lightgbm
import numpy as np
import pandas as pd
from woodelf import WoodelfExplainer


def main(model, rows, values, kept):
    booster = lightgbm.Booster(model_file=model)
    table = pd.DataFrame(np.load(rows), columns=booster.feature_name())
    explainer = WoodelfExplainer(booster, feature_perturbation="tree_path_dependent")
    explainer.shap_values(table[:1], tree_limit=1, verbose=False)
    began = time.process_time()
    found = explainer.shap_values(table, verbose=False)
    seconds = time.process_time() - began
    np.save(values, found[: int(kept)])
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])

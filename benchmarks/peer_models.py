"""Peers on the same rows, windows and budget: run in an environment of its own; imports nothing of ours.

    python peer_models.py PROBLEM.npz SECONDS ANSWERS.json PEER

PROBLEM: rows, label, weight to learn from; monotone, a direction a column that every peer that can is bound
to, `…_free` and logistic regression excepted; windows as learn_0, judge_0, …; judge_rows, judge_label. Each
peer is tuned by Optuna for SECONDS on mean average precision over the windows, fitted on all rows with what
won, and judged once. Missing stays missing where a peer knows it, else it is the median.
"""

import json
import sys
import time
import warnings

import numpy as np
import optuna
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

THREADS = 2
warnings.filterwarnings("ignore")


def hist_gradient_boosting(trial, bound):
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        learning_rate=trial.suggest_float("rate", 0.02, 0.15, log=True),
        max_iter=trial.suggest_int("rounds", 60, 400, step=20),
        max_leaf_nodes=trial.suggest_int("leaves", 6, 31),
        max_depth=trial.suggest_int("depth", 3, 6),
        min_samples_leaf=trial.suggest_int("least_rows", 10, 160, log=True),
        l2_regularization=trial.suggest_float("ridge", 0.1, 40, log=True),
        max_features=trial.suggest_float("columns", 0.2, 1.0),
        monotonic_cst=bound,
        early_stopping=False,
        random_state=0,
    )


def hist_gradient_boosting_free(trial, bound):
    return hist_gradient_boosting(trial, None)


def xgboost(trial, bound):
    from xgboost import XGBClassifier

    return XGBClassifier(
        tree_method="hist",
        learning_rate=trial.suggest_float("rate", 0.02, 0.15, log=True),
        n_estimators=trial.suggest_int("rounds", 60, 400, step=20),
        max_depth=trial.suggest_int("depth", 3, 6),
        min_child_weight=trial.suggest_float("least_rows", 1, 40, log=True),
        reg_lambda=trial.suggest_float("ridge", 0.5, 40, log=True),
        colsample_bytree=trial.suggest_float("columns", 0.2, 1.0),
        subsample=trial.suggest_float("share", 0.6, 1.0),
        monotone_constraints=None if bound is None else tuple(bound),
        n_jobs=THREADS,
        random_state=0,
    )


def catboost(trial, bound):
    from catboost import CatBoostClassifier

    return CatBoostClassifier(
        learning_rate=trial.suggest_float("rate", 0.02, 0.15, log=True),
        iterations=trial.suggest_int("rounds", 60, 400, step=20),
        depth=trial.suggest_int("depth", 3, 6),
        l2_leaf_reg=trial.suggest_float("ridge", 1, 40, log=True),
        rsm=trial.suggest_float("columns", 0.2, 1.0),
        monotone_constraints=bound,
        thread_count=THREADS,
        random_seed=0,
        verbose=False,
        allow_writing_files=False,
    )


def explainable_boosting(trial, bound):
    from interpret.glassbox import ExplainableBoostingClassifier

    return ExplainableBoostingClassifier(
        interactions=trial.suggest_int("interactions", 0, 10),
        learning_rate=trial.suggest_float("rate", 0.01, 0.1, log=True),
        max_rounds=trial.suggest_int("rounds", 200, 2000, step=200),
        outer_bags=4,
        monotone_constraints=bound,
        n_jobs=THREADS,
        random_state=0,
    )


def logistic(trial, bound):
    return make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        QuantileTransformer(output_distribution="uniform", random_state=0),
        LogisticRegression(C=trial.suggest_float("c", 1e-3, 30, log=True), max_iter=500),
    )


PEERS = {
    "hist_gradient_boosting": hist_gradient_boosting,
    "hist_gradient_boosting_free": hist_gradient_boosting_free,
    "xgboost": xgboost,
    "catboost": catboost,
    "explainable_boosting": explainable_boosting,
    "logistic": logistic,
}


def fitted(model, rows, label, weight):
    step = (
        {"logisticregression__sample_weight": weight}
        if hasattr(model, "steps")
        else {"sample_weight": weight}
    )
    return model.fit(rows, label, **step)


def main(problem, seconds, answers, peer):
    given = np.load(problem)
    rows, label, weight = given["rows"], given["label"], given["weight"]
    windows = [(given[f"learn_{k}"], given[f"judge_{k}"]) for k in range(int(given["windows"]))]
    bound = given["monotone"].tolist() if given["monotone"].any() else None
    make, began = PEERS[peer], time.perf_counter()

    def objective(trial):
        model, reached = make(trial, bound), []
        for learn, judge in windows:
            said = fitted(model, rows[learn], label[learn], weight[learn]).predict_proba(rows[judge])[:, 1]
            reached.append(average_precision_score(label[judge], said, sample_weight=weight[judge]))
        return float(np.mean(reached))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
    study.optimize(objective, timeout=seconds)
    model = fitted(make(optuna.trial.FixedTrial(study.best_params), bound), rows, label, weight)
    took = time.perf_counter() - began
    said = model.predict_proba(given["judge_rows"])[:, 1]
    np.save(answers.replace(".json", ".npy"), said)
    told = {
        "average_precision": float(average_precision_score(given["judge_label"], said)),
        "auc": float(roc_auc_score(given["judge_label"], said)),
        "seconds": took,
        "trials": len(study.trials),
        "parameters": study.best_params,
    }
    with open(answers, "w") as file:
        json.dump(told, file)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4])

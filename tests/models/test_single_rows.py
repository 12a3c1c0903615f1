"""Row by row is the same to the last bit, for every kind of model and from any number of threads."""

from concurrent.futures import ThreadPoolExecutor

import lightgbm
import numpy as np
import pytest

from features.errors import UserError
from models.scoring import score
from models.single_rows import single_rows
from tests.models.example_bundle import example_bundle, example_rows, example_spec

BARE = {"verbosity": -1, "num_threads": 1, "seed": 1, "min_data_in_leaf": 5}


def trained(rows, label, categories="auto", **options):
    table = lightgbm.Dataset(rows, label, categorical_feature=categories)
    return lightgbm.train({**BARE, "objective": "binary", **options}, table, 30)


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(2)
    rows = random.normal(size=(400, 12))
    rows[random.random(rows.shape) < 0.2] = np.nan
    rows[:, 0] = random.integers(0, 6, 400)
    return rows, (np.nan_to_num(rows[:, 1] * rows[:, 2]) + rows[:, 0] > 2).astype(float)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"max_depth": 3, "num_leaves": 6},
        {"categories": [0], "min_data_per_group": 5},
        {"zero_as_missing": True},
        {"num_leaves": 2, "min_gain_to_split": 1e9},
    ],
)
def test_it_is_lightgbms_own_answer_to_the_last_bit(table, options):
    booster, rows = trained(*table, **options), table[0]
    reader = single_rows()
    for _ in range(2):  # prepared, and prepared before
        assert np.array_equal(reader.raw(booster, rows, 1), booster.predict(rows, raw_score=True))
        told = reader.contributions(booster, rows, 1)
        assert np.array_equal(told, booster.predict(rows, pred_contrib=True))


def test_a_loaded_booster_and_one_stopped_early_are_read_as_lightgbm_reads_them(table):
    rows, label = table
    held = lightgbm.Dataset(rows[:100], label[:100])
    stopped = lightgbm.train(
        {**BARE, "objective": "binary", "learning_rate": 0.9, "early_stopping_round": 2},
        lightgbm.Dataset(rows[100:], label[100:]), 60, valid_sets=[held],
    )  # fmt: skip
    assert 0 < stopped.best_iteration < 60
    for booster in (stopped, lightgbm.Booster(model_str=stopped.model_to_string())):
        told = single_rows().contributions(booster, rows, 1)
        assert np.array_equal(told, booster.predict(rows, pred_contrib=True))


def test_many_threads_at_once_read_what_one_reads(table):
    boosters = [trained(*table, seed=seed) for seed in range(3)]
    reader, rows = single_rows(), table[0]
    expected = [booster.predict(rows, pred_contrib=True) for booster in boosters]

    def asked(k):
        row = rows[k % len(rows) : k % len(rows) + 1]
        found = reader.contributions(boosters[k % 3], row, 1)
        return np.array_equal(found, expected[k % 3][k % len(rows) : k % len(rows) + 1])

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(asked, range(2_000)))


def test_a_large_bag_says_the_same_of_one_household_as_of_many(table):
    bundle = example_bundle()
    component = bundle.components[0]
    bag = type(component)(component.weight, boosters=component.boosters * 5)
    bundle = example_bundle(components=(bag, bundle.components[1]))
    rows, reader = example_rows(example_spec("hidden_income"), 60, seed=9, missing=0.2), single_rows()
    many = score(bundle, rows, reader=reader)
    for k in range(60):
        alone = score(bundle, rows[k : k + 1], reader=reader)
        assert alone.raw[0] == many.raw[k]
        assert np.array_equal(alone.contributions[0], many.contributions[k])
        assert alone.probability[0] == many.probability[k]


def test_rows_of_another_width_are_refused(table):
    with pytest.raises(UserError, match="12 features, got shape"):
        single_rows().raw(trained(*table), table[0][:, :5], 1)


def test_a_model_of_several_outputs_is_refused(table):
    rows, label = table
    booster = trained(rows, label, objective="multiclass", num_class=2)
    with pytest.raises(UserError, match="several outputs"):
        single_rows().raw(booster, rows, 1)

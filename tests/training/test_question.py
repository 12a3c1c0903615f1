import dataclasses
import json
from datetime import date

import numpy as np
import pytest

from features.errors import UserError
from models.bundle import content_digest, load_bundle, write_bundle
from models.metrics import auc
from models.questions import SPECS
from models.scoring import score
from models.spec import NEVER_SILENT
from tests.training.practice_store import city, month_ends
from training.card import card
from training.cohort import read_records
from training.gates import gates
from training.judged import judged_months
from training.question import plan_months, train

PUNITIVE = ("hidden_income", "exit_due")


def trained(made, seed=7, **changes):
    options = {"test_months": 3, "seed": seed, "threads": 1, "data_version": "v", "tell": lambda step: None}
    return train(
        made.spec, made.store, made.warehouse, made.census, date(2025, 12, 31), **{**options, **changes}
    )


@pytest.fixture(scope="module", params=list(SPECS))
def learnt(request, tmp_path_factory):
    made = city(tmp_path_factory.mktemp(request.param), request.param)
    return made, trained(made)


def test_training_recovers_the_planted_signal(learnt):
    _, result = learnt
    found = result.evaluation
    assert found["auc"]["value"] > 0.6
    assert found["lift_over_random"]["value"] > 1.2


def test_contributions_and_base_sum_to_the_score(learnt):
    made, result = learnt
    rows = made.store.read(made.spec, made.months[-1])[list(made.spec.names)].to_numpy()
    scores = score(result.bundle, rows)
    assert np.abs(scores.base + scores.contributions.sum(axis=1) - scores.raw).max() < 1e-9


def test_probabilities_mean_what_they_say(learnt):
    _, result = learnt
    error = result.evaluation["calibration_error"]
    assert abs(error["mean_said"] / error["mean_found"] - 1) < 0.25
    assert error["judged"] < 0.10


def test_the_random_arms_interval_is_set_beside_the_truth(learnt):
    _, result = learnt
    share = result.evaluation["prevalence"]
    assert share["low"] <= share["truth"] <= share["high"]
    assert share["bounds"][0] <= share["value"] <= share["bounds"][1]
    assert share["without_conclusion"] > 0


def test_the_bundle_written_is_the_bundle_judged(learnt, tmp_path):
    made, result = learnt
    rows = made.store.read(made.spec, made.months[-1])[list(made.spec.names)].to_numpy()
    again = load_bundle(write_bundle(result.bundle, tmp_path / made.spec.question))
    assert np.abs(score(again, rows).raw - score(result.bundle, rows).raw).max() < 1e-9
    assert again.reference["features"].keys() == set(made.spec.names)
    assert again.version.startswith("2025-09-30-")


def test_the_card_names_what_a_reviewer_signs(learnt):
    _, result = learnt
    zh, en = card(result.bundle, result.evaluation)
    assert "不作任何决定" in zh
    assert "Not to be used for" in en
    for arm in ("random", "routine"):
        assert f"| {arm} |" in zh
    assert all(f"`{name}`" in en for name in result.bundle.names)


@pytest.mark.parametrize("learnt", PUNITIVE, indirect=True, scope="module")
def test_a_punitive_champion_never_falls_when_what_raises_grows(learnt):
    made, result = learnt
    rows = made.store.read(made.spec, made.months[-1])[list(made.spec.names)].to_numpy()
    base = score(result.bundle, rows, contributions=False).raw
    for column, raises in enumerate(made.spec.monotone):
        more = rows.copy()
        more[:, column] = np.nan_to_num(more[:, column]) * 1.5 + raises * 100
        silent = rows.copy()
        silent[:, column] = np.nan
        if raises > 0:
            assert (score(result.bundle, more, contributions=False).raw - base).min() > -1e-12
            assert (score(result.bundle, silent, contributions=False).raw - base).max() < 1e-12


@pytest.mark.parametrize("learnt", PUNITIVE, indirect=True, scope="module")
def test_no_departments_silence_raises_a_punitive_champion(learnt):
    made, result = learnt
    rows = made.store.read(made.spec, made.months[-1])[list(made.spec.names)].to_numpy()
    base = score(result.bundle, rows, contributions=False).raw
    for source in {f.source for f in result.bundle.features} - NEVER_SILENT:
        silent = rows.copy()
        silent[:, [f.source == source for f in result.bundle.features]] = np.nan
        assert (score(result.bundle, silent, contributions=False).raw - base).max() < 1e-12, source


def test_the_same_seed_gives_the_same_bundle_to_the_last_byte(tmp_path):
    made = city(tmp_path, households=700, months=7)
    first, again = trained(made), trained(made)
    assert content_digest(first.bundle) == content_digest(again.bundle)
    told = [{k: v for k, v in one.evaluation.items() if k != "seconds"} for one in (first, again)]
    assert json.dumps(told[0]) == json.dumps(told[1])


def test_shuffled_outcomes_teach_nothing(tmp_path):
    made = city(tmp_path, shuffled=True)
    result = trained(made)
    # Households keep their outcome, so a model is judged on those that were never visited.
    unseen = ~np.isin(
        [f"N{k:05d}" for k in range(1200)], made.warehouse.table("verifications").to_pandas()["household_no"]
    )
    rows = made.store.read(made.spec, made.months[-1])[list(made.spec.names)].to_numpy()[unseen]
    label = (made.census.iloc[:1200]["finding"] == "income_undeclared").to_numpy(dtype=float)[unseen]
    raw = score(result.bundle, rows, contributions=False).raw
    spread = 1 / np.sqrt(12 * min(label.sum(), (1 - label).sum()))
    assert abs(auc(label, raw) - 0.5) < 3 * spread


def test_a_column_that_repeats_the_outcome_is_refused_by_name(tmp_path):
    made = city(tmp_path, planted=True, households=700, months=7)
    with pytest.raises(UserError, match=made.spec.names[0]):
        trained(made)


def test_too_few_labels_are_insufficient_evidence_with_their_number(tmp_path):
    made = city(tmp_path, households=80, months=7)
    with pytest.raises(UserError, match=r"insufficient evidence: \d+ labels, \d+ confirmed"):
        trained(made)


def test_outcomes_recorded_after_the_training_date_change_no_score(tmp_path):
    made = city(tmp_path, households=700, months=7)
    before = trained(made).bundle
    later = made.warehouse.table("verifications").to_pandas()
    cut = np.datetime64(before.trained_as_of)
    edited = later[later["received_on"].to_numpy("datetime64[D]") <= cut].copy()
    connection = made.warehouse.connection
    connection.create_table(
        "verifications", edited, schema=made.warehouse.table("verifications").schema(), overwrite=True
    )
    after = trained(made).bundle
    assert content_digest(before) == content_digest(after)


def test_without_a_census_recorded_visits_judge_by_their_probability(tmp_path):
    made = city(tmp_path)
    found = trained(dataclasses.replace(made, census=None)).evaluation
    assert found["judged_by"] == "recorded"
    assert found["prevalence"]["truth"] is None
    wide = found["precision_at_capacity"]
    assert wide["low"] <= wide["value"] <= wide["high"]


def test_only_random_visits_stand_for_others_each_by_the_chance_of_its_lot(tmp_path):
    made = city(tmp_path)
    records = read_records(made.warehouse, "on_file", date(2025, 12, 31))
    chance = np.where(records["arm"] == "random", 0.001, 0.5)  # a choice's own number says nothing of others
    judged = judged_months(made.store, made.spec, made.months[-3:], records.assign(probability=chance), None)
    facts = judged.cohort.facts
    drawn = (facts["arm"] == "random") & facts["label"].notna()
    assert drawn.any()
    assert (facts["label"].notna() & ~drawn).any()
    assert judged.trust[drawn].tolist() == [1000.0] * drawn.sum()
    assert not judged.trust[~drawn].any()


def test_too_few_month_ends_are_named_with_the_remedy():
    with pytest.raises(UserError, match=r"profiles of 5 month ends .* python -m features profile"):
        plan_months(month_ends(5), 6)


def test_judged_months_come_after_everything_learnt():
    plan = plan_months(month_ends(12), 6)
    assert plan.trained_as_of == date(2025, 6, 30)
    assert plan.judged[0] == date(2025, 7, 31)
    assert max(plan.learnt) <= plan.trained_as_of


def test_columns_that_know_the_answer_only_together_are_told_and_bar_promotion(tmp_path):
    made = city(tmp_path, households=900, months=7, parted=True)
    found = trained(made).evaluation
    assert [leak["kind"] for leak in found["suspected_leaks"]] == ["joint"]
    assert set(found["suspected_leaks"][0]["columns"]) <= set(made.spec.names[:2])
    assert gates(found)["no_suspected_leak"] is False
    assert gates(found | {"suspected_leaks": []})["no_suspected_leak"] is True

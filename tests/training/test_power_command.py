import json

import pytest

from features.errors import UserError
from models.power import Sample, needed
from tests.training.practice_store import city
from training import power
from training.power import Wish, precision_of, propose_mix, sentences, street_capacity


def test_a_proposal_speaks_of_the_streets_of_the_profiles(tmp_path):
    profiles = city(tmp_path, households=900, months=2)
    as_of = profiles.months[-1]
    capacity = street_capacity(profiles.store.folder, as_of, "hidden_income")
    found = propose_mix(profiles.store.folder, as_of, Wish("hidden_income", 0.3, 0.2, 3, 0.8, 1.0))
    assert found["visits_a_month"] == sum(capacity.values())
    assert set(found["by_street"]) == set(capacity)
    assert all(number >= 4 for number in found["by_street"].values())
    assert found["needed_a_month"] == -(-needed(Sample(0.3, 0.2)) * 100 // (95 * 3))
    assert json.loads(json.dumps(found, ensure_ascii=False))["zh"] == found["zh"]


def test_the_sentence_says_what_was_asked_what_it_takes_and_what_it_gives():
    wish = Wish("hidden_income", 0.35, 0.10, 3, 0.8, 1.0)
    mix = power.propose(Sample(0.35, 0.10), {f"s{k}": 60 for k in range(20)})
    zh, en = sentences(wish, mix)
    assert "10 个百分点" in zh
    assert f"每月需随机走访 {mix.needed_a_month} 户" in zh
    assert "10-point change" in en
    assert f"you need {mix.needed_a_month} random visits a month" in en
    assert "120 a month, 10% of the visits" in en


def test_the_precision_now_is_read_from_the_evaluation(tmp_path):
    with pytest.raises(UserError, match="--before"):
        precision_of(tmp_path, "hidden_income")
    told = {"hidden_income": {"precision_at_capacity": {"value": 0.41}}, "exit_due": {}}
    (tmp_path / "evaluation.json").write_text(json.dumps(told))
    assert precision_of(tmp_path, "hidden_income") == 0.41
    with pytest.raises(UserError, match="no precision of exit_due"):
        precision_of(tmp_path, "exit_due")

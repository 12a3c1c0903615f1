import math
from collections import Counter

import numpy as np
import pyarrow.parquet as pq
import pytest
from sqlalchemy import func, select

from features.errors import UserError
from models.bundle import load_bundle
from models.reasons_many import topic_names, topic_sums
from models.scoring import LIGHTGBMS_OWN, score
from serving.answered import reader_of_many
from serving.batch import floor_of, make_batch, record_batch
from serving.casework import actions
from serving.casework.database import reading
from serving.casework.reading import list_page, newest_run, stored_household
from serving.casework.tables import KINDS, Assessment, Event, Finding, Household, Judgement, ListItem, Run
from tests.serving.practice import AS_OF, KEY, ON_FILE, STREETS, read_profiles, write_city

TABLES = (Run, Household, Assessment, Judgement, Finding, ListItem, Event)


def sizes(engine):
    with reading(engine) as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar() for table in TABLES]


def test_everybody_asked_about_has_an_answer(batch, city):
    asked = Counter(row["question"] for row in batch.assessments)
    on_file, register = (read_profiles(city, universe) for universe in ("on_file", "register"))
    concerned = sum(c in ("dibao", "dibao_marginal") for c in on_file.households["category"].to_pylist())
    outside = sum(not flag for flag in register.households["in_programme"].to_pylist())
    assert asked == {"hidden_income": concerned, "exit_due": ON_FILE, "unapplied_eligible": outside}


def test_a_score_in_the_batch_is_the_models(batch, city):
    bundle = load_bundle(city / "bundles/exit_due")
    profiles = read_profiles(city, "on_file")
    expected = score(bundle, profiles.rows(bundle, np.arange(ON_FILE)), contributions=False)
    place = {household_id: k for k, household_id in enumerate(profiles.ids)}
    stored = [row for row in batch.assessments if row["question"] == "exit_due" and row["raw"] is not None]
    differences = [abs(row["raw"] - expected.raw[place[row["household_id"]]]) for row in stored]
    assert len(differences) > 0.9 * ON_FILE
    assert max(differences) < 1e-9


def test_where_the_fast_explanations_are_not_installed_lightgbms_own_are_used(city, monkeypatch):
    bundle = load_bundle(city / "bundles/exit_due")
    rows = read_profiles(city, "on_file").rows(bundle, np.arange(50))
    fast = score(bundle, rows, reader=reader_of_many()).contributions

    def absent(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("serving.answered.import_module", absent)
    reader_of_many.cache_clear()
    assert reader_of_many() is LIGHTGBMS_OWN
    reader_of_many.cache_clear()
    assert np.abs(fast - score(bundle, rows).contributions).max() < 1e-10


@pytest.mark.parametrize("question", ["exit_due", "unapplied_eligible"])
def test_everybody_scored_is_explained_by_topic_not_only_those_who_are_told_why(batch, city, question):
    bundle = load_bundle(city / "bundles" / question)
    profiles = read_profiles(city, bundle.universe)
    scored = {
        r["household_id"] for r in batch.assessments if r["question"] == question and r["raw"] is not None
    }
    rows = profiles.rows(bundle, np.flatnonzero([number in scored for number in profiles.ids]))
    sums = np.abs(topic_sums(bundle, rows, score(bundle, rows).contributions)).sum(axis=0)
    moved = batch.models[question]["moved"]
    assert moved["households"] == len(rows) == len(scored) > 100
    shares = dict(zip(topic_names(bundle), sums / sums.sum(), strict=True))
    assert {one["topic"]: one["share"] for one in moved["topics"]} == pytest.approx(shares, abs=1e-4)
    told = [one["share"] for one in moved["topics"]]
    assert told == sorted(told, reverse=True)


def test_a_withdrawn_authorisation_gives_no_prediction(batch):
    last = f"Ha{ON_FILE - 1:014x}"
    row = next(r for r in batch.assessments if r["household_id"] == last and r["question"] == "hidden_income")
    assert (row["status"], row["why"], row["probability"]) == ("no_prediction", "not_authorised", None)


def test_reasons_and_profiles_are_kept_as_promised(batch):
    homes = {row["household_id"]: row for row in batch.households}
    listed = {item["household_id"] for item in batch.items}
    scored = [row for row in batch.assessments if row["status"] == "scored"]
    floor = floor_of(np.array([row["raw"] for row in scored if row["question"] == "unapplied_eligible"]))
    for row in scored:
        on_file = homes[row["household_id"]]["universe"] == "on_file"
        kept = on_file or row["household_id"] in listed or row["raw"] >= floor
        assert (row["reasons"] is not None) == kept
        if kept:
            assert homes[row["household_id"]]["profile"]
    assert any(row["reasons"] is None for row in batch.assessments)


def test_every_list_has_every_street_and_its_random_arm(batch):
    for kind in KINDS:
        items = [item for item in batch.items if item["kind"] == kind]
        assert {item["street_code"] for item in items} == set(STREETS)
        for street in STREETS:
            here = [item for item in items if item["street_code"] == street]
            assert sorted(item["visit_order"] for item in here) == list(range(1, len(here) + 1))
            assert sum(item["arm"] == "random" for item in here) >= 1
            assert all(0 < item["selection_probability"] <= 1 for item in here)


def test_a_vulnerable_household_is_on_a_punitive_list_only_by_a_rule(batch):
    vulnerable = {row["household_id"] for row in batch.households if row["vulnerable"]}
    found = {(f["question"], f["household_id"]) for f in batch.findings if f["verdict"] == "true"}
    items = [
        item
        for item in batch.items
        if item["kind"] in ("hidden_income", "exit_due") and item["household_id"] in vulnerable
    ]
    assert all((item["kind"], item["household_id"]) in found for item in items)


def test_the_underpaid_list_holds_underpaid_households_by_either_arm(batch):
    owed = {row["household_id"]: row["underpaid_fen"] for row in batch.judgements}
    items = [item for item in batch.items if item["kind"] == "underpaid"]
    assert {item["arm"] for item in items} == {"rule", "random"}
    assert all(owed[item["household_id"]] > 0 for item in items)


def test_no_line_of_a_list_tells_how_it_got_there(batch):
    for item in batch.items:
        assert item["checks"][-1]["kind"] == "routine"
        for line in item["checks"] + item["speaks_for"]:
            assert not {"contribution", "arm", "score", "band", "probability", "rank"} & set(line)


def test_the_draw_replays_and_another_secret_draws_others(batch, city, tmp_path):
    def drawn(record):
        return [(i["kind"], i["household_id"], i["visit_order"]) for i in record.items]

    again = make_batch(city, city / "bundles", AS_OF, pseudonym_key=KEY, seed=7, work=tmp_path)
    other = make_batch(city, city / "bundles", AS_OF, pseudonym_key="another", seed=7, work=tmp_path)
    assert drawn(again) == drawn(batch)
    assert again.inputs_digest == batch.inputs_digest
    assert drawn(other) != drawn(batch)
    assert other.draw_check != batch.draw_check


def test_a_run_is_recorded_with_its_event_and_read_back(batch, engine):
    run_id = record_batch(engine, batch)
    expected = (batch.households, batch.assessments, batch.judgements, batch.findings, batch.items)
    assert sizes(engine) == [1, *map(len, expected), 1]
    with reading(engine) as connection:
        run = newest_run(connection)
        total, items = list_page(connection, run_id, "exit_due", STREETS[0], offset=0, limit=50)
        found = stored_household(connection, run_id, items[0]["household_id"])
    assert (run.run_id, run.as_of) == (run_id, AS_OF)
    assert total == len(items) > 1
    assert "exit_due" in found.open_kinds
    kept = next(a for a in batch.assessments if a["household_id"] == items[0]["household_id"])
    stored = next(a for a in found.assessments if a["question"] == kept["question"])
    assert {name: stored[name] for name in kept} == kept


def test_a_run_again_stands_and_the_earlier_stays_readable(batch, engine):
    first, second = record_batch(engine, batch), record_batch(engine, batch)
    with reading(engine) as connection:
        superseded = dict(connection.execute(select(Run.run_id, Run.superseded_by)).all())
        assert newest_run(connection).run_id == second
        assert newest_run(connection, AS_OF).run_id == second
        earlier = list_page(connection, first, "exit_due", None, offset=0, limit=99)
        later = list_page(connection, second, "exit_due", None, offset=0, limit=99)
    assert superseded == {first: second, second: None}
    assert earlier == later


def test_a_failure_midway_leaves_the_earlier_run_and_nothing_else(batch, engine, monkeypatch):
    run_id = record_batch(engine, batch)
    before = sizes(engine)
    written = []

    def fail_at_judgements(connection, table, rows, number):
        written.append(table)
        if table is Judgement:
            raise OSError("disk full")
        yield from original(connection, table, rows, number)

    original = actions.insert_rows
    monkeypatch.setattr(actions, "insert_rows", fail_at_judgements)
    with pytest.raises(OSError, match="disk full"):
        record_batch(engine, batch)
    assert Household in written
    assert sizes(engine) == before
    with reading(engine) as connection:
        assert newest_run(connection).run_id == run_id


def test_a_missing_date_names_the_newest_there_is(city, tmp_path):
    with pytest.raises(UserError, match=r"profiles as of 2026-01-31 \(there are 2025-12-31 to 2025-12-31\)"):
        make_batch(
            city,
            city / "bundles",
            AS_OF.replace(year=2026, month=1),
            pseudonym_key=KEY,
            seed=7,
            work=tmp_path,
        )


def test_missing_bundles_are_named(city, tmp_path):
    with pytest.raises(UserError, match=r"no folder of bundles .*python -m training run"):
        make_batch(city, tmp_path / "none", AS_OF, pseudonym_key=KEY, seed=7, work=tmp_path)


def test_a_profile_without_a_feature_of_the_model_is_refused(city, tmp_path):
    folder, lost = write_city(tmp_path), load_bundle(city / "bundles/hidden_income").names[0]
    path = folder / "profiles" / "on_file" / f"{AS_OF}.parquet"
    pq.write_table(pq.read_table(path).drop_columns([lost]), path)
    with pytest.raises(UserError, match=f"lacks features of hidden_income: {lost}"):
        make_batch(folder, city / "bundles", AS_OF, pseudonym_key=KEY, seed=7, work=tmp_path)


def test_scores_of_list_items_are_numbers_or_nothing(batch):
    assert all(item["score"] is None or math.isfinite(item["score"]) for item in batch.items)

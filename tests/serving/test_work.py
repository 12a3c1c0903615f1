"""What a batch keeps of its answers: the next run's equal those of a run that computes everything."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.bundle import load_bundle, write_bundle
from serving import inputs
from serving.batch import make_batch, record_batch
from serving.casework.database import migrate, open_database, reading
from serving.casework.tables import Assessment, Event, Finding, Household, Judgement, ListItem
from serving.work import open_work
from tests.serving.practice import AS_OF, KEY, ON_FILE, REGISTER, whole, write_bundles, write_city

ROOT = Path(__file__).parents[2]
#: How the answers were come by; everything else of a batch must not tell.
NEW = f"run-{0:016x}"
HOW = ("answers", "work")
QUESTION = {"on_file": "exit_due", "register": "unapplied_eligible"}
TABLES = (Household, Assessment, Judgement, Finding, ListItem)


def made(city, work, bundles=None):
    return whole(make_batch(city, bundles or city / "bundles", AS_OF, pseudonym_key=KEY, seed=7, work=work))


def rows_of(batch):
    return {one.name: getattr(batch, one.name) for one in fields(batch) if one.name not in HOW}


def profile_path(city, universe):
    return city / "profiles" / universe / f"{AS_OF}.parquet"


def change(city, universe, column, places, value):
    """Set a column of the profiles at some places."""
    table = pq.read_table(profile_path(city, universe))
    values = table[column].to_pylist()
    for place in places:
        values[place] = value(values[place])
    new = pa.array(values, table.schema.field(column).type)
    pq.write_table(
        table.set_column(table.schema.get_field_index(column), column, new), profile_path(city, universe)
    )


@pytest.fixture
def own(city, tmp_path, monkeypatch):
    """A city of one's own, with a work folder that knows it; pages are so small that there are many."""
    monkeypatch.setattr(inputs, "PAGE", 128)
    mine = write_city(tmp_path / "city")
    (mine / "bundles").symlink_to(city / "bundles")
    first = made(mine, tmp_path / "work")
    assert first.answers["recomputed"] == first.answers["asked"]
    return mine


def test_pages_change_nothing(own, batch, tmp_path):
    assert rows_of(made(own, tmp_path / "other")) == rows_of(batch)


def test_where_nothing_changed_nothing_is_computed_and_the_draw_may_be_another(own, tmp_path):
    again = made(own, tmp_path / "work")
    assert (again.answers["recomputed"], again.answers["share_recomputed"]) == (0, 0.0)
    other = make_batch(own, own / "bundles", AS_OF, pseudonym_key="other", seed=7, work=tmp_path / "work")
    assert other.answers["recomputed"] <= len([i for i in other.items if i["kind"] == "unapplied_eligible"])


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A city, its work folder, and the list of discovery."""
    folder = tmp_path_factory.mktemp("answered")
    write_bundles(write_city(folder / "city") / "bundles")
    before = make_batch(
        folder / "city", folder / "city/bundles", AS_OF, pseudonym_key=KEY, seed=7, work=folder / "work"
    )
    return folder, {item["household_id"] for item in before.items}


@settings(max_examples=6)
@given(
    places=st.lists(st.integers(0, min(ON_FILE, REGISTER) - 1), max_size=5, unique=True),
    what=st.sampled_from(["feature", "state", "date", "category", "street", "vulnerable"]),
    universe=st.sampled_from(["on_file", "register"]),
    model=st.sampled_from([None, "hidden_income", "exit_due", "unapplied_eligible"]),
)
def test_the_incremental_run_equals_the_full_one(answered, tmp_path_factory, places, what, universe, model):
    (before, listed), folder = answered, tmp_path_factory.mktemp("changed")
    mine, work, bundles = folder / "city", folder / "work", folder / "city/bundles"
    shutil.copytree(before / "city", mine)
    shutil.copytree(before / "work", work)
    feature = load_bundle(bundles / QUESTION[universe]).features[0]
    column, value = {
        "feature": (feature.name, lambda old: (old or 0.0) + 1.0),
        "state": (f"{feature.source}_state", lambda _: "not_returned"),
        "date": (f"{feature.source}_known_on", lambda _: AS_OF),
        "category": ("category", lambda _: "tekun"),
        "street": ("street_code", lambda _: "990102003"),
        "vulnerable": ("vulnerable", lambda old: not old),
    }[what]
    change(mine, universe, column, places, value)
    if model:
        old = load_bundle(bundles / model)
        write_bundle(replace(old, intercept=old.intercept + 0.5), bundles / model)
    after, full = made(mine, work), made(mine, folder / "empty")
    assert rows_of(after) == rows_of(full)
    assert full.answers["recomputed"] == full.answers["asked"] == after.answers["asked"]
    if not model:
        # Each changed household once a question and stage, and whoever a changed list brings into view.
        new = {item["household_id"] for item in after.items} - listed
        assert after.answers["recomputed"] <= 2 * len(places) + len(new)


def test_a_changed_feature_of_one_household_is_computed_for_that_one(own, tmp_path):
    name = load_bundle(own / "bundles/exit_due").names[0]
    change(own, "on_file", name, [3], lambda old: (old or 0.0) + 1.0)
    assert 1 <= made(own, tmp_path / "work").answers["recomputed"] <= 2


def test_a_part_that_cannot_be_read_is_computed_again(own, batch, tmp_path):
    parts = sorted((tmp_path / "work").glob("*/*.parquet"))
    parts[0].write_bytes(parts[0].read_bytes()[:100])
    again = made(own, tmp_path / "work")
    assert rows_of(again) == rows_of(batch)
    assert 0 < again.answers["recomputed"] < again.answers["asked"]


def test_words_of_a_model_are_part_of_what_an_answer_rests_on(own, tmp_path):
    bundles = write_bundles(tmp_path / "bundles")
    old = load_bundle(bundles / "exit_due")
    told = tuple(replace(feature, zh=f"{feature.zh}（新）") for feature in old.features)
    write_bundle(replace(old, features=told), bundles / "exit_due")
    after = made(own, tmp_path / "work", bundles)
    assert after.answers["recomputed"] == ON_FILE
    assert rows_of(after) == rows_of(made(own, tmp_path / "empty", bundles))


def test_once_recorded_a_run_is_all_that_is_known_and_nothing_else_is_touched(own, tmp_path):
    elsewhere = tmp_path / "work" / "notes" / "mine.parquet"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"no part of a run")
    engine = open_database(f"sqlite:///{tmp_path / 'casework.db'}", create=True)
    migrate(engine)
    change(own, "on_file", "person_count", [0], lambda old: old + 1)
    batch = make_batch(own, own / "bundles", AS_OF, pseudonym_key=KEY, seed=7, work=tmp_path / "work")
    assert len(list((tmp_path / "work").glob("run-*"))) == 2
    record_batch(engine, batch)
    assert list((tmp_path / "work").glob("run-*")) == [batch.work]
    assert elsewhere.exists()
    assert set(open_work(tmp_path / "work", batch.work.name).known)
    with reading(engine) as connection:
        told = connection.execute(select(Event.detail).order_by(Event.event_id.desc())).scalars().first()
    assert told["answers"] == batch.answers
    engine.dispose()


def test_only_its_owner_reads_the_work_folder(own, tmp_path):
    assert [path.stat().st_mode & 0o077 for path in (tmp_path / "work").iterdir()] == [0]


def stored(database):
    engine = open_database(f"sqlite:///{database}")
    with reading(engine) as connection:
        content = [
            connection.execute(select(table.__table__.c["household_id"], *_told(table))).all()
            for table in TABLES
        ]
    engine.dispose()
    return content


def _told(table):
    return [c for c in table.__table__.c if c.name not in ("run_id", "finding_id", "household_id")]


def start(city, out):
    return subprocess.Popen(
        [sys.executable, "-m", "serving", "batch", "--profiles", city, "--bundles", city / "bundles",
         "--as-of", str(AS_OF), "--out", out, "--threads", "1",
         "--database", f"sqlite:///{out / 'casework.db'}"],
        cwd=ROOT, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("moment", ["first part", "last part", "lists"])
def test_a_batch_killed_at_any_moment_leaves_a_whole_state_and_goes_on(city, tmp_path, moment):
    whole_run, killed = tmp_path / "whole", tmp_path / "killed"
    assert start(city, whole_run).wait() == 0
    process = start(city, killed)
    reached = {
        "first part": lambda: any((killed / "work").glob("*/*.parquet")),
        "last part": lambda: any((killed / "work").glob("*/unapplied_eligible-0*.parquet")),
        "lists": lambda: (killed / "casework.db").exists(),
    }[moment]
    while process.poll() is None and not reached():
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    known = open_work(killed / "work", NEW).known
    assert known
    lists = killed / "lists"
    assert all(path.suffix == ".xlsx" for path in lists.glob("[!.]*"))
    assert start(city, killed).wait() == 0
    assert stored(killed / "casework.db") == stored(whole_run / "casework.db")
    assert {path.name for path in lists.iterdir() if path.suffix} == {
        path.name for path in (whole_run / "lists").iterdir()
    }
    assert np.all([digest in open_work(killed / "work", NEW).known for digest in known])

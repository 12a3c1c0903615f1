import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from features.errors import UserError
from serving.__main__ import app
from serving.batch import record_batch
from serving.casework.database import migrate, open_database
from serving.casework.tables import KINDS
from serving.messages import MESSAGES, both, text
from serving.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "serving/console/templates"


@pytest.fixture(scope="module")
def stored(batch, tmp_path_factory):
    """The address of a casework database that holds a batch."""
    url = f"sqlite:///{tmp_path_factory.mktemp('stored') / 'casework.db'}"
    engine = open_database(url, create=True)
    migrate(engine)
    record_batch(engine, batch)
    engine.dispose()
    return url


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "serving", *arguments],
        cwd=ROOT, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment}, timeout=300,
    )  # fmt: skip


def test_every_message_has_both_languages_and_the_same_blanks():
    for code, (zh, en) in MESSAGES.items():
        assert zh, code
        assert en, code
        assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en)), code


def test_every_word_a_template_asks_for_exists():
    asked = {m for page in TEMPLATES.glob("*.html") for m in re.findall(r't\("(\w+)"[,)]', page.read_text())}
    assert asked
    assert asked - set(MESSAGES) == set()


@pytest.mark.parametrize("prefix", ["kind_", "asks_", "routine_"])
def test_every_kind_of_list_has_its_words(prefix):
    for kind in KINDS:
        assert both(prefix + kind)["zh"]


def test_templates_hold_nothing_inline():
    for page in TEMPLATES.glob("*.html"):
        words = page.read_text()
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://", words), page.name


def test_an_unknown_word_is_an_error():
    with pytest.raises(KeyError):
        text("nothing", "zh")


def test_every_setting_has_a_sentence():
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_a_wrong_setting_is_named_without_its_value(monkeypatch):
    monkeypatch.setenv("DIBAO_PORT", "not-a-port")
    with pytest.raises(UserError, match="DIBAO_PORT") as mistake:
        load_settings()
    assert "not-a-port" not in str(mistake.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("batch", "--as-of", "yesterday", "--out", "/nowhere"), "--as-of"),
        (("serve", "--host", "0.0.0.0"), "is not loopback"),
        (("serve", "--database", "sqlite:///nowhere.db"), "there is no casework database"),
        (("lists", "--out", "x", "--database", "sqlite:///nowhere.db"), "there is no casework database"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments, words):
    ended = run(*arguments)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_every_command_but_the_one_that_runs_on_ends_with_json_where_it_is_asked_for():
    commands = typer.main.get_command(app).commands
    silent = {name for name, one in commands.items() if not any("--json" in p.opts for p in one.params)}
    assert silent == {"serve"}


def test_migrate_makes_a_database_and_says_its_revision(tmp_path):
    ended = run("migrate", "--database", f"sqlite:///{tmp_path / 'new.db'}", "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout.splitlines()[-1])["revision"]


def test_a_batch_that_fails_leaves_no_database_and_no_lists(tmp_path):
    database = f"sqlite:///{tmp_path / 'new' / 'casework.db'}"
    out = tmp_path / "out"
    ended = run(
        "batch", "--as-of", "2025-12-31", "--profiles", tmp_path, "--bundles", tmp_path, "--out", out,
        "--database", database,
    )  # fmt: skip
    assert ended.returncode == 2
    assert not out.exists()
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:9"])
def test_a_check_of_nobody_is_one_sentence(stored, address):
    ended = run("check", "--database", stored, "--url", address)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_a_file_where_a_folder_is_needed_is_named(stored, tmp_path):
    (tmp_path / "file").write_text("")
    ended = run("lists", "--database", stored, "--out", tmp_path / "file" / "lists")
    assert ended.returncode == 2
    assert str(tmp_path / "file") in ended.stderr
    assert "Traceback" not in ended.stderr

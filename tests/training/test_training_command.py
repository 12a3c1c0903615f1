import subprocess
import sys

import pytest
from typer.testing import CliRunner

from features.errors import UserError
from training.__main__ import app


def test_a_user_mistake_is_one_sentence_and_exit_code_two(tmp_path):
    folder, out = str(tmp_path), str(tmp_path / "b")
    options = ("--warehouse", folder, "--profiles", folder, "--out", out, "--as-of", "2025-12-31")
    done = subprocess.run(
        [sys.executable, "-m", "training", "run", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "python -m features intake" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as-of", "31.12.2025"), "--as-of"),
        (("--as-of", "2025-12-31", "--question", "poverty"), "no question poverty"),
    ],
)
def test_a_wrong_option_is_named(tmp_path, arguments, words):
    folder = str(tmp_path)
    done = CliRunner().invoke(
        app, ["run", "--warehouse", folder, "--profiles", folder, "--out", folder, *arguments]
    )
    assert isinstance(done.exception, UserError)
    assert words in str(done.exception)


@pytest.mark.parametrize("signatures", [("--by", "Li"), ("--by", "Li", "--by", "Wang", "--by", "Zhao")])
def test_promotion_wants_two_signatures(tmp_path, signatures):
    arguments = ["promote", "--bundle", str(tmp_path), "--mlflow", "sqlite:///x.db", *signatures]
    assert "exactly two signatures" in str(CliRunner().invoke(app, arguments).exception)


def test_a_card_without_an_evaluation_names_the_command_that_makes_it(tmp_path):
    done = CliRunner().invoke(app, ["card", "--bundles", str(tmp_path), "--question", "exit_due"])
    assert "python -m training run" in str(done.exception)

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from features.errors import UserError
from tests.models.example_bundle import example_spec
from tests.training.practice_store import city
from training import registry
from training.__main__ import app
from training.run import Request, run


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


@pytest.mark.parametrize("address", ["out/mlflow.db", "ftp://x/y", "sqlite:///"])
def test_an_address_mlflow_cannot_use_is_refused_before_training(address):
    with pytest.raises(UserError, match="no address of MLflow"):
        registry.check_address(address)


def test_promotion_does_not_make_the_database_it_asks(tmp_path):
    uri = f"sqlite:///{tmp_path / 'none.db'}"
    with pytest.raises(UserError, match="there is no MLflow database"):
        registry.promote(uri, "exit_due", "1", ("Li", "Wang"))
    assert not list(tmp_path.iterdir())


def test_a_question_that_cannot_be_trained_leaves_nothing_behind(tmp_path, monkeypatch):
    made = city(tmp_path / "city", households=700, months=9)
    out = tmp_path / "bundles"
    monkeypatch.setattr("training.run.open_warehouse", lambda folder: made.warehouse)
    monkeypatch.setattr(
        "training.run.SPECS",
        {
            made.spec.question: lambda catalogue: made.spec,
            "exit_due": lambda catalogue: example_spec("exit_due"),
        },
    )
    request = Request(
        tmp_path,
        made.store.folder,
        out,
        made.months[-1],
        None,
        None,
        3,
        7,
        1,
        (made.spec.question, "exit_due"),
    )
    with pytest.raises(UserError, match="lacks these columns"):
        run(request, lambda question, step: None)
    assert not out.exists()


@pytest.mark.long
def test_an_interrupted_training_goes_on_where_it_stopped_and_gives_the_same_bytes(tmp_path, monkeypatch):
    made = city(tmp_path / "city", households=700, months=9)
    other = city(tmp_path / "city", "unapplied_eligible", households=700, months=9)
    contacts = other.warehouse.table("outreach").to_pyarrow()
    made.warehouse.connection.create_table("outreach", contacts, overwrite=True)
    specs = {one.spec.question: (lambda catalogue, spec=one.spec: spec) for one in (made, other)}
    monkeypatch.setattr("training.run.open_warehouse", lambda folder: made.warehouse)
    monkeypatch.setattr("training.run.SPECS", specs)

    def request(name: str) -> Request:
        folder, out = made.store.folder, tmp_path / name
        return Request(tmp_path, folder, out, made.months[-1], None, None, 3, 7, 1, tuple(specs))

    def once(name: str, stops_at: str = "", refuses: str = "") -> None:
        def step(question: str, step: str) -> None:
            assert question != refuses or step == "written", "trained again"
            if question == stops_at:
                raise RuntimeError("the power went out")

        run(request(name), step)

    first, second = specs
    with pytest.raises(RuntimeError, match="power"):
        once("stopped", stops_at=second)
    assert not (tmp_path / "stopped" / first).exists()
    once("stopped", refuses=first)
    once("undisturbed")
    folders = [tmp_path / name for name in ("stopped", "undisturbed")]
    files = [sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file()) for one in folders]
    assert files[0] == files[1]
    differing = [
        path
        for path in files[0]
        if path.name != "evaluation.json"  # seconds
        and (folders[0] / path).read_bytes() != (folders[1] / path).read_bytes()
    ]
    assert differing == []


def test_a_card_without_an_evaluation_names_the_command_that_makes_it(tmp_path):
    done = CliRunner().invoke(app, ["card", "--bundles", str(tmp_path), "--question", "exit_due"])
    assert "python -m training run" in str(done.exception)

"""The demo stops where its figures could not be believed, and removes nothing it did not make."""

import copy

import pytest
import typer

from benchmarks.demo import ENOUGH, clear, gates

MODEL = {
    "auc": {"value": 0.8},
    "difference_over_rules": {"value": 0.1, "low": 0.02, "high": 0.2},
    "difference_over_logistic": {"value": -0.005, "high": 0.01},
}
SUMMARY = {
    "households": ENOUGH,
    "models": {q: copy.deepcopy(MODEL) for q in ("hidden_income", "exit_due")},
}


def altered(*path_and_value):
    summary = copy.deepcopy(SUMMARY)
    *path, last, value = path_and_value
    place = summary
    for step in path:
        place = place[step]
    place[last] = value
    return gates(summary)


def test_a_sound_run_holds_everywhere():
    assert set(gates(SUMMARY).values()) == {True}


@pytest.mark.parametrize(
    "wrong",
    [
        ("models", "hidden_income", "auc", "value", 0.95),
        ("models", "exit_due", "difference_over_rules", "low", -0.01),
        ("models", "exit_due", "difference_over_logistic", "high", -0.01),
    ],
)
def test_each_gate_can_fail(wrong):
    assert list(altered(*wrong).values()).count(False) == 1


def test_a_small_district_proves_nothing_about_models():
    held = altered("households", 3000)
    assert list(held.values()).count(None) == len(SUMMARY["models"])


def test_a_folder_of_somebody_else_is_not_removed(tmp_path):
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(typer.Exit):
        clear(tmp_path)
    assert (tmp_path / "thesis.doc").exists()
    (tmp_path / "thesis.doc").unlink()
    (tmp_path / "world").mkdir()
    clear(tmp_path)
    assert not list(tmp_path.iterdir())

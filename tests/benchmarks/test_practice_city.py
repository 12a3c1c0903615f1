"""A city is made once: what is done stays, what was interrupted goes on, what changed begins anew."""

from dataclasses import replace
from datetime import date

import pytest

from benchmarks import practice_city
from benchmarks.practice_city import Size, make_city
from benchmarks.stages import Stage

SIZE = Size(3_000, 24, 5, (date(2025, 1, 31), date(2025, 3, 31)), (date(2025, 3, 31), date(2025, 6, 30)), 1)


@pytest.fixture
def ran(monkeypatch):
    """Names of the commands run, and the runner: it is interrupted at the name in its `stop`."""
    names: list[str] = []

    def run_stage(name, *command):
        if name == getattr(run_stage, "stop", None):
            raise KeyboardInterrupt
        names.append(name)
        if name == "generate":
            world = command[command.index("--out") + 1]
            practice_city.Path(world).mkdir()
        return Stage(name, 1.0, 1.0), {}

    monkeypatch.setattr(practice_city, "run_stage", run_stage)
    monkeypatch.setattr(practice_city, "code_digest", lambda root, packages: "code")
    return names, run_stage


EVERY = ["generate", "intake", "link", "profiles on file", "register 2025-03-31", "register 2025-06-30"]


def test_a_second_run_does_nothing_again(ran, tmp_path):
    names, _ = ran
    make_city(tmp_path, SIZE)
    assert names == EVERY
    assert [stage["name"] for stage in make_city(tmp_path, SIZE)] == EVERY
    assert names == EVERY


def test_an_interrupted_run_goes_on_where_it_stopped(ran, tmp_path):
    names, run_stage = ran
    run_stage.stop = "link"
    with pytest.raises(KeyboardInterrupt):
        make_city(tmp_path, SIZE)
    run_stage.stop = None
    make_city(tmp_path, SIZE)
    assert names == EVERY
    assert (tmp_path / "world").is_dir()


def test_more_processes_make_the_same_city(ran, tmp_path):
    names, _ = ran
    make_city(tmp_path, SIZE)
    make_city(tmp_path, replace(SIZE, workers=2))
    assert names == EVERY


def test_a_knob_turned_is_handed_on_and_makes_another_city(ran, tmp_path):
    names, _ = ran
    turned = replace(SIZE, knobs=("--quiet-from", "13"))
    command = practice_city.steps(tmp_path, turned)[0].command
    assert command[command.index("--quiet-from") + 1] == "13"
    make_city(tmp_path, SIZE)
    make_city(tmp_path, turned)
    assert names == EVERY * 2


def test_another_seed_begins_anew(ran, tmp_path):
    names, _ = ran
    make_city(tmp_path, SIZE)
    (tmp_path / "warehouse").mkdir()
    make_city(tmp_path, Size(3_000, 24, 6, SIZE.on_file, SIZE.register, 1))
    assert names == EVERY * 2
    assert not (tmp_path / "warehouse").exists()


@pytest.mark.parametrize(
    ("changed", "again"),
    [({"features"}, EVERY[3:]), ({"features", "features/intake"}, EVERY[1:])],
    ids=["a feature", "how files are read"],
)
def test_changed_code_leaves_what_it_does_not_make(ran, tmp_path, monkeypatch, changed, again):
    names, _ = ran
    make_city(tmp_path, SIZE)
    monkeypatch.setattr(
        practice_city, "code_digest", lambda root, parts: "new" if changed & set(parts) else "code"
    )
    make_city(tmp_path, SIZE)
    assert names == EVERY + again
    assert (tmp_path / "world").is_dir()

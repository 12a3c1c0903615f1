"""Promises about the repository itself."""

import importlib
import importlib.metadata
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("features", "models", "training", "serving", "synthetic_data", "monitoring")


def tracked_files() -> list[Path]:
    """Files git tracks, or would track, in this checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize("name", PACKAGES)
def test_package_imports_from_this_checkout(name: str) -> None:
    module = importlib.import_module(name)
    assert Path(module.__file__ or "").is_relative_to(ROOT)


def test_packages_listed_for_the_wheel_are_the_six() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert tuple(declared["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES


def test_no_package_name_collides_with_an_installed_distribution() -> None:
    owners = importlib.metadata.packages_distributions()
    assert {
        name: owners.get(name, []) for name in PACKAGES if set(owners.get(name, [])) - {"dibao-review"}
    } == {}


def test_no_init_file_under_tests() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_file_over_200_kb_outside_the_lock() -> None:
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size
        for path in tracked_files()
        if path.stat().st_size > 200_000 and path.name != "uv.lock"
    }
    assert large == {}


def test_every_make_target_has_a_sentence() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony
    undocumented = [
        name for name in phony[1].split() if not re.search(rf"^{name}:.*## \S", text, re.MULTILINE)
    ]
    assert undocumented == []


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    block = text[text.index("dependencies = [") : text.index("[build-system]")]
    lines = [line for line in block.splitlines() if re.match(r'^  "', line) and "dibao-review[" not in line]
    assert lines
    assert [line for line in lines if "#" not in line] == []


def test_decision_records_are_at_most_300_words() -> None:
    for record in sorted((ROOT / "docs/decisions").glob("*.md")):
        assert len(record.read_text().split()) <= 300, record.name


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_names_the_two_commands_and_its_pictures_exist(readme: str) -> None:
    text = (ROOT / readme).read_text()
    assert "make demo" in text
    assert "make test" in text
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_lock_holds_no_path_of_one_machine() -> None:
    lock = (ROOT / "uv.lock").read_text()
    assert set(re.findall(r'registry = "([^"]+)"', lock)) == {"https://pypi.org/simple"}
    assert "file://" not in lock


def test_no_benchmark_hides_a_package_from_those_that_are_run_as_scripts():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert {"models", "features"} <= packages
    assert not packages & {path.stem for path in (ROOT / "benchmarks").glob("*.py")}

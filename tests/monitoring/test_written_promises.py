"""What SECURITY.md and CONTRIBUTING.md name exists: a promise without its file or test is none."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def named(page: str) -> list[str]:
    """Paths and `path::test` names in backticks; placeholders such as <table> are left out."""
    quoted = re.findall(r"`([a-z_]+/[^`\s]+)`", (ROOT / page).read_text(encoding="utf-8"))
    return sorted({name for name in quoted if not set("<>…*") & set(name)})


@pytest.mark.parametrize("page", ["SECURITY.md", "CONTRIBUTING.md"])
def test_every_file_named_exists(page: str) -> None:
    files = {name.split("::")[0] for name in named(page)}
    assert len(files) > 10
    assert sorted(name for name in files if not (ROOT / name).exists()) == []


def test_every_test_that_security_names_exists() -> None:
    tests = [name.split("::") for name in named("SECURITY.md") if "::" in name]
    assert len(tests) > 15
    absent = [name for path, name in tests if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")]
    assert absent == []

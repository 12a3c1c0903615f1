"""The reference pages say what the declarations say."""

from pathlib import Path

import pytest

from features.catalogue import CATALOGUE
from features.errors import UserError
from features.incomes import AMOUNTS
from features.parameters.constraints import load_constraints
from features.parameters.declared import DECLARED
from features.quality.measures import MEASURES
from features.reference import FOLDER, pages, reference, stale_pages, write_pages
from features.rules import RULES, STATUSES
from features.sources import SOURCES

ROOT = Path(__file__).parents[2]


def test_every_table_column_feature_and_rule_is_on_its_page() -> None:
    written = pages()
    for source in SOURCES.values():
        assert f"### {source.name}\n" in written["sources.md"]
        assert all(f"| `{column.name}` | {column.zh} |" in written["sources.md"] for column in source.columns)
    missing = [name for name in CATALOGUE if f"| `{name}` |" not in written["features.md"]]
    missing += [rule.code for rule in RULES if f"| `{rule.code}` |" not in written["rules.md"]]
    missing += [status.code for status in STATUSES if f"| `{status.code}` |" not in written["rules.md"]]
    missing += [code for code in MEASURES if f"### {code}\n" not in written["quality.md"]]
    missing += [name for name in AMOUNTS if f"| `{name}` |" not in written["quality.md"]]
    missing += [name for name in DECLARED if f"| `{name}` |" not in written["parameters.md"]]
    missing += [one.zh for one in load_constraints() if one.zh not in written["parameters.md"]]
    assert not missing


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    stale = stale_pages(ROOT / FOLDER)
    assert not stale, f"run `python -m features reference`: {stale}"


def test_check_names_the_page_that_is_out_of_date(tmp_path: Path) -> None:
    write_pages(tmp_path, pages())
    reference(check=True, folder=tmp_path)
    (tmp_path / "features.md").write_text("old", encoding="utf-8")
    with pytest.raises(UserError, match=r"features\.md"):
        reference(check=True, folder=tmp_path)
    reference(check=False, folder=tmp_path)
    assert not stale_pages(tmp_path)

"""Every feature, shown: small tables in, values out. The cases are `tests/spec/features/<side>.yaml`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from features.catalogue import CATALOGUE
from tests.features.small_city import Case, city, tables_of

FOLDER = Path(__file__).parent / "features"
CASES = [Case(**raw) for path in sorted(FOLDER.glob("*.yaml")) for raw in yaml.safe_load(path.read_text())]


@pytest.fixture(scope="module")
def profiles() -> dict[str, dict[str, Any]]:
    """All cases are households of one city, computed together."""
    return city(tables_of(CASES)).profiles()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_holds(case: Case, profiles: dict[str, dict[str, Any]]) -> None:
    profile = profiles[case.name]
    found = {name: profile[name] for name in case.expect}
    assert found == {name: _as_stored(value) for name, value in case.expect.items()}


def _as_stored(value: Any) -> Any:
    """Equal to within rounding of the last bits; dates, texts, flags and nulls exactly."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return pytest.approx(value, rel=1e-12) if number else value


def test_every_feature_has_a_case() -> None:
    shown = {name for case in CASES for name, value in case.expect.items() if value not in (0, None)}
    missing = sorted(set(CATALOGUE) - shown)
    assert not missing, f"write a case for {missing}"

"""The real service, started as staff would start it, on the practice city's batch."""

import pytest

from tests.serving.running import running_city


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A running service (see `tests.serving.running`)."""
    with running_city(tmp_path_factory.mktemp("served")) as city:
        yield city

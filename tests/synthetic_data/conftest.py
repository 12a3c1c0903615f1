"""One small district for all tests of the practice world, lived once."""

import numpy as np
import pytest

from synthetic_data.world import World, make_world


@pytest.fixture(scope="session")
def district() -> World:
    """12,000 households over 18 months: large enough for shares, made in a few seconds."""
    return make_world(12_000, 18, seed=3, start=np.datetime64("2024-01", "M"))

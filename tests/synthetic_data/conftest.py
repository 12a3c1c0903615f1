"""One small district for all tests of the practice world, lived once."""

import numpy as np
import pytest

from synthetic_data.world import World, make_world


@pytest.fixture(scope="session")
def district() -> World:
    """20,000 households over two years: large enough for shares, made in a few seconds."""
    return make_world(20_000, 24, seed=3, start=np.datetime64("2024-01", "M"))

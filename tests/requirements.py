"""What a test needs of the machine: lacking, the test is skipped, or fails where it is required."""

import os
from typing import NoReturn

import pytest


def lacking(variable: str, reason: str) -> NoReturn:
    """Skip and say why; fail where the environment says `variable=1`, as continuous integration does."""
    if os.environ.get(variable) == "1":
        pytest.fail(reason)
    pytest.skip(reason)

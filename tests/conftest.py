"""What every test stands on: no network but this machine's own loopback and sockets."""

import gc

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

# How long an example takes says what else the machine does; benchmarks measure time, tests never assert it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

#: Describing a profile makes millions of small objects that stay; a collector that keeps looking through them
#: takes a tenth of the tests' time.
gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """A test that reaches for another machine fails; servers of its own on loopback are fine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)

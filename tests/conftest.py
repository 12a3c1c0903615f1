"""What every test stands on: no network but this machine's own loopback and sockets."""

import pytest
from pytest_socket import socket_allow_hosts


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """A test that reaches for another machine fails; servers of its own on loopback are fine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)

"""A PostgreSQL server for the tests: Debian's, started as `nobody` on a socket in a temporary folder.

Where no server is installed the tests that need one are skipped and say so; with DIBAO_REQUIRE_POSTGRES=1,
as in continuous integration, they fail instead.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.requirements import lacking

REQUIRED = "DIBAO_REQUIRE_POSTGRES"
READY_SECONDS = 15


def programs() -> Path | None:
    """Folder with `initdb` and `postgres` of the newest installed version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def need_postgres() -> Path:
    """The programs; skips the test, or fails it where they are required."""
    folder = programs()
    if folder is None:
        lacking(REQUIRED, "no PostgreSQL server under /usr/lib/postgresql (apt-get install postgresql)")
    return folder


@contextmanager
def postgres_server() -> Iterator[str]:
    """A running server; yields the folder of its socket."""
    binaries = need_postgres()
    folder = Path(tempfile.mkdtemp(prefix="dibao-pg-"))
    nobody = pwd.getpwnam("nobody")
    identity = {"user": nobody.pw_uid, "group": nobody.pw_gid} if os.getuid() == 0 else {}
    if identity:
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    cluster = folder / "data"
    try:
        subprocess.run(
            [binaries / "initdb", "-D", cluster, "-U", "dibao", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, cwd=folder, **identity,
        )  # fmt: skip
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", cluster, "-k", folder, "-c", "listen_addresses=", "-F"],
                stdout=log, stderr=log, cwd=folder, **identity,
            )  # fmt: skip
        try:
            _wait(folder / ".s.PGSQL.5432", server)
            yield str(folder)
        finally:
            server.terminate()
            server.wait(timeout=READY_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(socket: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not socket.exists():
        assert server.poll() is None, "PostgreSQL ended while starting"
        assert time.monotonic() < deadline, "PostgreSQL did not start in time"
        time.sleep(0.05)

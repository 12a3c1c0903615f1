"""The practice city's batch recorded by the command, and the real service on it in a process of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from serving.casework.database import open_database
from tests.serving.practice import AS_OF, write_bundles, write_city

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120


@dataclass(frozen=True)
class RunningCity:
    """Address, database and folder of a running service; `seconds` of work until it was ready."""

    url: str
    database: str
    folder: Path
    engine: Engine
    seconds: float

    def ask(
        self, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content; `body` is sent as JSON unless it is bytes, or bytes in chunks."""
        raw = body is None or isinstance(body, bytes | Iterator)
        content = body if raw else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, content, {"content-type": "application/json", **(headers or {})}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, _lower(answer.headers), answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, _lower(refused.headers), refused.read()


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def processor_seconds(process: int) -> float:
    """Seconds of work a process has done so far, on all cores; other processes do not lengthen it."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running_city(folder: Path, **settings: object) -> Iterator[RunningCity]:
    """Write the city, run the batch command, start the service with these settings; ends it afterwards."""
    write_city(folder)
    bundles = write_bundles(folder / "bundles")
    database = f"sqlite:///{folder / 'casework.db'}"
    command("batch", "--profiles", folder, "--bundles", bundles, "--as-of", AS_OF, "--database", database,
            "--out", folder, "--threads", 1)  # fmt: skip
    port = free_port()
    log = (folder / "service.log").open("w")
    service = subprocess.Popen(
        [sys.executable, "-m", "serving", "serve", "--database", database, "--bundles", bundles,
         "--port", str(port)],
        cwd=ROOT, stdout=log, stderr=log,
        env={**os.environ, **{f"DIBAO_{name.upper()}": str(value) for name, value in settings.items()}},
    )  # fmt: skip
    engine = open_database(database)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, service)
        yield RunningCity(url, database, folder, engine, processor_seconds(service.pid))
    finally:
        service.terminate()
        service.wait(timeout=READY_SECONDS)
        log.close()
        engine.dispose()


def command(*arguments: object) -> dict[str, Any]:
    """Run `python -m serving …` and return its last line of JSON."""
    ended = subprocess.run(
        [sys.executable, "-m", "serving", *map(str, arguments), "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    result: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
    return result


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, service: subprocess.Popen[bytes]) -> None:
    """Return once the service answers."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        assert service.poll() is None, "the service ended while starting"
        assert time.monotonic() < deadline, "the service did not answer in time"
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)

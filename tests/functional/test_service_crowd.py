"""The real service with one place and a line of two, asked by a crowd."""

import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from serving.agreement import score_request
from serving.casework.database import reading
from serving.casework.reading import explained_households, newest_run, stored_household
from serving.requests import MOST_HOUSEHOLDS
from tests.serving.running import running_city

pytestmark = pytest.mark.long

CROWD = 24


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    with running_city(tmp_path_factory.mktemp("narrow"), in_work=1, waiting=2) as city:
        yield city


@pytest.fixture(scope="module")
def hundred(narrow):
    """A request that keeps a place busy for a while."""
    features = json.loads(narrow.ask("/health")[2])["features"]["exit_due"]
    with reading(narrow.engine) as connection:
        run = newest_run(connection)
        ids = explained_households(connection, run.run_id, "exit_due")[:MOST_HOUSEHOLDS]
        homes = [stored_household(connection, run.run_id, household_id) for household_id in ids]
    asked = [score_request(run, home, "exit_due", set(features)) for home in homes]
    kept = ("household_id", "profile", "sources")
    return {
        **{name: asked[0][name] for name in ("question", "as_of")},
        "households": [{name: one[name] for name in kept} for one in asked],
    }


def crowd(city, body, count=CROWD):
    with ThreadPoolExecutor(count) as callers:
        return list(callers.map(lambda _: city.ask("/scores", body), range(count)))


def test_beyond_the_line_whoever_asks_is_told_when_to_ask_again(narrow, hundred):
    answers = crowd(narrow, hundred)
    statuses = [status for status, _, _ in answers]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= 3
    _, headers, content = next(answer for answer in answers if answer[0] == 429)
    problem = json.loads(content)
    assert headers["content-type"] == "application/problem+json"
    assert int(headers["retry-after"]) >= 1
    assert headers["cache-control"] == "no-store"
    assert problem["status"] == 429
    assert "请稍后" in problem["detail"] or "稍后再试" in problem["detail"]
    assert "Too many requests" in problem["detail"]
    told = narrow.ask("/metrics")[2].decode()
    counted = re.search(r'dibao_request_seconds_count{method="POST",route="none",status="429"} (\S+)', told)
    assert counted
    assert float(counted[1]) >= statuses.count(429)
    assert narrow.ask("/scores", hundred)[0] == 200


def test_health_readiness_and_metrics_are_answered_in_the_crowd(narrow, hundred):
    seen, ended = [], threading.Event()

    def watch():
        while not ended.is_set():
            seen.extend(narrow.ask(path)[0] for path in ("/health", "/livez", "/readyz", "/metrics"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        statuses = {status for _ in range(3) for status, _, _ in crowd(narrow, hundred)}
    finally:
        ended.set()
        watcher.join()
    assert 429 in statuses
    assert len(seen) >= 4
    assert set(seen) == {200}


def test_a_page_refused_is_a_page(narrow, hundred):
    found = []

    def look():
        while not found and not ended.is_set():
            status, headers, content = narrow.ask("/console/lists/exit_due?street=990102001&lang=zh")
            if status == 429:
                found.append((headers, content.decode()))

    ended = threading.Event()
    watcher = threading.Thread(target=look)
    watcher.start()
    deadline = time.monotonic() + 60
    while not found and time.monotonic() < deadline:
        crowd(narrow, hundred)
    ended.set()
    watcher.join()
    headers, page = found[0]
    assert headers["content-type"].startswith("text/html")
    assert int(headers["retry-after"]) >= 1
    assert "请求太多" in page


def test_callers_that_go_away_leave_no_place_taken(narrow, hundred):
    content = json.dumps(hundred).encode()
    address = urlsplit(narrow.url)
    head = f"POST /scores HTTP/1.1\r\nhost: {address.netloc}\r\ncontent-type: application/json\r\n"
    request = head.encode() + f"content-length: {len(content)}\r\n\r\n".encode() + content
    for _ in range(CROWD):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(request)
    deadline = time.monotonic() + 60
    while narrow.ask("/scores", hundred)[0] == 429:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    # One place and two in line are all free again: three at once are all answered.
    assert [status for status, _, _ in crowd(narrow, hundred, 3)] == [200] * 3

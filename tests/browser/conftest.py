"""Debian's Chromium, and the real service, started as staff would start it, on the practice city's batch."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.requirements import lacking
from tests.serving.running import running_city

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def chromium():
    """The browser; where there is none the test is skipped, or fails where one is required.

    It ends with its file: its driver keeps an event loop running, beside which no later test can run one.
    """
    if not Path(CHROMIUM).exists():
        lacking("DIBAO_REQUIRE_BROWSER", f"no browser at {CHROMIUM} (make browser installs Debian's)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A running service (see `tests.serving.running`)."""
    with running_city(tmp_path_factory.mktemp("served")) as city:
        yield city

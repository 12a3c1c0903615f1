"""A person who asked for a page is told of a fault on a page, a program in a problem."""

import asyncio
import time
from contextlib import nullcontext

import httpx
import pytest

from serving import app as application
from serving import interface
from serving.console import pages
from serving.context import Context
from serving.messages import text
from serving.problems import MEDIA_TYPE
from serving.settings import Settings

HOUSEHOLD = "/console/households/H" + "0" * 15


@pytest.fixture
def ask(monkeypatch):
    """Asks an application with one place, no line and no database for all of the paths at once."""
    monkeypatch.setattr(application, "TIMEOUT", 0.2)
    for module in (interface, pages):
        monkeypatch.setattr(module, "reading", nullcontext)

    def asked(*paths):
        app = application.make_app(Context(None, {}), Settings(in_work=1, waiting=0))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)

        async def all_of_them():
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await asyncio.gather(*map(client.get, paths))

        return asyncio.run(all_of_them())

    return asked


def slow(*_, **__):
    time.sleep(0.5)


def failing(*_):
    raise RuntimeError


def is_page_of(answer, status, fault):
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert text(fault, "zh") in answer.text
    return True


def test_a_wrong_question_of_the_home_page_is_answered_by_a_page(ask):
    assert is_page_of(ask("/?lang=xx")[0], 422, "not_found")


def test_a_home_page_that_fails_is_a_page(ask, monkeypatch):
    monkeypatch.setattr(pages, "newest_run", failing)
    assert is_page_of(ask("/")[0], 500, "failed")


@pytest.mark.parametrize("path", ["/", HOUSEHOLD])
def test_a_page_too_late_is_a_page(ask, monkeypatch, path):
    monkeypatch.setattr(pages, "newest_run", slow)
    monkeypatch.setattr(pages, "find_household", slow)
    assert is_page_of(ask(path)[0], 504, "late")


def test_a_home_page_beyond_the_line_is_a_page_that_says_when_to_ask_again(ask, monkeypatch):
    monkeypatch.setattr(pages, "newest_run", slow)
    _, refused = ask("/", "/")
    assert is_page_of(refused, 429, "busy")
    assert int(refused.headers["retry-after"]) >= 1


def test_a_program_is_answered_in_problems(ask, monkeypatch):
    monkeypatch.setattr(interface, "newest_run", slow)
    late, refused = ask("/lists/exit_due", "/lists/exit_due")
    assert (late.status_code, refused.status_code) == (504, 429)
    assert {answer.headers["content-type"] for answer in (late, refused)} == {MEDIA_TYPE}
    assert ask("/lists/exit_due?page=x")[0].headers["content-type"] == MEDIA_TYPE

"""The page of data quality in a browser: readable, printable, and it asks nobody for anything."""

from itertools import pairwise

import pytest

from features.quality.page import page as quality_page
from features.quality.page import write_page
from tests.features.quality_city import report_of_city

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(chromium, tmp_path_factory):
    """The page in Chromium, what it complained of, and every address it asked for."""
    file = tmp_path_factory.mktemp("quality") / "quality.html"
    write_page(file, quality_page(report_of_city(), set()))
    page = chromium.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    yield page, asked, complaints, file.as_uri()
    page.close()


def test_it_asks_for_nothing_but_itself_and_complains_of_nothing(opened):
    _, asked, complaints, address = opened
    assert asked == [address]
    assert complaints == []


def test_it_can_be_read_without_seeing_it(opened):
    page = opened[0]
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("h1").count() == 1
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert all(c.get_attribute("scope") == "col" for c in table.locator("thead th").all())
        rows = table.locator("tbody tr").count()
        assert table.locator("tbody tr th[scope=row]").count() == rows
    assert page.locator("svg:not([aria-hidden=true])").count() == 0
    assert page.locator("[lang=en]").count() > 50


def test_it_prints_on_a4_and_nothing_is_cut_off(opened):
    page = opened[0]
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 less its margins, at 96 dots an inch
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594" in printed or b"/MediaBox [0 0 595" in printed
    page.emulate_media(media="screen")


def test_it_does_not_scroll_sideways_on_a_phone(opened):
    page = opened[0]
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

"""The family's sheet in a browser: one page of A4 however large the family, in type that can be read."""

import re
from itertools import pairwise

import pytest

from features.quality.page import write_page
from features.rules.trace.page import page as trace_page
from tests.features.example_trace import example_trace

pytestmark = pytest.mark.browser

#: A4 less its margins of 12 and 8 mm, at 96 dots an inch.
WIDTH, HEIGHT = 703, 1062
FAMILIES = {
    "one person": {"members": 1, "kinds": 1},
    "three": {"members": 3, "kinds": 2},
    "five": {"members": 5, "kinds": 3, "clocks": True},
    "nine with everything": {"members": 9, "kinds": 13, "gone": 2, "clocks": True},
    "no answer from three offices": {
        "members": 4, "kinds": 3, "authorised": False, "eligibility": "eligible", "missing_item": None,
        "basis_low_fen": 100, "rounded_low_fen": 100, "entitled_low_fen": 201_400,
    },
}  # fmt: skip


@pytest.fixture(params=FAMILIES)
def sheet(request, chromium, tmp_path):
    """The page of one family, what it complained of, and every address it asked for."""
    file = tmp_path / "family.html"
    write_page(file, trace_page(example_trace(**FAMILIES[request.param]), "练习甲区（城区）"))
    opened = chromium.new_page()
    asked, complaints = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto(file.as_uri())
    yield opened
    assert asked == [file.as_uri()]
    assert complaints == []
    opened.close()


def test_it_prints_on_one_sheet_of_a4_in_type_that_can_be_read(sheet):
    sheet.emulate_media(media="print")
    sheet.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    assert sheet.evaluate("document.documentElement.scrollWidth") <= WIDTH
    printed = sheet.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    points = sheet.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize) * 0.75")
    assert points >= 7.5
    assert not sheet.evaluate(
        "[...document.querySelectorAll('td,th')].some(c => c.scrollWidth > c.clientWidth + 1)"
    )


def test_it_can_be_read_without_seeing_it_and_on_a_phone(sheet):
    assert sheet.locator("html").get_attribute("lang") == "zh-CN"
    assert sheet.locator("h1").count() == 1
    levels = sheet.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert sheet.locator("table caption").count() == 1
    assert sheet.locator("[lang=en]").count() > 30
    sheet.set_viewport_size({"width": 390, "height": 800})
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 390

import re

import pytest

from serving.messages import text
from tests.serving.practice import STREETS

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium, served):
    """A fresh page; whatever it complains of on its console fails the test."""
    complaints = []
    context = chromium.new_context(base_url=served.url, locale="zh-CN")
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    yield page
    context.close()
    assert complaints == []


def test_from_the_first_page_to_a_households_reasons(page):
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.get_by_role("heading", level=1).inner_text() == text("choose_title", "zh")
    page.locator(f"a[href='/console/lists/hidden_income?street={STREETS[0]}']").click()
    assert "隐性收入核查名单" in page.get_by_role("heading", level=1).inner_text()
    first = page.locator("ol.dibao-checks").first.inner_text()
    assert text("routine_hidden_income", "zh") in first
    page.locator("th.dibao-list__home a").first.click()
    assert "/console/households/H" in page.url
    assert text("withheld", "zh") in page.locator("main").inner_text()
    reasons = page.locator("table.dibao-evidence").first
    assert reasons.locator("tbody tr").count() >= 1
    cells = reasons.locator("tbody tr").first.locator("td").all_inner_texts()
    assert cells[1] in ("税务", "金融机构", "公安", "民政", "住建公积金", "人社", "残联", "医保")
    assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?|—", cells[2])
    assert text("decides_nothing", "zh") in page.locator("main").inner_text()


def test_a_models_list_tells_what_ordered_the_cohort_and_a_list_by_rule_does_not(page):
    everybody = text("moved_by", "zh").split("：")[-1].split("。")[1]
    page.goto(f"/console/lists/hidden_income?street={STREETS[0]}")
    line = page.locator("p", has_text=everybody).inner_text()
    assert re.search(r"[1-9][\d,]* 户", line)
    assert re.search(r"[1-9]\d? %、", line)
    page.goto(f"/console/lists/underpaid?street={STREETS[0]}")
    assert everybody not in page.locator("main").inner_text()


def test_english_is_one_click_away_and_stays(page):
    page.goto("/")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text() == text("choose_title", "en")
    page.goto(f"/console/lists/exit_due?street={STREETS[0]}")
    assert text("decides_nothing", "en") in page.locator("main").inner_text()
    page.get_by_role("link", name="中文").click()
    assert f"street={STREETS[0]}" in page.url
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_a_page_can_be_read_without_seeing_it(page):
    page.goto(f"/console/lists/exit_due?street={STREETS[0]}")
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert all(c.get_attribute("scope") == "col" for c in table.locator("thead th").all())
    assert page.locator("h1").count() == 1
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == text("skip", "zh")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_on_paper_the_list_has_room_for_finding_and_signature(page):
    page.goto(f"/console/lists/exit_due?street={STREETS[0]}")
    blank = page.get_by_role("columnheader", name=text("signature_blank", "zh"))
    assert blank.count() == 0
    page.emulate_media(media="print")
    assert blank.is_visible()
    assert not page.locator(".dibao-header").is_visible()


def test_no_page_scrolls_sideways_on_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/console/lists/exit_due?street={STREETS[0]}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_wrong_address_is_a_page_that_says_what_to_do(chromium, served):
    context = chromium.new_context(base_url=served.url)
    page = context.new_page()
    answer = page.goto("/console/households/H000000000000000")
    assert answer.status == 404
    assert text("not_found_remedy", "zh") in page.locator("main").inner_text()
    context.close()

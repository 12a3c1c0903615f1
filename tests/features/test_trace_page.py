"""What the family's sheet says, and what it never does."""

import re
from datetime import date
from decimal import Decimal

import pytest

from features.rules.trace import shown
from features.rules.trace.page import page, size_of
from features.rules.trace.words import CHOICES, STATES
from features.sources import SOURCES
from features.sources.core import Plane
from tests.features.example_trace import example_trace

PLACE = "练习甲区（城区）"
#: Words that accuse, or that a model would say.
NEVER = ("风险", "可疑", "欺骗", "骗保", "评分", "概率", "risk", "fraud", "suspect", "score", "probab")


def test_every_line_of_the_data_is_on_the_page() -> None:
    trace = example_trace(members=2, kinds=3, gone=1)
    text = page(trace, PLACE)
    for line in trace.lines:
        if line.code != "member":
            assert line.zh in text
            assert line.en in text
        if isinstance(line.value, Decimal):
            assert f"{abs(line.value):,.2f}".removesuffix(".00") in text
        assert line.article is None or line.article in text
    assert "2025-09 至 11 月，2025-12-10 收到" in text


def test_the_page_accuses_nobody_and_scores_nothing() -> None:
    text = page(example_trace(members=4, kinds=11, clocks=True), PLACE)
    assert [word for word in NEVER if word in text.lower()] == []
    assert "不是决定书" in text
    assert all(article in text for _, _, article in CHOICES)


def test_the_number_is_masked_unless_a_reason_is_given() -> None:
    trace = example_trace()
    assert trace.number is not None
    hidden, open_ = page(trace, PLACE), page(trace, PLACE, "本人申请查询")
    assert trace.number not in hidden
    assert "****0123" in hidden
    assert trace.number in open_
    assert "本人申请查询" in open_


def test_what_was_not_asked_is_not_told_as_nothing() -> None:
    trace = example_trace(authorised=False)
    lines = [line for line in trace.lines if line.section == "property"]
    assert all(SOURCES[line.source].plane is Plane.A for line in lines)
    assert {(line.value, line.state, line.known_on) for line in lines} == {(None, "not_authorised", None)}
    assert page(trace, PLACE).count(STATES["not_authorised"][0]) >= len(lines)


def test_a_department_that_did_not_answer_is_not_told_as_nothing() -> None:
    trace = example_trace(balances_state="not_returned", deposit_fen=0)
    deposits = next(line for line in trace.lines if line.code == "deposits")
    assert (deposits.value, deposits.state, deposits.counts) == (None, "not_returned", None)


def test_a_very_large_family_is_folded_by_kind_with_the_sum_of_its_members() -> None:
    trace = example_trace(members=9, kinds=6)
    folded = shown.on_page(trace)
    assert len(folded) < len(trace.lines)
    for code in ("wages", "pension", "employment_cost"):
        own = [line for line in trace.lines if line.code == code]
        kept = [line for line in folded if line.code == code]
        assert len(own) == 9
        assert [line.value for line in kept] == [sum(line.value for line in own)]
    assert "全家合计" in page(trace, PLACE)


def test_a_small_family_keeps_each_members_lines() -> None:
    trace = example_trace(members=2, kinds=2)
    assert sum(line.section == "income" and line.member is not None for line in shown.on_page(trace)) == 4
    assert "全家合计" not in page(trace, PLACE)


def test_the_larger_the_family_the_smaller_the_type() -> None:
    sizes = [size_of(example_trace(members=n, kinds=3, clocks=n > 3)) for n in (1, 9)]
    assert sizes == ["small", "smallest"]


def test_the_order_of_the_rows_does_not_matter() -> None:
    trace = example_trace(members=3)
    assert example_trace(members=3, backwards=True).lines == trace.lines
    assert [line.member for line in trace.lines if line.section == "members"][:-1] == [1, 2, 3]
    assert trace.as_of == date(2025, 12, 31)


def test_a_clock_says_when_it_was_due_and_what_nobody_can_see() -> None:
    told = " ".join(zh for zh, _ in shown.clock_lines(example_trace(clocks=True)))
    assert "是否按时完成没有记录" in told
    assert re.search(r"街道作出决定：20 个工作日内，应于 2025-12-01 前；已超 22 个工作日", told)


@pytest.mark.parametrize(("low", "high", "told"), [(0, 480_500, "0 元 – 4,805 元"), (50, 50, "0.50 元")])
def test_what_is_due_is_one_amount_or_two(low: int, high: int, told: str) -> None:
    assert shown.due(example_trace(entitled_low_fen=low, entitled_high_fen=high)) == told

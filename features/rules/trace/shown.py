"""A trace as the page shows it: figures, dates and names in a family's words; no HTML."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from features.parameters.declared import Unit
from features.rules.clocks import Reading
from features.rules.trace.lines import Line, Member, Trace, department_name, missing
from features.rules.trace.words import (
    ANSWERS,
    CHOICES,
    NO_DECISION,
    NOTHING_MISSING,
    ONE_PAPER,
    SECTIONS,
    STATES,
)
from features.sources import SOURCES
from features.sources.core import Kind

Words = tuple[str, str]
CATEGORIES: dict[str | None, Words] = {
    "dibao": ("最低生活保障", "dibao"),
    "dibao_marginal": ("低保边缘家庭", "dibao_marginal"),
    "tekun": ("特困人员", "tekun"),
    "rigid_expenditure": ("刚性支出困难家庭", "rigid expenditure"),
}
UNITS: dict[str, Words] = {
    "yuan": ("元", "yuan"),
    "yuan/year": ("元／年", "yuan a year"),
    "yuan/month": ("元／月", "yuan a month"),
    "persons": ("人", "persons"),
    "records": ("条", "records"),
    "count": ("", ""),
}
DASH = "—"
#: Lines that fit one sheet in a size that can be read; beyond, incomes of members are folded by kind.
MOST_LINES = 36
#: In place of a member: all of them together.
EVERYBODY = 0


class Told(NamedTuple):
    """One line as shown."""

    who: str
    zh: str
    en: str
    value: str
    unit: str
    mark: Words | None
    source: str
    record: str
    received: str
    article: str
    kind: str


def sections(trace: Trace) -> list[tuple[Words, list[Told]]]:
    """Headings with their lines as the page has them."""
    articles = {article: _note(number) for number, article in enumerate(rules(trace), 1)}
    lines = on_page(trace)
    return [
        (heading, own)
        for code, heading in SECTIONS.items()
        if (own := [_told(line, trace, articles) for line in lines if line.section == code])
    ]


def rules(trace: Trace) -> list[str]:
    """Every article and document the lines rest on, once, in the order of the page."""
    return list(dict.fromkeys(line.article for line in on_page(trace) if line.article))


def noted_rules(trace: Trace) -> list[str]:
    """The same, each with the mark its lines carry."""
    return [f"{_note(number)}{article}" for number, article in enumerate(rules(trace), 1)]


def on_page(trace: Trace) -> list[Line]:
    """The lines of the page: who counts in one line; of a very large family, incomes one line a kind."""
    lines = [line for line in trace.lines if line.code != "member"]
    return _folded(lines) if len(lines) > MOST_LINES else lines


def _folded(lines: list[Line]) -> list[Line]:
    """Lines of members with one line a kind and source of income, their sum at the first one's place."""
    kept: dict[Any, Line] = {}
    for number, line in enumerate(lines):
        of_member = line.section == "income" and line.member is not None
        key = (line.code, line.source) if of_member else number
        held = kept.get(key)
        kept[key] = line if held is None else _together(held, line)
    return [replace(line, member=EVERYBODY) if key in _kinds(lines) else line for key, line in kept.items()]


def _kinds(lines: list[Line]) -> set[tuple[str, str | None]]:
    return {
        (line.code, line.source) for line in lines if line.section == "income" and line.member is not None
    }


def _together(one: Line, other: Line) -> Line:
    """Two members' lines of one kind: the sum, from the earliest to the latest record."""
    assert isinstance(one.value, Decimal)
    assert isinstance(other.value, Decimal)
    firsts = [day for day in (one.first_on, other.first_on) if day is not None]
    lasts = [day for day in (one.event_on, other.event_on) if day is not None]
    known = [day for day in (one.known_on, other.known_on) if day is not None]
    return replace(
        one,
        value=one.value + other.value,
        first_on=min(firsts, default=None),
        event_on=max(lasts, default=None),
        known_on=max(known, default=None),
    )


def _note(number: int) -> str:
    """①, ② … and (21) from there on."""
    return chr(0x2460 + number - 1) if number <= 20 else f"({number})"


def answer(trace: Trace) -> Words:
    """The result in a sentence."""
    return ANSWERS[trace.eligibility]


def due(trace: Trace) -> str:
    """What is due a month: an amount, or two where the records leave it open."""
    low, high = trace.entitled_low_yuan, trace.entitled_high_yuan
    return yuan(low) if low == high else f"{yuan(low)} – {yuan(high)}"


def paid(trace: Trace) -> str:
    """What is paid a month now."""
    return yuan(trace.benefit_yuan)


def settles(trace: Trace) -> Words:
    """The one paper that would settle it, or that nothing is missing."""
    item = missing(trace)
    if item is None:
        return NOTHING_MISSING
    return ONE_PAPER[0].format(item=item[0]), ONE_PAPER[1].format(item=item[1])


def category(trace: Trace) -> Words:
    """The programme's name."""
    return CATEGORIES.get(trace.category, ("未在册", "on no file"))


def choices() -> Iterable[Words]:
    """What the family can do, with the article."""
    return [(zh, f"{en} {article}") for zh, en, article in CHOICES]


def decides_nothing() -> Words:
    """That this is no decision."""
    return NO_DECISION


def clock_lines(trace: Trace) -> list[Words]:
    """A sentence a clock that runs, or that was not kept, or of which the records cannot tell."""
    return [_clock(reading) for reading in trace.clocks if reading.starts_on is not None]


def yuan(value: Decimal | None) -> str:
    """「1,210 元」 without useless zeros, or a dash."""
    return DASH if value is None else f"{_number(value)} 元"


def _clock(reading: Reading) -> Words:
    zh_unit, en_unit = ("天", "days") if reading.unit is Unit.DAYS else ("个工作日", "working days")
    zh = f"{reading.clock.zh}：{reading.days} {zh_unit}内"
    en = f"{reading.clock.en}: within {reading.days} {en_unit}"
    if reading.due_on is not None:
        zh, en = f"{zh}，应于 {reading.due_on} 前", f"{en}, due {reading.due_on}"
    if reading.why is not None:
        return f"{zh}；{reading.why[0]}", f"{en}; {reading.why[1]}"
    if reading.overdue:
        return (
            f"{zh}；已超 {reading.overdue_by} {zh_unit}",
            f"{en}; {reading.overdue_by} {en_unit} late",
        )
    return (f"{zh}；在期限内", f"{en}; in time")


def _told(line: Line, trace: Trace, articles: Mapping[str, str]) -> Told:
    unit = UNITS[line.unit][0] if line.value is not None else ""
    return Told(
        who=_counted(trace) if line.code == "persons" else _who(line.member, trace.members),
        zh=line.zh,
        en=line.en,
        value=DASH if line.value is None else _value(line),
        unit=unit,
        mark=STATES.get(line.state or ""),
        source=_source(line),
        record=_record(line),
        received=_day(line.known_on) if line.value != 0 else "",
        article=articles[line.article] if line.article else "",
        kind=_kind(line),
    )


def _counted(trace: Trace) -> str:
    """Everybody who counts."""
    places = [line.member for line in trace.lines if line.code == "member"]
    return "、".join(_who(place, trace.members) for place in places)


def _who(place: int | None, members: tuple[Member, ...]) -> str:
    if place is None:
        return ""
    if place == EVERYBODY:
        return "全家合计"
    member = members[place - 1]
    told = [member.relation or "", f"{member.age}岁" if member.age is not None else ""]
    known = "，".join(part for part in told if part)
    return f"成员{place}（{known}）" if known else f"成员{place}"


def _kind(line: Line) -> str:
    if line.total:
        return "total"
    return {True: "counts", False: "out", None: "open"}[line.counts]


def _value(line: Line) -> str:
    return _number(line.value) if isinstance(line.value, Decimal) else str(line.value)


def _number(value: Any) -> str:
    written = f"{value:,.2f}".removesuffix(".00")
    return written.replace("-", "−")


def _source(line: Line) -> str:
    name = department_name(line)
    return f"{name[0]}·{SOURCES[line.source].zh}" if name and line.source else ""


def _record(line: Line) -> str:
    """The record's day, or the months it covers where the table is monthly."""
    if line.event_on is None or line.source is None or line.value == 0:
        return ""
    source = SOURCES[line.source]
    monthly = source.column(source.event_on).kind is Kind.MONTH
    last = str(line.event_on)[:7] if monthly else str(line.event_on)
    if monthly and line.first_on is not None and line.first_on < line.event_on:
        first = str(line.first_on)[:7]
        return f"{first} 至 {last[5:]} 月" if first[:4] == last[:4] else f"{first} 至 {last}"
    return str(line.event_on.year) if source.event_on == "year" else last


def _day(day: date | None) -> str:
    return str(day) if day else ""

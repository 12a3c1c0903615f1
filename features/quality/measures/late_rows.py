"""Rows known long after what they tell of."""

from functools import reduce
from typing import Any

import ibis

from features.quality.core import EVERY_TABLE, Group, Timing, counted, measure, units
from features.quality.ground import Ground, month_of, person_column
from features.sources import SOURCES
from features.sources.core import Delivery, Kind, Plane, Source


@measure(
    group=Group.ARRIVAL,
    timing=Timing.FLOW,
    name=("晚到的记录", "records that came late"),
    means=(
        "从事情发生或变化，到我们收到，超过一个周期再加一个月",
        "more than the cadence and a month lie between the event, or its change, and its arrival",
    ),
    fault=("晚到的行", "rows that came late"),
    among=(
        "近几个月送达的行（不含首次送达的历史数据、授权之前的记录）",
        "rows of the window, without a table's first delivery and what was before an authorisation",
    ),
    mender=("数据提供部门", "the department that sends the table"),
    why=("去世、就业、退休晚几个月才知道，多发的钱要追回", "benefits run on and are claimed back"),
    remedy=("查明延误环节，当月数据次月内送出", "find where records wait; send a month's within the next"),
    reads=EVERY_TABLE,
    headline=True,
)
def late_rows(ground: Ground) -> ibis.Table:
    """Rows of tables of events that arrived in the window."""
    events = [source for source in SOURCES.values() if source.delivery is Delivery.EVENTS]
    return reduce(ibis.union, [_of_table(ground, source) for source in events])


def _of_table(ground: Ground, source: Source) -> ibis.Table:
    rows = ground.window(source.name)
    days = ground.sight.calendar.received.get(source.name)
    if days:
        rows = rows.filter(rows.received_on > ibis.literal(min(days)))
    rows = rows.mutate(event_on_=_news_day(rows, source))
    rows = rows.filter(rows.event_on_ <= rows.received_on)
    late = rows.received_on.epoch_days() - rows.event_on_.epoch_days() > source.late_days
    rows = rows.mutate(late_=late)
    placed = _placed(ground, source, rows)
    if source.plane is Plane.A:
        # What happened before a family could be asked about is not late.
        placed = placed.filter(placed.event_on_ >= placed.authorised_on)
    return counted(
        units(
            placed,
            department=source.department,
            hit=placed.late_,
            street=placed.street_code,
            household=placed.number,
            month=month_of(placed.received_on),
        )
    )


def _placed(ground: Ground, source: Source, rows: ibis.Table) -> ibis.Table:
    """Rows with street_code, number and authorised_on of whom they speak, where that is known."""
    person = person_column(source)
    told = ("event_on_", "received_on", "late_")
    if person is not None:
        return ground.placed(source.name, rows.select(*told, person_id=rows[person]))
    if "household_no" in rows.columns:
        homes = ground.homes.select("number", "street_code", "authorised_on")
        return rows.select(*told, number="household_no").left_join(homes, "number")
    nowhere = {"street_code": "string", "number": "string", "authorised_on": "date"}
    return rows.select(*told, **{name: ibis.null(kind) for name, kind in nowhere.items()})


def _news_day(rows: ibis.Table, source: Source) -> Any:
    """The day of what a row tells anew: its event, or a later date in it, as of a marriage that ended."""
    event = _event_day(rows[source.event_on], source.column(source.event_on).kind)
    others = [c.name for c in source.columns if c.kind is Kind.DATE and c.name != source.event_on]
    told = [(rows[name] <= rows.received_on).ifelse(rows[name], event) for name in others]
    return ibis.greatest(event, *[ibis.coalesce(day, event) for day in told]) if told else event


def _event_day(event: Any, kind: Kind) -> Any:
    """The last day of what the event column names: a day, a month or a year."""
    if kind is Kind.INTEGER:
        return ibis.date(event.cast("int32"), 12, 31)
    if kind is Kind.MONTH:
        return (event + ibis.interval(months=1) - ibis.interval(days=1)).cast("date")
    return event

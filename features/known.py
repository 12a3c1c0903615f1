"""What was known on a date: the only door through which profiles and rules see delivered rows.

Known from is the day a delivery arrived, not the day of the event. A row delivered after `as_of` does not
exist for a profile as of that date, and a correction replaces the earlier row only from its own arrival.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from typing import Any

import ibis
import pandas as pd

from features.engines import Warehouse
from features.plan import Plan, Value, day, flag
from features.sources import SOURCES
from features.sources.core import Delivery, Kind, Source

#: A month counts as delivered if it has this share of the rows of the delivery's fullest month: a stray row
#: with a wrong month must not move the window of a whole city.
FULL_MONTH = 0.2
#: Without these nobody knows which households there are.
REGISTERS = ("household_register", "household_members", "residents")


def known(table: ibis.Table, source: Source, as_of: Any, latest: Any = None) -> ibis.Table:
    """The rows of a table that were known on `as_of` (a date, or an expression of one).

    FULL: the rows of the latest delivery; `latest`, where the caller knows its date, spares looking for it
    and lets the engine skip the other files. EVENTS: rows delivered by then, and of each `key` only those
    of its latest delivery. A row released from quarantine is known from its release, and belongs to the
    delivery it came with: it never goes before what was delivered since.
    """
    arrived = seen(table, as_of).drop("replaced_on")
    if source.delivery is Delivery.FULL:
        if latest is None:
            latest = arrived.filter(arrived.delivered_on.isnull()).received_on.max().as_scalar()
        # Two conditions of one column each: with one over both the engine would open every register.
        own = arrived.filter(arrived.received_on == latest, arrived.delivered_on.isnull())
        return own.union(arrived.filter(arrived.delivered_on == latest)).drop("delivered_on")
    arrived = arrived.mutate(stands_=delivered(arrived))
    # Corrections are rare: finding the few keys delivered twice is cheaper than ranking every row.
    keys = arrived.group_by(list(source.key)).aggregate(
        newest_=arrived.stands_.max(), oldest_=arrived.stands_.min()
    )
    twice = keys.filter(keys.newest_ > keys.oldest_)
    # A key may hold a null (a payer without a code), and null is the same null here.
    same = [arrived[name].identical_to(twice[name]) for name in source.key]
    return arrived.anti_join(twice, [*same, arrived.stands_ < twice.newest_]).drop("stands_", "delivered_on")


def seen(table: ibis.Table, as_of: Any) -> ibis.Table:
    """Rows received by the date, without linked ones that a row released by then stands in for."""
    return table.filter(table.received_on <= as_of, table.replaced_on.isnull() | (table.replaced_on > as_of))


def delivered(table: ibis.Table) -> Any:
    """The day a row's file was received: before its release, for a row released from quarantine."""
    return ibis.coalesce(table.delivered_on, table.received_on)


def first_of(rows: ibis.Table, key: str) -> ibis.Table:
    """One row of each key: a number written twice in one delivery must not double anybody."""
    counted = rows.group_by(key).aggregate(rows_=rows.count(), first_=rows.row_number.min())
    twice = counted.filter(counted.rows_ > 1)
    return rows.anti_join(twice, [rows[key] == twice[key], rows.row_number > twice.first_])


@dataclass(frozen=True)
class Calendar:
    """When each table arrived, and which month each delivery brought.

    received: table -> days of arrival, oldest first. months: table -> (day of arrival, latest full month).
    registers: table -> (day of arrival, day its rows carry): a register sent again unchanged is stored once.
    """

    received: Mapping[str, tuple[date, ...]]
    months: Mapping[str, tuple[tuple[date, date], ...]]
    registers: Mapping[str, tuple[tuple[date, date], ...]] = field(default_factory=dict)

    def latest(self, name: str, as_of: date) -> date | None:
        """The last arrival of a table on or before `as_of`; None where there was none."""
        days = [day for day in self.received.get(name, ()) if day <= as_of]
        return max(days, default=None)

    def register(self, name: str, as_of: date) -> date | None:
        """The day that the rows of the last arrival on or before `as_of` carry; None where there was none."""
        arrived = [pair for pair in self.registers.get(name, ()) if pair[0] <= as_of]
        return max(arrived)[1] if arrived else self.latest(name, as_of)

    def returned(self, name: str, as_of: date) -> bool:
        """Whether the department answered lately enough for silence to mean "nothing found"."""
        latest = self.latest(name, as_of)
        return latest is not None and latest >= as_of - timedelta(days=SOURCES[name].freshness_days)

    def anchor(self, name: str, as_of: date) -> date:
        """The day from which a table's months are counted back.

        Monthly tables arrive one or two months late, so their windows end with the latest month delivered,
        not with `as_of`: twelve months are twelve months of answers.
        """
        months = [month for day, month in self.months.get(name, ()) if day <= as_of and month <= as_of]
        return max(months, default=as_of)

    def first_possible(self) -> date | None:
        """The first day on which the registers of households had arrived."""
        firsts = [min(self.received[name]) for name in REGISTERS if self.received.get(name)]
        return max(firsts) if len(firsts) == len(REGISTERS) else None

    def last_possible(self) -> date | None:
        """The last day on which the registers of households were fresh enough to say who lives there."""
        lasts = [
            max(self.received[name]) + timedelta(days=SOURCES[name].freshness_days)
            for name in REGISTERS
            if self.received.get(name)
        ]
        return min(lasts) if len(lasts) == len(REGISTERS) else None


def load_calendar(warehouse: Warehouse) -> Calendar:
    """Read the days on which every table answered, and the months that monthly tables brought.

    A file of which every row was set aside is no answer, and neither is a copy of it: nobody knows what it
    says. It is one from the day on which rows of it are released. An empty file says that there is nothing.
    """
    entries = warehouse.deliveries()
    came = _standing(entries.filter(entries.status.isin(["taken", "repeated"])).to_pandas())
    answers = _answers(came)
    unread = _unread(came, answers)
    answers = pd.concat([answers, _releases(warehouse, unread)])
    unlisted = [name for name in SOURCES if name not in set(came["table"])]
    listed = pd.concat([answers, _arrivals(warehouse, unlisted)]) if unlisted else answers
    received = {
        str(name): tuple(sorted(set(_days(days)))) for name, days in listed.groupby("table")["received_on"]
    }
    return Calendar(received, _latest_months(warehouse, unread), _registers(answers))


def _standing(came: pd.DataFrame) -> pd.DataFrame:
    """Files taken that stand, and all copies (see `features.intake.released.standing`)."""
    came = came.sort_values("taken_order").assign(received_on=pd.to_datetime(came["received_on"]))
    full = came["table"].isin([name for name, source in SOURCES.items() if source.delivery is Delivery.FULL])
    place = came["received_on"].astype(str).where(full, came["file"])
    taken = came["status"] == "taken"
    replaced = came[taken].assign(place=place[taken]).duplicated(["table", "place"], keep="last")
    return came.drop(index=replaced[replaced].index)


def _set_aside(came: pd.DataFrame) -> Any:
    """Which files had rows, of which none could be read. Copies were not read, and have none."""
    return (came["rows_in"] > 0) & (came["rows_taken"] == 0)


def _answers(came: pd.DataFrame) -> pd.DataFrame:
    """table, received_on and `first_`, the day that the rows carry, of files that answer and their copies.

    A copy that arrived before the file that was taken answers nothing: its rows are known from the latter.
    """
    answering = came[~_set_aside(came)]
    first = answering[answering["status"] == "taken"].groupby("delivery_id")["received_on"].min()
    answering = answering.merge(first.rename("first_"), on="delivery_id")
    return answering.loc[answering["received_on"] >= answering["first_"], ["table", "received_on", "first_"]]


def _unread(came: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """table and received_on of the days on which all that came of a table was set aside."""
    aside = came.loc[_set_aside(came), ["table", "received_on"]].drop_duplicates()
    either = aside.merge(answers[["table", "received_on"]].drop_duplicates(), how="left", indicator=True)
    return either.loc[either["_merge"] == "left_only", ["table", "received_on"]]


def _releases(warehouse: Warehouse, unread: pd.DataFrame) -> pd.DataFrame:
    """As `_answers`, of files set aside whole whose rows came back corrected: from the day of the release.

    Of other files a release makes nothing newer: its rows belong to the day on which their file came.
    """
    found = [pd.DataFrame({name: pd.Series(dtype="object") for name in ("table", "received_on", "first_")})]
    for name, days in unread.groupby("table")["received_on"]:
        rows = warehouse.table(str(name))
        rows = rows.filter(rows.delivered_on.notnull()).select("received_on", "delivered_on").distinct()
        released = rows.rename(first_="delivered_on").to_pandas().apply(pd.to_datetime)
        found.append(released[released["first_"].isin(days)].assign(table=name))
    return pd.concat(found)


def _registers(answers: pd.DataFrame) -> dict[str, tuple[tuple[date, date], ...]]:
    """Of each full register the days it arrived, and the day on which the same content came first."""
    full = [name for name, source in SOURCES.items() if source.delivery is Delivery.FULL]
    return {
        str(name): tuple(sorted(zip(_days(days["received_on"]), _days(days["first_"]), strict=True)))
        for name, days in answers[answers["table"].isin(full)].groupby("table")
    }


def _arrivals(warehouse: Warehouse, names: list[str]) -> pd.DataFrame:
    """Days of arrival as the rows themselves tell them, where no catalogue was kept."""
    tables = [
        warehouse.table(name).select("received_on").distinct().mutate(table=ibis.literal(name))
        for name in names
    ]
    return reduce(ibis.union, tables).to_pandas()


def _latest_months(warehouse: Warehouse, unread: pd.DataFrame) -> dict[str, tuple[tuple[date, date], ...]]:
    """Of each monthly table, the latest full month of the rows that arrived on each day.

    Released rows belong to the day of their file, unless that was set aside whole (`unread`): before the
    release nobody knew its months.
    """
    monthly = [source for source in SOURCES.values() if source.column(source.event_on).kind is Kind.MONTH]
    tables = [
        warehouse.table(source.name)
        .group_by("received_on", "delivered_on", month=source.event_on)
        .aggregate(rows=lambda t: t.count())
        .mutate(table=ibis.literal(source.name))
        for source in monthly
    ]
    counted = reduce(ibis.union, tables).to_pandas()
    days = counted[["received_on", "delivered_on"]].apply(pd.to_datetime)
    silent = set(unread.itertuples(index=False, name=None))
    known_then = [pair not in silent for pair in zip(counted["table"], days["delivered_on"], strict=True)]
    own = days["delivered_on"].where(known_then).fillna(days["received_on"])
    counted = (
        counted.assign(received_on=own)
        .groupby(["table", "received_on", "month"], as_index=False)["rows"]
        .sum()
    )
    fullest = counted.groupby(["table", "received_on"])["rows"].transform("max")
    full = counted[counted["rows"] >= FULL_MONTH * fullest]
    latest = full.groupby(["table", "received_on"], as_index=False)["month"].max()
    return {
        str(name): tuple(sorted(zip(_days(rows["received_on"]), _days(rows["month"]), strict=True)))
        for name, rows in latest.groupby("table")
    }


def _days(values: Any) -> list[date]:
    return [stamp.date() for stamp in pd.to_datetime(pd.Series(list(values))).dropna()]


@dataclass
class Sight:
    """A warehouse as it is seen on one date, described before the date is known.

    `plan` holds the tables to be computed; the date and what depends on it are its variables, whose values
    for a date are `values(date)`.
    """

    warehouse: Warehouse
    calendar: Calendar
    plan: Plan

    @property
    def as_of(self) -> Any:
        """The date of the profile, as an expression."""
        return day("as_of")

    def latest(self, name: str) -> Any:
        """The last arrival of a table, as an expression; null where there was none."""
        return day(f"latest_{name}")

    def register(self, name: str) -> Any:
        """The day that the rows of its last arrival carry, as an expression (see `Calendar.register`)."""
        return day(f"register_{name}")

    def anchor(self, name: str) -> Any:
        """The day from which a table's months are counted back, as an expression."""
        return day(f"anchor_{name}")

    def returned(self, name: str) -> Any:
        """Whether the table arrived lately enough, as an expression (see `Calendar.returned`)."""
        return flag(f"returned_{name}")

    def known(self, name: str) -> ibis.Table:
        """The rows of a declared table known on the date, as an expression."""
        return known(self.warehouse.table(name), SOURCES[name], self.as_of, self.register(name))

    def keep(self, name: str, expression: ibis.Table) -> ibis.Table:
        """Add a computed table to the plan."""
        return self.plan.keep(name, expression)

    def view(self, name: str, expression: ibis.Table) -> ibis.Table:
        """Add a name for an expression to the plan."""
        return self.plan.view(name, expression)

    def values(self, as_of: date) -> dict[str, Value]:
        """The values of the variables above on a date."""
        values: dict[str, Value] = {"as_of": as_of}
        for name in SOURCES:
            values[f"latest_{name}"] = self.calendar.latest(name, as_of)
            values[f"register_{name}"] = self.calendar.register(name, as_of)
            values[f"anchor_{name}"] = self.calendar.anchor(name, as_of)
            values[f"returned_{name}"] = self.calendar.returned(name, as_of)
        return values

"""The statutory clocks of an application, in Chinese working days: which run, when due, how much late.

Of an application only its day, the decision's day and the decision are recorded. Where a stage leaves no
date (the survey, the check of records, the public notice, the county's opinion, the letter of refusal), the
clock says when it was due and that nobody can see whether it was kept; it never guesses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from features.parameters import Parameters
from features.parameters.declared import DECLARED, Unit
from features.parameters.values import Dated
from features.parameters.workdays import Workdays


@dataclass(frozen=True)
class Clock:
    """One clock: the parameter that says how long, the recorded day it starts on and the one that stops it.

    starts, stops: columns of `applications`, or None where no declared table holds that day. only_if: the
    decision that starts it.
    """

    code: str
    zh: str
    en: str
    parameter: str
    starts: str | None
    stops: str | None
    only_if: str | None = None


APPLIED, DECIDED_ON = "applied_on", "decided_on"
CLOCKS: tuple[Clock, ...] = (
    Clock("survey", "启动经济状况调查", "survey begun", "clock_survey_working_days", APPLIED, None),
    Clock(
        "record_check", "开展信息核对", "records checked", "clock_record_check_working_days", APPLIED, None
    ),
    Clock("public_notice", "公示", "public notice", "clock_public_notice_days", None, None),
    Clock(
        "county_opinion", "县级提出意见", "county's opinion", "clock_county_opinion_working_days", None, None
    ),
    Clock("plan", "本地办理目标", "the local aim", "clock_plan_working_days", APPLIED, DECIDED_ON),
    Clock(
        "street_decision",
        "街道作出决定",
        "decided by the street",
        "clock_street_decision_working_days",
        APPLIED,
        DECIDED_ON,
    ),
    Clock("decision", "作出决定", "decided", "clock_decision_working_days", APPLIED, DECIDED_ON),
    Clock(
        "longest",
        "最长办理期限",
        "decided at the very latest",
        "clock_decision_longest_working_days",
        APPLIED,
        DECIDED_ON,
    ),
    Clock(
        "refusal_notice",
        "不予确认的书面告知",
        "refusal told in writing",
        "clock_refusal_notice_working_days",
        DECIDED_ON,
        None,
        only_if="refused",
    ),
)

#: Decisions after which nothing runs any more but the letter of refusal.
DECIDED = ("granted", "refused", "withdrawn")
#: Why nothing can be said (zh, en).
UNSEEN_START = ("起算日没有记录", "the day it starts from is not recorded")
UNSEEN_STOP = ("是否按时完成没有记录", "whether it was kept is not recorded")
NOT_DECIDED_DAY = ("已有决定，但没有决定日期", "decided, but the day is not recorded")
NO_NOTICE = (
    "{last} 之后的放假安排未录入，算不出工作日",
    "no notice of holidays after {last}: working days cannot be counted",
)


@dataclass(frozen=True)
class Reading:
    """What one clock says as of a date.

    overdue: True, False, or None where the records cannot tell, and then `why` says so (zh, en). overdue_by:
    working days (calendar days for a clock in days) past the due day; 0 where kept or still running.
    running: started, not stopped. article: the document the period rests on.
    """

    clock: Clock
    days: int
    unit: Unit
    article: str
    starts_on: date | None
    due_on: date | None
    stopped_on: date | None
    running: bool
    overdue: bool | None
    overdue_by: int | None
    why: tuple[str, str] | None = None


def read_clocks(
    application: Mapping[str, Any],
    district: str,
    urban_rural: str,
    parameters: Parameters,
    workdays: Workdays,
    as_of: date,
) -> list[Reading]:
    """Every clock that applies to an application known on `as_of`, by the periods in force when it was made.

    application: applied_on, decided_on, decision. A street that decides has 20 days instead of 30; the
    locality's own aim is read where its file gives one. A clock whose period was not in force yet is absent.
    """
    readings = []
    for clock in CLOCKS:
        found = _period(clock, application, district, urban_rural, parameters)
        if found is not None:
            readings.append(_read(clock, found, application, workdays, as_of))
    return readings


def _period(
    clock: Clock, application: Mapping[str, Any], district: str, urban_rural: str, parameters: Parameters
) -> tuple[Dated, str] | None:
    """The period in force on the day of application, with its document; None where there is no such clock."""
    on = application[APPLIED]
    if clock.only_if is not None and application["decision"] != clock.only_if:
        return None
    decides = _in_force("street_decides", district, urban_rural, parameters, on)
    street = decides is not None and decides[0].value is True
    if (clock.code == "street_decision" and not street) or (clock.code == "decision" and street):
        return None
    return _in_force(clock.parameter, district, urban_rural, parameters, on)


def _in_force(
    name: str, district: str, urban_rural: str, parameters: Parameters, on: date
) -> tuple[Dated, str] | None:
    if not parameters.says(name, district):
        return None
    parameter = parameters.parameter(name, district)
    dated = parameter.at(urban_rural, on)
    return None if dated is None else (dated, dated.reference or parameter.reference)


def _read(
    clock: Clock,
    period: tuple[Dated, str],
    application: Mapping[str, Any],
    workdays: Workdays,
    as_of: date,
) -> Reading:
    assert isinstance(period[0].value, int)  # what a clock's unit makes of it
    days, unit = period[0].value, DECLARED[clock.parameter].unit
    starts_on, stopped_on = _seen(application, clock.starts, as_of), _seen(application, clock.stops, as_of)
    due_on = None if starts_on is None else _due(workdays, unit, starts_on, days)
    # A stage that leaves no date was over when the decision fell; the letter of refusal comes after it.
    over_on = stopped_on
    if clock.stops is None and clock.starts == APPLIED:
        over_on = _seen(application, DECIDED_ON, as_of)
    last = over_on or as_of
    late, why = None, None
    if starts_on is None:
        why = UNSEEN_START
    elif over_on is None and clock.starts == APPLIED and application["decision"] in DECIDED:
        why = NOT_DECIDED_DAY
    elif due_on is None or not workdays.knows(last):
        why = (NO_NOTICE[0].format(last=workdays.last), NO_NOTICE[1].format(last=workdays.last))
    else:
        late = max(_distance(workdays, unit, due_on, last), 0)
        if late and clock.stops is None:
            late, why = None, UNSEEN_STOP
    return Reading(
        clock=clock,
        days=days,
        unit=unit,
        article=period[1],
        starts_on=starts_on,
        due_on=due_on,
        stopped_on=stopped_on,
        running=starts_on is not None and over_on is None and why not in (NOT_DECIDED_DAY, UNSEEN_STOP),
        overdue=None if late is None else late > 0,
        overdue_by=late,
        why=why,
    )


def _seen(application: Mapping[str, Any], column: str | None, as_of: date) -> date | None:
    """A recorded day that is not after the date; a day ahead of the file is a slip of the pen."""
    day = application[column] if column else None
    return day if day is not None and day <= as_of else None


def _due(workdays: Workdays, unit: Unit, starts_on: date, days: int) -> date | None:
    if unit is Unit.DAYS:
        return starts_on + timedelta(days=days)
    return workdays.after(starts_on, days)


def _distance(workdays: Workdays, unit: Unit, due_on: date, last: date) -> int:
    if unit is Unit.DAYS:
        return (last - due_on).days
    return workdays.between(due_on, last) or 0

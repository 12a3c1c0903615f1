"""Working days in China, from the State Council's yearly notices; unknown beyond the last one, never guessed.

A working day is a weekday that no notice makes a holiday, or a weekend day that one makes a working day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from features.errors import UserError
from features.parameters.exact_yaml import parse
from features.parameters.faults import Fault, Faults
from features.parameters.reading import DIRECTORY

KEYS = {"year", "issued_on", "reference", "holidays", "worked_weekends"}
HOLIDAY_KEYS = {"zh", "en", "from", "to"}
DAY = timedelta(days=1)
SATURDAY = 5
#: From 29 December on, a day may be moved by the next year's notice (New Year's holiday): it was in 2018.
LAST_SURE = (12, 28)


@dataclass(frozen=True)
class Notice:
    """One year's notice: days off, weekend days worked, and what it is called."""

    file: str
    year: int
    issued_on: date
    reference: str
    days_off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True)
class Workdays:
    """The working days of the years that have a notice, one year after the other."""

    notices: tuple[Notice, ...]

    @cached_property
    def first(self) -> date:
        """The first day that is known of."""
        return date(self.notices[0].year, 1, 1)

    @cached_property
    def last(self) -> date:
        """The last day that is known of."""
        return date(self.notices[-1].year, *LAST_SURE)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every working day known of, in order."""
        off = frozenset[date]().union(*(notice.days_off for notice in self.notices))
        worked = frozenset[date]().union(*(notice.worked for notice in self.notices))
        all_days = (self.first + DAY * number for number in range((self.last - self.first).days + 1))
        return tuple(d for d in all_days if d in worked or (d.weekday() < SATURDAY and d not in off))

    def knows(self, *days: date) -> bool:
        """Whether notices speak of all these days."""
        return all(self.first <= day <= self.last for day in days)

    def is_working(self, day: date) -> bool | None:
        """Whether a day is worked; None where no notice speaks of it."""
        if not self.knows(day):
            return None
        place = bisect_left(self.days, day)
        return place < len(self.days) and self.days[place] == day

    def after(self, start: date, count: int) -> date | None:
        """The working day that is `count` working days after `start`, which itself is not counted.

        None where that day, or the start, lies outside the years that have a notice.
        """
        place = bisect_right(self.days, start) + count - 1
        if not self.knows(start) or place >= len(self.days):
            return None
        return self.days[place] if count > 0 else start

    def between(self, start: date, end: date) -> int | None:
        """Working days after `start` up to and with `end`; negative where `end` lies before; None unknown."""
        if not self.knows(start, end):
            return None
        return bisect_right(self.days, end) - bisect_right(self.days, start)


def load_workdays(directory: Path | None = None) -> Workdays:
    """Read every holidays_<year>.yaml of a directory (the product's own where None).

    `UserError` names the file, the key and the remedy: a key missing or unknown, a day outside the year,
    a day both off and worked, a worked day that is no weekend, a year left out between two others.
    """
    folder = directory or DIRECTORY
    notices = sorted((_read(path) for path in folder.glob("holidays_*.yaml")), key=lambda n: n.year)
    if not notices:
        raise UserError(
            f"{folder} 缺少 holidays_<年>.yaml，无法计算工作日 / holds no holidays_<year>.yaml; add the"
            " State Council's notice of each year."
        )
    for earlier, later in pairwise(notices):
        if later.year != earlier.year + 1:
            missing = f"holidays_{earlier.year + 1}.yaml"
            _refuse(later.file, "year", f"缺少 {missing}，年份须连续", f"add {missing}: years must follow on")
    return Workdays(tuple(notices))


def _read(path: Path) -> Notice:
    raw, file = _parsed(path), path.name
    _check_keys(file, "", raw, KEYS)
    year = raw["year"]
    if file != f"holidays_{year}.yaml":
        _refuse(file, "year", "与文件名不符", f"rename the file holidays_{year}.yaml")
    issued_on = _day(file, "issued_on", raw["issued_on"])
    spans = [_span(file, number, entry) for number, entry in enumerate(raw["holidays"] or ())]
    off = [day for start, end in spans for day in _days(start, end)]
    worked = [_day(file, f"worked_weekends.{day}", day) for day in raw["worked_weekends"] or ()]
    for key, days in (("holidays", off), ("worked_weekends", worked)):
        _check_days(file, key, year, days)
    for day in worked:
        if day.weekday() < SATURDAY or day in off:
            _refuse(
                file,
                f"worked_weekends.{day}",
                "不是周末，或同时写为放假",
                "must be a Saturday or Sunday that is no holiday",
            )
    return Notice(file, year, issued_on, str(raw["reference"]), frozenset(off), frozenset(worked))


def _parsed(path: Path) -> dict[Any, Any]:
    try:
        raw, repeated = parse(path)
    except ValueError as problem:
        _refuse(path.name, "(文件 file)", f"无法读取：{problem}", "cannot be read; mend that line")
    for line, key in repeated:
        _refuse(path.name, key, f"第 {line} 行：同一键写了两次", f"line {line}: written twice, keep one")
    if not isinstance(raw, dict):
        _refuse(path.name, "(文件 file)", "应为键值映射", "must be a mapping of keys to values")
    return raw


def _check_keys(file: str, where: str, there: Iterable[Any], keys: set[str]) -> None:
    faults = Faults(file)
    faults.check_keys(where, there, keys, keys)
    if faults.found:
        raise UserError("\n".join(map(str, faults.found)))


def _refuse(file: str, key: str, zh: str, en: str) -> NoReturn:
    raise UserError(str(Fault(file, key, zh, en)))


def _day(file: str, key: str, value: Any) -> date:
    if type(value) is not date:
        _refuse(file, key, "应为 YYYY-MM-DD 日期", "write a date as YYYY-MM-DD")
    return value


def _span(file: str, number: int, entry: Any) -> tuple[date, date]:
    key = f"holidays.{number + 1}."
    if not isinstance(entry, dict):
        _refuse(file, key, "应有 zh、en、from、to", "must have zh, en, from, to")
    _check_keys(file, key, entry, HOLIDAY_KEYS)
    start, end = _day(file, f"{key}from", entry["from"]), _day(file, f"{key}to", entry["to"])
    if end < start:
        _refuse(file, f"{key}to", "早于开始日期", "is before the start")
    return start, end


def _days(start: date, end: date) -> Iterable[date]:
    return (start + DAY * number for number in range((end - start).days + 1))


def _check_days(file: str, key: str, year: int, days: list[date]) -> None:
    """Of the year itself, or the last days of the one before: New Year's holiday begins in either."""
    first = date(year - 1, LAST_SURE[0], LAST_SURE[1]) + DAY
    for day in days:
        if not first <= day <= date(year, *LAST_SURE):
            _refuse(file, f"{key}.{day}", f"不属于 {year} 年的通知", f"is no day of the notice of {year}")
    if len(set(days)) != len(days):
        _refuse(file, key, "有日期重复", "a day is written twice")

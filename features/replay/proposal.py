"""Proposed parameters: files of any name in the place of those in force, and what they change on a date."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from features.errors import UserError
from features.parameters import Parameters
from features.parameters.constraints import shown
from features.parameters.declared import DECLARED
from features.parameters.lint import Finding, lint
from features.parameters.reading import read_file, usable
from features.parameters.values import Dated
from features.rules.facts.households import UNREAD

SIDES = ("urban", "rural")


def proposed(now: Parameters, files: Sequence[Path]) -> Parameters:
    """`now` with the files' regions (or the country's values) in the place of its own.

    `UserError` lists every fault of the files, and names a district that two of them speak of.
    """
    absent = [str(file) for file in files if not file.is_file()]
    if absent:
        raise UserError(
            f"没有文件 {'、'.join(absent)} / no such file: {', '.join(absent)};"
            " give --from-parameters a .yaml file of a region, or of the country."
        )
    read = usable([read_file(file) for file in files])
    codes = [region.district_code for region in read]
    twice = sorted({code or "national" for code in codes if codes.count(code) > 1})
    if twice:
        raise UserError(
            f"{'、'.join(twice)} 有两个文件，互相矛盾"
            f" / two files speak of {', '.join(twice)}; give one of them."
        )
    national = next((region for region in read if region.district_code is None), now.national)
    regions = dict(now.regions)
    for region in read:
        if region.district_code is not None:
            regions[region.district_code] = region
    return Parameters(national, regions.values())


def contradictions(now: Parameters, files: Sequence[Path]) -> list[Finding]:
    """Where the proposal contradicts national law (see `features.parameters.lint`)."""
    return lint(files, now.national)


def changed_values(now: Parameters, then: Parameters, on: date) -> list[dict[str, Any]]:
    """Every value in force on a date that differs, by parameter, district and side.

    `read`: whether a rule asks for it; one that no rule reads changes no answer.
    """
    rows = []
    for name in DECLARED:
        for district in then.districts:
            for side in SIDES:
                before, after = (_in_force(values, name, district, side, on) for values in (now, then))
                if (before and before.value) != (after and after.value):
                    rows.append(
                        {
                            "parameter": name,
                            "district": district,
                            "side": side,
                            "before": before and shown(before.value),
                            "after": after and shown(after.value),
                            "since": after and str(after.start),
                            "reference": after and (after.reference or _reference(then, name, district)),
                            "read": name not in UNREAD,
                        }
                    )
    return rows


def without_households(changed: list[dict[str, Any]], streets: list[dict[str, Any]]) -> list[str]:
    """Districts whose values differ while the warehouse holds nobody there: a code may be mistaken."""
    there = {str(street["street_code"])[:6] for street in streets}
    return sorted({row["district"] for row in changed} - there)


def next_change(now: Parameters, then: Parameters, on: date) -> date | None:
    """The first day after a date from which the two differ otherwise than on it; None where there is none."""
    today = _difference(now, then, on)
    days = sorted({*_starts(now), *_starts(then)})
    return next((day for day in days if day > on and _difference(now, then, day) != today), None)


def _difference(now: Parameters, then: Parameters, on: date) -> list[tuple[Any, ...]]:
    names = ("parameter", "district", "side", "before", "after")
    return [tuple(row[name] for name in names) for row in changed_values(now, then, on)]


def _starts(values: Parameters) -> list[date]:
    files = [values.national, *values.regions.values()]
    return [
        dated.start
        for file in files
        for parameter in file.parameters.values()
        for series in parameter.values.values()
        for dated in series
    ]


def _in_force(values: Parameters, name: str, district: str, side: str, on: date) -> Dated | None:
    if district not in values.regions or not values.says(name, district):
        return None
    return values.parameter(name, district).at(side, on)


def _reference(values: Parameters, name: str, district: str) -> str:
    return values.parameter(name, district).reference

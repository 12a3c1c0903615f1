"""Where a local file contradicts national law, with the article; beside what is simply written wrong."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from features.parameters.consistent import starts
from features.parameters.constraints import Constraint, Severity, load_constraints, shown
from features.parameters.faults import Fault
from features.parameters.reading import Reading, read_file
from features.parameters.values import BOTH, Dated, RegionParameters


class Finding(NamedTuple):
    """One line of the linter. `article` is empty where the file is simply written wrong."""

    severity: Severity
    file: str
    key: str
    zh: str
    en: str
    article: str


def lint(paths: Iterable[Path], national: RegionParameters) -> list[Finding]:
    """Every fault and contradiction of the files, in their order; errors of a file before its warnings."""
    found: list[Finding] = []
    for path in paths:
        own = list(lint_reading(read_file(path), national))
        found += sorted(own, key=lambda finding: finding.severity is not Severity.ERROR)
    return found


def lint_reading(reading: Reading, national: RegionParameters) -> Iterator[Finding]:
    """What is wrong with one file as it was read: faults do not hide contradictions."""
    yield from (_of_fault(fault) for fault in reading.faults)
    yield from _strays(reading, national)
    if reading.region and reading.region.district_code:
        for constraint in load_constraints():
            yield from _broken(constraint, reading.region, national)


def _of_fault(fault: Fault) -> Finding:
    return Finding(Severity.ERROR, *fault, "")


def _strays(reading: Reading, national: RegionParameters) -> Iterator[Finding]:
    """National values that a local file repeats, or sets otherwise."""
    for name, parameter in reading.strays.items():
        law = national.parameters[name]
        for side, series in parameter.values.items():
            for dated in series:
                right = law.at("urban" if side == BOTH else side, dated.start)
                says = shown(right.value) if right else "—"
                same = right is not None and right.value == dated.value
                yield Finding(
                    Severity.WARNING if same else Severity.ERROR,
                    reading.file,
                    f"{name}.values.{dated.start}",
                    f"{law.zh}：全国规定为 {says}，地方写作 {shown(dated.value)}；地方不能另定，请删去",
                    f"{law.en}: {says} by national law, {shown(dated.value)} here; not for a locality to set,"
                    " remove it",
                    (right.reference if right else None) or law.reference,
                )


def _broken(
    constraint: Constraint, region: RegionParameters, national: RegionParameters
) -> Iterator[Finding]:
    """One finding for each value that breaks the demand, at the first date it does."""
    told: set[tuple[str, date]] = set()
    for on in _dates(constraint, region, national):
        for side in ("urban", "rural"):
            dated, limit = _value(region, constraint.parameter, side, on), constraint.limit_on(national, on)
            if dated is None or limit is None or not _holds(constraint, region, side, on):
                continue
            sentences = constraint.broken(dated.value, limit)
            key = _key(region, constraint.parameter, side)
            if sentences is not None and (key, dated.start) not in told:
                told.add((key, dated.start))
                where = f"{key}.{dated.start}"
                yield Finding(constraint.severity, region.file, where, *sentences, constraint.article)


def _dates(constraint: Constraint, region: RegionParameters, national: RegionParameters) -> list[date]:
    """Every date in the time of a demand on which a value or a limit begins, and the demand's own first."""
    days = {constraint.since, *starts(region), *starts(national)}
    last = constraint.until or date.max
    return sorted(day for day in days if constraint.since <= day <= last)


def _holds(constraint: Constraint, region: RegionParameters, side: str, on: date) -> bool:
    return all(
        (dated := _value(region, name, side, on)) is not None and dated.value == wanted
        for name, wanted in constraint.where.items()
    )


def _value(region: RegionParameters, name: str, side: str, on: date) -> Dated | None:
    return region.parameters[name].at(side, on) if name in region.parameters else None


def _key(region: RegionParameters, name: str, side: str) -> str:
    """Where the value stands in the file: values for both sides are written once."""
    return f"{name}.values" if BOTH in region.parameters[name].values else f"{name}.values.{side}"

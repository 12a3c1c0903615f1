"""A value in force on a date, by region and by urban or rural, with the document it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from features.errors import UserError
from features.parameters.declared import DECLARED, Scope, Unit

Value = Decimal | int | bool | str | tuple[str, ...]

#: Key of values that hold for urban and rural households alike.
BOTH = "both"


@dataclass(frozen=True)
class Dated:
    """A value from a date on; `until` is set only where the document itself ends it.

    reference, confirmed_by: its own, where they are not the parameter's and the file's.
    """

    start: date
    value: Value
    until: date | None = None
    reference: str | None = None
    confirmed_by: str | None = None


@dataclass(frozen=True)
class Parameter:
    """One parameter of one file: description, unit, reference, and its values by side, oldest first."""

    name: str
    zh: str
    en: str
    unit: Unit
    reference: str
    values: dict[str, tuple[Dated, ...]]

    def at(self, urban_rural: str, on: date) -> Dated | None:
        """The value in force on a date; None where none is."""
        series = self.values.get(BOTH) or self.values.get(urban_rural) or ()
        for dated in reversed(series):
            if dated.start <= on:
                return dated if dated.until is None or on <= dated.until else None
        return None


@dataclass(frozen=True)
class RegionParameters:
    """One region's file, or the country's (`district_code` None)."""

    file: str
    district_code: str | None
    zh: str
    en: str
    confirmed_by: str
    in_force_from: date
    parameters: dict[str, Parameter] = field(default_factory=dict)


class Parameters:
    """National and local values; ask `value(name, district_code, urban_rural, on)`."""

    def __init__(self, national: RegionParameters, regions: Iterable[RegionParameters]) -> None:
        self.national = national
        self.regions = {region.district_code: region for region in regions if region.district_code}

    @property
    def districts(self) -> tuple[str, ...]:
        """District codes that have a file."""
        return tuple(sorted(self.regions))

    def file_of(self, name: str, district_code: str) -> RegionParameters:
        """The file that should give a parameter; `UserError` names the district that has none."""
        if DECLARED[name].scope is Scope.NATIONAL:
            return self.national
        if district_code not in self.regions:
            raise UserError(
                f"没有区划 {district_code} 的参数文件（已有 {'、'.join(self.districts)}），请添加"
                f" features/parameters/region_{district_code}.yaml / no parameter file for district"
                f" {district_code} (there are {', '.join(self.districts)}): add region_{district_code}.yaml."
            )
        return self.regions[district_code]

    def says(self, name: str, district_code: str) -> bool:
        """Whether the file that should give a parameter does: optional ones may be left out."""
        return name in self.file_of(name, district_code).parameters

    def parameter(self, name: str, district_code: str) -> Parameter:
        """The declared parameter with its citation; `UserError` names the district that has no file."""
        return self.file_of(name, district_code).parameters[name]

    def dated(self, name: str, district_code: str, urban_rural: str, on: date) -> Dated:
        """The value in force on a date, with its document; `UserError` where the date is before all."""
        parameter = self.parameter(name, district_code)
        found = parameter.at(urban_rural, on)
        if found is None:
            raise UserError(
                f"参数 {name}（{district_code}，{urban_rural}）在 {on} 没有生效值，请补上该日期的值"
                f" / parameter {name} of {district_code} has no value in force on {on}: add one."
            )
        return found

    def value(self, name: str, district_code: str, urban_rural: str, on: date) -> Any:
        """The value alone: Decimal for money, factors, shares; int for counts; bool; a code or codes."""
        return self.dated(name, district_code, urban_rural, on).value

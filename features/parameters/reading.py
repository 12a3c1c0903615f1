"""Parameter files read strictly: a typing error is refused with the file, the key and the remedy."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from features.errors import UserError
from features.parameters.declared import DECLARED, Declared, Scope, Unit
from features.parameters.strict import check_keys as _check_keys
from features.parameters.strict import parse as _parse
from features.parameters.strict import refuse as _refuse
from features.parameters.values import BOTH, Dated, Parameter, Parameters, RegionParameters, Value

DIRECTORY = Path(__file__).parent
NATIONAL_FILE = "national.yaml"
TOP_KEYS = {"district_code", "zh", "en", "confirmed_by", "in_force_from", "parameters"}
PARAMETER_KEYS = {"zh", "en", "unit", "reference", "values"}
DATED_KEYS = {"value", "until", "reference"}
SIDES = {"urban", "rural"}


def load(directory: Path | None = None) -> Parameters:
    """Read national.yaml and every region_*.yaml of a directory (the product's own where None).

    `UserError` names the file, the key and what to write instead: unknown or missing parameter, wrong
    unit, value out of bounds, a date written twice, a gap or an overlap between dates.
    """
    folder = directory or DIRECTORY
    national_path = folder / NATIONAL_FILE
    if not national_path.exists():
        raise UserError(
            f"{folder} 缺少 {NATIONAL_FILE}，请放入全国参数文件 / add {NATIONAL_FILE} to {folder}."
        )
    regions = [_read_region(path) for path in sorted(folder.glob("region_*.yaml"))]
    return Parameters(_read_region(national_path), regions)


def _read_region(path: Path) -> RegionParameters:
    raw, file = _parse(path), path.name
    is_national = file == NATIONAL_FILE
    _check_keys(file, "", set(raw), TOP_KEYS, TOP_KEYS - ({"district_code"} if is_national else set()))
    district = None if is_national else str(raw["district_code"])
    if not is_national and file != f"region_{district}.yaml":
        _refuse(
            file, "district_code", f"与文件名不符（{district}）", f"rename the file region_{district}.yaml"
        )
    start = raw["in_force_from"]
    if type(start) is not date:
        _refuse(file, "in_force_from", "应为 YYYY-MM-DD 日期", "write a date as YYYY-MM-DD")
    scope = Scope.NATIONAL if is_national else Scope.LOCAL
    declared = {name: item for name, item in DECLARED.items() if item.scope is scope}
    parameters = raw["parameters"] or {}
    required = {name for name, item in declared.items() if not item.optional}
    _check_keys(file, "parameters.", set(parameters), set(declared), required)
    written = [name for name in declared if name in parameters]
    read = {name: _read_parameter(file, declared[name], parameters[name], start) for name in written}
    texts = {key: str(raw[key]) for key in ("zh", "en", "confirmed_by")}
    return RegionParameters(file=file, district_code=district, in_force_from=start, parameters=read, **texts)


def _read_parameter(file: str, declared: Declared, raw: Any, start: date) -> Parameter:
    name = declared.name
    if not isinstance(raw, dict):
        _refuse(
            file, name, "应有 zh、en、unit、reference、values", "must have zh, en, unit, reference, values"
        )
    _check_keys(file, f"{name}.", set(raw), PARAMETER_KEYS, PARAMETER_KEYS)
    if raw["unit"] != declared.unit:
        _refuse(file, f"{name}.unit", f"单位应为 {declared.unit}", f"the unit must be {declared.unit}")
    by_side = raw["values"]
    if not isinstance(by_side, dict) or not by_side:
        _refuse(file, f"{name}.values", "应为 日期: 值", "must map dates to values")
    if not set(by_side) & SIDES:
        by_side = {BOTH: by_side}
    elif set(by_side) != SIDES:
        _refuse(file, f"{name}.values", "城乡分列时应同时有 urban 和 rural", "give both urban and rural")
    values = {
        side: _read_series(
            file, f"{name}.values{'' if side == BOTH else '.' + side}", declared, series, start
        )
        for side, series in by_side.items()
    }
    return Parameter(
        name=name,
        zh=str(raw["zh"]),
        en=str(raw["en"]),
        unit=declared.unit,
        reference=str(raw["reference"]),
        values=values,
    )


def _read_series(file: str, key: str, declared: Declared, raw: Any, start: date) -> tuple[Dated, ...]:
    if not isinstance(raw, dict) or not raw:
        _refuse(file, key, "应为 日期: 值", "must map dates to values")
    for on in raw:
        if type(on) is not date:
            _refuse(file, f"{key}.{on}", "应为 YYYY-MM-DD 日期", "write the date as YYYY-MM-DD")
    series = tuple(_read_dated(file, f"{key}.{on}", declared, on, raw[on]) for on in sorted(raw))
    if series[0].start > start:
        _refuse(
            file,
            key,
            f"自 {start} 至 {series[0].start} 无值（日期有空档），请补上",
            f"gap: no value between {start} and {series[0].start}, add one",
        )
    for earlier, later in pairwise(series):
        _check_neighbours(file, key, earlier, later)
    return series


def _check_neighbours(file: str, key: str, earlier: Dated, later: Dated) -> None:
    if earlier.until is None:
        return
    if earlier.until >= later.start:
        _refuse(
            file,
            f"{key}.{earlier.start}.until",
            f"与 {later.start} 的值日期重叠，请改为前一日",
            f"overlaps the value of {later.start}; end it the day before",
        )
    if earlier.until + timedelta(days=1) < later.start:
        _refuse(
            file,
            f"{key}.{earlier.start}.until",
            f"{earlier.until} 与 {later.start} 之间无值（日期有空档），请补上",
            f"gap: no value between {earlier.until} and {later.start}, add one",
        )


def _read_dated(file: str, key: str, declared: Declared, on: date, raw: Any) -> Dated:
    entry = raw if isinstance(raw, dict) else {"value": raw}
    _check_keys(file, f"{key}.", set(entry), DATED_KEYS, {"value"})
    until = entry.get("until")
    if until is not None and (type(until) is not date or until < on):
        _refuse(file, f"{key}.until", "应为不早于起始日的日期", "write a date not before the start")
    reference = entry.get("reference")
    return Dated(on, _read_value(file, key, declared, entry["value"]), until, reference and str(reference))


def _read_value(file: str, key: str, declared: Declared, raw: Any) -> Value:
    unit = declared.unit
    if unit is Unit.FLAG:
        if not isinstance(raw, bool):
            _refuse(file, key, "应为 true 或 false", "write true or false")
        return raw
    if unit is Unit.STREETS:
        if not isinstance(raw, list) or not all(re.fullmatch("[0-9]{9}", str(code)) for code in raw):
            _refuse(file, key, "应为 9 位街道代码的列表", "write a list of street codes of 9 digits")
        return tuple(sorted(str(code) for code in raw))
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        _refuse(file, key, f"应为数字（{unit}）", f"write a number ({unit})")
    value = Decimal(raw)
    maximum = Decimal(1) if unit in (Unit.SHARE, Unit.SHARE_YEAR) else declared.maximum
    if not declared.minimum <= value <= maximum:
        _refuse(
            file,
            key,
            f"{value} 超出 {declared.minimum} 至 {maximum}，请核对单位 {unit}",
            f"{value} is outside {declared.minimum} to {maximum}; check the unit {unit}",
        )
    if unit.is_whole and value != value.to_integral_value():
        _refuse(file, key, "应为整数", "write a whole number")
    if unit.is_money and value != value.quantize(Decimal("0.01")):
        _refuse(file, key, "金额最多两位小数", "money has at most two decimals")
    if declared.name == "income_window_months" and 12 % value:
        _refuse(
            file, key, "应整除12，年收入才不必由取整的月数还原", "write a divisor of 12: years stay exact"
        )
    return int(value) if unit.is_whole else value

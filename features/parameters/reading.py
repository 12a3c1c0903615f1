"""Parameter files read strictly: every fault of every file is told, with the key and the remedy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from features.errors import UserError
from features.parameters.checking import Refused, read_value
from features.parameters.consistent import check_consistent
from features.parameters.declared import DECLARED, Declared, Scope
from features.parameters.exact_yaml import parse
from features.parameters.faults import Fault, Faults
from features.parameters.values import BOTH, Dated, Parameter, Parameters, RegionParameters

DIRECTORY = Path(__file__).parent
NATIONAL_FILE = "national.yaml"
TOP_KEYS = {"district_code", "zh", "en", "confirmed_by", "in_force_from", "parameters"}
PARAMETER_KEYS = {"zh", "en", "unit", "reference", "values"}
DATED_KEYS = {"value", "until", "reference", "confirmed_by"}
SIDES = {"urban", "rural"}
#: First two digits of every district there is (GB/T 2260), and 99, never assigned, for practice.
PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]|99")
#: What is written where something has still to be found out.
NOTHING_SAID = {"", "none", "null", "无", "-", "/", "?", "？", "todo", "tbd", "待定", "待补", "不详"}


@dataclass
class Reading:
    """What one file said: `region` (None where its head cannot be used) holds what could be read.

    strays: national parameters that a region's file sets.
    """

    file: str
    region: RegionParameters | None
    faults: list[Fault] = field(default_factory=list)
    strays: dict[str, Parameter] = field(default_factory=dict)


def load(directory: Path | None = None) -> Parameters:
    """Read national.yaml and every region_*.yaml of a directory (the product's own where None).

    `UserError` lists every fault of every file, one a line, with the file, the key and what to write instead:
    unknown or missing parameter, wrong unit, value out of bounds, a date written twice or missing, a gap or
    an overlap between dates, values that contradict each other, no reference, nobody who confirmed.
    """
    folder = directory or DIRECTORY
    national_path = folder / NATIONAL_FILE
    if not national_path.exists():
        raise UserError(
            f"{folder} 缺少 {NATIONAL_FILE}，请放入全国参数文件 / add {NATIONAL_FILE} to {folder}."
        )
    paths = [national_path, *sorted(folder.glob("region_*.yaml"))]
    national, *regions = usable([_named(read_file(path), path) for path in paths])
    return Parameters(national, regions)


def usable(readings: Iterable[Reading]) -> list[RegionParameters]:
    """The regions read; `UserError` lists all faults where there is one."""
    faults = [fault for reading in readings for fault in (*reading.faults, *stray_faults(reading))]
    if faults:
        raise UserError("\n".join(map(str, faults)))
    return [reading.region for reading in readings if reading.region is not None]


def stray_faults(reading: Reading) -> list[Fault]:
    """A region's file may not set what holds for the country."""
    zh = "全国统一的参数，地方文件不能另定，请删去"
    en = "national, a region's file cannot set it: remove it"
    return [Fault(reading.file, f"parameters.{name}", zh, en) for name in reading.strays]


def _named(reading: Reading, path: Path) -> Reading:
    """In a folder that is loaded whole a file is named after its district, so that none is there twice."""
    code = reading.region.district_code if reading.region else None
    right = NATIONAL_FILE if code is None else f"region_{code}.yaml"
    if reading.region and path.name != right:
        reading.faults.append(
            Fault(path.name, "district_code", f"与文件名不符（{code}）", f"rename the file {right}")
        )
    return reading


def read_file(path: Path) -> Reading:
    """Read one file of any name: a region's, or the country's, which has no district_code."""
    faults = Faults(path.name)
    try:
        raw, repeated = parse(path)
    except ValueError as problem:
        faults.add("(文件 file)", f"无法读取：{problem}", "cannot be read; mend that line")
        return Reading(path.name, None, faults.found)
    for line, key in repeated:
        faults.add(key, f"第 {line} 行：同一键写了两次", f"line {line}: written twice, keep one")
    if not isinstance(raw, dict):
        faults.add("(文件 file)", "应为键值映射", "must be a mapping of keys to values")
        return Reading(path.name, None, faults.found)
    return _read_region(raw, faults, _scope(path, raw))


def _scope(path: Path, raw: dict[Any, Any]) -> Scope:
    """The country's by its name or, of a proposal under another name, by what it speaks of."""
    written = raw.get("parameters")
    named = (
        {DECLARED[name].scope for name in written if name in DECLARED} if isinstance(written, dict) else {}
    )
    is_national = "district_code" not in raw and set(named) == {Scope.NATIONAL}
    return Scope.NATIONAL if is_national or path.name == NATIONAL_FILE else Scope.LOCAL


def _read_region(raw: dict[Any, Any], faults: Faults, scope: Scope) -> Reading:
    is_national = scope is Scope.NATIONAL
    faults.check_keys("", raw, TOP_KEYS, TOP_KEYS - ({"district_code"} if is_national else set()))
    texts = {key: _text(faults, key, raw.get(key), key in raw) for key in ("zh", "en", "confirmed_by")}
    district = None if is_national else _district(faults, raw)
    start = raw.get("in_force_from")
    if type(start) is not date:
        if "in_force_from" in raw:
            faults.add("in_force_from", "应为 YYYY-MM-DD 日期", "write a date as YYYY-MM-DD")
        start = date.min
    written = raw.get("parameters")
    if not isinstance(written, dict):
        if "parameters" in raw:
            faults.add("parameters", "应为 参数名: 内容", "must map names of parameters to what they say")
        return Reading(faults.file, None, faults.found)
    own = {name for name, declared in DECLARED.items() if declared.scope is scope}
    required = {name for name in own if not DECLARED[name].optional}
    strays = set() if is_national else {name for name in written if name in DECLARED} - own
    faults.check_keys("parameters.", written, own | strays, required)
    read = {
        name: parameter
        for name in DECLARED
        if name in written and name in own | strays
        if (parameter := _read_parameter(faults, DECLARED[name], written[name], start)) is not None
    }
    region = RegionParameters(
        file=faults.file,
        district_code=district,
        in_force_from=start,
        parameters={name: parameter for name, parameter in read.items() if name in own},
        **texts,
    )
    check_consistent(region, faults)
    there = {name: parameter for name, parameter in read.items() if name in strays}
    return Reading(faults.file, region, faults.found, there)


def _district(faults: Faults, raw: dict[Any, Any]) -> str | None:
    if "district_code" not in raw:
        return None
    code = str(raw["district_code"])
    if not re.fullmatch("[0-9]{6}", code):
        faults.add(
            "district_code", f"{code} 应为加引号的 6 位区划代码", f"{code}: write 6 digits between quotes"
        )
    elif not PROVINCES.match(code):
        faults.add(
            "district_code",
            f"没有以 {code[:2]} 开头的区划，请核对代码",
            f"unknown district: no province has the code {code[:2]}; check it",
        )
    return code


def _text(faults: Faults, key: str, raw: Any, there: bool) -> str:
    """A sentence that says something; `there`: a missing key is told of elsewhere."""
    text = "" if raw is None else str(raw).strip()
    if there and text.lower() in NOTHING_SAID:
        if key.endswith("confirmed_by"):
            faults.add(key, "未写明由谁确认，请写单位", "nobody is named who confirmed: name the office")
        elif key.endswith("reference"):
            faults.add(
                key, "未写明依据，请写条款或文号", "nothing is cited: name the article or the document"
            )
        else:
            faults.add(key, "为空，请写明含义", "empty: say what it means")
    return text


def _read_parameter(faults: Faults, declared: Declared, raw: Any, start: date) -> Parameter | None:
    name = declared.name
    if not isinstance(raw, dict):
        faults.add(
            name, "应有 zh、en、unit、reference、values", "must have zh, en, unit, reference and values"
        )
        return None
    faults.check_keys(f"{name}.", raw, PARAMETER_KEYS, PARAMETER_KEYS)
    texts = {
        key: _text(faults, f"{name}.{key}", raw.get(key), key in raw) for key in ("zh", "en", "reference")
    }
    if "unit" in raw and raw["unit"] != declared.unit:
        faults.add(
            f"{name}.unit",
            f"单位应为 {declared.unit}，不是 {raw['unit']}；请核对数值是否也按此单位",
            f"the unit must be {declared.unit}, not {raw['unit']}; check that the values are too",
        )
    if "values" not in raw:
        return None
    values = _read_sides(faults, declared, raw["values"], start)
    return Parameter(name=name, unit=declared.unit, values=values, **texts) if values else None


def _read_sides(
    faults: Faults, declared: Declared, raw: Any, start: date
) -> dict[str, tuple[Dated, ...]] | None:
    key = f"{declared.name}.values"
    by_side = raw if isinstance(raw, dict) and set(raw) & SIDES else {BOTH: raw}
    if BOTH not in by_side and set(by_side) != SIDES:
        missing, more = sorted(SIDES - set(by_side)), sorted(map(str, set(by_side) - SIDES))
        faults.add(
            key,
            f"城乡分列时应同时有 urban 和 rural，且只有这两项（缺 {missing}，多 {more}）",
            f"give both urban and rural and nothing else (missing {missing}, too many {more})",
        )
        return None
    read = {
        side: _read_series(faults, key if side == BOTH else f"{key}.{side}", declared, series, start)
        for side, series in by_side.items()
    }
    return {side: series for side, series in read.items() if series} if all(read.values()) else None


def _read_series(
    faults: Faults, key: str, declared: Declared, raw: Any, start: date
) -> tuple[Dated, ...] | None:
    if not isinstance(raw, dict) or not raw:
        faults.add(key, "缺少生效日期，应为 YYYY-MM-DD: 值", "a date is missing: write YYYY-MM-DD: value")
        return None
    days = sorted(on for on in raw if type(on) is date)
    for on in raw:
        if type(on) is not date:
            faults.add(f"{key}.{on}", "应为 YYYY-MM-DD 日期", "write the date as YYYY-MM-DD")
    read = [_read_dated(faults, f"{key}.{on}", declared, on, raw[on]) for on in days]
    if not read or len(read) < len(raw):
        return None
    if days[0] > start:
        faults.add(
            key,
            f"自 {start} 至 {days[0]} 无值（日期有空档），请补上",
            f"gap: no value between {start} and {days[0]}, add one",
        )
    series = tuple(dated for dated in read if dated is not None)
    for earlier, later in pairwise(series):
        _check_neighbours(faults, key, earlier, later)
    return series if len(series) == len(read) else None


def _check_neighbours(faults: Faults, key: str, earlier: Dated, later: Dated) -> None:
    if earlier.until is None:
        return
    if earlier.until >= later.start:
        faults.add(
            f"{key}.{earlier.start}.until",
            f"与 {later.start} 的值日期重叠，请改为前一日",
            f"overlaps the value of {later.start}; end it the day before",
        )
    if earlier.until + timedelta(days=1) < later.start:
        faults.add(
            f"{key}.{earlier.start}.until",
            f"{earlier.until} 与 {later.start} 之间无值（日期有空档），请补上",
            f"gap: no value between {earlier.until} and {later.start}, add one",
        )


def _read_dated(faults: Faults, key: str, declared: Declared, on: date, raw: Any) -> Dated | None:
    entry = raw if isinstance(raw, dict) else {"value": raw}
    faults.check_keys(f"{key}.", entry, DATED_KEYS, {"value"})
    until = entry.get("until")
    if until is not None and (type(until) is not date or until < on):
        faults.add(f"{key}.until", "应为不早于起始日的日期", "write a date not before the start")
        until = None
    own = {
        name: _text(faults, f"{key}.{name}", entry[name], True) if name in entry else None
        for name in ("reference", "confirmed_by")
    }
    if "value" not in entry:
        return None
    try:
        value = read_value(declared, entry["value"])
    except Refused as refused:
        faults.add(key, refused.zh, refused.en)
        return None
    return Dated(on, value, until, **own)

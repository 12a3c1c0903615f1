"""Situations that policy staff write: a household, a date, a region, and what the law should say.

A file is a YAML list. `name` is a sentence; `members` name people by any word, and records speak of them
by `who`; a monthly record may say `from_month` and `to_month`. `expect` holds columns of the judgement, and
under `rules` and `statuses` the verdict of each: true, false, unknown or unanswered. All situations of one
universe are households of one city: the latest month in a source's records is the latest that department
delivered. See `tests/spec/situations/`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import yaml

from features.engines import memory_warehouse
from features.errors import UserError
from features.identity.pseudonym import household_id, person_id
from features.known import known
from features.parameters import Parameters, in_force, schema
from features.parameters.declared import DECLARED, Scope, Unit
from features.parameters.values import BOTH, Dated, RegionParameters
from features.plan import Plan, day
from features.rules.core import Universe
from features.rules.facts.assemble import READS
from features.rules.facts.rows import Tables
from features.rules.judgement import describe, rules_of
from features.rules.situation_keys import check_situation
from features.sources import SOURCES
from features.sources.core import Kind

KEY = "situations"


@dataclass(frozen=True)
class Situation:
    """One household on a date. `silent`: sources that did not answer. `parameters`: values to replace."""

    name: str
    as_of: date
    region: str
    members: tuple[dict[str, Any], ...]
    expect: dict[str, Any]
    urban_rural: str = "urban"
    universe: Universe = Universe.ON_FILE
    category: str | None = "dibao"
    in_programme: bool = True
    authorised: bool = True
    household: dict[str, Any] = field(default_factory=dict)
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    parameters: tuple[tuple[str, Any], ...] = ()


class _Loader(yaml.SafeLoader):
    """Leaves a day that no calendar has as text, so that the key it stands under can be named."""


def _day_or_text(loader: _Loader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day_or_text)


def load_situations(file: Path) -> list[Situation]:
    """Read a YAML file of situations. `UserError` names the file, the situation and the key to mend."""
    if not file.is_file():
        raise UserError(f"没有情景文件 {file} / no such file of situations; give a .yaml file.")
    try:
        listed = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError) as problem:
        reason = " ".join(str(problem).split())
        raise UserError(f"{file.name}: 无法读取：{reason} / cannot be read; mend that line.") from None
    if not isinstance(listed, list) or not listed:
        raise UserError(f"{file.name}: 应为情景列表 / must be a list of situations, each with a name.")
    _check_all(file.name, listed)
    return [_situation(raw) for raw in listed]


def _check_all(file: str, listed: list[Any]) -> None:
    """`UserError` tells the first fault of every situation at once."""
    faults = []
    for raw in listed:
        try:
            check_situation(file, raw)
        except UserError as fault:
            faults.append(str(fault))
    if faults:
        raise UserError("\n".join(faults))


def _situation(raw: Any) -> Situation:
    values = {key: raw[key] for key in raw if key not in ("region", "members", "silent", "parameters")}
    if "universe" in values:
        values["universe"] = Universe(values["universe"])
        values = {"category": None, "in_programme": False, "authorised": False} | values
    return Situation(
        region=str(raw["region"]),
        members=tuple(raw["members"]),
        silent=tuple(raw.get("silent", ())),
        parameters=tuple(sorted((name, _fixed(value)) for name, value in raw.get("parameters", {}).items())),
        **values,
    )


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


#: Everything in a situation is known: it arrived before any date a situation can have.
LONG_AGO = date(1990, 1, 1)


@dataclass(frozen=True)
class Judged:
    """A city of situations after the judge ran: what it kept, from which tables, by which values."""

    plan: Plan
    tables: Tables
    universe: Universe
    parameters: Parameters
    as_of: date


#: household_id -> what is told of it.
Told = Callable[[Judged], Mapping[str, Any]]


def run_situations(
    situations: Iterable[Situation], parameters: Parameters, told: Told | None = None
) -> list[Any]:
    """What the rules say of each: judgement columns, and `rules` (code -> true|unknown|unanswered|false).

    All are households of one city; it is judged once for each date and set of replaced national values. One
    that replaces local values lies in a district of its own. `told` reads something else from the
    judged city.
    """
    listed = dict(enumerate(situations))
    answers: dict[int, Any] = {}
    for universe in Universe:
        chosen = {index: one for index, one in listed.items() if one.universe is universe}
        if chosen:
            answers |= _judge_universe(chosen, universe, parameters, told or _answers)
    return [answers[index] for index in listed]


def _judge_universe(
    situations: Mapping[int, Situation], universe: Universe, parameters: Parameters, told: Told
) -> dict[int, Any]:
    parameters, districts = _with_own_districts(situations, parameters)
    records = _warehouse_rows(situations, districts)
    warehouse = memory_warehouse(records, key=KEY, received_on=LONG_AGO)
    plan = Plan(warehouse.connection, universe.value)
    as_of = day("as_of")
    tables = {name: known(warehouse.table(name), SOURCES[name], as_of) for name in READS[universe]}
    tables["members"] = warehouse.connection.create_table("members", _members(situations))
    profile = warehouse.connection.create_table("profile", _profile(situations, universe, districts))
    judged = describe(profile, tables, as_of, plan.given("values", schema()), universe, plan.keep)
    plan.keep("judgements", judged.judgements)
    groups: dict[Any, list[int]] = {}
    for index, one in situations.items():
        groups.setdefault((one.as_of, _replaced_nationally(one)), []).append(index)
    answers: dict[int, Any] = {}
    for (on, replaced), indexes in groups.items():
        held = with_national(parameters, dict(replaced))
        plan.run({"as_of": on}, {"values": in_force(held, on).to_pyarrow()})
        rows = told(Judged(plan, tables, universe, held, on))
        answers |= {index: rows[household_id(str(index), KEY)] for index in indexes}
    return answers


def _replaced_nationally(one: Situation) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in one.parameters if DECLARED[name].scope is Scope.NATIONAL)


def _with_own_districts(
    situations: Mapping[int, Situation], parameters: Parameters
) -> tuple[Parameters, dict[int, str]]:
    """Parameters of those districts too, and the district code of each situation."""
    districts = {index: one.region for index, one in situations.items()}
    own = []
    for index, one in situations.items():
        region = parameters.regions.get(one.region)
        if region and len(one.parameters) > len(_replaced_nationally(one)):
            districts[index] = _own_district(index)
            replaced = _replaced(region, dict(one.parameters))
            own.append(replace(replaced, district_code=districts[index]))
    return Parameters(parameters.national, [*parameters.regions.values(), *own]), districts


def _own_district(index: int) -> str:
    """A code of six characters that no district has."""
    return f"S{index:05d}"


def _answers(judged: Judged) -> dict[str, dict[str, Any]]:
    plan, universe = judged.plan, judged.universe
    verdicts = plan.table("law_verdicts")
    codes = {rule.code: verdicts[f"{rule.code}__verdict"] for rule in rules_of(universe)}
    rows = {row["household_id"]: row for row in _rows(plan, plan.table("judgements"))}
    for row in _rows(plan, verdicts.select("household_id", **codes)):
        rows[row["household_id"]]["rules"] = {code: row[code] for code in codes}
    return rows


def _rows(plan: Plan, table: ibis.Table) -> list[dict[str, Any]]:
    return plan.connection.to_pyarrow(table).to_pylist()


def with_national(parameters: Parameters, values: Mapping[str, Any]) -> Parameters:
    """The same parameters with some national values replaced at all dates."""
    return Parameters(_replaced(parameters.national, values), parameters.regions.values())


def _replaced(region: RegionParameters, values: Mapping[str, Any]) -> RegionParameters:
    changed = dict(region.parameters)
    for name in set(values) & set(changed):
        changed[name] = replace(changed[name], values={BOTH: (Dated(date.min, _exact(name, values[name])),)})
    return replace(region, parameters=changed)


def _exact(name: str, value: Any) -> Any:
    """A value as a situation writes it, as the rules take it."""
    unit = DECLARED[name].unit
    if unit.is_listed:
        return tuple(value)
    return value if unit is Unit.CHOICE or isinstance(value, bool | int) else Decimal(str(value))


def _profile(
    situations: Mapping[int, Situation], universe: Universe, districts: Mapping[int, str]
) -> ibis.Table:
    rows = []
    for index, situation in situations.items():
        row = {
            "household_id": household_id(str(index), KEY),
            "number": str(index),
            "district_code": districts[index],
            "urban_rural": situation.urban_rural,
            "category": situation.category,
            "in_programme": situation.in_programme,
            "authorised": situation.authorised,
        }
        for source in READS[universe]:
            row[f"{source}_state"] = "not_returned" if source in situation.silent else "nothing_found"
        rows.append(row)
    return ibis.memtable(pa.Table.from_pylist(rows, _profile_schema(rows[0])))


def _profile_schema(row: Mapping[str, Any]) -> pa.Schema:
    flags = ("in_programme", "authorised")
    return pa.schema([(name, pa.bool_() if name in flags else pa.string()) for name in row])


def _members(situations: Mapping[int, Situation]) -> ibis.Table:
    rows = [
        {
            "household_id": household_id(str(index), KEY),
            "person_id": person_id(_id_no(index, member["who"]), KEY),
            "born_on": member.get("born_on"),
            "joined_on": member.get("joined_on"),
        }
        for index, situation in situations.items()
        for member in situation.members
    ]
    kinds = [("household_id", pa.string()), ("person_id", pa.string())]
    kinds += [("born_on", pa.date32()), ("joined_on", pa.date32())]
    return ibis.memtable(pa.Table.from_pylist(rows, pa.schema(kinds)))


def _id_no(index: int, who: Any) -> str:
    return f"{index}-{who}"


def _warehouse_rows(
    situations: Mapping[int, Situation], districts: Mapping[int, str]
) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for index, situation in situations.items():
        register = {"household_no": str(index), "category": situation.category, **situation.household}
        rows.setdefault("household_register", []).append(register)
        for source, records in situation.records.items():
            for record in records:
                at_home = _resident(record, situation.region, districts[index])
                rows.setdefault(source, []).extend(_record(source, index, at_home))
    return rows


def _resident(record: Mapping[str, Any], region: str, district: str) -> Mapping[str, Any]:
    """Who lives in the region of the situation lives in its district, where that is one of its own."""
    home = str(record.get("residence_region_code"))
    return {**record, "residence_region_code": district + home[6:]} if home.startswith(region) else record


def _record(source: str, index: int, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    columns = SOURCES[source].columns
    identities = [column.name for column in columns if column.kind is Kind.ID_NO]
    row = dict(record)
    if "who" in row:
        row[identities[0]] = row.pop("who")
    for name in identities:
        if row.get(name) is not None:
            row[name] = _id_no(index, row[name])
    for name in {"household_no", "hukou_household_no"} & {column.name for column in columns}:
        row[name] = str(index)
    if any(column.name == "uscc" for column in columns):
        row["uscc"] = f"{index}-{row.get('uscc')}"
    first, last = row.pop("from_month", None), row.pop("to_month", None)
    if first is None:
        return [row]
    return [{**row, "month": month} for month in _months(str(first), str(last))]


def _months(first: str, last: str) -> list[date]:
    start, end = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, end + 1)]


def differences(situation: Situation, answer: Mapping[str, Any]) -> list[str]:
    """Each expectation that the answer does not meet: `key: expected, got`."""
    found: list[str] = []
    for key, expected in situation.expect.items():
        if key == "rules":
            for code, verdict in expected.items():
                _compare(found, code, str(verdict).lower(), answer["rules"].get(code, "no such rule"))
        elif key == "statuses":
            for code, verdict in expected.items():
                _compare(found, code, str(verdict).lower(), answer.get(f"status_{code}", "no such status"))
        elif key not in answer:
            found.append(f"{key}: no such result")
        elif isinstance(answer[key], Decimal) and expected is not None:
            _compare(found, key, Decimal(str(expected)), answer[key])
        else:
            _compare(found, key, expected, answer[key])
    return found


def _compare(found: list[str], key: str, expected: Any, got: Any) -> None:
    if expected != got:
        found.append(f"{key}: expected {expected}, got {got}")

"""Situations that policy staff write: a household, a date, a region, and what the law should say.

A file is a YAML list. `name` is a sentence; `members` name people by any word, and records speak of them
by `who`; a monthly record may say `from_month` and `to_month`. All situations of one universe are households
of one city: the latest month in a source's records is the latest that department delivered. See
`tests/spec/situations/`.
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
from features.parameters.values import BOTH, Dated, RegionParameters
from features.plan import Plan, day
from features.rules.core import Universe
from features.rules.facts.assemble import READS
from features.rules.facts.rows import Tables
from features.rules.judgement import describe, rules_of
from features.sources import SOURCES
from features.sources.core import Kind

KEY = "situations"
KEYS = {
    "name", "as_of", "region", "urban_rural", "universe", "category", "in_programme", "authorised",
    "household", "members", "records", "silent", "parameters", "expect",
}  # fmt: skip


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


def load_situations(file: Path) -> list[Situation]:
    """Read a YAML file of situations. `UserError` names the file, the situation and the key to mend."""
    if not file.is_file():
        raise UserError(f"没有情景文件 {file} / no such file of situations; give a .yaml file.")
    try:
        listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as problem:
        reason = " ".join(str(problem).split())
        raise UserError(f"{file.name}: 无法读取：{reason} / cannot be read; mend that line.") from None
    if not isinstance(listed, list) or not listed:
        raise UserError(f"{file.name}: 应为情景列表 / must be a list of situations, each with a name.")
    return [_situation(file, raw) for raw in listed]


def _situation(file: Path, raw: Any) -> Situation:
    name = raw.get("name") if isinstance(raw, dict) else None
    if not name:
        raise UserError(f"{file.name}: 情景缺少 name / a situation has no name; write a sentence.")
    unknown = sorted(set(raw) - KEYS)
    absent = sorted({"as_of", "region", "members", "expect"} - set(raw))
    if unknown or absent:
        raise UserError(
            f"{file.name}: {name}: 不认识的键 {unknown}，缺少的键 {absent}"
            f" / unknown keys {unknown}, missing keys {absent}; mend them."
        )
    for source in [*raw.get("records", {}), *raw.get("silent", [])]:
        if source not in SOURCES:
            raise UserError(
                f"{file.name}: {name}: 没有表 {source} / no table {source}; see features/sources."
            )
    values = {key: raw[key] for key in raw if key not in ("region", "members", "silent", "parameters")}
    if "universe" in values:
        values["universe"] = Universe(values["universe"])
        values = {"category": None, "in_programme": False, "authorised": False} | values
    return Situation(
        region=str(raw["region"]),
        members=tuple(raw["members"]),
        silent=tuple(raw.get("silent", ())),
        parameters=tuple(sorted(raw.get("parameters", {}).items())),
        **values,
    )


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

    All are households of one city; it is judged once for each date and set of replaced values. `told` reads
    something else from the judged city.
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
    warehouse = memory_warehouse(_warehouse_rows(situations), key=KEY, received_on=LONG_AGO)
    plan = Plan(warehouse.connection, universe.value)
    as_of = day("as_of")
    tables = {name: known(warehouse.table(name), SOURCES[name], as_of) for name in READS[universe]}
    tables["members"] = warehouse.connection.create_table("members", _members(situations))
    profile = warehouse.connection.create_table("profile", _profile(situations, universe))
    judged = describe(profile, tables, as_of, plan.given("values", schema()), universe, plan.keep)
    plan.keep("judgements", judged.judgements)
    groups: dict[Any, list[int]] = {}
    for index, one in situations.items():
        region = one.region if one.parameters else ""
        groups.setdefault((one.as_of, region, one.parameters), []).append(index)
    answers: dict[int, Any] = {}
    for (on, region, replaced), indexes in groups.items():
        held = with_values(parameters, region, dict(replaced))
        plan.run({"as_of": on}, {"values": in_force(held, on).to_pyarrow()})
        rows = told(Judged(plan, tables, universe, held, on))
        answers |= {index: rows[household_id(str(index), KEY)] for index in indexes}
    return answers


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


def with_values(parameters: Parameters, district: str, values: Mapping[str, Any]) -> Parameters:
    """The same parameters with some values replaced at all dates, nationally or in one district."""
    if not values:
        return parameters
    regions = [_replaced(region, values) for code, region in parameters.regions.items() if code == district]
    others = [region for code, region in parameters.regions.items() if code != district]
    return Parameters(_replaced(parameters.national, values), [*regions, *others])


def _replaced(region: RegionParameters, values: Mapping[str, Any]) -> RegionParameters:
    changed = dict(region.parameters)
    for name in set(values) & set(changed):
        exact = values[name] if isinstance(values[name], bool | int) else Decimal(str(values[name]))
        changed[name] = replace(changed[name], values={BOTH: (Dated(date.min, exact),)})
    return replace(region, parameters=changed)


def _profile(situations: Mapping[int, Situation], universe: Universe) -> ibis.Table:
    rows = []
    for index, situation in situations.items():
        row = {
            "household_id": household_id(str(index), KEY),
            "number": str(index),
            "district_code": situation.region,
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


def _warehouse_rows(situations: Mapping[int, Situation]) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for index, situation in situations.items():
        register = {"household_no": str(index), "category": situation.category, **situation.household}
        rows.setdefault("household_register", []).append(register)
        for source, records in situation.records.items():
            for record in records:
                rows.setdefault(source, []).extend(_record(source, index, record))
    return rows


def _record(source: str, index: int, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    columns = SOURCES[source].columns
    identities = [column.name for column in columns if column.kind is Kind.ID_NO]
    row = dict(record)
    if "who" in row:
        row[identities[0]] = row.pop("who")
    for name in identities:
        if row.get(name) is not None:
            row[name] = _id_no(index, row[name])
    if "hukou_household_no" in {column.name for column in columns}:
        row["hukou_household_no"] = str(index)
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

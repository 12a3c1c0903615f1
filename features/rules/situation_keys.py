"""What a file of situations may say: every key and word checked, and the nearest right one named."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, NoReturn

from features.errors import UserError
from features.parameters.declared import DECLARED
from features.rules.core import Universe
from features.rules.judgement import result_names, rules_of, statuses_of
from features.sources import SOURCES
from features.sources.core import Column, Kind

KEYS = {
    "name", "as_of", "region", "urban_rural", "universe", "category", "in_programme", "authorised",
    "household", "members", "records", "silent", "parameters", "expect",
}  # fmt: skip
REQUIRED = {"as_of", "region", "members", "expect"}
MEMBER_KEYS = {"who", "born_on", "joined_on"}
VERDICTS = ("true", "false", "unknown", "unanswered")
WORDS = {
    "universe": tuple(universe.value for universe in Universe),
    "urban_rural": ("urban", "rural"),
    "category": tuple(SOURCES["household_register"].column("category").domain or ()),
}
FLAGS = ("in_programme", "authorised")


def check_situation(file: str, raw: Any) -> None:
    """`UserError` names the file, the situation, the key or word, and what to write instead."""
    name = raw.get("name") if isinstance(raw, dict) else None
    if not name:
        raise UserError(f"{file}: 情景缺少 name / a situation has no name; write a sentence.")
    at = f"{file}: {name}"
    _check_keys(at, "", raw, KEYS)
    for key in sorted(REQUIRED - set(raw)):
        _refuse(at, key, "缺少，请补上", "is missing; add it")
    if type(raw["as_of"]) is not date:
        _refuse(at, "as_of", "应为日期，如 2025-12-31", "must be a date such as 2025-12-31")
    for key, words in WORDS.items():
        if raw.get(key) is not None:
            _check_word(at, key, raw[key], words)
    for key in FLAGS:
        if not isinstance(raw.get(key, True), bool):
            _refuse(at, key, "应为 true 或 false", "must be true or false")
    _check_members(at, raw["members"])
    _check_row(at, "household.", "household_register", _mapping(at, "household", raw.get("household", {})))
    for source, rows in _mapping(at, "records", raw.get("records", {})).items():
        _check_word(at, "records", source, SOURCES)
        for row in _list(at, f"records.{source}", rows):
            _check_row(at, f"records.{source}.", source, row, _record_keys(source))
    for source in _list(at, "silent", raw.get("silent", [])):
        _check_word(at, "silent", source, SOURCES)
    _check_keys(at, "parameters.", _mapping(at, "parameters", raw.get("parameters", {})), DECLARED)
    _check_expected(at, raw["expect"], Universe(raw.get("universe", Universe.ON_FILE)))


def _record_keys(source: str) -> set[str]:
    """Keys that stand for columns: the person, and a row for each month."""
    kinds = {column.kind for column in SOURCES[source].columns}
    months = {"from_month", "to_month"} if Kind.MONTH in kinds else set()
    return months | ({"who"} if Kind.ID_NO in kinds else set())


def _check_members(at: str, members: Any) -> None:
    for member in _list(at, "members", members):
        member = _mapping(at, "members", member)
        _check_keys(at, "members.", member, MEMBER_KEYS)
        if "who" not in member:
            _refuse(at, "members.who", "缺少，请给成员起个称呼", "is missing; give the member any word")
        for key in ("born_on", "joined_on"):
            if type(member.get(key, date.min)) is not date:
                _refuse(at, f"members.{key}", "应为日期，如 1970-02-01", "must be a date such as 1970-02-01")


def _check_expected(at: str, expect: Any, universe: Universe) -> None:
    listed = {
        "rules": [rule.code for rule in rules_of(universe)],
        "statuses": [status.code for status in statuses_of(universe)],
    }
    expect = _mapping(at, "expect", expect)
    _check_keys(at, "expect.", expect, {*listed, *result_names(universe)})
    for key, codes in listed.items():
        told = _mapping(at, f"expect.{key}", expect.get(key, {}))
        _check_keys(at, f"expect.{key}.", told, codes)
        for code, verdict in told.items():
            _check_word(at, f"expect.{key}.{code}", str(verdict).lower(), VERDICTS)


def _check_row(at: str, where: str, source: str, row: Any, more: Iterable[str] = ()) -> None:
    row = _mapping(at, where.rstrip("."), row)
    columns = {column.name: column for column in SOURCES[source].columns}
    _check_keys(at, where, row, {*columns, *more, "received_on"})
    for key, value in row.items():
        if key in columns and value is not None:
            _check_value(at, where + key, columns[key], value)
    if ("from_month" in row) != ("to_month" in row):
        _refuse(at, where + "from_month", "须与 to_month 同时写", "and to_month go together")


def _check_value(at: str, key: str, column: Column, value: Any) -> None:
    if column.kind is Kind.CODE:
        _check_word(at, key, value, column.domain or ())
    if column.kind in (Kind.DATE, Kind.MONTH) and type(value) is not date:
        _refuse(at, key, "应为日期，如 2025-06-01", "must be a date such as 2025-06-01")
    if column.kind in (Kind.YUAN, Kind.NUMBER, Kind.INTEGER) and not _is_number(value):
        _refuse(at, key, "应为数字", "must be a number")


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _mapping(at: str, key: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _refuse(at, key, "应为“键: 值”", "must map keys to values")
    return value


def _list(at: str, key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        _refuse(at, key, "应为列表", "must be a list")
    return value


def _check_keys(at: str, where: str, found: Iterable[Any], allowed: Iterable[str]) -> None:
    for key in found:
        if key not in allowed:
            _refuse(at, f"{where}{key}", *_nearest("不认识的键", "unknown key", key, allowed))


def _check_word(at: str, key: str, word: Any, allowed: Iterable[str]) -> None:
    if word not in allowed:
        _refuse(at, f"{key}: {word}", *_nearest("不认识", "unknown word", word, allowed))


def _nearest(zh: str, en: str, word: Any, allowed: Iterable[str]) -> tuple[str, str]:
    near = get_close_matches(str(word), list(allowed), n=1)
    if near:
        return f"{zh}，是否为 {near[0]}？", f"{en}; did you mean {near[0]}?"
    known = ", ".join(sorted(allowed))
    return f"{zh}，可用：{known}", f"{en}; use one of them"


def _refuse(at: str, key: str, zh: str, en: str) -> NoReturn:
    raise UserError(f"{at}: {key}: {zh} / {en}")

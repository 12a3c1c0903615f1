"""YAML read strictly: a typing error is refused with the file, the key and the remedy."""

from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import yaml

from features.errors import UserError


def refuse(file: str, key: str, zh: str, en: str) -> NoReturn:
    """`UserError` with the file, the key and what to write instead."""
    raise UserError(f"{file}: {key}: {zh} / {en}")


class _Loader(yaml.SafeLoader):
    """Reads decimals exactly and refuses a key written twice, which YAML itself would let pass."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            line = key_node.start_mark.line + 1
            raise yaml.constructor.ConstructorError(None, None, f"line {line}: {key} 重复 / is written twice")
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(str(node.value)))


def parse(path: Path) -> dict[Any, Any]:
    """A YAML file as a mapping, its decimals exact; `UserError` where it is none."""
    try:
        parsed = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError, ArithmeticError) as problem:
        reason = " ".join(str(problem).split())
        raise UserError(f"{path.name}: 无法读取：{reason} / cannot be read; mend that line.") from None
    if not isinstance(parsed, dict):
        refuse(path.name, "(top)", "应为键值映射", "must be a mapping of keys to values")
    return parsed


def check_keys(file: str, where: str, found: set[Any], allowed: set[str], required: set[str]) -> None:
    """`UserError` names a key that is unknown, or one that is missing."""
    for key in sorted(found - allowed, key=str):
        near = get_close_matches(str(key), allowed, n=1)
        hint = f"是否为 {near[0]}？ / did you mean {near[0]}?" if near else f"可用 / use: {sorted(allowed)}"
        refuse(file, f"{where}{key}", "不认识的键", f"unknown key; {hint}")
    for key in sorted(required - found):
        refuse(file, f"{where}{key}", "缺少，请补上", "missing, add it")

"""The values in force on a date as a small table, one row a district and side, to join households with."""

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from features.parameters.declared import DECLARED, Declared, Unit
from features.parameters.values import Parameters, Value

MONEY = pa.decimal128(18, 2)
FRACTION = pa.decimal128(12, 6)


def schema() -> ibis.Schema:
    """Columns of `in_force`: district_code, urban_rural, then every declared parameter by name.

    Money is DECIMAL(18,2) yuan, factors and shares DECIMAL(12,6), counts int64, flags boolean, choices
    a code, streets and lists codes. Of an optional parameter that no file gives, null.
    """
    kinds = {declared.name: _kind(declared) for declared in DECLARED.values()}
    text = {"district_code": pa.string(), "urban_rural": pa.string()}
    return ibis.Schema.from_pyarrow(pa.schema(text | kinds))


def in_force(parameters: Parameters, on: date) -> ibis.Table:
    """One row a district and side, with the columns of `schema`.

    `UserError` names the district and parameter that has no value on that date.
    """
    sides = [(district, side) for district in parameters.districts for side in ("urban", "rural")]
    columns: dict[str, Any] = {
        "district_code": [district for district, _ in sides],
        "urban_rural": [side for _, side in sides],
    }
    for declared in DECLARED.values():
        columns[declared.name] = [
            _exact(declared, parameters.value(declared.name, district, side, on))
            if parameters.says(declared.name, district)
            else None
            for district, side in sides
        ]
    return ibis.memtable(pa.table(columns, schema=schema().to_pyarrow()))


def _kind(declared: Declared) -> pa.DataType:
    if declared.unit is Unit.FLAG:
        return pa.bool_()
    if declared.unit.is_listed:
        return pa.list_(pa.string())
    if declared.unit is Unit.CHOICE:
        return pa.string()
    if declared.unit.is_whole:
        return pa.int64()
    return MONEY if declared.unit.is_money else FRACTION


def _exact(declared: Declared, value: Value) -> Value:
    kind = _kind(declared)
    if isinstance(value, tuple):
        return value
    return Decimal(value).quantize(Decimal(1).scaleb(-kind.scale)) if pa.types.is_decimal(kind) else value

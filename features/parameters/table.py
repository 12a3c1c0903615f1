"""The values in force on a date as a small table, one row a district and side, to join households with."""

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from features.parameters.declared import DECLARED, Declared, Unit
from features.parameters.values import Parameters

MONEY = pa.decimal128(18, 2)
FRACTION = pa.decimal128(12, 6)


def in_force(parameters: Parameters, on: date) -> ibis.Table:
    """Columns: district_code, urban_rural, then every declared parameter by name.

    Money is DECIMAL(18,2) yuan, factors and shares DECIMAL(12,6), counts int64, flags boolean.
    `UserError` names the district and parameter that has no value on that date.
    """
    sides = [(district, side) for district in parameters.districts for side in ("urban", "rural")]
    columns: dict[str, Any] = {
        "district_code": pa.array([district for district, _ in sides], pa.string()),
        "urban_rural": pa.array([side for _, side in sides], pa.string()),
    }
    for declared in DECLARED.values():
        values = [parameters.value(declared.name, district, side, on) for district, side in sides]
        columns[declared.name] = _typed(declared, values)
    return ibis.memtable(pa.table(columns))


def _typed(declared: Declared, values: list[Any]) -> pa.Array:
    if declared.unit is Unit.FLAG:
        return pa.array(values, pa.bool_())
    if declared.unit.is_whole:
        return pa.array(values, pa.int64())
    kind = MONEY if declared.unit.is_money else FRACTION
    quantum = Decimal(1).scaleb(-kind.scale)
    return pa.array([Decimal(value).quantize(quantum) for value in values], kind)

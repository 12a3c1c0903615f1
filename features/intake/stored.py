"""How a declared table is stored: the types of its columns, its pseudonyms, and where each row came from."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from features.identity.pseudonym import person_id
from features.sources.core import Kind, Source

#: How each kind of column is stored.
TYPES: dict[Kind, pa.DataType] = {
    Kind.ID_NO: pa.string(),
    Kind.USCC: pa.string(),
    Kind.REGION: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.MONTH: pa.date32(),
    Kind.YUAN: pa.decimal128(18, 2),
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
}


def arrow_schema(source: Source) -> pa.Schema:
    """Declared columns in order, each identity number's pseudonym beside it, then where the row came from."""
    fields = []
    for column in source.columns:
        fields.append(pa.field(column.name, TYPES[column.kind]))
        if column.person_column:
            fields.append(pa.field(column.person_column, pa.string()))
    fields += [
        pa.field("received_on", pa.date32()),
        pa.field("delivery_id", pa.string()),
        pa.field("row_number", pa.int64()),
        # Of a row that was linked without its number (`features.identity.links`); null where it carried one.
        pa.field("link_probability", pa.float64()),
        # Of a row released from quarantine, the day its file was received (`received_on` is the release's).
        pa.field("delivered_on", pa.date32()),
        # Of a linked row, the day from which it no longer counts: its link was ended, or the row released.
        pa.field("replaced_on", pa.date32()),
    ]
    return pa.schema(fields)


def unidentified_schema(source: Source) -> pa.Schema:
    """A row without a usable number: as stored, then the column that lacks it and what stands there."""
    return pa.schema([*arrow_schema(source), ("unreadable_column", pa.string()), ("written", pa.string())])


def typed_table(source: Source, rows: Iterable[Mapping[str, Any]], key: str, received_on: date) -> pa.Table:
    """A stored table from small mappings of declared columns, as spec tests write them.

    Missing columns are null; dates may be ISO text; a row may carry its own `received_on`; pseudonyms are
    added. ValueError names a column that the source does not declare.
    """
    typed = [_typed_row(source, row, key, received_on, number) for number, row in enumerate(rows, start=2)]
    return pa.Table.from_pylist(typed, schema=arrow_schema(source))


def _typed_row(
    source: Source, row: Mapping[str, Any], key: str, received_on: date, number: int
) -> dict[str, Any]:
    declared = {column.name: column for column in source.columns}
    typed: dict[str, Any] = {"received_on": received_on, "delivery_id": "memory", "row_number": number}
    for name, value in row.items():
        if name == "received_on":
            typed[name] = _as_date(value)
        elif name not in declared:
            raise ValueError(f"{source.name} declares no column {name!r}")
        else:
            column = declared[name]
            typed[name] = _typed_value(column.kind, value)
            if column.person_column:
                typed[column.person_column] = None if value is None else person_id(value, key)
    return typed


def _typed_value(kind: Kind, value: Any) -> Any:
    if kind in (Kind.DATE, Kind.MONTH):
        return _as_date(value)
    if kind is Kind.YUAN and value is not None:
        return Decimal(str(value)).quantize(Decimal("0.01"))
    return value


def _as_date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value

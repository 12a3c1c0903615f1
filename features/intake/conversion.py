"""From a department's text to typed columns: one expression a table, derived from its declaration.

It reads a table `raw` (a text column for every declared column that arrived, and `ORIGIN`) and yields the
stored columns, `problem`: null for a good row, otherwise `column|code` of the
first column that cannot be read, and `written`: what stands there in place of a person's number. Each column
passes through layers, so that the general and slow way of reading is evaluated only where the fast one found
nothing.
"""

from dataclasses import dataclass
from typing import Any

import ibis

from features.identity.pseudonym import person_id_expression
from features.incomes import AMOUNTS, Amount, Period
from features.intake.kinds import reader_of
from features.intake.reader import Cell
from features.intake.stored import arrow_schema
from features.intake.tidying import nothing_as_null
from features.intake.units import in_period, with_unit
from features.sources.core import Column, Kind, Source

#: Where a row came from: columns that stand beside the text, and are stored as they are.
ORIGIN = {"row_number": "int64", "received_on": "date", "delivered_on": "date", "delivery_id": "string"}


@dataclass(frozen=True)
class Arrived:
    """A declared column that a file holds.

    unit: yuan in one of what its header counts an amount in (1, 10000 …). period: the period that its header
    says and its declaration does not; null where there is nothing to do about it.
    """

    name: str
    unit: int = 1
    period: Period | None = None


def conversion(source: Source, arrived: tuple[Arrived, ...], key: str) -> ibis.Table:
    """The typed table with `problem`; columns that did not arrive are null."""
    names = [column.name for column in arrived]
    raw = ibis.table(
        dict.fromkeys(names, "string") | ORIGIN,
        name="raw",
    )
    said = [(source.column(a.name), a) for a in arrived]
    columns = [column for column, _ in said]
    read = raw.mutate(**{f"fast {c.name}": _fast(raw, c, a.unit) for c, a in said})
    read = read.mutate(**{f"tidy {c.name}": _tidy(read, c) for c in columns})
    read = read.mutate(**{f"text {c.name}": _text(read, c) for c in columns})
    read = read.mutate(**{f"plain {c.name}": _plain(read, c, a.unit) for c, a in said})
    for part in range(max((len(reader_of(c).parts) for c in columns), default=0)):
        read = read.mutate(**_parts(read, columns, part))
    read = read.mutate(**{f"value {c.name}": _value(read, c) for c in columns})
    # Numbers of persons come last: a row whose only problem they are may still be linked.
    ordered = sorted(columns, key=lambda c: c.kind is Kind.ID_NO)
    read = read.mutate(problem=_first([_problem(read, c) for c in ordered]))
    changed = _by_period(source, read, arrived)
    read = read.mutate(**changed) if changed else read
    return read.select(*_stored(source, read, key), "problem", written=_written(read, ordered))


def _written(read: ibis.Table, columns: list[Column]) -> Any:
    """What stands in the identity column that cannot be read; null where the row has another problem."""
    unreadable = [
        (read.problem.startswith(f"{column.name}|"), read[f"plain {column.name}"])
        for column in columns
        if column.kind is Kind.ID_NO
    ]
    nothing = ibis.null("string")
    return ibis.cases(*unreadable, else_=nothing) if unreadable else nothing


def _fast(raw: ibis.Table, column: Column, unit: int) -> Any:
    """What arrives clean; nothing of an amount in another unit, which must not be rounded before."""
    fast = reader_of(column).fast(raw[column.name], column)
    return fast if unit == 1 else ibis.null(fast.type())


def _tidy(read: ibis.Table, column: Column) -> Any:
    """The tidied text of what the fast way could not read."""
    slow = read[column.name].notnull() & read[f"fast {column.name}"].isnull()
    return ibis.ifelse(slow, reader_of(column).tidy(read[column.name]), ibis.null("string"))


def _text(read: ibis.Table, column: Column) -> Any:
    """The same, null where it says that there is nothing."""
    allowed = _domain_words(column)
    return nothing_as_null(
        read[f"tidy {column.name}"], tuple(word for word in reader_of(column).nothing if word not in allowed)
    )


def _plain(read: ibis.Table, column: Column, unit: int) -> Any:
    """The text in one spelling, with its header's unit."""
    text = read[f"text {column.name}"]
    plain = reader_of(column).plain(text)
    return plain if unit == 1 else with_unit(plain, text, unit)


def _parts(read: ibis.Table, columns: list[Column], part: int) -> dict[str, Any]:
    """The n-th part of every column whose reader has that many."""
    having = [c for c in columns if len(reader_of(c).parts) > part]
    return {f"part {part} {c.name}": reader_of(c).parts[part](_cell(read, c, part)) for c in having}


def _cell(read: ibis.Table, column: Column, parts: int | None = None) -> Cell:
    count = len(reader_of(column).parts) if parts is None else parts
    return Cell(
        column, read[f"plain {column.name}"], tuple(read[f"part {n} {column.name}"] for n in range(count))
    )


def _value(read: ibis.Table, column: Column) -> Any:
    text, fast = read[f"text {column.name}"], read[f"fast {column.name}"]
    readable = text.notnull() & ~text.startswith("=")
    slow = ibis.ifelse(readable, reader_of(column).general(_cell(read, column)), ibis.null(fast.type()))
    value = ibis.coalesce(fast, slow.cast(fast.type()))
    if "" in _domain_words(column):
        empty = next(code for code, words in (column.domain or {}).items() if "" in words)
        value = ibis.ifelse(fast.isnull() & text.isnull(), empty, value)
    return value


def _by_period(source: Source, read: ibis.Table, arrived: tuple[Arrived, ...]) -> dict[str, Any]:
    """Amounts whose header says another period as yuan of the declared one; or the period itself, where each
    row is to say it and does not."""
    changed: dict[str, Any] = {}
    for column in arrived:
        amount: Amount | None = AMOUNTS.get(f"{source.name}.{column.name}")
        if amount is None or column.period is None:
            continue
        value = read[f"value {column.name}"]
        if amount.period is not Period.STATED:
            changed[f"value {column.name}"] = in_period(value, column.period, amount.period)
            continue
        own = f"value {amount.period_column}"
        stated = read[own] if own in read.columns else ibis.null("string")
        by_header = value.notnull().ifelse(column.period.value, ibis.null("string"))
        changed[own] = ibis.coalesce(stated, by_header)
    return changed


def _problem(read: ibis.Table, column: Column) -> Any:
    """`column|code`, or null."""
    text, value = read[f"text {column.name}"], read[f"value {column.name}"]
    faults = [
        (value.isnull() & text.startswith("="), ibis.literal("formula")),
        (value.isnull() & text.notnull(), reader_of(column).fault(_cell(read, column))),
    ]
    if column.required:
        faults.append((value.isnull(), ibis.literal("missing")))
    if column.minimum is not None:
        faults.append((value < _bound(column, column.minimum), ibis.literal("minimum")))
    if column.maximum is not None:
        faults.append((value > _bound(column, column.maximum), ibis.literal("maximum")))
    code = ibis.cases(*faults, else_=ibis.null("string"))
    return ibis.literal(f"{column.name}|") + code


def _bound(column: Column, bound: float) -> float | int:
    return bound if column.kind is Kind.NUMBER else int(bound)


def _first(problems: list[Any]) -> Any:
    return ibis.coalesce(*problems) if problems else ibis.null("string")


def _stored(source: Source, read: ibis.Table, key: str) -> list[Any]:
    """Stored columns in their order, each with its declared type."""
    types = ibis.Schema.from_pyarrow(arrow_schema(source))
    by_pseudonym = {c.person_column: c.name for c in source.columns if c.person_column}
    chosen = []
    for name, dtype in types.items():
        if name in ORIGIN:
            value = read[name]
        elif f"value {by_pseudonym.get(name)}" in read.columns:
            value = person_id_expression(read[f"value {by_pseudonym[name]}"], key)
        elif f"value {name}" in read.columns:
            value = read[f"value {name}"]
        else:
            value = ibis.null(dtype)
        chosen.append(value.cast(dtype).name(name))
    return chosen


def _domain_words(column: Column) -> set[str]:
    return {word for words in (column.domain or {}).values() for word in words}

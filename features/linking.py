"""Links rows without a usable number to persons of the resident register, and remembers what was found.

`features.identity.links` says how sure a link is; this module hands it what was known on each day and writes
its answer into the catalogue. Doing it again gives the same links; decisions of caseworkers stay.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from features.engines import Catalogue, Warehouse, open_warehouse
from features.identity import id_number
from features.identity.exact import comparable, simplified
from features.identity.links import candidate_links
from features.intake.kinds import FLOATING
from features.intake.reader import SCIENTIFIC
from features.quality import addresses
from features.sources import SOURCES
from features.sources.core import Kind, Source

#: What a table's row shares with others of the same people: (kind of place, column).
PLACES = {
    "household_register": ("household", "household_no"),
    "household_members": ("household", "household_no"),
    "residents": ("hukou", "hukou_household_no"),
    "contributions": ("employer", "employer_uscc"),
    "withholding": ("employer", "payer_uscc"),
    "housing_fund": ("employer name", "employer_name"),
    "real_estate": ("unit", "unit_no"),
    "vehicles": ("plate", "plate_masked"),
    "entities": ("entity", "uscc"),
    "shareholders": ("entity", "uscc"),
}
#: Where a row says where its person lives.
ADDRESSES = {"residents": "residence_address", "household_register": "address", "grid_reports": "address"}
#: Digits that survive a spreadsheet's number format.
KEPT_DIGITS = 15
ROW = ("table", "delivery_id", "row_number", "column")
#: What a row says of its person beside name and number.
TOLD = ("place", "born", "sex", "address")
ROW_SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("delivery_id", pa.string()),
        ("row_number", pa.int64()),
        ("column", pa.string()),
        ("received_on", pa.date32()),
        ("written", pa.string()),
        ("name", pa.string()),
        ("place", pa.string()),
        ("born", pa.string()),
        ("sex", pa.string()),
        ("address", pa.string()),
    ]
)


def link_rows(folder: Path, key: str) -> dict[str, dict[str, int]]:
    """Find the links of every row without a usable number and write them into the catalogue.

    Returned by table: rows, those linked (in force), and those a caseworker is asked about. `UserError` where
    the folder is no warehouse, another run is writing it, or the key is not its own.
    """
    warehouse = open_warehouse(folder)
    rows = unidentified_rows(warehouse)
    links = _with_rows(rows, find_links(warehouse, rows))
    catalogue = Catalogue.open(folder, key)
    try:
        catalogue.replace_links(links)
    finally:
        catalogue.close()
    in_force = open_warehouse(folder).links()
    return _counts(rows, links, in_force.filter(in_force.ended_on.isnull()).to_pyarrow())


def find_links(warehouse: Warehouse, rows: pa.Table) -> pa.Table:
    """The persons each row may be about (`CANDIDATE_SCHEMA`); `rows` are `unidentified_rows`."""
    numbers = [_parts(written) for written in rows["written"].to_pylist()]
    asked = pa.table(
        {
            "row_key": _keys(rows),
            "received_on": rows["received_on"],
            "name": rows["name"],
            "typed": pa.array([typed for typed, _ in numbers], pa.string()),
            "start": pa.array([start for _, start in numbers], pa.string()),
            **{name: rows[name] for name in TOLD},
        }
    )
    return candidate_links(asked, persons(warehouse), company(warehouse, rows))


def unidentified_rows(warehouse: Warehouse) -> pa.Table:
    """Every row whose only fault is a person's number (`ROW_SCHEMA`), in a fixed order."""
    every = ibis.union(*(part for source in SOURCES.values() for part in _rows(warehouse, source)))
    # Spelt alike in one statement: an engine takes longer to get ready for it than for so few rows.
    told = every.mutate(name=simplified(comparable(every.name)), address=addresses.comparable(every.address))
    rows = warehouse.connection.to_pyarrow(told.select(*ROW_SCHEMA.names)).cast(ROW_SCHEMA)
    return rows.sort_by([(name, "ascending") for name in ROW])


def persons(warehouse: Warehouse) -> pa.Table:
    """person_id, id_no, name and address (as compared, first seen), and the day they were first known."""
    rows = warehouse.table("residents")
    rows = rows.filter(rows.person_id.notnull(), rows.link_probability.isnull())
    first = rows.group_by("person_id").aggregate(
        id_no=rows.id_no.min(),
        name=rows.name.argmin(rows.received_on),
        address=rows.residence_address.argmin(rows.received_on),
        first_on=rows.received_on.min(),
    )
    compared = first.mutate(
        name=simplified(comparable(first.name)), address=addresses.comparable(first.address)
    )
    return compared.order_by("person_id").to_pyarrow()


def company(warehouse: Warehouse, rows: pa.Table) -> pa.Table:
    """Who is known at the places of these rows: place, person_id and the day from which it was known."""
    places = ibis.memtable(rows.select(["place"])).distinct()
    parts = []
    for name, (kind, column) in PLACES.items():
        table = warehouse.table(name)
        table = table.filter(table.link_probability.isnull())
        for person in (c.person_column for c in SOURCES[name].columns if c.person_column):
            known = table.filter(table[person].notnull(), table[column].notnull())
            known = known.select("received_on", place=_place(kind, known[column]), person_id=person)
            parts.append(known.semi_join(places, "place"))
    every = ibis.union(*parts)
    found = every.group_by("place", "person_id").aggregate(first_on=every.received_on.min())
    return warehouse.connection.to_pyarrow(found.order_by("place", "person_id"))


def _rows(warehouse: Warehouse, source: Source) -> Iterator[ibis.Table]:
    table = warehouse.unidentified(source.name)
    kind, place = PLACES.get(source.name, ("", ""))
    home, nothing = ADDRESSES.get(source.name), ibis.null("string")
    for column in source.columns:
        if column.kind is not Kind.ID_NO:
            continue
        name = source.name_column(column.name)
        yield (
            table.filter(table.unreadable_column == column.name)
            .select(
                "delivery_id",
                "row_number",
                "received_on",
                "written",
                table=ibis.literal(source.name),
                column=ibis.literal(column.name),
                name=table[name] if name else nothing,
                place=_place(kind, table[place]) if place else nothing,
                born=table.born_on.strftime("%Y%m%d") if "born_on" in table.columns else nothing,
                sex=table.sex if "sex" in table.columns else nothing,
                address=table[home] if home else nothing,
            )
            .select(*ROW_SCHEMA.names)
        )


def _place(kind: str, value: Any) -> Any:
    return ibis.literal(f"{kind}|") + value


def _parts(written: str | None) -> tuple[str | None, str | None]:
    """A number of 18 characters with a fault, or the digits a spreadsheet left of it."""
    if written is None:
        return None, None
    if re.fullmatch(id_number.SHAPE, written):
        return written, None
    if re.fullmatch(SCIENTIFIC, written):
        return None, re.sub(r"[^0-9]", "", written.upper().split("E")[0])
    if re.fullmatch(FLOATING, written):
        return None, written[:KEPT_DIGITS]
    return None, None


def _keys(rows: pa.Table) -> pa.Array:
    parts = zip(*(rows[name].to_pylist() for name in ROW), strict=True)
    return pa.array(["|".join(map(str, part)) for part in parts], pa.string())


def _with_rows(rows: pa.Table, candidates: pa.Table) -> pa.Table:
    """Candidates beside the rows they may belong to, as the catalogue keeps them."""
    keyed = rows.drop_columns(list(TOLD)).append_column("row_key", _keys(rows))
    return (
        candidates.join(keyed, "row_key", join_type="inner")
        .drop_columns(["row_key"])
        .sort_by([(name, "ascending") for name in (*ROW, "person_id")])
    )


def _counts(rows: pa.Table, links: pa.Table, in_force: pa.Table) -> dict[str, dict[str, int]]:
    linked = set(_keys(in_force).to_pylist())
    asked = set(_keys(links).to_pylist()) - linked
    counts: dict[str, dict[str, int]] = {}
    for table, key in zip(rows["table"].to_pylist(), _keys(rows).to_pylist(), strict=True):
        count = counts.setdefault(table, {"rows": 0, "linked": 0, "to_review": 0})
        count["rows"] += 1
        count["linked"] += key in linked
        count["to_review"] += key in asked
    return counts

"""A warehouse as its readers see it, whichever engine holds it."""

from typing import Any

import ibis

from features.errors import UserError
from features.sources import SOURCES

#: See `Warehouse.register_names`; held, because every date asks for it.
REGISTER_NAMES = """
SELECT person_id, name, min(received_on) AS first_on FROM residents
WHERE person_id IS NOT NULL AND name IS NOT NULL GROUP BY person_id, name
"""
NAMES_SCHEMA = ibis.schema({"person_id": "string", "name": "string", "first_on": "date"})


class Warehouse:
    """Declared tables as Ibis tables on one connection; tables never delivered are empty and typed."""

    def __init__(self, connection: Any) -> None:
        """`connection` (see `features.engines.connection`) has every declared source, and `deliveries`."""
        self.connection = connection

    def table(self, name: str) -> ibis.Table:
        """All rows ever taken of a declared table, with `received_on`, `delivery_id` and `row_number`."""
        if name not in SOURCES:
            raise UserError(f"没有声明表 {name} / no table {name} is declared; see features/sources.")
        return self.connection.table(name)

    def unidentified(self, name: str) -> ibis.Table:
        """Rows of a declared table that were set aside only for a person's number, taken deliveries' only.

        As stored, and `unreadable_column`, `written`.
        """
        return self.connection.table(f"unidentified_{name}")

    def register_names(self) -> ibis.Table:
        """Every name the resident register ever had of a person: person_id, name, first_on (day received)."""
        return self.connection.table("names_registered")

    def links(self) -> ibis.Table:
        """The links in force: whose rows without a usable number are (see `LINKS_IN_FORCE`)."""
        return self.connection.table("links_in_force")

    def deliveries(self) -> ibis.Table:
        """The catalogue: one row a file that arrived (see `Entry`)."""
        return self.connection.table("deliveries")

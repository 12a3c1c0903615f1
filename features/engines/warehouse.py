"""A warehouse as its readers see it, whichever engine holds it."""

from typing import Any

import ibis

from features.errors import UserError
from features.sources import SOURCES


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
        """Every name the resident register ever had of a person, as often as it was received.

        person_id, name, received_on. Not made distinct: readers look at few persons of many.
        """
        rows = self.table("residents")
        rows = rows.filter(rows.person_id.notnull() & rows.name.notnull())
        return rows.select("person_id", "name", "received_on")

    def links(self) -> ibis.Table:
        """The links in force: whose rows without a usable number are (see `LINKS_IN_FORCE`)."""
        return self.connection.table("links_in_force")

    def deliveries(self) -> ibis.Table:
        """The catalogue: one row a file that arrived (see `Entry`)."""
        return self.connection.table("deliveries")

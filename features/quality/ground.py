"""What measures stand on: households on file and their people as of a date, and the rows of some months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import ibis

from features.household import Universe, former_names, households, persons, residents
from features.identity.exact import match_confidence
from features.known import Sight, delivered, first_of, known, seen
from features.parameters import Parameters, schema
from features.plan import day
from features.sources import SOURCES
from features.sources.core import Kind, Plane, Source
from features.windows import month_number

#: Pseudonyms of households are not shown and need no secret: any key tells two households apart.
NO_KEY = "quality"


class Rejected(NamedTuple):
    """Rows of a table set aside at intake, by the day they arrived and the column at fault ("" the row)."""

    table: str
    received_on: date
    column: str
    rows: int


class Arrived(NamedTuple):
    """One file of the catalogue: rows in it and rows taken."""

    table: str
    received_on: date
    rows_in: int
    rows_taken: int


@dataclass
class Ground:
    """A sight with its households on file; every table here is described, not computed.

    months: first days of the months of the window, oldest first; the last is that of `as_of`. arrived and
    rejected: the catalogue's lines up to `as_of`.
    """

    sight: Sight
    parameters: Parameters
    as_of: date
    months: Sequence[date]
    arrived: Sequence[Arrived] = ()
    rejected: Sequence[Rejected] = ()

    @property
    def since(self) -> date:
        """First day of the window."""
        return self.months[0]

    @property
    def dates(self) -> list[date]:
        """The dates the window's months are told of: each month's end, the last `as_of` itself."""
        return [following - timedelta(days=1) for following in self.months[1:]] + [self.as_of]

    @cached_property
    def registered(self) -> ibis.Table:
        """The resident register, one row a person (see `features.household.residents`)."""
        return self.sight.keep("registered", residents(self.sight))

    @cached_property
    def homes(self) -> ibis.Table:
        """Households on file (`features.household.households`) with phone, declaration and law."""
        homes = households(self.sight, Universe.ON_FILE, self.parameters, NO_KEY, self.registered)
        filed = first_of(self.sight.known("household_register"), "household_no").select(
            "phone",
            "declared_income_yuan",
            "income_period",
            "benefit_yuan_month",
            "authorised_on",
            "granted_on",
            number="household_no",
        )
        law = self.values.select(
            "district_code",
            "urban_rural",
            "contribution_base_floor_yuan",
            "declared_income_month_limit_standards",
            "streets_declaring_by_year",
            standard_month_yuan="standard",
        )
        told = homes.inner_join(filed, "number").left_join(law, ["district_code", "urban_rural"])
        return self.sight.keep("homes", told.drop("district_code_right", "urban_rural_right"))

    @cached_property
    def values(self) -> ibis.Table:
        """The parameters in force, a row a district and side (`features.parameters.in_force`)."""
        return self.sight.plan.given("values", schema())

    @cached_property
    def people(self) -> ibis.Table:
        """Everybody on those files (`features.household.persons`), with the household's number and street."""
        former = former_names(self.sight, Universe.ON_FILE, self.homes, self.registered)
        former = self.sight.keep("former_names", former)
        people = persons(self.sight, Universe.ON_FILE, self.homes, self.registered, former)
        places = self.homes.select(
            "household_id", "number", "street_code", "region_code", "authorised", "authorised_on"
        )
        return self.sight.keep("people", people.inner_join(places, "household_id"))

    @cached_property
    def members(self) -> ibis.Table:
        """Members of today."""
        return self.people.filter(self.people.is_member)

    @cached_property
    def places(self) -> ibis.Table:
        """One row a person we know a place of: street_code; number and authorised_on where on file."""
        members = self.members
        own = members.group_by("person_id").aggregate(
            number=members.number.min(),
            street=members.street_code.argmin(members.number),
            authorised_on=members.authorised_on.min(where=members.authorised),
            confidence=members.confidence.min(),
        )
        homes = self.registered.select("person_id", home=self.registered.residence_region_code.substr(0, 9))
        joined = own.outer_join(homes, "person_id")
        return self.sight.keep(
            "places",
            joined.select(
                "number",
                "authorised_on",
                person_id=ibis.coalesce(joined.person_id, joined.person_id_right),
                street_code=ibis.coalesce(joined.street, joined.home),
                in_register=joined.person_id_right.notnull(),
            ),
        )

    def placed(self, name: str, rows: ibis.Table) -> ibis.Table:
        """Rows (with person_id) of a table, with the columns of `places` where the person is known.

        Of plane A, the place and the household only of those whose authorisation holds: of the others a row
        counts as delivered, and nothing is said of whom it touches.
        """
        placed = rows.left_join(self.places, "person_id").drop("person_id_right")
        if SOURCES[name].plane is not Plane.A:
            return placed
        told = placed.authorised_on.notnull()
        return placed.mutate(
            street_code=told.ifelse(placed.street_code, ibis.null("string")),
            number=told.ifelse(placed.number, ibis.null("string")),
        )

    @cached_property
    def dead(self) -> ibis.Table:
        """person_id and died_on of everybody whom deaths or the resident register say died by the date."""
        told = self.known("deaths").select("person_id", "died_on")
        struck = self.registered.select("person_id", died_on="died_or_cancelled_on")
        both = ibis.union(told, struck)
        both = both.filter(both.died_on <= self.sight.as_of)
        return self.sight.keep("dead", both.group_by("person_id").aggregate(died_on=both.died_on.min()))

    def known(self, name: str) -> ibis.Table:
        """The rows of a table known on the date."""
        return self.sight.known(name)

    def recent(self, name: str, months: int) -> ibis.Table:
        """The rows of a monthly table for its latest months known on the date."""
        source, table = SOURCES[name], self.sight.warehouse.table(name)
        newest = month_number(self.sight.anchor(name))
        within = month_number(table.month) > newest - months
        rows = table.filter(within, month_number(table.month) <= newest)
        return known(rows, source, self.sight.as_of, self.sight.register(name))

    def window(self, name: str) -> ibis.Table:
        """All rows of a table whose files arrived in the window, corrections too."""
        table = self.sight.warehouse.table(name)
        rows = seen(table.filter(table.received_on >= day("since")), self.sight.as_of)
        return rows.mutate(received_on=delivered(rows)).filter(lambda t: t.received_on >= day("since"))


def month_of(received_on: Any) -> Any:
    """First day of the month of a date expression."""
    return received_on.truncate("M").cast("date")


def person_column(source: Source) -> str | None:
    """The pseudonym of the person a table speaks of; None where it speaks of none."""
    return next((c.person_column for c in source.columns if c.kind is Kind.ID_NO), None)


def agrees(name: Any, register_name: Any, least: float) -> Any:
    """Whether two spellings are one name; null where one is missing."""
    both = name.notnull() & register_name.notnull()
    return both.ifelse(match_confidence(name, register_name) > least, ibis.null("boolean"))

"""Which households are profiled, and who belongs to them: two universes.

`on_file`: households on file with civil affairs, composed from its own list of members. `register`: hukou
households of the resident register, from plane-B records only. Both yield the same columns, so that a
feature is written once.

households: household_id, number, region_code, street_code, district_code, urban_rural, category,
in_programme, authorised, review_class, address, standard_yuan.
persons: household_id, person_id, is_member, relation, joined_on, left_on, born_on, age, sex, in_residents,
register_name, confidence (that the number is this person's) and the residence and hukou columns of the
resident register; those who left or died are kept with
`is_member` false (in `on_file` the dead stay members until their file says so).
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

import ibis

from features.identity.exact import NAME_AGREES, match_confidence
from features.identity.id_number import birth_date_expression
from features.identity.pseudonym import household_id_expression
from features.identity.thresholds import VISIT
from features.known import Sight, first_of
from features.parameters import Parameters
from features.plan import Value, number
from features.windows import age_on, holds_before, holds_through

#: Categories whose households are on file as recipients.
PROGRAMMES = ("dibao", "dibao_marginal", "tekun", "rigid_expenditure")

RESIDENT = (
    "hukou_household_no",
    "hukou_region_code",
    "residence_region_code",
    "residence_address",
    "residence_since",
)
SIDES = ("urban", "rural")


class Universe(StrEnum):
    """Whom a profile speaks of."""

    ON_FILE = "on_file"
    REGISTER = "register"


def households(
    sight: Sight, universe: Universe, parameters: Parameters, key: str, registered: ibis.Table
) -> ibis.Table:
    """One row a household of the universe, as of the sight's date; `registered` is `residents(sight)`."""
    if universe is Universe.ON_FILE:
        rows = _on_file(sight)
    else:
        rows = _register(sight, parameters.districts, registered)
    rows = rows.mutate(
        household_id=household_id_expression(rows.number, key),
        street_code=rows.region_code.substr(0, 9),
        district_code=rows.region_code.substr(0, 6),
    )
    return rows.mutate(standard_yuan=standard(rows, parameters))


def former_names(sight: Sight, universe: Universe, homes: ibis.Table, registered: ibis.Table) -> ibis.Table:
    """person_id and former_name: every name before the present one that the register knew by the date.

    Give it computed: it reads the register's whole history. In `on_file` of those on a list only.
    """
    now = registered.select("person_id", "register_name")
    if universe is Universe.ON_FILE:
        listed = ibis.union(
            sight.known("household_members").select("person_id"), homes.select(person_id="head_person_id")
        )
        now = now.semi_join(listed, "person_id")
    ever = sight.warehouse.register_names()
    ever = ever.filter(ever.received_on <= sight.as_of).inner_join(now, "person_id")
    return ever.filter(ever.name != ever.register_name).select("person_id", former_name="name").distinct()


def persons(
    sight: Sight, universe: Universe, homes: ibis.Table, registered: ibis.Table, former: ibis.Table
) -> ibis.Table:
    """One row a household and person, with what the resident register says of them.

    former: `former_names` of the same households.
    """
    if universe is Universe.ON_FILE:
        rows = _file_persons(sight, homes, registered, former)
    else:
        rows = _register_persons(sight, homes, registered)
    return rows.mutate(age=age_on(rows.born_on, sight.as_of))


def residents(sight: Sight) -> ibis.Table:
    """The resident register known on the date, one row a person."""
    rows = sight.known("residents")
    rows = first_of(rows.filter(rows.person_id.notnull()), "person_id")
    return rows.select(
        "person_id",
        "born_on",
        "sex",
        "hukou_household_no",
        "hukou_region_code",
        "residence_region_code",
        "residence_address",
        "died_or_cancelled_on",
        "received_on",
        register_name="name",
        # A date ahead of the register is a slip of the pen, not a move.
        residence_since=(rows.residence_since <= sight.as_of).ifelse(rows.residence_since, ibis.null("date")),
    )


def standard(rows: ibis.Table, parameters: Parameters) -> Any:
    """The local standard in force, yuan a person and month (DOUBLE); null where the district has no file."""
    branches = [
        ((rows.district_code == district) & (rows.urban_rural == side), number(_standard(district, side)))
        for district in parameters.districts
        for side in SIDES
    ]
    nothing = ibis.null("float64")
    return ibis.cases(*branches, else_=nothing) if branches else nothing


def standards(parameters: Parameters, as_of: date) -> dict[str, Value]:
    """The values of the standard's variables on a date."""
    return {
        _standard(district, side): float(parameters.value("standard", district, side, as_of))
        for district in parameters.districts
        for side in SIDES
    }


def _standard(district: str, side: str) -> str:
    return f"standard_{district}_{side}"


def _registered_households(sight: Sight) -> ibis.Table:
    """Households on file as recipients on the date."""
    rows = first_of(sight.known("household_register"), "household_no")
    today = sight.as_of
    return rows.filter(
        rows.category.isin(PROGRAMMES),
        rows.granted_on.isnull() | (rows.granted_on <= today),
        holds_before(rows.ended_on, today),
    )


def _on_file(sight: Sight) -> ibis.Table:
    rows, today = _registered_households(sight), sight.as_of
    return rows.select(
        "region_code",
        "urban_rural",
        "category",
        "review_class",
        "address",
        "head_person_id",
        number=rows.household_no,
        in_programme=ibis.literal(True),
        authorised=((rows.authorised_on <= today) & holds_through(rows.authorised_until, today)).fill_null(
            False
        ),
        head_id_no=rows.head_id_no,
    )


def _register(sight: Sight, districts: Iterable[str], registered: ibis.Table) -> ibis.Table:
    people = registered
    people = people.filter(_alive(people, sight.as_of), people.hukou_household_no.notnull())
    # The oldest resident's home stands for the household's; the number only breaks ties.
    oldest = people.born_on.cast("string") + people.person_id
    rows = people.group_by(number=people.hukou_household_no).aggregate(
        hukou=people.hukou_region_code.argmin(oldest),
        home=people.residence_region_code.argmin(oldest),
        address=people.residence_address.argmin(oldest),
    )
    # A household that lives outside the city stays with its hukou community.
    inside = rows.home.substr(0, 6).isin(list(districts))
    rows = rows.mutate(region_code=inside.ifelse(rows.home, rows.hukou)).drop("home", "hukou")
    rows = rows.mutate(street_code=rows.region_code.substr(0, 9), district_code=rows.region_code.substr(0, 6))
    rows = _with_side(sight, rows).drop("street_code", "district_code")
    recipients = _recipient_numbers(sight, people)
    return (
        rows.left_join(recipients, "number")
        .drop("number_right")
        .mutate(
            in_programme=lambda t: t.in_programme.fill_null(False),
            category=ibis.null("string"),
            review_class=ibis.null("string"),
            authorised=ibis.literal(False),
        )
    )


def _with_side(sight: Sight, rows: ibis.Table) -> ibis.Table:
    """Urban or rural as most households on file of the street are, else of the district; else urban."""
    filed = first_of(sight.known("household_register"), "household_no")
    sides = filed.select(
        street_code=filed.region_code.substr(0, 9),
        district_code=filed.region_code.substr(0, 6),
        rural=(filed.urban_rural == "rural").cast("int64"),
    )
    street = sides.group_by("street_code").aggregate(street_rural=lambda t: t.rural.mean())
    district = sides.group_by("district_code").aggregate(district_rural=lambda t: t.rural.mean())
    joined = rows.left_join(street, "street_code").drop("street_code_right")
    joined = joined.left_join(district, "district_code").drop("district_code_right")
    share = ibis.coalesce(joined.street_rural, joined.district_rural)
    side = (share > 0.5).fill_null(False).ifelse("rural", "urban")
    return joined.mutate(urban_rural=side).drop("street_rural", "district_rural")


def _recipient_numbers(sight: Sight, people: ibis.Table) -> ibis.Table:
    """Hukou household numbers with a member in a household on file."""
    filed = _registered_households(sight)
    linked = _memberships(sight, filed.select("household_no", "head_person_id", "head_id_no"))
    linked = linked.filter(linked.is_member).select("person_id").distinct()
    found = people.semi_join(linked, "person_id").select(number="hukou_household_no").distinct()
    return found.mutate(in_programme=ibis.literal(True))


def _memberships(sight: Sight, filed: ibis.Table) -> ibis.Table:
    """Everybody on the files of `filed` (household_no, head_person_id, head_id_no), those who left too."""
    rows = sight.known("household_members").semi_join(filed, "household_no")
    today = sight.as_of
    rows = rows.filter(rows.person_id.notnull(), rows.joined_on.isnull() | (rows.joined_on <= today))
    listed = rows.select(
        "household_no",
        "person_id",
        "id_no",
        "relation",
        "joined_on",
        "left_on",
        file_name="name",
        is_member=holds_before(rows.left_on, today),
    )
    heads = filed.select(
        "household_no",
        person_id=filed.head_person_id,
        id_no=filed.head_id_no,
        relation=ibis.null("string"),
        joined_on=ibis.null("date"),
        left_on=ibis.null("date"),
        file_name=ibis.null("string"),
        is_member=ibis.literal(True),
    )
    # The head is one of the members and counts once, whether the list names them or not.
    heads = heads.filter(heads.person_id.notnull()).anti_join(listed, ["household_no", "person_id"])
    everybody = ibis.union(listed, heads)
    return everybody.group_by(["household_no", "person_id"]).aggregate(
        id_no=everybody.id_no.min(),
        relation=everybody.relation.min(),
        joined_on=everybody.joined_on.max(),
        left_on=everybody.left_on.max(),
        file_name=everybody.file_name.min(),
        is_member=everybody.is_member.cast("int8").max() == 1,
    )


def _file_persons(sight: Sight, homes: ibis.Table, registered: ibis.Table, former: ibis.Table) -> ibis.Table:
    filed = homes.select("household_id", "head_person_id", "head_id_no", household_no="number")
    links = _memberships(sight, filed.drop("household_id"))
    links = links.inner_join(filed.select("household_id", "household_no"), "household_no")
    rows = links.left_join(registered, "person_id")
    rows = rows.mutate(by_name=match_confidence(rows.file_name, rows.register_name))
    renamed = _renamed(rows.filter(rows.by_name < VISIT), former)
    rows = rows.left_join(renamed, ["person_id", "file_name"])
    return rows.select(
        "household_id",
        "person_id",
        "is_member",
        "relation",
        "joined_on",
        "sex",
        "register_name",
        *RESIDENT,
        left_on=rows.is_member.ifelse(ibis.null("date"), rows.left_on),
        born_on=ibis.coalesce(rows.born_on, _born_on(rows.id_no)),
        in_residents=rows.received_on.notnull(),
        confidence=rows.formerly.fill_null(False).ifelse(NAME_AGREES, rows.by_name),
    )


def _renamed(unsure: ibis.Table, former: ibis.Table) -> ibis.Table:
    """person_id, file_name and `formerly` (true) of those whom the register once knew by the file's name."""
    unsure = unsure.select("person_id", "file_name").distinct()
    both = former.inner_join(unsure, "person_id")
    same = both.filter(match_confidence(both.file_name, both.former_name) == NAME_AGREES)
    return same.select("person_id", "file_name", formerly=ibis.literal(True)).distinct()


def _register_persons(sight: Sight, homes: ibis.Table, registered: ibis.Table) -> ibis.Table:
    numbers = homes.select("household_id", hukou_household_no="number")
    rows = registered.inner_join(numbers, "hukou_household_no")
    return rows.select(
        "household_id",
        "person_id",
        "sex",
        "register_name",
        *RESIDENT,
        "born_on",
        is_member=_alive(rows, sight.as_of),
        relation=ibis.null("string"),
        joined_on=ibis.null("date"),
        left_on=rows.died_or_cancelled_on,
        in_residents=ibis.literal(True),
        confidence=ibis.literal(NAME_AGREES),
    )


def _alive(people: ibis.Table, as_of: Any) -> Any:
    return holds_before(people.died_or_cancelled_on, as_of)


def _born_on(id_no: Any) -> Any:
    """Date of birth as an identity number of 18 characters states it, for those not in the register."""
    return birth_date_expression((id_no.length() == 18).ifelse(id_no, ibis.null("string")))

"""The rows of a source that speak of a household: what a `@feature(source=...)` function receives.

Every row has household_id, person_id, the household's place, the member's age and sex, `as_of`, `event_on`,
`known_on`, `confidence`, `days_ago`, `months_ago` (calendar months; monthly tables count back from the
latest month delivered, so 0 is the latest month there is) and the columns that some feature reads. What a
source needs beyond that is prepared here, in `PREPARE`.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import ibis

from features.catalogue import CATALOGUE
from features.household import RESIDENT, Universe
from features.identity.exact import NAME_AGREES, NUMBER_ONLY, match_confidence
from features.identity.thresholds import VISIT
from features.known import Sight, known
from features.sources import SOURCES
from features.sources.core import Delivery, Kind, Plane, Source
from features.windows import month_number

#: Tables keyed by a number of the household itself, and the column that holds it.
BY_HOUSEHOLD = {
    "applications": "household_no",
    "verifications": "household_no",
    "poverty_watch": "hukou_household_no",
}
#: Tables about the list of members itself, and those that must also see members who left or died.
WITH_FORMER = ("household_members", "deaths")
PLACE = ("street_code", "district_code")
#: Civil affairs' own number of the household is the household.
HOUSEHOLD_NUMBER = 1.0
#: A report that names only an address: the home is likely, the person is not known.
ADDRESS_ONLY = 0.80
#: Months of auxiliary records that are read.
HINT_MONTHS = 6
#: A share is exact to the hundredth of a percent; sums of doubles would differ from run to run.
EXACT = "decimal(38, 4)"


def person_columns(source: Source) -> tuple[str, ...]:
    """Pseudonym columns of a table, in the order of its identity numbers."""
    return tuple(column.person_column for column in source.columns if column.person_column)


#: What records are compared with: `register_name` of each person, and every `former_name`.
Names = tuple[ibis.Table, ibis.Table]


def restricted(
    sight: Sight, name: str, universe: Universe, homes: ibis.Table, people: ibis.Table
) -> ibis.Table:
    """The known rows of a table that can concern these households; in `register` only what is shared."""
    source, table = SOURCES[name], sight.warehouse.table(name)
    keep = _keeper(sight, source, homes, people)
    latest = sight.register(name)
    identities = {column.name for column in source.columns if column.kind is Kind.ID_NO}
    # Looking only at our people's rows before corrections are resolved is right only where the person is
    # part of what identifies a row: a company whose owner changed must not still be seen under the old one.
    first = source.delivery is Delivery.FULL or bool(identities & set(source.key)) or not identities
    rows = (
        known(keep(table), source, sight.as_of, latest)
        if first
        else keep(known(table, source, sight.as_of, latest))
    )
    if universe is Universe.REGISTER and source.discovery_rows:
        column, values = source.discovery_rows
        rows = rows.filter(rows[column].isin(values))
    return rows.drop(*identities, "delivery_id", "row_number")


def sure(rows: ibis.Table) -> ibis.Table:
    """The rows that may be used as facts; the others can only become "check the record"."""
    return rows.filter(rows.match >= VISIT)


def doubtful(tables: Mapping[str, ibis.Table], people: ibis.Table) -> ibis.Table:
    """Number of records of each table that carry a member's number and probably speak of another.

    household_id and one column a table, named after it; only households that have such a record. Of plane A
    only where the family's authorisation holds (`people` has `authorised`).
    """
    parts = []
    for name, rows in tables.items():
        source = SOURCES[name]
        members = people.filter(people.is_member)
        members = members.filter(members.authorised) if source.plane is Plane.A else members
        members = members.select("household_id", matched="person_id")
        for person in named(source):
            unsure = rows.filter(rows.match < VISIT).select(matched=person)
            found = unsure.inner_join(members, "matched")
            parts.append(found.select("household_id", table=ibis.literal(name)))
    every = ibis.union(*parts)
    return every.group_by("household_id").aggregate(
        **{name: every.count(where=every.table == name) for name in tables if named(SOURCES[name])}
    )


def named(source: Source) -> dict[str, str]:
    """Pseudonym column -> the column that names that person, where records are compared by name.

    The lists of people themselves are compared when a household is composed (`features.household`).
    """
    if source.name in ("residents", "household_members"):
        return {}
    pairs = ((c.person_column, source.name_column(c.name)) for c in source.columns if c.person_column)
    return {person: name for person, name in pairs if person and name}


def matched_by_name(rows: ibis.Table, source: Source, spelt: ibis.Table) -> ibis.Table:
    """Add `match`: how sure it is that a row speaks of the persons whose numbers it carries (see `sure`).

    The least over the row's persons; one whom nobody here knows says nothing. `rows` is read several times:
    give it computed. spelt: `spellings` of this table, or of it and others.
    """
    columns, found = rows.columns, []
    for number, (person, name) in enumerate(named(source).items()):
        differing = spelt.rename({f"{part}_{number}": part for part in spelt.columns})
        rows = rows.left_join(
            differing,
            [rows[person] == differing[f"who_{number}"], rows[name] == differing[f"written_{number}"]],
        )
    for number, (person, name) in enumerate(named(source).items()):
        agrees = ibis.coalesce(rows[f"agrees_{number}"], NAME_AGREES)
        found.append((rows[name].isnull() | rows[person].isnull()).ifelse(NUMBER_ONLY, agrees))
    match = reduce(ibis.least, found) if found else ibis.literal(NUMBER_ONLY)
    # A row without a usable number is as sure as its link.
    match = ibis.least(match, rows.link_probability.fill_null(1.0))
    unneeded = {"link_probability", *named(source).values()}
    return rows.select(*(column for column in columns if column not in unneeded), match=match)


def spellings(tables: Mapping[str, ibis.Table], names: Names) -> ibis.Table:
    """who, written, agrees: of each spelling that is not the register's, once, how far it agrees after all.

    tables: by source. Where the register has no name of theirs there is nothing to compare. Give it computed,
    and of all tables together: comparing spellings is a thousand times slower than telling that two are the
    same, and an engine takes longer to get ready for it than for all the rest of a table.
    """
    now, former = names
    written = [
        rows.select(who=rows[person], written=rows[name])
        for table, rows in tables.items()
        for person, name in named(SOURCES[table]).items()
    ]
    other = reduce(ibis.union, written).left_join(now, ibis._.who == now.person_id)
    other = other.filter(other.who.notnull(), other.written.notnull())
    other = other.filter(other.register_name.isnull() | (other.written != other.register_name))
    other = other.select("who", "written", now="register_name").distinct()
    before = other.filter(other.now.notnull()).inner_join(former, other.who == former.person_id)
    every = ibis.union(other, before.select("who", "written", now="former_name"))
    agrees = match_confidence(every.written, every.now)
    return every.group_by("who", "written").aggregate(agrees=agrees.max())


def _keeper(
    sight: Sight, source: Source, homes: ibis.Table, people: ibis.Table
) -> Callable[[ibis.Table], ibis.Table]:
    persons = people.select("person_id").distinct()
    columns = person_columns(source)

    def by_person(table: ibis.Table) -> ibis.Table:
        conditions = [table[column].isin(persons.person_id) for column in columns]
        if source.name == "grid_reports":
            addresses = homes.filter(homes.address.notnull()).address
            conditions.append(table.person_id.isnull() & table.address.isin(addresses))
        return table.filter(conditions[0] if len(conditions) == 1 else conditions[0] | conditions[1])

    def by_household(table: ibis.Table) -> ibis.Table:
        numbers = people.hukou_household_no if source.name == "poverty_watch" else homes.number
        return table.filter(table[BY_HOUSEHOLD.get(source.name, "household_no")].isin(numbers))

    def by_address(table: ibis.Table) -> ibis.Table:
        # A hint needs the latest months only; the whole history of every meter would cost more than the rest.
        recent = table.filter(
            month_number(table.month) > month_number(sight.anchor(source.name)) - HINT_MONTHS
        )
        return recent.filter(recent.meter_address.isin(homes.filter(homes.address.notnull()).address))

    if source.name == "usage":
        return by_address
    if source.name in BY_HOUSEHOLD or source.name in ("household_register", "household_members"):
        return by_household
    return by_person


def rows(sight: Sight, name: str, kept: ibis.Table, homes: ibis.Table, people: ibis.Table) -> ibis.Table:
    """Rows of one source joined to households and members, with the columns named at the top."""
    source = SOURCES[name]
    if source.plane is Plane.A:
        # Without a valid authorisation not even an aggregate is computed.
        homes = homes.filter(homes.authorised)
        people = people.semi_join(homes, "household_id")
    linked = _link(sight, name, kept, homes, people)
    timed = _timed(sight, source, linked)
    prepare = PREPARE.get(name)
    return prepare(timed, people) if prepare else timed


def _wanted(name: str) -> list[str]:
    """Columns that some feature reads, without identity numbers."""
    read = {r.split(".")[1] for f in CATALOGUE.values() for r in f.reads if r.split(".")[0] == name}
    source = SOURCES[name]
    return sorted(
        column for column in read | {source.event_on} if source.column(column).kind is not Kind.ID_NO
    )


def _link(sight: Sight, name: str, kept: ibis.Table, homes: ibis.Table, people: ibis.Table) -> ibis.Table:
    if name == "residents":
        return _residents(sight, homes, people)
    if name in ("household_register", *BY_HOUSEHOLD):
        return _by_number(name, kept, homes, people)
    if name == "usage":
        return _by_address(name, kept, homes, kept.meter_address)
    if name == "marriages":
        return _spouses(kept, homes, people)
    if name == "household_members":
        return _memberships(kept, homes, people)
    linked = _by_person(name, kept, homes, people)
    if name == "grid_reports":
        unnamed = kept.filter(kept.person_id.isnull())
        linked = ibis.union(
            linked, _by_address(name, unnamed, homes, unnamed.address).select(*linked.columns)
        )
    return linked


def _place(rows: ibis.Table, homes: ibis.Table) -> ibis.Table:
    return rows.inner_join(homes.select("household_id", *PLACE), "household_id")


def _members(name: str, people: ibis.Table) -> ibis.Table:
    members = people if name in WITH_FORMER else people.filter(people.is_member)
    return members.select(
        "household_id",
        "person_id",
        "age",
        "sex",
        "is_member",
        member_confidence="confidence",
    )


def _matched(linked: ibis.Table) -> ibis.Table:
    """Confidence of rows matched by number: no surer than the member's own number is."""
    confidence = ibis.least(linked.member_confidence, linked.match)
    return linked.mutate(confidence=confidence).drop("member_confidence", "match")


def _by_person(name: str, kept: ibis.Table, homes: ibis.Table, people: ibis.Table) -> ibis.Table:
    person = person_columns(SOURCES[name])[0]
    columns = kept.select(*_wanted(name), "match", known_on="received_on", matched=person)
    members = _members(name, people)
    linked = columns.inner_join(members, columns.matched == members.person_id).drop("matched")
    return _place(_matched(linked), homes)


def _residents(sight: Sight, homes: ibis.Table, people: ibis.Table) -> ibis.Table:
    """Every member, with the register's columns where the register knows the person."""
    members = people.filter(people.is_member).drop("joined_on", "left_on", "relation", "register_name")
    known_on = members.in_residents.ifelse(sight.latest("residents"), ibis.null("date"))
    return _place(members.mutate(known_on=known_on), homes)


def _memberships(kept: ibis.Table, homes: ibis.Table, people: ibis.Table) -> ibis.Table:
    arrived = kept.group_by("household_no", "person_id").aggregate(known_on=kept.received_on.max())
    numbers = homes.select("household_id", *PLACE, household_no="number")
    listed = arrived.inner_join(numbers, "household_no").drop("household_no")
    own = people.drop(*RESIDENT, "born_on", "relation", "in_residents", "register_name")
    return listed.inner_join(own, ["household_id", "person_id"])


def _unknown_person(rows: ibis.Table, confidence: float) -> ibis.Table:
    return rows.mutate(
        person_id=ibis.null("string"),
        age=ibis.null("int64"),
        sex=ibis.null("string"),
        is_member=ibis.literal(True),
        confidence=ibis.literal(confidence),
    )


def _by_number(name: str, kept: ibis.Table, homes: ibis.Table, people: ibis.Table) -> ibis.Table:
    column = BY_HOUSEHOLD.get(name, "household_no")
    if name == "poverty_watch":
        members = people.filter(people.is_member, people.hukou_household_no.notnull())
        numbers = members.select("household_id", number_="hukou_household_no").distinct()
    else:
        numbers = homes.select("household_id", number_="number")
    columns = kept.select(*_wanted(name), known_on="received_on", own_number=column)
    linked = columns.inner_join(numbers, columns.own_number == numbers.number_).drop("number_", "own_number")
    return _place(_unknown_person(linked, HOUSEHOLD_NUMBER), homes)


def _by_address(name: str, kept: ibis.Table, homes: ibis.Table, address: Any) -> ibis.Table:
    columns = kept.select(*_wanted(name), known_on="received_on", own_address=address)
    addresses = homes.select("household_id", address_="address")
    linked = columns.inner_join(addresses, columns.own_address == addresses.address_)
    return _place(_unknown_person(linked.drop("address_", "own_address"), ADDRESS_ONLY), homes)


def _spouses(kept: ibis.Table, homes: ibis.Table, people: ibis.Table) -> ibis.Table:
    """One row a member and marriage, whichever side the member is written on."""
    dates = {"married_on": "married_on", "divorced_on": "divorced_on", "known_on": "received_on"}
    dates["match"] = "match"
    sides = ibis.union(
        kept.select(**dates, matched="person_id_a", spouse="person_id_b"),
        kept.select(**dates, matched="person_id_b", spouse="person_id_a"),
    )
    members = _members("marriages", people)
    linked = sides.inner_join(members, sides.matched == members.person_id).drop("matched")
    linked = _matched(linked)
    at_home = people.filter(people.is_member).select(
        "household_id", spouse="person_id", spouse_in_household=ibis.literal(True)
    )
    joined = linked.left_join(at_home, ["household_id", "spouse"])
    joined = joined.mutate(spouse_in_household=joined.spouse_in_household.fill_null(False))
    return _place(joined.drop("spouse", "household_id_right", "spouse_right"), homes)


def _timed(sight: Sight, source: Source, linked: ibis.Table) -> ibis.Table:
    """Add the clock; rows of events that lie ahead of `as_of` are left out."""
    as_of, kind = sight.as_of, source.column(source.event_on).kind
    event_on = linked[source.event_on]
    if kind is Kind.INTEGER:
        event_on = ibis.date(event_on.cast("int32"), 1, 1)
    start = sight.anchor(source.name) if kind is Kind.MONTH else as_of
    timed = linked.mutate(event_on=event_on, as_of=as_of)
    if source.delivery is Delivery.FULL:
        # A register says what is so; a date ahead of it is a slip of the pen, not a reason to drop the row.
        timed = timed.mutate(event_on=(timed.event_on <= as_of).ifelse(timed.event_on, ibis.null("date")))
    else:
        timed = timed.filter(timed.event_on.isnull() | (timed.event_on <= as_of))
    months = month_number(start) - month_number(timed.event_on)
    return timed.mutate(
        # In a full register the event is one of several dates: features measure those they mean.
        months_ago=(months < 0).ifelse(0, months),
        days_ago=timed.as_of.epoch_days() - timed.event_on.epoch_days(),
    )


def _accounts(timed: ibis.Table, people: ibis.Table) -> ibis.Table:
    """Accounts: rank of each answer (0 the latest), the balance before it and three answers before."""
    window = ibis.window(
        group_by=["household_id", "person_id", "institution", "kind"],
        order_by=[timed.event_on.desc(), timed.balance_yuan.desc()],
    )
    return timed.mutate(
        account_rank=ibis.row_number().over(window),
        balance_before_yuan=timed.balance_yuan.lead().over(window),
        balance_three_before_yuan=timed.balance_yuan.lead(3).over(window),
    )


def _shares(timed: ibis.Table, people: ibis.Table) -> ibis.Table:
    """Area and value by the member's share; a missing share is the whole."""
    share = (timed.share_percent.fill_null(100.0) / 100).cast("decimal(18, 4)")
    return timed.mutate(
        own_area_m2=(timed.area_m2.cast("decimal(12, 2)") * share).cast(EXACT),
        own_assessed_yuan=(timed.assessed_yuan * share).cast(EXACT),
    )


def _land(timed: ibis.Table, people: ibis.Table) -> ibis.Table:
    newest = timed.year.max().over(group_by="household_id")
    return timed.mutate(latest_year=timed.year == newest, area_exact_mu=timed.area_mu.cast("decimal(18, 4)"))


def _meters(timed: ibis.Table, people: ibis.Table) -> ibis.Table:
    return timed.mutate(kwh_exact=timed.kwh.cast("decimal(18, 4)"))


def _begun(*person: str) -> Callable[[ibis.Table, ibis.Table], ibis.Table]:
    """Months since a member's first payment: unknown where the data begin with it, for it may be older."""

    def prepared(timed: ibis.Table, people: ibis.Table) -> ibis.Table:
        # Grouped and joined, not a window: both cores take part, and no row is sorted.
        keys = ["household_id", *person]
        first = timed.group_by(keys).aggregate(first_=timed.months_ago.max())
        data_begin = first.first_.max().as_scalar()
        began = first.mutate(began_months_ago=(first.first_ < data_begin).ifelse(first.first_, None))
        # A kind may be null, and null is a kind here.
        same = [timed[key].identical_to(began[key]) for key in keys]
        beside = timed.inner_join(began, same, rname="{name}_began")
        return beside.select(*timed.columns, "began_months_ago")

    return prepared


#: Source -> what its rows need beyond the common columns: (rows, people) -> rows.
PREPARE: dict[str, Callable[[ibis.Table, ibis.Table], ibis.Table]] = {
    "balances": _accounts,
    "contributions": _begun("person_id"),
    "pensions": _begun("person_id", "kind"),
    "real_estate": _shares,
    "land_subsidies": _land,
    "usage": _meters,
}

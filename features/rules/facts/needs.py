"""Needs the law answers: severe disability, serious illness, orphans, children in school, the old alone."""

from typing import Any

import ibis

from features.rules.facts.rows import Tables, joined, latest, open_on
from features.rules.money import MILLION, fen
from features.windows import age_on, holds_before, holds_through, month_number

SCHOOL_AGE_STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "bachelor")


def disability(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members with a valid certificate: of any grade, severe by the law, severe or grade 3 of the mind."""
    rows = _certified(tables, present, as_of)
    severe, alone = rows.grade <= rows.law_severe_disability_grade, _alone(rows)
    return rows.group_by("household_id").agg(
        disabled=rows.person_id.nunique(),
        severe=rows.person_id.nunique(where=severe),
        single_disabled=rows.person_id.nunique(where=alone),
        disability_on=rows.issued_on.max(where=alone),
        disability_known_on=rows.received_on.max(where=alone),
    )


def _certified(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    rows = joined(tables, "certificates", present)
    return rows.filter((rows.issued_on <= as_of) & holds_through(rows.valid_until, as_of))


def _alone(rows: ibis.Table) -> Any:
    """Severe by the law, or grade 3 of the mind: whom art. 8 lets be covered alone."""
    of_the_mind = (rows.grade == 3) & rows.category.isin(("intellectual", "mental"))
    return (rows.grade <= rows.law_severe_disability_grade) | of_the_mind


def _registered_ill(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    rows = joined(tables, "serious_illness", present)
    return rows.filter(rows.registered_on <= as_of)


def illness(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members on the serious illness register: ill, with dates."""
    rows = _registered_ill(tables, present, as_of)
    return rows.group_by("household_id").agg(
        ill=rows.person_id.nunique(), ill_on=rows.registered_on.max(), ill_known_on=rows.received_on.max()
    )


def other_benefits(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Other programmes running on the date: persons of each, and allowances a month (some places count).

    orphan_on, relief_on: the latest start of that programme's own rows, so that a finding that was settled
    does not open again when another programme begins.
    """
    rows = joined(tables, "other_benefits", present)
    rows = rows.filter(open_on(rows, as_of))
    old_age, disability = rows.programme == "old_age", rows.programme == "disability"
    orphan, relief = rows.programme == "orphan", rows.programme == "temporary_relief"
    paid = fen(rows.amount_yuan_month)
    return rows.group_by("household_id").agg(
        old_age_drawn=rows.person_id.nunique(where=old_age),
        disability_drawn=rows.person_id.nunique(where=disability),
        old_age_allowance_fen=paid.sum(where=old_age).cast("int64"),
        disability_allowance_fen=paid.sum(where=disability).cast("int64"),
        orphans=rows.person_id.nunique(where=orphan),
        orphan_on=rows["from"].max(where=orphan),
        orphan_known_on=rows.received_on.max(where=orphan),
        reliefs=rows.person_id.nunique(where=relief),
        relief_on=rows["from"].max(where=relief),
        relief_known_on=rows.received_on.max(where=relief),
    )


def schooling(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members in school on the date: pupils, and those of them who are given aid."""
    rows = _enrolled(tables, present, as_of)
    return rows.group_by("household_id").agg(
        pupils=rows.person_id.nunique(), aided=rows.person_id.nunique(where=rows.aid_yuan_year > 0)
    )


def _enrolled(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    rows = joined(tables, "enrolments", present)
    return rows.filter(open_on(rows, as_of) & rows.stage.isin(SCHOOL_AGE_STAGES))


def school_costs(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Fees of public schools less aid, a year, and pupils at other schools, whose fees need not be necessary.

    Fees are auxiliary: only where a file exists, and only beside what the family itself shows.
    """
    rows = _enrolled(tables, present, as_of)
    public = (rows.school_kind == "public").fill_null(False)
    cost = ibis.greatest(
        fen(rows.fee_yuan_year).fill_null(0) - fen(rows.aid_yuan_year).fill_null(0), ibis.literal(0, "int64")
    )
    return rows.group_by("household_id").agg(
        school_cost_fen=cost.sum(where=public).cast("int64"),
        dear_pupils=rows.person_id.nunique(where=~public & (cost > 0)),
    )


def abilities(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Persons by what they can do: unable (a child, old, severely disabled), able (of working age, neither
    severely disabled nor seriously ill nor at school), of unknown age; and whom art. 8 lets be covered alone,
    each once."""
    certified = _certified(tables, present, as_of)
    severe = present.person_id.isin(certified.filter(_alone(certified)).person_id)
    ill = present.person_id.isin(_registered_ill(tables, present, as_of).person_id)
    pupil = present.person_id.isin(_enrolled(tables, present, as_of).person_id)
    people = present.mutate(age=age_on(present.born_on, as_of), severe=severe, ill=ill, pupil=pupil)
    aged = (people.age < people.law_working_age_from) | (people.age >= people.law_old_age_from)
    working = (people.age >= people.law_working_age_from) & (people.age <= people.law_working_age_until)
    return people.group_by("household_id").agg(
        unable=(aged.fill_null(False) | people.severe).sum().cast("int64"),
        able=(working & ~people.severe & ~people.ill & ~people.pupil).sum().cast("int64"),
        ageless=(people.age.isnull() & ~people.severe).sum().cast("int64"),
        covered_alone=(people.severe | people.ill).sum().cast("int64"),
    )


def unemployment_ended(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members whose unemployment benefit ran out: its last month three to twelve months ago."""
    rows = joined(tables, "unemployment_benefits", present)
    last = (
        rows.filter(rows.month <= as_of)
        .group_by(["household_id", "person_id"])
        .agg(month=lambda t: t.month.max(), known_on=lambda t: t.received_on.max())
    )
    ago = month_number(as_of) - month_number(last.month)
    last = last.filter((ago >= 3) & (ago <= 12))
    return last.group_by("household_id").agg(
        dole_ended=last.count(), dole_ended_on=last.month.max(), dole_ended_known_on=last.known_on.max()
    )


def old_alone(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Living alone and old: one member, of the old age the law names."""
    del tables
    rows = present.group_by("household_id").agg(
        persons_here=present.count(),
        age=age_on(present.born_on, as_of).max(),
        old_from=present.law_old_age_from.max(),
    )
    return rows.select(
        "household_id", "age", is_old_alone=(rows.persons_here == 1) & (rows.age >= rows.old_from)
    )


def land_per_person(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """land_millionth_mu: area of the latest year delivered, millionths of a mu, with dates."""
    rows = joined(tables, "land_subsidies", present)
    rows = rows.filter(rows.year >= as_of.year() - 2)
    fields = rows.group_by(["household_id", "person_id"]).agg(
        area=latest(rows.area_mu, rows.year), known_on=rows.received_on.max()
    )
    return fields.group_by("household_id").agg(
        land_millionth_mu=(fields.area * MILLION).sum().cast("int64"), land_known_on=fields.known_on.max()
    )


def public_rental(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members renting public housing on the date, and the rent a month."""
    rows = joined(tables, "public_rental", present)
    rows = rows.filter(open_on(rows, as_of))
    return rows.group_by("household_id").agg(
        rentals=rows.count(),
        rent_fen=fen(rows.rent_yuan).sum().cast("int64"),
        rental_on=rows["from"].max(),
        rental_known_on=rows.received_on.max(),
    )


def poverty_watch(households: ibis.Table, tables: Tables, as_of: Any) -> ibis.Table:
    """Hukou households on the watch list on the date: watched, with dates. Keyed by the hukou number."""
    rows = tables["poverty_watch"]
    rows = rows.filter((rows.listed_on <= as_of) & holds_before(rows.delisted_on, as_of))
    listed = rows.group_by("hukou_household_no").agg(
        watched=rows.count(), watched_on=rows.listed_on.max(), watched_known_on=rows.received_on.max()
    )
    found = households.select("household_id", "number").inner_join(listed, [("number", "hukou_household_no")])
    return found.select("household_id", "watched", "watched_on", "watched_known_on")

"""Who counts as a member (art. 7): each person once; not the dead, not prisoners."""

from typing import Any

import ibis

from features.rules.facts.households import FOR_PEOPLE
from features.rules.facts.rows import Tables, joined, open_on
from features.windows import age_on


def members(households: ibis.Table, tables: Tables) -> ibis.Table:
    """Everybody listed in a household, one row a person, with the law's columns for that household."""
    everybody = tables["members"]
    if "is_member" in everybody.columns:
        everybody = everybody.filter(everybody.is_member)
    listed = everybody.group_by(["household_id", "person_id"]).agg(
        born_on=lambda t: t.born_on.min(), joined_on=lambda t: t.joined_on.min()
    )
    law = households.select("household_id", "granted_on", "district_code", "authorised", *FOR_PEOPLE)
    return listed.inner_join(law, "household_id")


def gone(tables: Tables, people: ibis.Table, as_of: Any, with_custody: bool) -> ibis.Table:
    """Listed members who no longer count: person_id, household_id, why (death, cancelled, custody), dates.

    A hukou cancelled without a death on record is a person who left or died: `cancelled`.
    """
    deaths = joined(tables, "deaths", people)
    residents = joined(tables, "residents", people)
    parts = [
        _gone(deaths.filter(deaths.died_on <= as_of), "death", "died_on"),
        _gone(residents.filter(residents.died_or_cancelled_on <= as_of), "cancelled", "died_or_cancelled_on"),
    ]
    if with_custody:
        # Plane A: joined to those of families whose authorisation holds.
        custody = joined(tables, "custody", people)
        parts.append(_gone(custody.filter(open_on(custody, as_of)), "custody", "from"))
    every = ibis.union(*parts)
    rank = every.why.cases(("death", 0), ("custody", 1), else_=2)
    order = ibis.struct({"rank": rank, "gone_on": every.gone_on, "known_on": every.gone_known_on})
    every = every.mutate(order=order)
    # By household too: custody is told to the authorised one of two files that list a person.
    first = every.group_by(["household_id", "person_id"]).agg(
        **{name: every[name].argmin(every.order) for name in ("why", "gone_on", "gone_known_on")}
    )
    return people.inner_join(first, ["household_id", "person_id"])


def _gone(rows: ibis.Table, why: str, gone_on: str) -> ibis.Table:
    return rows.select(
        "household_id", "person_id", why=ibis.literal(why), gone_on=gone_on, gone_known_on="received_on"
    )


def counted(people: ibis.Table, absent: ibis.Table) -> ibis.Table:
    """Members who count, with age in whole years on the date being left to the caller."""
    return people.anti_join(absent, ["household_id", "person_id"])


def listed_twice(everyone: ibis.Table) -> ibis.Table:
    """Households with members who are listed in another household too: twice, how many of them."""
    homes = everyone.group_by("person_id").agg(homes=everyone.count())
    twice = everyone.semi_join(homes.filter(homes.homes > 1), "person_id")
    return twice.group_by("household_id").agg(twice=twice.count())


def composition(people: ibis.Table, absent: ibis.Table, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Per household: persons who count, of working age, old, minors, and who is gone with the dates."""
    age = age_on(present.born_on, as_of)
    working = (age >= present.law_working_age_from) & (age <= present.law_working_age_until)
    here = present.group_by("household_id").agg(
        persons=present.count(),
        working_age=working.sum().cast("int64"),
        old=(age >= present.law_old_age_from).sum().cast("int64"),
        minors=(age < 18).sum().cast("int64"),
        supplement_old=(age >= present.law_supplement_old_age_from).sum().cast("int64"),
        newest_joined_on=present.joined_on.max(),
    )
    away = absent.group_by("household_id").agg(
        **{
            f"{why}_{name}": expression
            for why in ("death", "custody", "cancelled")
            for name, expression in (
                ("count", (absent.why == why).sum().cast("int64")),
                ("on", absent.gone_on.max(where=absent.why == why)),
                ("first_on", absent.gone_on.min(where=absent.why == why)),
                ("known_on", absent.gone_known_on.max(where=absent.why == why)),
            )
        }
    )
    listed = people.group_by("household_id").agg(listed=people.count())
    return (
        listed.left_join(here, "household_id", rname="here_{name}")
        .drop("here_household_id")
        .left_join(away, "household_id", rname="away_{name}")
        .drop("away_household_id")
    )

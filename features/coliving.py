"""Who of those listed really lives together: a chance for every person, carried to the household.

A family that never applied is known only as a hukou household; the measures count those who live together
(《最低生活保障审核确认办法》第七条). All that is recorded of it is where each person is registered as
residing and who is married to whom. The chances below say how far such a record can be trusted; they are no
feature of any model and move no score. A visit settles the matter; its outcomes should replace these figures.

persons gain `lives_here` (DOUBLE, 0 to 1). households gain

- `persons_living`: expected number of the listed persons who live together (sum of the chances);
- `co_living`: chance that exactly the listed persons live together, others aside (their product);
- `others_at_home`: persons registered as residing at the same address who are not listed; null where the
  address is unknown.
"""

from typing import Any

import ibis

from features.known import Sight

#: The street confirmed the list of a household on file.
CONFIRMED = 0.97
#: Registered as residing at the household's home.
AT_HOME = 0.97
#: Nothing is recorded of where the person lives.
UNKNOWN = 0.80
#: At home by the register, but of the age at which sons and daughters go to work elsewhere unrecorded.
GROWN_CHILD = 0.87
#: On the street's list, but registered as residing at another address.
LISTED_ELSEWHERE = 0.60
#: Married to somebody who is registered elsewhere.
SPOUSE_ELSEWHERE = 0.15
#: Registered as residing at another address, and on no list of a street.
ELSEWHERE = 0.05

#: Years in which sons and daughters leave, and years between a parent and a child.
LEAVING_AGES = (22, 39)
GENERATION = (16, 45)

#: Sums of doubles differ from run to run; sums of these do not.
_EXACT = "decimal(18, 6)"


def with_chance(sight: Sight, people: ibis.Table, registered: ibis.Table, listed: bool) -> ibis.Table:
    """`people` (see `features.household`) with `lives_here`; null for those who are no members.

    `registered` is `residents(sight)`; `listed`: whether a street confirmed who belongs to the household.
    """
    rows = people.left_join(_anchors(people), "household_id", rname="anchor_{name}")
    rows = rows.left_join(_spouses(sight, registered), "person_id", rname="spouse_{name}")
    chance = ibis.cases(
        (~rows.is_member, ibis.null("float64")),
        (rows.person_id == rows.anchor_person, 1.0),
        (_differs(rows.residence_address, rows.anchor_address), LISTED_ELSEWHERE if listed else ELSEWHERE),
        (_differs(rows.spouse_address, rows.anchor_address) & (not listed), SPOUSE_ELSEWHERE),
        (ibis.literal(listed), CONFIRMED),
        (rows.residence_address.isnull() | rows.anchor_address.isnull(), UNKNOWN),
        (_grown_child(rows), GROWN_CHILD),
        else_=AT_HOME,
    )
    return rows.select(*people.columns, lives_here=chance)


def of_households(people: ibis.Table, registered: ibis.Table, as_of: Any) -> ibis.Table:
    """household_id, persons_living, co_living, others_at_home of every household with a member."""
    members = people.filter(people.is_member)
    chances = members.group_by("household_id").aggregate(
        persons_living=members.lives_here.cast(_EXACT).sum().cast("float64"),
        co_living=members.lives_here.ln().cast(_EXACT).sum().cast("float64").exp(),
    )
    homes = _anchors(people).filter(lambda t: t.anchor_address.notnull())
    living = registered.filter(
        registered.died_or_cancelled_on.isnull() | (registered.died_or_cancelled_on > as_of)
    )
    there = living.group_by("residence_address").aggregate(there=living.person_id.nunique())
    own = members.inner_join(homes, "household_id")
    own = own.filter(own.residence_address == own.anchor_address)
    own = own.group_by("household_id").aggregate(own=own.person_id.nunique())
    counted = homes.left_join(there, homes.anchor_address == there.residence_address)
    counted = counted.left_join(own, "household_id", rname="own_{name}")
    others = counted.there.fill_null(0) - counted.own.fill_null(0)
    counted = counted.select("household_id", others=ibis.greatest(others, 0))
    joined = chances.left_join(homes, "household_id", rname="home_{name}")
    joined = joined.left_join(counted, "household_id", rname="counted_{name}")
    return joined.select(
        "household_id",
        "persons_living",
        "co_living",
        others_at_home=joined.anchor_address.isnull().ifelse(
            ibis.null("int64"), joined.others.fill_null(0).cast("int64")
        ),
    )


def _anchors(people: ibis.Table) -> ibis.Table:
    """The home of each household: where its oldest member is registered as residing."""
    members = people.filter(people.is_member)
    # The number only breaks ties between twins.
    oldest = members.born_on.cast("string").fill_null("9999-12-31") + members.person_id
    return members.group_by("household_id").aggregate(
        anchor_person=members.person_id.argmin(oldest),
        anchor_born_on=members.born_on.min(),
        anchor_address=members.residence_address.argmin(oldest),
    )


def _spouses(sight: Sight, registered: ibis.Table) -> ibis.Table:
    """Where the husband or wife of each married person is registered: person_id, spouse_address."""
    married = sight.known("marriages")
    married = married.filter(
        married.married_on <= sight.as_of,
        married.divorced_on.isnull() | (married.divorced_on > sight.as_of),
        married.person_id_a.notnull() & married.person_id_b.notnull(),
    )
    pairs = ibis.union(
        married.select(person_id="person_id_a", spouse="person_id_b"),
        married.select(person_id="person_id_b", spouse="person_id_a"),
    )
    alive = registered.died_or_cancelled_on.isnull() | (registered.died_or_cancelled_on > sight.as_of)
    homes = registered.filter(alive).select(spouse="person_id", address="residence_address")
    found = pairs.inner_join(homes, "spouse")
    return found.group_by("person_id").aggregate(spouse_address=found.address.max())


def _differs(address: Any, home: Any) -> Any:
    return (address != home).fill_null(False)


def _grown_child(rows: ibis.Table) -> Any:
    years = rows.born_on.year() - rows.anchor_born_on.year()
    return rows.age.between(*LEAVING_AGES) & years.between(*GENERATION)

"""A household's profile as of a date, from what was known then: a contents page.

    sight     what was known (`features.known`)
    homes     which households, and who belongs to them (`features.household`)
    together  how sure it is that they live together (`features.coliving`)
    rows      each source's rows, joined to them (`features.rows`)
    summary   the features of each source, with evidence and state (`features.evidence`)
    made_of   the features made of other features
    vulnerable  who is protected by the brake

The result has one row a household, in order of household_id. Reads nothing that arrived after the date.
"""

from functools import reduce
from typing import Any

import ibis

from features import coliving, evidence, household
from features.catalogue import CATALOGUE, Feature
from features.dimensions.composition import OLD
from features.household import Universe
from features.known import Sight
from features.parameters import Parameters
from features.rows import (
    Names,
    doubtful,
    matched_by_name,
    named,
    restricted,
    rows,
    spellings,
    sure,
)
from features.sources import SOURCES
from features.sources.core import Plane

#: Lawful planes of each universe. The auxiliary plane X is shown for households on file only.
PLANES = {
    Universe.ON_FILE: (Plane.B, Plane.OWN, Plane.A, Plane.X),
    Universe.REGISTER: (Plane.B,),
}

HEAD = (
    "household_id",
    "number",
    "as_of",
    "universe",
    "region_code",
    "street_code",
    "district_code",
    "urban_rural",
    "category",
    "in_programme",
    "authorised",
    "review_class",
    "person_count",
    "persons_living",
    "co_living",
    "others_at_home",
    "standard_yuan",
    "vulnerable",
)


def features_of(universe: Universe) -> list[Feature]:
    """The features of a universe, in order of declaration: those its lawful planes allow."""
    return [feature for feature in CATALOGUE.values() if feature.plane in PLANES[universe]]


def sources_of(universe: Universe) -> list[str]:
    """The sources those features read, in order of the declared tables."""
    return sorted({feature.source for feature in features_of(universe) if feature.source})


def describe(sight: Sight, universe: Universe, parameters: Parameters, key: str) -> dict[str, ibis.Table]:
    """Write the profile's tables into the sight's plan; `key` makes the pseudonyms.

    Returned: `profile`, `members`, and the known rows of every source read, for the rules.
    """
    registered = sight.keep("registered", household.residents(sight))
    homes = sight.keep("homes", household.households(sight, universe, parameters, key, registered))
    former = sight.keep("former_names", household.former_names(sight, universe, homes, registered))
    listed = household.persons(sight, universe, homes, registered, former)
    confirmed = universe is Universe.ON_FILE
    people = sight.keep("people", coliving.with_chance(sight, listed, registered, confirmed))
    together = coliving.of_households(people, registered, sight.as_of)
    base = sight.keep("base", _counted(homes, people, together))
    known = {
        name: restricted(sight, name, universe, homes, people)
        for name in sources_of(universe)
        if name != "residents"
    }
    compared = {n: sight.keep(f"{n}_known", rows) for n, rows in known.items() if named(SOURCES[n])}
    spelt = sight.keep("spellings", spellings(compared, name_tables(sight, people, former)))
    known |= compared
    tables, found, answered = {"members": people.filter(people.is_member)}, {}, []
    for name in sources_of(universe):
        own = [feature for feature in features_of(universe) if feature.source == name]
        if name == "residents":
            tables[name] = sight.view(name, registered.semi_join(people, "person_id"))
        else:
            tables[name] = sight.keep(name, matched_by_name(known[name], SOURCES[name], spelt))
            if name in compared:
                compared[name] = tables[name]
                tables[name] = sight.view(f"{name}_sure", sure(tables[name]))
        summary = evidence.summary(rows(sight, name, tables[name], homes, people), own)
        found[name] = sight.view(f"{name}_found", summary)
        answers = evidence.answers(base, name, found[name], own, sight)
        answered.append(sight.keep(f"{name}_answers", answers))
    unsure = doubtful(compared, people.inner_join(homes.select("household_id", "authorised"), "household_id"))
    answered.append(evidence.doubts(base, sources_of(universe), sight.keep("doubtful", unsure)))
    wide = sight.view("wide", _beside(base, answered))
    wide = made_of(wide, universe)
    wide = wide.mutate(vulnerable=_vulnerable(wide, people, found))
    tables["profile"] = sight.keep("profile", _ordered(wide, sight, universe))
    return tables


def name_tables(sight: Sight, people: ibis.Table, former: ibis.Table) -> Names:
    """What records are compared with, computed once a date; `former` is `household.former_names`."""
    return sight.keep("names", people.select("person_id", "register_name").distinct()), former


def _beside(base: ibis.Table, answered: list[ibis.Table]) -> ibis.Table:
    """Every source's answers beside the households; each has exactly one row a household."""
    return reduce(lambda wide, answers: wide.inner_join(answers, "household_id"), answered, base)


def made_of(wide: ibis.Table, universe: Universe) -> ibis.Table:
    """Add the features made of others, those that need no other such feature first."""
    waiting = [feature for feature in features_of(universe) if feature.of]
    while waiting:
        ready = [feature for feature in waiting if set(feature.of) <= set(wide.columns)]
        wide = wide.mutate(**{f.name: f.expression(wide).cast("float64") for f in ready})
        waiting = [feature for feature in waiting if feature not in ready]
    return wide


def _counted(homes: ibis.Table, people: ibis.Table, together: ibis.Table) -> ibis.Table:
    """Households with the number of their members, of those who can be looked up, and who lives together."""
    members = people.filter(people.is_member)
    counts = members.group_by("household_id").aggregate(person_count=members.person_id.nunique())
    joined = homes.left_join(counts, "household_id").drop("household_id_right")
    joined = joined.left_join(together, "household_id").drop("household_id_right")
    count = joined.person_count.fill_null(0)
    return joined.mutate(person_count=count, persons_matched=count)


def _vulnerable(wide: ibis.Table, people: ibis.Table, found: dict[str, ibis.Table]) -> Any:
    """Severe disability, serious illness, tekun, an orphan, or an old person alone.

    From the last that was known, even where the department has fallen silent: silence must not take the
    protection away.
    """
    severe, ill = found["certificates"], found["serious_illness"]
    orphans, members = found["other_benefits"], people.filter(people.is_member)
    ages = members.group_by("household_id").aggregate(persons=members.count(), age=members.age.min())
    alone = ages.filter((ages.persons == 1) & (ages.age >= OLD))
    protected = [
        severe.filter(severe.health_severe_count > 0).household_id,
        ill.filter(ill.health_serious_illness_count > 0).household_id,
        orphans.filter(orphans.benefits_orphans_count > 0).household_id,
        alone.household_id,
    ]
    flag = (wide.category == "tekun").fill_null(False)
    for households in protected:
        flag = flag | wide.household_id.isin(households)
    return flag


def _ordered(wide: ibis.Table, sight: Sight, universe: Universe) -> ibis.Table:
    """The columns in their order: head, features, evidence; households by id."""
    wide = wide.mutate(as_of=sight.as_of, universe=ibis.literal(universe.value))
    features = [feature.name for feature in features_of(universe)]
    evidence_columns = [f"{s}_{part}" for s in sources_of(universe) for part in evidence.PARTS]
    return wide.select(*HEAD, *features, *evidence_columns).order_by("household_id")

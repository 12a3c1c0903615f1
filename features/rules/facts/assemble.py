"""The facts of every household side by side: what the rules of one universe may look at, and no more."""

from collections.abc import Callable
from typing import Any

import ibis

from features.rules.core import Universe
from features.rules.facts import changes, income, needs, people, property
from features.rules.facts.declared import with_declared
from features.rules.facts.households import FOR_PEOPLE, households
from features.rules.facts.rows import Tables

#: Sources read for each universe. The register's are plane B, every one; a test proves it.
READS: dict[Universe, tuple[str, ...]] = {
    Universe.ON_FILE: (
        "household_register",
        "residents",
        "deaths",
        "custody",
        "marriages",
        "withholding",
        "contributions",
        "pensions",
        "unemployment_benefits",
        "land_subsidies",
        "settlements",
        "balances",
        "vehicles",
        "real_estate",
        "entities",
        "shareholders",
        "housing_fund",
        "enrolments",
        "certificates",
        "serious_illness",
        "other_benefits",
        "grid_reports",
        "public_rental",
        "verifications",
    ),
    Universe.REGISTER: (
        "residents",
        "deaths",
        "unemployment_benefits",
        "land_subsidies",
        "settlements",
        "enrolments",
        "certificates",
        "serious_illness",
        "other_benefits",
        "grid_reports",
        "public_rental",
        "poverty_watch",
    ),
}

#: Facts for both universes, then those that need a family's authorisation or a file.
SHARED = (
    income.unemployment,
    income.land,
    income.self_paid,
    changes.reports,
    needs.disability,
    needs.illness,
    needs.other_benefits,
    needs.schooling,
    needs.old_alone,
    needs.abilities,
)
ON_FILE = (
    income.earnings,
    income.business,
    income.pensions,
    property.deposits,
    property.vehicles,
    property.homes,
    property.businesses,
    changes.new_wages,
    changes.new_pensions,
    changes.graduates,
    changes.marriages,
    changes.moves,
    changes.housing_fund,
    needs.school_costs,
    needs.public_rental,
)
REGISTER = (needs.unemployment_ended, needs.land_per_person, needs.public_rental)


#: Holds an intermediate table under a name; the identity where everything is to be one expression.
Keep = Callable[[str, ibis.Table], ibis.Table]


def assemble(
    profile: ibis.Table, tables: Tables, as_of: Any, values: ibis.Table, universe: Universe, keep: Keep
) -> ibis.Table:
    """One row a household of the profile with every fact; counts and amounts nobody found are 0.

    KeyError names a source of `READS` that `tables` lacks: give its empty table where nothing came.
    """
    missing = {"members", *READS[universe]} - set(tables)
    if missing:
        raise KeyError(f"rules need the tables {sorted(missing)}")
    base = keep("law_households", households(profile, tables, values, READS[universe]))
    everyone = keep("law_members", people.members(base, tables))
    absent = keep("law_absent", people.gone(tables, everyone, as_of, universe is Universe.ON_FILE))
    present = keep("law_present", people.counted(everyone, absent))
    own = ON_FILE if universe is Universe.ON_FILE else REGISTER
    parts = {f"{fact.__name__}": fact(tables, present, as_of) for fact in SHARED + own}
    if universe is Universe.REGISTER:
        parts["poverty_watch"] = needs.poverty_watch(base, tables, as_of)
    else:
        parts["visits"] = changes.visits(base, tables, as_of)
        parts["listed_twice"] = people.listed_twice(everyone)
    parts["composition"] = people.composition(everyone, absent, present, as_of)
    kept = [keep(f"law_{name}", part) for name, part in parts.items()]
    facts = _side_by_side(base.drop(*FOR_PEOPLE), kept).mutate(as_of=as_of)
    return keep("law_facts", with_declared(facts))


def _side_by_side(base: ibis.Table, parts: list[ibis.Table]) -> ibis.Table:
    """All parts beside the households; whole numbers and flags that are missing become 0 and false."""
    wide = base
    for number, part in enumerate(parts):
        renamed = part.rename({f"household_id_{number}": "household_id"})
        wide = wide.left_join(renamed, base.household_id == renamed[f"household_id_{number}"])
    columns = {name: wide[name] for name in base.columns}
    for part in parts:
        columns |= {name: _or_nothing(wide[name]) for name in part.columns if name != "household_id"}
    return wide.select(**columns)


def _or_nothing(column: Any) -> Any:
    kind = column.type()
    if kind.is_integer():
        return column.fill_null(0)
    return column.fill_null(False) if kind.is_boolean() else column

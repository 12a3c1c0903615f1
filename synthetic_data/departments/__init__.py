"""One generator a department table, under the name of its file in `features/sources/`.

`EVENTS`: a function of the world that returns all rows with their day of delivery.
`REGISTERS`: a function that yields the whole register month by month.
"""

from collections.abc import Callable, Iterator

from synthetic_data.departments import (
    applications,
    balances,
    certificates,
    contributions,
    custody,
    deaths,
    enrolments,
    entities,
    grid_reports,
    household_members,
    household_register,
    housing_fund,
    land_subsidies,
    marriages,
    other_benefits,
    outreach,
    pensions,
    poverty_watch,
    public_rental,
    real_estate,
    residents,
    serious_illness,
    settlements,
    shareholders,
    unemployment_benefits,
    usage,
    vehicles,
    verifications,
    withholding,
)
from synthetic_data.departments.rows import Rows
from synthetic_data.world import World

REGISTERS: dict[str, Callable[[World], Iterator[Rows]]] = {
    "household_register": household_register.snapshots,
    "household_members": household_members.snapshots,
    "residents": residents.snapshots,
}

EVENTS: dict[str, Callable[[World], Rows]] = {
    module.__name__.rsplit(".", 1)[-1]: module.rows
    for module in (
        applications,
        verifications,
        outreach,
        deaths,
        marriages,
        other_benefits,
        grid_reports,
        vehicles,
        custody,
        contributions,
        unemployment_benefits,
        pensions,
        withholding,
        entities,
        shareholders,
        balances,
        real_estate,
        housing_fund,
        public_rental,
        settlements,
        serious_illness,
        certificates,
        enrolments,
        land_subsidies,
        poverty_watch,
        usage,
    )
}

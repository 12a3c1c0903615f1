"""What changed since the grant: work, pensions, school, marriage, residence, a second benefit."""

from typing import Any

import ibis

from features.rules.facts.rows import Tables, employed, joined, latest, recent
from features.rules.money import fen
from features.windows import holds_before, month_number

#: A start within this many months is new.
NEW_MONTHS = 12
#: A school left within this many months makes a graduate.
GRADUATE_MONTHS = 24
GRADUATING_STAGES = ("vocational", "bachelor", "postgraduate")


def _started(rows: ibis.Table, amount_fen: Any, as_of: Any, name: str) -> ibis.Table:
    """Persons whose first month lies after the grant, in the last year, and not where the data begins."""
    rows = rows.mutate(month_no=month_number(rows.month), amount=amount_fen).filter(rows.month <= as_of)
    rows = rows.mutate(first_no=rows.month_no.min().over(ibis.window()))
    persons = rows.group_by(["household_id", "person_id"]).agg(
        start=rows.month.min(),
        start_no=rows.month_no.min(),
        begins_no=rows.first_no.max(),
        latest_no=rows.month_no.max(),
        amount=latest(rows.amount, rows.month),
        granted_on=rows.granted_on.max(),
        known_on=rows.received_on.max(),
    )
    today = month_number(as_of)
    new = persons.filter(
        (persons.start_no > today - NEW_MONTHS)
        & (persons.latest_no > today - 4)
        & (persons.start_no > persons.begins_no + 1)
        & (persons.start > persons.granted_on)
    )
    return new.group_by("household_id").agg(
        **{
            f"{name}_count": new.count(),
            f"{name}_fen": new.amount.sum().cast("int64"),
            f"{name}_on": new.start.max(),
            f"{name}_known_on": new.known_on.max(),
        }
    )


def new_wages(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members newly insured by an employer since the grant: new_wage_count, monthly base, dates."""
    rows = employed(tables, present)
    return _started(rows, fen(rows.base_yuan), as_of, "new_wage")


def new_pensions(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members newly drawing an employee pension since the grant."""
    rows = joined(tables, "pensions", present)
    rows = rows.filter(rows.kind == "employee")
    return _started(rows, fen(rows.amount_yuan), as_of, "new_pension")


def graduates(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members who left school for good within two years and now have wages or contributions."""
    school = joined(tables, "enrolments", present)
    today = month_number(as_of)
    left = school.filter(school.stage.isin(GRADUATING_STAGES) & (school.to <= as_of))
    left = left.filter(month_number(left.to) > today - GRADUATE_MONTHS)
    left = left.group_by(["household_id", "person_id"]).agg(left_on=left.to.max())
    paid = recent(employed(tables, present), as_of)
    paid = (
        paid.filter(paid.back < 3)
        .group_by(["household_id", "person_id"])
        .agg(amount=fen(paid.base_yuan).max(), on=paid.month.max(), known_on=paid.received_on.max())
    )
    # By household too: contributions are of the authorised one of two files that list a person.
    rows = left.inner_join(paid, ["household_id", "person_id"])
    return rows.group_by("household_id").agg(
        graduate_count=rows.count(),
        graduate_fen=rows.amount.sum().cast("int64"),
        graduate_on=rows.on.max(),
        graduate_known_on=rows.known_on.max(),
    )


def marriages(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members married since the grant to somebody who is not in the household."""
    rows = tables["marriages"]
    rows = rows.filter((rows.married_on <= as_of) & holds_before(rows.divorced_on, as_of))
    sides = ibis.union(
        rows.select("married_on", "received_on", one="person_id_a", other="person_id_b"),
        rows.select("married_on", "received_on", one="person_id_b", other="person_id_a"),
    )
    own = sides.inner_join(present, sides.one == present.person_id)
    own = own.filter(own.married_on > own.granted_on)
    home = present.select("household_id", spouse="person_id")
    away = own.anti_join(home, [own.household_id == home.household_id, own.other == home.spouse])
    return away.group_by("household_id").agg(
        married_count=away.person_id.nunique(),
        married_on=away.married_on.max(),
        married_known_on=away.received_on.max(),
    )


def moves(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Members whose residence is registered in another district than the one that pays."""
    rows = joined(tables, "residents", present)
    elsewhere = rows.residence_region_code.substr(0, 6) != rows.district_code
    rows = rows.filter(elsewhere & (rows.residence_since.isnull() | (rows.residence_since <= as_of)))
    return rows.group_by("household_id").agg(
        moved_count=rows.person_id.nunique(),
        moved_on=rows.residence_since.max(),
        moved_known_on=rows.received_on.max(),
    )


def housing_fund(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Housing fund paid in the latest three months: the greatest month's deposits of the household."""
    rows = recent(joined(tables, "housing_fund", present), as_of)
    rows = rows.filter(rows.back < 3)
    months = rows.group_by(["household_id", "back"]).agg(
        deposit=fen(rows.deposit_yuan).sum().cast("int64"),
        on=rows.month.max(),
        known_on=rows.received_on.max(),
    )
    return months.group_by("household_id").agg(
        fund_fen=months.deposit.max(), fund_on=months.on.max(), fund_known_on=months.known_on.max()
    )


def visits(households: ibis.Table, tables: Tables, as_of: Any) -> ibis.Table:
    """The latest visit at which somebody was met, and the latest that decided on a gradual exit."""
    rows = tables["verifications"]
    rows = rows.filter(rows.visited_on <= as_of)
    met = ~rows.finding.isin(("refused", "unreachable"))
    last = rows.group_by("household_no").agg(
        reviewed_on=rows.visited_on.max(where=met),
        exit_on=rows.visited_on.max(where=rows.action == "gradual_exit"),
    )
    found = households.select("household_id", "number").inner_join(last, [("number", "household_no")])
    return found.select("household_id", "reviewed_on", "exit_on")


def reports(tables: Tables, present: ibis.Table, as_of: Any) -> ibis.Table:
    """Grid workers' reports of the last half year: work or property seen, hardship or illness seen."""
    rows = joined(tables, "grid_reports", present)
    today = month_number(as_of)
    rows = rows.filter((rows.reported_on <= as_of) & (month_number(rows.reported_on) > today - 6))
    seen = rows.kind.isin(("work_seen", "property_seen"))
    hard = rows.kind.isin(("hardship", "illness"))
    return rows.group_by("household_id").agg(
        seen_count=seen.sum().cast("int64"),
        seen_on=rows.reported_on.max(where=seen),
        seen_known_on=rows.received_on.max(where=seen),
        hard_count=hard.sum().cast("int64"),
        hard_on=rows.reported_on.max(where=hard),
        hard_known_on=rows.received_on.max(where=hard),
    )

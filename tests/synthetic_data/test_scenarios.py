"""Cases: each occurs, leaves its records and is true as declared; its look-alike leaves records alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from synthetic_data import casting, verification
from synthetic_data.__main__ import app
from synthetic_data.casting import EARNED, Cast, nobody
from synthetic_data.clock import chance
from synthetic_data.departments import EVENTS, residents
from synthetic_data.departments.balances import SCATTER
from synthetic_data.departments.household_register import household_numbers
from synthetic_data.population import ELSEWHERE
from synthetic_data.reporting import SILENT_RISE
from synthetic_data.scenarios import BY_NAME, SCENARIOS, Lives, Record, Scenario, Truth
from synthetic_data.truth import write_truth
from synthetic_data.world import World, make_world

PAGE = Path(__file__).parents[2] / "docs" / "practice-world.md"
NAMES = [scenario.name for scenario in SCENARIOS]
CONCEALING = [scenario.name for scenario in SCENARIOS if not scenario.innocent]
#: Tables in which each record is found, and the column of the person.
TABLES = {
    Record.ENTITY: {"entities": "legal_representative_id_no"},
    Record.WAGES: {"withholding": "id_no", "contributions": "id_no"},
    Record.SMALL_WAGES: {"withholding": "id_no"},
    Record.FAR_WAGES: {"withholding": "id_no", "contributions": "id_no"},
    Record.PENSION: {"pensions": "id_no"},
    Record.DEPOSIT: {"balances": "id_no"},
    Record.CAR: {"vehicles": "owner_id_no"},
    Record.HOME: {"real_estate": "id_no", "public_rental": "id_no"},
}


def lived(seed: int, scenarios: bool) -> World:
    return make_world(3_000, 12, seed, np.datetime64("2024-01", "M"), scenarios=scenarios)


@pytest.fixture(scope="module")
def world() -> World:
    return lived(7, scenarios=True)


@pytest.fixture(scope="module")
def worlds(world: World) -> tuple[World, World]:
    """Two of them: now and then a family is off the files before its case begins."""
    return world, lived(8, scenarios=True)


@pytest.fixture(scope="module")
def plain() -> World:
    """The same people with nothing planted."""
    return lived(7, scenarios=False)


@pytest.fixture(scope="module")
def rows(world: World) -> dict[str, dict[str, np.ndarray]]:
    tables = {table for found in TABLES.values() for table in found}
    return {table: EVENTS[table](world).columns for table in tables}


def cases(world: World, name: str) -> Cast:
    return world.cast.where(world.cast.scenario == NAMES.index(name))


def first(world: World, name: str) -> Cast:
    """The one that is put among the families on file."""
    found = cases(world, name)
    return found.where(np.arange(len(found.person)) == 0)


def audits(world: World, homes: np.ndarray) -> dict[str, np.ndarray]:
    parts = world.work.audits
    all_ = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {name: values[np.isin(all_["household"], homes)] for name, values in all_.items()}


def test_cases_come_in_pairs_with_one_kind_of_record_and_two_truths() -> None:
    assert len(BY_NAME) == len(SCENARIOS)
    for scenario in SCENARIOS:
        other = BY_NAME[scenario.look_alike]
        assert BY_NAME[other.look_alike] is scenario
        assert scenario.truth != other.truth
        same = scenario.record == other.record
        assert same or {scenario.record, other.record} == {Record.WAGES, Record.SMALL_WAGES}
        assert scenario.innocent or other.innocent


@pytest.mark.parametrize("name", NAMES)
def test_each_case_occurs_within_the_delivered_months_on_file(worlds: tuple[World, World], name: str) -> None:
    scenario, on_file = BY_NAME[name], []
    for world in worlds:
        found, clock = first(world, name), world.clock
        assert len(cases(world, name).person) == max(1, round(scenario.share * 3_000))
        if scenario.record not in (Record.ALONE, Record.SMALL_WAGES):
            assert clock.first <= found.begins[0] <= clock.last
        paid = audits(world, found.home)["month"] >= found.begins[0]
        on_file.append(bool(paid.any()) and found.person[0] in world.queried().person)
    assert any(on_file) or scenario.record is Record.ALONE


def about(yuan: np.ndarray, kept: float) -> np.ndarray:
    """Balances that scatter about a case's (n,)."""
    return np.abs(np.log(np.maximum(yuan, 1) / kept)) < 4 * SCATTER


def left_by(world: World, rows: dict[str, dict[str, np.ndarray]], case: Cast, record: Record) -> bool:
    """Whether the tables hold the record that this case (of a person) should leave."""
    person = world.people.id_no[case.person[0]]
    found = {
        table: {name: values[rows[table][column] == person] for name, values in rows[table].items()}
        for table, column in TABLES[record].items()
    }
    match record:
        case Record.ENTITY:
            months = world.clock.number(found["entities"]["registered_on"])
            return bool((months == case.begins[0]).any())
        case Record.PENSION:
            months = world.clock.number(found["pensions"]["month"])
            return bool(((found["pensions"]["kind"] == "employee") & (months >= case.begins[0])).any())
        case Record.DEPOSIT:
            return bool(about(found["balances"]["balance_yuan"], case.yuan[0]).any())
        case Record.CAR:
            return bool((found["vehicles"]["listed_price_yuan"] == np.round(case.yuan[0], -2)).any())
        case Record.HOME:
            months = world.clock.number(found["real_estate"]["registered_on"])
            return bool((months == case.begins[0]).any() or len(found["public_rental"]["rent_yuan"]))
    paid = found["withholding"]
    seen = world.clock.number(paid["month"][paid["kind"] == "wages"])
    if "contributions" in found:
        by_employer = found["contributions"]["employer_uscc"] != ""
        seen = np.concatenate([seen, world.clock.number(found["contributions"]["month"][by_employer])])
    return bool(case.lasts[0][seen].any())


@pytest.mark.parametrize("name", [name for name in NAMES if BY_NAME[name].record is not Record.ALONE])
def test_each_case_leaves_its_records(
    world: World, rows: dict[str, dict[str, np.ndarray]], name: str
) -> None:
    found, queried = cases(world, name), world.queried()
    # Records that end before a family is asked, or begin after, are in no file.
    since = np.full(world.people.persons, 10_000)
    since[queried.person] = np.maximum(queried.since - 6, world.clock.first)
    until = np.zeros(world.people.persons, int)
    until[queried.person] = np.minimum(queried.until - 2, world.clock.last - 3)
    found = found.where((found.begins <= until[found.person]) & (found.until > since[found.person] + 3))
    left = [
        left_by(world, rows, found.where(np.arange(len(found.person)) == row), BY_NAME[name].record)
        for row in range(len(found.person))
    ]
    assert np.mean(left) >= 0.8 or BY_NAME[name].record is Record.SMALL_WAGES
    assert any(left)


def test_sums_and_prices_stand_in_the_rows_from_their_month_on(
    world: World, rows: dict[str, dict[str, np.ndarray]]
) -> None:
    deposits = first(world, "hidden_deposit"), first(world, "strangers_deposit")
    for case in deposits:
        theirs = rows["balances"]["id_no"] == world.people.id_no[case.person[0]]
        held = theirs & about(rows["balances"]["balance_yuan"], case.yuan[0])
        assert rows["balances"]["as_of_on"][held].min() >= world.clock.day(case.begins[0], 1)
    for name in ("own_car", "lent_car"):
        case = first(world, name)
        cars = rows["vehicles"]["owner_id_no"] == world.people.id_no[case.person[0]]
        prices = rows["vehicles"]["listed_price_yuan"][cars]
        assert np.round(case.yuan[0], -2) in prices
    for name in ("own_company", "company_on_lent_id"):
        case = first(world, name)
        opened = rows["entities"]["legal_representative_id_no"] == world.people.id_no[case.person[0]]
        month = world.clock.number(rows["entities"]["registered_on"][opened])
        assert set(month) == {case.begins[0]}


def test_no_planted_account_stands_still(world: World, rows: dict[str, dict[str, np.ndarray]]) -> None:
    """One that never moved would be known by it, and by it whether the money is another's."""
    quarters = []
    deposits = world.cast.recorded(Record.DEPOSIT)
    for person, kept in zip(deposits.person, deposits.yuan, strict=True):
        theirs = rows["balances"]["id_no"] == world.people.id_no[person]
        seen = rows["balances"]["balance_yuan"][theirs & about(rows["balances"]["balance_yuan"], kept)]
        assert len(set(seen)) == len(seen)
        quarters.append(len(seen))
    assert max(quarters) > 4


def test_the_concealing_conceal_what_is_declared_of_them(world: World) -> None:
    household, total = world.household, world.clock.total
    for truth, job in ((Truth.JOB, 1), (Truth.BUSINESS, 5)):
        works = world.cast.true(truth)
        months = np.arange(total)
        for person, home, begins, until, pay in zip(
            works.person, works.home, works.begins, works.until, works.monthly, strict=True
        ):
            at = (months >= max(begins, 0)) & (months < until)
            assert (world.truth.job[person, at] == job).all()
            assert np.allclose(household.concealed[home, at], pay[at], rtol=1e-4)
            assert not household.concealed[home, ~at].any()
    lets = world.cast.true(Truth.RENT)
    assert (household.concealed[lets.home][lets.lasts] > 0).all()
    for truth in (Truth.SAVINGS, Truth.CAR):
        owns = world.cast.true(truth)
        assert household.property_over[owns.home][owns.lasts].all()
        before = ~owns.lasts
        assert not household.property_over[owns.home][before].any()
    drawn = world.cast.true(Truth.PENSION)
    assert (world.truth.pension[drawn.person] > 0).tolist() == drawn.lasts.tolist()
    assert (world.reporting.reports_rise[drawn.home] == SILENT_RISE).all()


@pytest.mark.parametrize("name", CONCEALING)
def test_an_audit_finds_what_is_concealed_or_unreported(worlds: tuple[World, World], name: str) -> None:
    expected = {
        Truth.PENSION: verification.INELIGIBLE,
        Truth.SAVINGS: verification.PROPERTY,
        Truth.CAR: verification.PROPERTY,
    }.get(BY_NAME[name].truth, verification.INCOME)
    findings = set()
    for world in worlds:
        case = first(world, name)
        found = audits(world, case.home)
        during = (found["month"] + 1 > case.begins[0]) & (found["month"] + 1 < case.until[0])
        findings |= set(found["finding"][during].tolist())
    assert expected in findings


def test_a_record_without_truth_changes_nothing_of_the_family(world: World, plain: World) -> None:
    conceals = world.cast.where(~np.isin(world.cast.scenario, world.cast.true(Truth.NOTHING).scenario))
    innocent = world.cast.true(Truth.NOTHING)
    innocent = innocent.where(~np.isin(innocent.home, conceals.home))
    assert len(innocent.person) > 500
    for values, before in (
        (world.household.countable, plain.household.countable),
        (world.household.persons, plain.household.persons),
        (world.reporting.would_declare, plain.reporting.would_declare),
        (world.truth.pension, plain.truth.pension),
    ):
        of = innocent.person if len(values) == world.people.persons else innocent.home
        assert np.array_equal(values[of], before[of])
    homes = innocent.where(~innocent.arranged).home
    homes = np.setdiff1d(homes, world.cast.where(world.cast.arranged).home)
    assert np.array_equal(world.household.deposits[homes], plain.household.deposits[homes])
    assert np.array_equal(world.household.property_over[homes], plain.household.property_over[homes])
    # Those arranged own less than before, never more.
    chosen = innocent.where(innocent.arranged).home
    assert not world.household.property_over[chosen].any()
    # So where an audit finds something concealed, the family conceals it without the case as well.
    found, household = audits(world, innocent.home), plain.household
    month = found["month"] + 1
    told = plain.reporting.would_declare[found["household"], month]
    conceals_anyway = household.countable[found["household"], month] > told
    assert conceals_anyway[found["finding"] == verification.INCOME].all()
    owns_anyway = household.property_over[found["household"], month]
    assert owns_anyway[found["finding"] == verification.PROPERTY].all()


def test_nothing_else_changes_in_families_without_a_case(world: World, plain: World) -> None:
    others = np.setdiff1d(np.arange(3_000), world.cast.home)
    assert np.array_equal(world.household.countable[others], plain.household.countable[others])
    assert np.array_equal(world.household.deposits[others], plain.household.deposits[others])
    assert not plain.household.concealed.any()


def test_a_father_who_left_is_no_member_and_his_wages_are_not_theirs(world: World, plain: World) -> None:
    left, sends = cases(world, "father_works_elsewhere"), cases(world, "father_sends_wages")
    assert (world.truth.unit[left.person][left.lasts] == ELSEWHERE).all()
    assert (world.truth.wage[left.person][left.lasts] > 1_000).all()
    assert (world.household.countable[left.home] <= plain.household.countable[left.home] + 1e-3).all()
    assert (world.truth.unit[sends.person] == sends.home[:, None]).all()
    findings = set(audits(world, left.home)["finding"].tolist())
    assert verification.LEFT in findings


def test_both_fathers_are_registered_elsewhere_and_both_homes_use_more(world: World) -> None:
    for name in ("father_works_elsewhere", "father_sends_wages"):
        case = first(world, name)
        month, target = residents._moves(world)
        assert month[case.person[0]] == case.begins[0]
        assert target[case.person[0]] == ELSEWHERE
    without = replace(world, cast=nobody(world.people, world.clock))
    used, usual = (EVENTS["usage"](lived_).columns for lived_ in (world, without))
    for name in ("sublet", "relative_lodges"):
        case = cases(world, name)
        tenants = case.where(np.isin(case.home, world.cast.tenants.home))
        months = world.clock.number(used["month"])
        for home, lasts in zip(tenants.home, tenants.lasts, strict=True):
            at = (used["meter_address"] == world.people.places.address[home]) & lasts[months]
            assert (used["m3_water"][at] > usual["m3_water"][at]).all()


def test_old_people_alone_differ_in_what_no_record_tells(world: World) -> None:
    need, supported = cases(world, "old_alone_unapplied"), cases(world, "old_alone_supported")
    assert world.household.eligible[need.home].all()
    assert not world.household.eligible[supported.home].any()
    for found in (need, supported):
        assert not world.sightings.pension[found.person].any()
        assert not world.sightings.withheld[found.person].any()
    applied = np.concatenate([part["household"] for part in world.work.applications])
    told = np.concatenate([part["household"] for part in world.work.contacts])
    alone = np.concatenate([need.home, supported.home])
    assert set(applied) & set(alone) <= set(told)


#: A student's wages are small: that is the case, so those two are not drawn alike.
ALIKE = [s for s in SCENARIOS if s.truth is not Truth.NOTHING and s.record is BY_NAME[s.look_alike].record]


@pytest.mark.parametrize("scenario", ALIKE, ids=[s.name for s in ALIKE])
def test_a_case_and_its_look_alike_are_drawn_alike(world: World, scenario: Scenario) -> None:
    """The same chance gives the same months and sums for both, so that neither gives the truth away."""
    other = BY_NAME[scenario.look_alike]
    people = world.people
    lives = Lives(people, world.truth, world.clock, people.age(world.clock, world.clock.first))
    person = np.arange(200)
    one, two = (
        casting._played(NAMES.index(s.name), person, lives, chance(1, "alike")) for s in (scenario, other)
    )
    for name in ("begins", "until", "yuan", "monthly", "draw"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_rows_of_a_case_and_its_look_alike_cannot_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    often = tuple(replace(s, share=max(s.share, 0.06 if s.innocent else 0.01)) for s in SCENARIOS)
    monkeypatch.setattr(casting, "SCENARIOS", often)
    world = make_world(6_000, 12, 11, np.datetime64("2024-01", "M"))
    entities, cars = EVENTS["entities"](world).columns, EVENTS["vehicles"](world).columns
    cars = {name: values[cars["kind"] == "car"] for name, values in cars.items()}
    units = EVENTS["real_estate"](world).columns
    units = {name: values[units["use"] == "dwelling"] for name, values in units.items()}
    for name, found, column, values in (
        ("own_company", entities, "legal_representative_id_no", entities["registered_capital_yuan"]),
        ("own_company", entities, "legal_representative_id_no", entities["kind"] == "company"),
        ("own_company", entities, "legal_representative_id_no", name_lengths(entities["name"])),
        ("own_car", cars, "owner_id_no", cars["listed_price_yuan"]),
        ("own_car", cars, "owner_id_no", name_lengths(cars["model"])),
        ("sublet", units, "id_no", units["assessed_yuan"]),
        ("sublet", units, "id_no", units["area_m2"]),
    ):
        one, two = (
            np.isin(found[column], world.people.id_no[cases(world, which).person])
            for which in (name, BY_NAME[name].look_alike)
        )
        assert min(one.sum(), two.sum()) >= 10, name
        assert abs(rank_difference(values[one], values[two])) < 3.5, (name, column)


def name_lengths(values: np.ndarray) -> np.ndarray:
    return np.array([len(value) for value in values.tolist()])


def rank_difference(one: np.ndarray, two: np.ndarray) -> float:
    """Standardised Mann-Whitney statistic (ties shared): beyond 3.5 once in two thousand."""
    values = np.concatenate([one, two]).astype(float)
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    n, m = len(one), len(two)
    spread = np.sqrt(n * m / 12 * ((n + m + 1) - (count**3 - count).sum() / ((n + m) * (n + m - 1))))
    return float((rank[:n].sum() - n * (n + m + 1) / 2) / max(spread, 1e-9))


def test_the_truth_names_every_case_and_its_months(world: World, tmp_path: Path) -> None:
    write_truth(world, tmp_path)
    told = pq.read_table(tmp_path / "scenarios.parquet").to_pylist()
    assert len(told) == len(world.cast.person)
    assert {row["scenario"] for row in told} == set(NAMES)
    assert all(row["innocent"] == BY_NAME[row["scenario"]].innocent for row in told)
    assert all(row["until"] is None or row["until"] > row["from"] for row in told)
    case = first(world, "undeclared_job")
    (row,) = [row for row in told if row["scenario"] == "undeclared_job"]
    assert row["household_no"] == household_numbers(world, case.home)[0]
    assert row["hukou_household_no"] == world.people.hukou_no[case.home[0]]
    assert row["id_no"] == world.people.id_no[case.person[0]]
    assert np.datetime64(row["from"], "M") == world.clock.month(case.begins[0])


def test_one_person_plays_one_case_and_who_conceals_is_alone_in_the_family(world: World) -> None:
    cast = world.cast
    assert len(set(cast.person.tolist())) == len(cast.person)
    innocent = np.array([scenario.truth is Truth.NOTHING for scenario in SCENARIOS])[cast.scenario]
    homes, count = np.unique(cast.home, return_counts=True)
    assert set(homes[count > 1]) & set(cast.home[~innocent]) == set()
    assert not cast.recorded(*EARNED).where(cast.recorded(*EARNED).monthly.max(axis=1) <= 0).person.size


def test_a_world_may_be_made_without_cases(tmp_path: Path) -> None:
    out = tmp_path / "plain"
    arguments = ["generate", "--households", "400", "--months", "3", "--workers", "1", "--no-scenarios"]
    done = CliRunner().invoke(app, [*arguments, "--out", str(out)])
    assert done.exit_code == 0, done.output
    table = pq.read_table(out / "truth" / "scenarios.parquet")
    assert table.num_rows == 0
    assert table.schema.field("from").type == "date32[day]"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_the_page_about_the_practice_world_has_a_line_for_each(scenario: Scenario) -> None:
    words, happens = "<br>".join((scenario.zh, scenario.en)), "<br>".join(scenario.happens)
    innocent = "是 yes" if scenario.innocent else "否 no"
    line = f"| `{scenario.name}` | {words} | {happens} | {innocent} | `{scenario.look_alike}` |"
    assert line in PAGE.read_text("utf-8").splitlines(), line


def test_a_case_never_begins_after_it_ends(world: World) -> None:
    assert (world.cast.until > world.cast.begins).all()

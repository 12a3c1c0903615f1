"""Each knob does what it says, and leaves alone what it does not name."""

import hashlib
import inspect
import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from features.errors import UserError
from features.sources import SOURCES
from synthetic_data import law, verification
from synthetic_data.__main__ import _numbers, generate
from synthetic_data.city import City, write_city
from synthetic_data.clock import Clock
from synthetic_data.departments import EVENTS, REGISTERS
from synthetic_data.departments.rows import Rows
from synthetic_data.dirt import Mess
from synthetic_data.files import DIBAO, ENDED
from synthetic_data.knobs import DEPARTMENTS, Knobs, helps
from synthetic_data.landing_rows import delivered
from synthetic_data.silence import heard
from synthetic_data.streets import make_streets
from synthetic_data.visiting import STOPPED_BECAUSE
from synthetic_data.world import World, make_world

START, MONTHS, TURNED = np.datetime64("2024-01", "M"), 10, 5
#: Columns of visits that are numbers; what ends a file without a visit as well.
CODED = ("probability", "income")
RECORDS_TELL_TOO = {"家庭收入超过标准", "人员死亡", "迁出本地"}
SHARED_BY_STATUTE = ("settlements", "certificates", "marriages", "enrolments", "deaths")


def world(**knobs: object) -> World:
    return make_world(2_400, MONTHS, seed=8, start=START, knobs=Knobs(**knobs))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def plain() -> World:
    return world()


@pytest.fixture(scope="module")
def wallet() -> World:
    return world(wallet_from=2)


def same(table: str, one: World, other: World) -> bool:
    """Whether a department writes the same rows in both worlds."""
    if table in REGISTERS:
        pairs = zip(REGISTERS[table](one), REGISTERS[table](other), strict=True)
        return all(_equal(a, b) for a, b in pairs)
    return _equal(EVENTS[table](one), EVENTS[table](other))


def _equal(one: Rows, other: Rows) -> bool:
    return all(
        np.array_equal(np.asarray(values).astype(str), np.asarray(other.columns[name]).astype(str))
        for name, values in one.columns.items()
    ) and np.array_equal(one.received, other.received)


def test_every_knob_is_an_option_with_its_default_and_its_sentence() -> None:
    options = inspect.signature(generate).parameters
    for knob in fields(Knobs):
        default = options[knob.name].default
        written = _numbers(default) if knob.name == "yearly_streets" else default
        assert written == knob.default, knob.name
        assert len(helps()[knob.name]) > 20, knob.name


@pytest.mark.parametrize(
    ("knobs", "named"),
    [
        ({"need_spread": 2.0}, "--need-spread"),
        ({"wallet_from": MONTHS + 1}, "--wallet-from"),
        ({"quiet_from": -1}, "--quiet-from"),
        ({"yearly_streets": (3, 12)}, "--yearly-streets"),
        ({"raise_from": 2, "raise_percent": 0.0}, "--raise-percent"),
        ({"silent": "taxation"}, "--silent"),
        ({"silent": "weather", "silent_from": 2}, "--silent"),
        ({"silent": "taxation", "silent_from": 2, "silent_months": 0}, "--silent-months"),
    ],
)
def test_a_value_that_can_mean_nothing_is_refused_by_name(knobs: dict[str, object], named: str) -> None:
    with pytest.raises(UserError, match=named):
        replace(Knobs(), **knobs).checked(MONTHS)  # type: ignore[arg-type]
    assert Knobs().checked(MONTHS) == Knobs()


def test_streets_are_alike_unless_a_knob_is_turned() -> None:
    alike = make_streets(8, Knobs())
    assert not alike.sharpness.any()
    assert not alike.need.any()
    assert (alike.capacity == 1).all()
    spread = make_streets(8, Knobs(sharpness_spread=0.1, capacity_spread=0.4, need_spread=0.3))
    assert 0.05 < spread.sharpness.std() < 0.16
    assert 0.2 < np.log(spread.capacity).std() < 0.64
    assert 0.15 < spread.need.std() < 0.48


def test_blunter_workers_find_less_of_what_is_concealed() -> None:
    count = 4_000
    street = np.arange(count) % 2
    truth = verification.Outcome(
        np.full(count, verification.INCOME), np.full(count, 900.0), np.full(count, 5),
        np.full(count, verification.STOP),
    )  # fmt: skip
    sharp = verification.sharpness(street * verification.WORKERS, np.array([-0.25, 0.15]))
    found = verification.recorded(truth, sharp, np.zeros(count, bool), np.random.default_rng(1)).finding
    share = [(found[street == s] == verification.INCOME).mean() for s in (0, 1)]
    assert share[1] - share[0] > 0.3


def test_streets_visit_as_their_capacity_says_and_the_people_stay_the_same(plain: World) -> None:
    turned = world(capacity_spread=0.5)
    effort = make_streets(8, turned.knobs).capacity
    street = turned.people.places.street

    def visits(one: World) -> np.ndarray:
        visited = np.concatenate([part["household"] for part in one.work.verifications])
        on_file = np.bincount(street[one.work.files.recipients], minlength=len(effort))
        return np.bincount(street[visited], minlength=len(effort)) / on_file

    assert np.corrcoef(np.log(visits(turned) / visits(plain)), np.log(effort))[0, 1] > 0.9
    assert all(same(table, plain, turned) for table in ("residents", *SHARED_BY_STATUTE))


def test_where_need_is_spread_streets_differ_in_how_many_qualify(plain: World) -> None:
    turned = world(need_spread=0.5)
    street, need = turned.people.places.street, make_streets(8, turned.knobs).need

    def eligible(one: World) -> np.ndarray:
        share = np.bincount(street, weights=one.household.eligible.mean(axis=1)) / np.bincount(street)
        return np.asarray(share)

    assert np.corrcoef(eligible(turned) - eligible(plain), need)[0, 1] > 0.6
    assert np.array_equal(turned.people.places.address, plain.people.places.address)


def test_the_streets_named_write_incomes_by_the_year(plain: World) -> None:
    turned = world(yearly_streets=(0, 1))
    for one, streets in ((plain, (2, 5, 9)), (turned, (0, 1))):
        last = list(REGISTERS["household_register"](one))[-1]
        homes = one.work.snapshots[-1]["household"]
        yearly = last.columns["income_period"] == "year"
        assert set(one.people.places.street[homes][yearly]) <= set(streets)
        assert yearly.any()
    assert all(same(table, plain, turned) for table in ("verifications", "outreach", "deaths"))


def test_the_new_platform_hires_from_its_month_on_and_tax_sees_it_late_and_in_part(plain: World) -> None:
    turned = world(platform_from=TURNED)
    clock, truth, since = turned.clock, turned.truth, turned.clock.first + TURNED - 1
    assert not truth.new_platform[:, :since].any()
    assert np.array_equal(truth.job[:, :since], plain.truth.job[:, :since])
    works = truth.new_platform[:, clock.last].mean()
    assert 0.005 < works < 0.05
    seen = (turned.sightings.withheld > 0)[truth.new_platform].mean()
    assert 0.15 < seen < 0.5
    rows, code = EVENTS["withholding"](turned), turned.employer_code[-1]
    theirs = rows.where(rows.columns["payer_uscc"] == code)
    assert len(theirs.received)
    assert set(theirs.columns["kind"]) == {"platform"}
    waits = theirs.received.astype("datetime64[M]") - theirs.columns["month"].astype("datetime64[M]")
    assert waits.astype(int).min() >= 4
    assert code not in EVENTS["withholding"](plain).columns["payer_uscc"]
    assert all(same(table, plain, turned) for table in ("residents", *SHARED_BY_STATUTE))


def test_what_goes_to_a_relatives_wallet_is_income_that_nobody_is_told_of(
    plain: World, wallet: World
) -> None:
    turned, since = wallet, wallet.clock.first + 1
    clock, truth = turned.clock, turned.truth
    cells = truth.wallet
    assert not cells[:, :since].any()
    assert (truth.wage[cells] > 0).all()
    assert not turned.household.wallet[:, :since].any()
    # A stranger's or a borrowed number may still carry somebody else's income.
    assert (turned.sightings.withheld[cells] > 0).mean() < 0.1
    insured = turned.sightings.flexible[cells].mean()
    assert 0.4 < insured < 0.8
    paid = np.flatnonzero(turned.household.wallet[:, clock.last - 3 : clock.last + 1].all(axis=1))
    told, real = (
        turned.reporting.would_declare[paid, clock.last],
        turned.household.countable[paid, clock.last],
    )
    assert np.median(real - told) > 800
    assert np.array_equal(truth.job[:, :since], plain.truth.job[:, :since])
    assert all(same(table, plain, turned) for table in ("residents", *SHARED_BY_STATUTE))


def test_recipients_who_hide_grow_in_number_once_there_is_a_new_way(plain: World, wallet: World) -> None:
    def hidden(one: World) -> float:
        last = one.work.audits[-1]
        return float(np.isin(last["finding"], (verification.INCOME, verification.PROPERTY)).mean())

    assert hidden(wallet) > hidden(plain) + 0.01


def test_the_truth_says_how_much_of_an_income_goes_to_wallets(plain: World, wallet: World) -> None:
    assert not any(part["wallet"].any() for part in plain.work.audits)
    last = wallet.work.audits[-1]
    paid, month = last["wallet"] > 0, last["month"][0] + 1
    assert paid.any()
    three = wallet.household.wallet[last["household"], month - 2 : month + 1]
    assert np.allclose(last["wallet"], three.mean(axis=1))
    assert (last["income"][paid] > 0).all()


def test_in_a_quiet_world_nobody_visits_from_that_month_and_no_visit_ends_anything(plain: World) -> None:
    turned, since = world(quiet_from=TURNED), plain.clock.first + TURNED - 1
    before, after = turned.work.verifications[: since - 1], turned.work.verifications[since - 1 :]
    assert not after
    for made, would in zip(before, plain.work.verifications, strict=False):
        assert all(np.array_equal(made[name], would[name], equal_nan=name in CODED) for name in made)
    visited = set(STOPPED_BECAUSE.values()) - RECORDS_TELL_TOO
    for one, ended in ((plain, True), (turned, False)):
        files = one.work.files
        late = (files.ended >= since) & (files.category == ENDED)
        assert bool(visited & set(files.end_reason[late])) == ended
        assert "家庭主动申报收入超过标准" in set(files.end_reason[late])
    assert len(turned.work.files.recipients) > len(plain.work.files.recipients)
    assert turned.work.contacts[-1]["household"].size
    assert all(same(table, plain, turned) for table in ("residents", *SHARED_BY_STATUTE))


def test_the_standard_rises_in_its_month_and_is_paid_from_then_on(plain: World) -> None:
    turned = world(raise_from=TURNED, raise_percent=10.0)
    month = turned.clock.first + TURNED - 1
    before, after = turned.household.standard[:, month - 1], turned.household.standard[:, month]
    assert np.array_equal(turned.household.standard[:, :month], plain.household.standard[:, :month])
    assert set(zip(before, after, strict=True)) == {(1150, 1260), (820, 900)}  # to ten yuan
    clock = Clock(START, 24)
    july = clock.number(np.datetime64("2025-07", "M"))
    later = law.standard(clock, np.array([False]), turned.knobs)
    assert later[0, july] == 1330  # what a region decides later is raised as well
    first, last = turned.work.snapshots[TURNED - 2], turned.work.snapshots[TURNED - 1]
    paid = {int(h): b for h, b in zip(first["household"], first["benefit"], strict=True)}
    stays = [
        b > paid[int(h)]
        for h, b, c in zip(last["household"], last["benefit"], last["category"], strict=True)
        if c == DIBAO and paid.get(int(h), 0) > 0
    ]
    assert np.mean(stays) > 0.9
    assert all(same(table, plain, turned) for table in ("residents", "settlements", "deaths"))


def test_a_silent_department_sends_nothing_and_the_others_send_what_they_would(tmp_path: Path) -> None:
    def made(name: str, **knobs: object) -> Path:
        city = City(600, 6, 5, START, Mess.NONE, knobs=Knobs(**knobs))  # type: ignore[arg-type]
        write_city(city, tmp_path / name, lambda done, steps: None)
        return tmp_path / name

    said = {"silent": "human_resources", "silent_from": 2, "silent_months": 2}
    plain, lost, sent = made("plain"), made("lost", **said), made("sent", **said, silent_resends=True)
    others = digests(plain, said["silent"])
    assert digests(lost, said["silent"]) == others
    assert digests(sent, said["silent"]) == others
    for folder in (lost, sent):
        months = {path.name[:7] for path in (folder / "landing/human_resources").iterdir()}
        assert months == {"2024-01", "2024-04", "2024-05", "2024-06"}
    tables = [name for name, source in SOURCES.items() if source.department == said["silent"]]
    rows = {
        folder.name: {name: len(delivered(folder / "landing", name)) for name in tables}
        for folder in (plain, lost, sent)
    }
    assert rows["sent"] == rows["plain"]
    assert rows["lost"]["contributions"] < 0.9 * rows["plain"]["contributions"]
    told = json.loads((sent / "truth/knobs.json").read_text("utf-8"))
    assert told["silent_resends"] is True
    assert told["standards"][law.URBAN][-1] == ["2025-07-01", 1210]


def digests(folder: Path, without: object) -> dict[str, str]:
    files = [path for path in (folder / "landing").rglob("*") if path.is_file()]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.relative_to(folder / "landing").parts[0] != without
    }


def test_of_a_row_sent_twice_while_silent_the_last_state_comes() -> None:
    days = np.array(["2024-02-25", "2024-03-25", "2024-05-25"], "datetime64[D]")
    columns = {"owner_id_no": np.array(["a"] * 3, object), "plate_masked": np.array(["p"] * 3, object),
               "transferred_on": np.array(["NaT", "2024-03-01", "2024-05-01"], "datetime64[D]")}  # fmt: skip
    department = SOURCES["vehicles"].department
    knobs = Knobs(silent=department, silent_from=2, silent_months=2, silent_resends=True)
    rows = heard("vehicles", Rows(columns, days), Clock(START, 6), knobs)
    assert rows.received.astype(str).tolist() == ["2024-04-25", "2024-05-25"]
    assert rows.columns["transferred_on"].astype(str).tolist() == ["2024-03-01", "2024-05-01"]


def test_every_department_can_fall_silent() -> None:
    for department in DEPARTMENTS:
        assert Knobs(silent=department, silent_from=1).checked(MONTHS).silent == department

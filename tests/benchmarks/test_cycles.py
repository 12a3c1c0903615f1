import numpy as np
import pandas as pd
import pytest

from benchmarks.cycle_lists import recorded, truth, with_lot, without_lot
from benchmarks.overlay import Month
from benchmarks.quiet_city import Quiet, make_quiet_city, would_record
from benchmarks.quiet_learning import Visits
from benchmarks.recipients import Recipient
from features.errors import UserError
from models.selection import Candidates


def seen(**columns):
    """Four dibao families of two, standard 1,000: material income begins at 2,200 yuan a month."""
    n = 4
    given = {
        "household_id": np.array([f"H{k}" for k in range(n)], dtype=object),
        "category": ["dibao"] * n,
        "standard_yuan": [1000.0] * n,
        "finding": ["income_undeclared", "income_undeclared", "no_change", "property_undeclared"],
        "months_affected": [5] * n,
        "verified_income_yuan_month": [3000.0, 3000.0, 900.0, 2500.0],
        "wallet_yuan_month": [1500.0, 700.0, 0.0, 2000.0],
        "true_persons": [2] * n,
        "person_count": [2] * n,
    }
    return pd.DataFrame(given | columns)


def test_hidden_in_the_new_way_alone_is_who_would_not_be_over_the_line_without_it():
    hidden, new = truth(seen())
    assert hidden.tolist() == [True, True, False, True]
    # Without the wallet: 1,500 is under 2,200; 2,300 is not; property is found whatever the wallet says.
    assert new.tolist() == [True, False, False, False]


def test_a_label_is_what_the_visit_wrote_down_and_a_closed_door_is_none():
    said = seen(
        said_finding=["no_change", "income_undeclared", "refused", "property_undeclared"],
        said_months_affected=[0, 5, 0, 5],
        said_verified_income_yuan_month=[1200.0, 2900.0, np.nan, 900.0],
    )
    found = recorded(said)
    assert found[[0, 1, 3]].tolist() == [0, 1, 1]
    assert np.isnan(found[2])


def candidates(n=60):
    rng = np.random.default_rng(2)
    return Candidates(
        household_id=np.array([f"H{k:03d}" for k in range(n)], dtype=object),
        street_code=np.array(["a", "b"] * (n // 2), dtype=object),
        score=rng.normal(size=n),
        finding=np.arange(n) % 10 == 0,
        vulnerable=np.arange(n) % 7 == 0,
        stratum=np.array(["A", "B", "C"] * (n // 3), dtype=object),
    )


def test_both_selectors_make_the_same_number_of_visits_and_only_one_draws():
    given, places = candidates(), {"a": 8, "b": 5}
    drawn, scored = with_lot(0.25)(given, places, "k"), without_lot(given, places, "k")
    for listed in (drawn, scored):
        assert [int(listed.on[given.street_code == street].sum()) for street in "ab"] == [8, 5]
        assert not listed.on[given.vulnerable & ~given.finding].any()
    assert np.isnan(scored.chance).all()
    assert int((~np.isnan(drawn.chance)).sum()) == 2 + 1
    best = given.street_code == "a"
    best &= ~given.vulnerable & ~given.finding
    assert scored.on[np.flatnonzero(best)[np.argmax(given.score[best])]]


def write_world(folder, n=4_000):
    finding = np.resize(np.array(["income_undeclared", "ineligible", "no_change", "moved"], dtype=object), n)
    numbers = [f"N{k:05d}" for k in range(n)]
    month_ends = pd.to_datetime(["2025-01-31", "2025-02-28"])
    rows = [
        pd.DataFrame(
            {
                "household_no": numbers,
                "as_of": as_of.date(),
                "finding": finding,
                "verified_income_yuan_month": 2000.0,
                "months_affected": 4,
                "action": np.where(finding == "no_change", "none", "stop"),
                "persons": 2,
                "wallet_yuan_month": 0.0,
            }
        )
        for as_of in month_ends
    ]
    folder.mkdir()
    pd.concat(rows).to_parquet(folder / "census_verifications.parquet")
    kind = np.where(np.arange(n) < n // 2, "hiding", "honest")
    pd.DataFrame({"household_no": numbers, "reporting": kind}).to_parquet(folder / "households.parquet")
    return folder


def test_what_a_visit_would_record_has_the_worlds_misses_and_is_the_same_for_every_plan(tmp_path):
    folder = write_world(tmp_path / "truth")
    told = would_record(folder, 7)
    assert told.equals(would_record(folder, 7))
    assert not told.equals(would_record(folder, 8))

    def met(finding):
        rows = told[(told["finding"] == finding) & ~told["said_finding"].isin(["refused", "unreachable"])]
        return (rows["said_finding"] == finding).mean()

    assert abs(met("ineligible") - 0.9) < 0.03  # changes: nine in ten
    assert 0.64 < met("income_undeclared") < 0.86  # concealment: as sharp as the workers are
    doors = told["said_finding"].isin(["refused", "unreachable"])
    assert doors[told["finding"] == "moved"].mean() > 0.45
    months = [rows["said_finding"].to_numpy() for _, rows in told.groupby("month")]
    assert (months[0] != months[1]).any()


def test_a_city_says_itself_when_it_falls_quiet(tmp_path):
    with pytest.raises(UserError, match="make the city first"):
        Quiet.read(tmp_path)
    truth = tmp_path / "world" / "truth"
    truth.mkdir(parents=True)
    (truth / "knobs.json").write_text('{"months": 24, "quiet_from": 0}')
    with pytest.raises(UserError, match="never falls quiet"):
        Quiet.read(tmp_path)
    (truth / "knobs.json").write_text('{"months": 24, "quiet_from": 13}')
    quiet = Quiet.read(tmp_path)
    assert (quiet.months, quiet.quiet_from) == (24, 13)
    assert quiet.known_until == quiet.planned[0] == quiet.learnt[-1]
    assert str(quiet.known_until) == "2024-12-31"
    assert len(quiet.planned) == 13
    with pytest.raises(UserError, match="must lie between 9"):
        make_quiet_city(Quiet(tmp_path, 24, 5), 600, 1, 1)


def test_profiles_tell_of_the_plans_own_checks():
    n = 3
    before = pd.DataFrame(
        {
            "household_id": ["H0", "H1", "H2"],
            "change_months_since_verification": [9.0, np.nan, 2.0],
            "change_months_since_met": [9.0, np.nan, 2.0],
            "change_months_since_looked_into": [9.0, 30.0, 2.0],
            "change_verifications_count_24m": [1.0, 0.0, 2.0],
            "employment_base_new_yuan_12m": [4000.0] * n,
            "employment_newest_job_months": [3.0] * n,
            "income_pension_new_yuan_12m": [0.0] * n,
            "income_pension_newest_months": [np.nan] * n,
            "composition_persons_count": [2.0] * n,
            "standard_yuan": [1000.0] * n,
        }
    )
    said = {
        "finding": "no_change",
        "action": "none",
        "months_affected": 0,
        "verified_income_yuan_month": 900.0,
    }
    rows = before.assign(**{f"said_{name}": value for name, value in said.items()})
    flags = np.zeros(n, dtype=bool)
    reached = np.array([True, False, True])
    month = Recipient(
        as_of=pd.Timestamp("2025-01-31").date(),
        seen=rows,
        truth=Month(np.arange(n), flags, flags, flags, flags, reached, np.ones(n)),
        household_id=rows["household_id"].to_numpy(dtype=object),
        street=np.array(["s"] * n, dtype=object),
        review_class=np.array(["A"] * n, dtype=object),
        class_months=np.ones(n),
        legal_months=np.ones(n),
        vulnerable=flags,
        finding=flags,
        tie=np.zeros(n),
    )
    visits = Visits()
    assert visits.as_left(0, rows)["change_new_base_yuan"].tolist() == [4000.0, 4000.0, 0.0]
    visits.keep(0, month, np.array([0, 1]), np.array([0.1, np.nan]))
    later = visits.as_left(2, rows)  # two month ends on, one month after the visits' month
    assert later["change_months_since_verification"].tolist()[0] == 1.0
    assert later["change_months_since_looked_into"].tolist() == [1.0, 30.0, 2.0]  # nobody was met at H1
    assert later["change_months_since_met"].tolist()[0] == 1.0
    assert later["change_verifications_count_24m"].tolist() == [2.0, 1.0, 2.0]
    assert later["change_new_base_yuan"].tolist() == [0.0, 4000.0, 0.0]
    assert later["change_new_income_ratio_standard"].tolist() == [0.0, 2.0, 0.0]
    assert visits.gathered[0]["arm"].tolist() == ["random", "score"]
    assert visits.gathered[0]["finding"].tolist() == ["no_change", "no_change"]

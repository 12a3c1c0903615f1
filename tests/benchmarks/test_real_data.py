"""Any table runs the product's road end to end; what cannot be learnt from says so."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmarks.real_data import app, judged, real_sets
from benchmarks.real_encoding import encode, learn_encoding
from benchmarks.real_page import BEGIN, END, write_page
from benchmarks.real_problem import Planted, Problem, RealSet, Reference, labels, read
from benchmarks.real_splits import splits
from benchmarks.real_table import Road, guarded, run
from benchmarks.real_time import as_days, periods
from benchmarks.results import run_main
from features.errors import UserError
from training import champion
from training.tuning import TUNED

ROWS = 700


def cases(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """Cases of twelve months with words, codes, gaps and a date; the outcome depends on three of them."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "case_no": [f"C{k // 2:04d}" for k in range(rows)],
            "month": 202401 + np.sort(random.integers(0, 12, rows)),
            "amount": random.gamma(1.0, 900.0, rows).round(),
            "kind": random.choice(["rent", "own", "lodging"], rows),
            "code": random.integers(1, 6, rows),
            "persons": random.poisson(2, rows) + 1,
            "opened_on": (pd.Timestamp("2023-06-01") + pd.to_timedelta(random.integers(0, 200, rows), "D")),
        }
    )
    log_odds = -1.6 + 1.5 * (table["kind"] == "rent") + 0.0008 * table["amount"] - 0.3 * table["persons"]
    table["found"] = np.where(random.random(rows) < 1 / (1 + np.exp(-log_odds)), "yes", "no")
    table.loc[random.random(rows) < 0.1, "amount"] = np.nan
    return table


FIELDS = ("amount", "kind", "code", "persons", "opened_on")


def problem(table: pd.DataFrame, **changes: object) -> Problem:
    label, column = labels(table, "found=yes")
    made = Problem("cases", table, label, FIELDS, (column,), "case_no", "month", bag=1)
    return replace(made, **changes)


@pytest.fixture(scope="module")
def found() -> dict[str, object]:
    """A set with a reference, and a variant in which the auditor's own figure may be read."""
    table = cases()
    audited = (table["found"] == "yes") + np.random.default_rng(2).normal(0, 0.2, ROWS)
    leaking = problem(table.assign(audited=audited), fields=(*FIELDS, "audited"))
    planted = {
        "with it": Planted(leaking, frozenset(("audited",))),
        "by another guard": Planted(leaking, frozenset(("audited",)), frozenset(("twin columns",))),
    }
    return judged(RealSet(problem(table), Reference(0.64, 0.60, 0.68), planted), 0, 1)


def test_a_table_is_judged_on_later_cases_by_what_ships(found) -> None:
    assert found["auc"] > 0.65
    assert found["auc_low"] < found["auc"] < found["auc_high"]
    assert found["precision_at_5_percent"] > found["base"]
    assert found["calibration_error"] < 0.15
    assert abs(found["mean_said"] / found["base"] - 1) < 0.4
    assert found["leaks"] == []
    assert 0.35 < found["shuffled_labels"]["auc"] < 0.65
    assert len(found["champion"]) == 1


def test_a_set_stands_beside_its_reference_and_says_what_leaked(found) -> None:
    assert found["meets_reference"]
    assert (found["reference_low"], found["reference_high"]) == (0.60, 0.68)
    assert found["honest_fields_pass"]
    assert found["planted"]["with it"]["caught"]
    assert not found["planted"]["by another guard"]["caught"]
    assert found["leaks_caught"] is False


def test_the_page_holds_the_figures_between_its_marks(found, tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before {BEGIN} old {END} after")
    write_page(page, {"cases": found, "absent": {"missing": "get it"}})
    text = page.read_text()
    assert text.startswith("before")
    assert text.endswith("after")
    assert "old" not in text
    assert (
        f"| {found['auc']:.3f} [{found['auc_low']:.3f}, {found['auc_high']:.3f}] | 0.640 [0.600, 0.680] |"
        in text
    )
    assert "| cases | with it | yes | single column: audited |" in text
    assert "| cases | by another guard | **no** |" in text
    page.write_text("no marks")
    with pytest.raises(UserError, match="lacks the marks"):
        write_page(page, {})


def test_without_time_every_case_is_judged_by_folds_that_keep_households_whole() -> None:
    table = problem(cases(500), time=None, folds=2)
    made = splits(table, 0)
    assert np.array_equal(np.sort(np.concatenate([one.judge for one in made])), np.arange(500))
    for one in made:
        for learn, judge in ((one.learn, one.judge), *((one.learn[a], one.learn[b]) for a, b in one.windows)):
            assert not set(table.household[learn]) & set(table.household[judge])


def test_what_is_learnt_from_lies_before_what_is_judged_and_was_known_then() -> None:
    table = cases()
    known = table["month"] + np.where(np.arange(ROWS) % 3 == 0, 6, 0)
    made = problem(
        table.assign(known=known.where(known <= 202412, known + 88)), known="known", judged_from=202409
    )
    (split,) = splits(made, 0)
    assert made.table["month"].iloc[split.judge].min() == 202409
    assert made.table[["month", "known"]].iloc[split.learn].max().max() < 202409
    for learn, judge in split.windows:
        rows = made.table.iloc[split.learn]
        assert rows["known"].iloc[learn].max() < rows["month"].iloc[judge].min()


def test_a_regression_ships_alone_where_the_world_is_one() -> None:
    random = np.random.default_rng(1)
    fields = random.normal(0, 1, (4_000, 6))
    chance = 1 / (1 + np.exp(-(fields @ np.array([1.2, -1.0, 0.9, 0.8, -0.7, 0.6]))))
    table = pd.DataFrame(fields, columns=list("abcdef")).assign(
        found=(random.random(4_000) < chance).astype(int)
    )
    made = Problem("linear", table, table["found"].to_numpy(float), tuple("abcdef"), ("found",), bag=1)
    road = Road(made, 0, 1)
    fitted = road.fit(splits(made, 0)[0])
    assert fitted.champion == "logistic_bound"
    assert np.corrcoef(fitted.raw, fitted.linear)[0, 1] > 0.999


def test_a_searched_shape_is_tried_on_dealt_labels_too(monkeypatch) -> None:
    monkeypatch.setattr(champion, "FEW_LABELS", 100)
    monkeypatch.setattr(champion, "choose", lambda *told: TUNED)
    road = Road(problem(cases()), seed=0, threads=1)
    split = splits(road.problem, seed=0)[0]
    chosen = road.fit(split)
    assert chosen.champion == TUNED
    value, spread, leaks = road.shuffled(split, chosen)
    assert abs(value - 0.5) < 4 * spread
    assert not leaks


def test_a_household_number_nobody_told_of_is_found() -> None:
    table = cases()
    same = table["found"].to_numpy()[np.arange(ROWS) // 2 * 2]
    (leak,) = guarded(problem(table.assign(found=same), group=None, time=None))
    assert leak.kind == "divided households"
    assert leak.columns == ("case_no",)
    assert guarded(problem(table.assign(found=same), time=None)) == []


def test_a_household_of_both_times_is_no_leak_where_its_earlier_rows_are_left_out() -> None:
    table = cases()
    same = table["found"].to_numpy()[np.arange(ROWS) % 350]
    panel = table.assign(found=same, case_no=[f"C{k % 350:04d}" for k in range(ROWS)])
    (leak,) = guarded(problem(panel, group=None, judged_from=202407))
    assert leak.columns == ("case_no",)
    assert guarded(problem(panel, judged_from=202409)) == []


def test_judged_rows_of_one_class_are_told() -> None:
    table = cases()
    label = np.where(table["month"] == 202412, 0.0, problem(table).label)
    with pytest.raises(UserError, match="rows to judge are of one class"):
        run(problem(table, label=label, judged_from=202412))


def test_a_date_after_the_month_and_a_label_before_it_are_found() -> None:
    table = cases()
    end = periods(table["month"], "month").until
    table = table.assign(closed_on=end + pd.Timedelta(days=9), known="2024-01-01")
    kinds = {leak.kind for leak in guarded(problem(table, fields=(*FIELDS, "closed_on"), known="known"))}
    assert kinds == {"later date", "time order"}


def test_columns_are_encoded_by_what_they_hold_and_gaps_stay_gaps() -> None:
    table = pd.DataFrame(
        {
            "amount": [1.0, 2.5, None, 900.0] * 12,
            "code": [1, 2, 3, 3] * 12,
            "mixed": ["12", "B", "7", None] * 12,
            "word": ["x", "y", None, "x"] * 12,
            "day": ["2024-01-31", "2024-02-01", None, "2024-03-01"] * 12,
            "many": [f"w{k}" for k in range(48)],
            "empty": [None] * 48,
        }
    )
    table.loc[48] = [3.0, 1, "12", "x", "2024-01-01", "w0", None]
    encoding = learn_encoding(table, table.columns, frozenset())
    until = pd.Series(pd.to_datetime(["2024-03-31"] * 49))
    rows = dict(zip([one.name for one in encoding], encode(table, encoding, until).T, strict=True))
    assert rows["amount"][:2].tolist() == [1.0, 2.5]
    assert np.isnan(rows["amount"][2])
    assert rows["code=3"][:4].tolist() == [0, 0, 1, 1]
    assert rows["mixed"][[0, 2]].tolist() == [12, 7]
    assert rows["mixed=B"][:3].tolist() == [0, 1, 0]
    assert np.isnan(rows["mixed=B"][3])
    assert np.isnan(rows["word=x"][2])
    assert rows["day:days"][:2].tolist() == [60, 59]
    assert rows["many:frequency"][[0, 48]].tolist() == pytest.approx([np.log(3), np.log(3)])
    assert not any(name.startswith("empty") for name in rows)


def test_a_word_never_learnt_is_none_of_those_that_were() -> None:
    learnt = pd.DataFrame({"word": ["x", "y"] * 20})
    encoding = learn_encoding(learnt, ["word"], frozenset())
    assert encode(pd.DataFrame({"word": ["z", "x"]}), encoding, None).tolist() == [[0, 0], [1, 0]]


def test_time_is_read_as_it_is_written() -> None:
    assert periods(pd.Series([2012, 2013]), "t").until.dt.strftime("%Y-%m-%d").tolist() == [
        "2012-12-31",
        "2013-12-31",
    ]
    assert periods(pd.Series([200302]), "t").until.iloc[0] == pd.Timestamp("2003-02-28")
    assert periods(pd.Series(["2003-02"]), "t").until.iloc[0] == pd.Timestamp("2003-02-28")
    assert periods(pd.Series([1, 2, 3]), "t").until.isna().all()
    assert as_days(pd.Series([20020301, None]))[0] == pd.Timestamp("2002-03-01")
    assert as_days(pd.Series([200203, 200312]))[1] == pd.Timestamp("2003-12-01")
    assert as_days(pd.Series([3, 4])) is None
    assert as_days(pd.Series([200213, 201099])) is None
    with pytest.raises(UserError, match="1 rows of the time column t"):
        periods(pd.Series(["2003-02-01", "spring"]), "t")


@pytest.mark.parametrize(
    ("told", "positive"), [("x", 2), ("y=a,b", 3), ("z<2", 1), ("z>2", 2), ("z=3", 1), ("y = a", 2)]
)
def test_a_label_is_told_in_a_word(told: str, positive: int) -> None:
    table = pd.DataFrame({"x": [1, 0, 1, 0], "y": ["a", "b", "a", "c"], "z": [1, 2, 3, 4]})
    assert labels(table, told)[0].sum() == positive


def test_what_cannot_be_learnt_from_says_so() -> None:
    table = cases()
    with pytest.raises(UserError, match="no label column outcome"):
        labels(table, "outcome")
    with pytest.raises(UserError, match="3 values"):
        labels(table, "kind")
    with pytest.raises(UserError, match="all 700 labels are of one class"):
        run(problem(table, label=np.zeros(ROWS)))
    with pytest.raises(UserError, match="no field is allowed"):
        run(problem(table, fields=()))
    with pytest.raises(UserError, match="lacks 1 columns: street"):
        run(problem(table, fields=("street",)))
    with pytest.raises(UserError, match=r"insufficient evidence: 3\d labels"):
        run(problem(table.iloc[:40], label=problem(table).label[:40], time=None, group=None, folds=5))
    with pytest.raises(UserError, match="0 to judge"):
        run(problem(table, judged_from=202601.0))


def test_the_command_writes_figures_and_names_a_leak(tmp_path) -> None:
    table = cases()
    audited = np.where(table["found"] == "yes", 1.0, 0.0) + np.random.default_rng(2).normal(0, 0.2, ROWS)
    table.assign(audited=audited).to_csv(tmp_path / "cases.csv.gz", index=False)
    out = tmp_path / "found.json"
    asked = [
        "table",
        str(tmp_path / "cases.csv.gz"),
        "--label",
        "found=yes",
        "--group",
        "case_no",
        "--time",
        "month",
    ]
    result = CliRunner().invoke(app, [*asked, "--out", str(out)])
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text())["cases"]
    assert [leak["columns"] for leak in found["leaks"]] == [["audited"]]
    assert found["auc"] > 0.95
    assert found["columns"] == 6


def test_a_set_that_is_not_there_says_where_to_get_it(tmp_path, capsys) -> None:
    found = real_sets(None)
    assert set(found) == {"snap_qc", "spain_ecv2024", "indonesia_burkina_targeting", "us_cps_taxcalc"}
    assert all("get " in one["missing"] for one in found.values())
    assert set(real_sets(tmp_path, only=("spain_discovery",))) == {"spain_ecv2024"}
    assert CliRunner().invoke(app, ["sets", "--out", str(tmp_path / "found.json")]).exit_code == 0


def test_a_file_that_is_no_table_is_named(tmp_path) -> None:
    with pytest.raises(UserError, match="there is no file"):
        read(tmp_path / "nothing.csv")
    (tmp_path / "cases.xlsx").write_bytes(b"")
    with pytest.raises(UserError, match=r"neither .csv"):
        read(tmp_path / "cases.xlsx")


def test_the_users_mistake_ends_with_exit_code_2(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["real_data.py", "table", str(tmp_path / "none.csv"), "--label", "x"])
    with pytest.raises(SystemExit) as ended:
        run_main(app)
    assert ended.value.code == 2
